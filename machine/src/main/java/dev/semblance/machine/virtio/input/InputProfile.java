package dev.semblance.machine.virtio.input;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What an input device says it is and can do (VIRTIO 1.2, 5.8.4): the answers of its configuration space. */
public final class InputProfile {

    /** The largest position of the tablet on either axis; the smallest is 0. */
    public static final int TABLET_MAX = 32767;

    /** VIRTIO_INPUT_CFG_ID_NAME. */
    static final int ID_NAME = 0x01;

    /** VIRTIO_INPUT_CFG_ID_SERIAL. */
    static final int ID_SERIAL = 0x02;

    /** VIRTIO_INPUT_CFG_ID_DEVIDS. */
    static final int ID_DEVIDS = 0x03;

    /** VIRTIO_INPUT_CFG_PROP_BITS. */
    static final int PROP_BITS = 0x10;

    /** VIRTIO_INPUT_CFG_EV_BITS. */
    static final int EV_BITS = 0x11;

    /** VIRTIO_INPUT_CFG_ABS_INFO. */
    static final int ABS_INFO = 0x12;

    private static final int BUS_VIRTUAL = 0x06;
    private static final int VERSION = 1;
    private static final int PROPERTY_POINTER = 0;

    private static final int[] BUTTONS = {InputEvent.BTN_LEFT, InputEvent.BTN_RIGHT, InputEvent.BTN_MIDDLE};

    private final String name;
    private final TreeMap<Integer, byte[]> answers = new TreeMap<>();

    private InputProfile(String name) {
        this.name = name;
        answer(ID_NAME, 0, name.getBytes(StandardCharsets.US_ASCII));
        answer(ID_SERIAL, 0, "None".getBytes(StandardCharsets.US_ASCII));
        answer(
                ID_DEVIDS,
                0,
                littleEndian(8)
                        .putShort((short) BUS_VIRTUAL)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) VERSION)
                        .array());
    }

    /** {@return semu's keyboard: a PC keyboard's 99 keys without Meta, Menu, Print and Pause, and three LEDs} */
    public static InputProfile keyboard() {
        return new InputProfile("VirtIO Keyboard")
                .answer(EV_BITS, InputEvent.EV_KEY, bitmap(keyboardKeys()))
                .answer(EV_BITS, InputEvent.EV_LED, bitmap(0, 1, 2))
                .answer(EV_BITS, InputEvent.EV_REP, bitmap(0, 1));
    }

    /** {@return semu's mouse: three buttons, two axes, two wheels} */
    public static InputProfile mouse() {
        return new InputProfile("VirtIO Mouse")
                .answer(PROP_BITS, 0, bitmap(PROPERTY_POINTER))
                .answer(EV_BITS, InputEvent.EV_KEY, bitmap(BUTTONS))
                .answer(
                        EV_BITS,
                        InputEvent.EV_REL,
                        bitmap(InputEvent.REL_X, InputEvent.REL_Y, InputEvent.REL_HWHEEL, InputEvent.REL_WHEEL));
    }

    /** {@return a tablet, which semu has not: three buttons, a wheel, and positions from 0 to {@link #TABLET_MAX}} */
    public static InputProfile tablet() {
        byte[] axis = littleEndian(20)
                .putInt(0)
                .putInt(TABLET_MAX)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .array();
        return new InputProfile("VirtIO Tablet")
                .answer(PROP_BITS, 0, bitmap(PROPERTY_POINTER))
                .answer(EV_BITS, InputEvent.EV_KEY, bitmap(BUTTONS))
                .answer(EV_BITS, InputEvent.EV_REL, bitmap(InputEvent.REL_WHEEL))
                .answer(EV_BITS, InputEvent.EV_ABS, bitmap(InputEvent.ABS_X, InputEvent.ABS_Y))
                .answer(ABS_INFO, InputEvent.ABS_X, axis)
                .answer(ABS_INFO, InputEvent.ABS_Y, axis);
    }

    /** {@return the codes (KEY_*) of the keyboard's keys, in ascending order} */
    public static int[] keyboardKeys() {
        int[][] ranges = {
            // KEY_ESC to KEY_KPDOT: everything but the extended keys, KEY_F11 and KEY_F12.
            {1, 83},
            // KEY_F11, KEY_F12.
            {87, 88},
            // KEY_KPENTER, KEY_RIGHTCTRL, KEY_KPSLASH; 99 is KEY_SYSRQ.
            {96, 98},
            // KEY_RIGHTALT.
            {100, 100},
            // KEY_HOME to KEY_DELETE.
            {102, 111},
        };
        return IntStream.range(0, ranges.length)
                .flatMap(i -> IntStream.rangeClosed(ranges[i][0], ranges[i][1]))
                .toArray();
    }

    /** {@return the device's name as the guest shows it} */
    public String name() {
        return name;
    }

    /** {@return the data for a select and a subsel; empty if that is not supported} */
    byte[] answerTo(int select, int subsel) {
        return answers.getOrDefault(select << 8 | subsel, new byte[0]);
    }

    private InputProfile answer(int select, int subsel, byte[] data) {
        answers.put(select << 8 | subsel, data);
        return this;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bit n is bit n % 8 of byte n / 8; zero bytes at the end are left out, as in semu. */
    private static byte[] bitmap(int... bits) {
        byte[] bytes = new byte[IntStream.of(bits).max().orElse(-8) / 8 + 1];
        for (int bit : bits) {
            bytes[bit / 8] |= (byte) (1 << bit % 8);
        }
        return bytes;
    }
}
