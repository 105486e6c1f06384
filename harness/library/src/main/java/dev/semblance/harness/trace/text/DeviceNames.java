package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.TraceManifest;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parts of a device are called.
 *
 * @param device as the manifest calls it
 * @param type what it is
 */
record DeviceNames(String device, Type type) {

    /** The device types (VIRTIO 1.2, 5) that the machine has. */
    enum Type {
        /** 5.2. */
        BLOCK(2, """
                1 SIZE_MAX 2 SEG_MAX 4 GEOMETRY 5 RO 6 BLK_SIZE 9 FLUSH 10 TOPOLOGY 11 CONFIG_WCE 12 MQ 13 DISCARD \
                14 WRITE_ZEROES 15 LIFETIME 16 SECURE_ERASE"""),
        /** 5.4. */
        ENTROPY(4, ""),
        /** 5.7. */
        GPU(16, "0 VIRGL 1 EDID 2 RESOURCE_UUID 3 RESOURCE_BLOB 4 CONTEXT_INIT"),
        /** 5.8. */
        INPUT(18, ""),
        /** Any other. */
        OTHER(0, "");

        /** Feature bits of every device (chapter 6; 24 and 27 of legacy devices). */
        private static final String COMMON = """
                24 NOTIFY_ON_EMPTY 27 ANY_LAYOUT 28 INDIRECT_DESC 29 EVENT_IDX 32 VERSION_1 33 ACCESS_PLATFORM \
                34 RING_PACKED 35 IN_ORDER 36 ORDER_PLATFORM 37 SR_IOV 38 NOTIFICATION_DATA 39 NOTIF_CONFIG_DATA \
                40 RING_RESET""";

        private final int virtioId;
        private final String features;

        Type(int virtioId, String features) {
            this.virtioId = virtioId;
            this.features = features;
        }

        private static Type of(int virtioId) {
            for (Type type : values()) {
                if (type.virtioId == virtioId) {
                    return type;
                }
            }
            return OTHER;
        }

        private String feature(int bit) {
            String[] words = (COMMON + " " + features).split(" ", -1);
            for (int i = 0; i + 1 < words.length; i += 2) {
                if (words[i].equals(Integer.toString(bit))) {
                    return words[i + 1];
                }
            }
            return "bit " + bit;
        }
    }

    static DeviceNames of(TraceManifest manifest, int device) {
        if (device < 0 || device >= manifest.devices().size()) {
            return new DeviceNames("device " + device, Type.OTHER);
        }
        TraceManifest.Device described = manifest.devices().get(device);
        return new DeviceNames(plain(described.kind()), Type.of(described.virtioId()));
    }

    String queue(int queue) {
        return switch (type) {
            case GPU -> queue(queue, "control", "cursor");
            case INPUT -> queue(queue, "events", "status");
            case BLOCK, ENTROPY -> queue(queue, "requests");
            case OTHER -> queue(queue, new String[0]);
        };
    }

    private static String queue(int queue, String... names) {
        return queue < names.length ? names[queue] : "queue " + queue;
    }

    /** {@return the names of feature bits, such as {@code EDID|VERSION_1}} */
    String features(long features) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((features >>> bit & 1) != 0) {
                names.add(type.feature(bit));
            }
        }
        return names.isEmpty() ? "none" : String.join("|", names);
    }

    /** {@return text from a file, safe for a terminal} */
    static String plain(String text) {
        return plain(ByteText.of(text));
    }

    /** {@return bytes as text, escaped where they are no printable ASCII} */
    static String plain(ByteText text) {
        String quoted = text.toString();
        return quoted.substring(1, quoted.length() - 1);
    }
}
