package dev.semblance.harness.trace.strict;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The section "Events" of docs/TRACE_FORMAT.md: walks encoded events, and notes where each field of them is. */
final class StrictEvents {

    /** What a field is made of. */
    enum Kind {
        TYPE,
        DELTA,
        VARINT,
        ZIGZAG,
        BYTE,
        U64,
        /** The length before bytes. */
        LENGTH,
        CONTENT
    }

    /** Where a field is. */
    record Field(Kind kind, int start, int end) {}

    /** An event. */
    record Event(int type, long delta, int start, int end, List<Field> fields) {}

    private static final int MAX_EVENT_BYTES = 512 * 1024;
    private static final long U16 = 0xffff;
    private static final long U31 = 0x7fff_ffffL;
    private static final long U32 = 0xffff_ffffL;
    private static final long ANY = -1;
    private static final int END = 23;

    private final byte[] raw;
    private final int version;
    private final int devices;
    private int at;
    private List<Field> fields = new ArrayList<>();

    /**
     * Walks the content of a chunk.
     *
     * @param version of the file
     * @param devices how many the manifest lists
     */
    StrictEvents(byte[] raw, int version, int devices) {
        this.raw = raw;
        this.version = version;
        this.devices = devices;
    }

    boolean hasMore() {
        return at < raw.length;
    }

    Event next() throws Breach {
        fields = new ArrayList<>();
        int start = at;
        int type = octet(Kind.TYPE, 255, "type");
        long delta = varint(Kind.DELTA, Long.MAX_VALUE, "cycle delta");
        body(type);
        Breach.unless(at - start <= MAX_EVENT_BYTES, "an event takes at most 512 KiB");
        return new Event(type, delta, start, at, fields);
    }

    static boolean isEnd(Event event) {
        return event.type() == END;
    }

    private void body(int type) throws Breach {
        switch (type) {
            case 1, 5, 6 -> device();
            case 2 -> {
                device();
                number(ANY, "features");
                flag();
            }
            case 3 -> {
                device();
                number(U16, "queue");
                number(U16, "queue size");
                for (int area = 0; area < 3; area++) {
                    number(ANY, "area");
                }
            }
            case 4, 9 -> {
                device();
                number(U16, "queue");
            }
            case 7, 8 -> {
                device();
                number(U31, "offset");
                number(8, "access width");
                number(U32, "value");
            }
            case 10 -> {
                device();
                runs();
            }
            case 11 -> {
                device();
                number(U16, "queue");
                bytes(ANY, "request part");
            }
            case 12 -> {
                device();
                chain();
                bytes(ANY, "request");
                bytes(ANY, "response");
            }
            case 13 -> {
                device();
                chain();
                bytes(16, "header");
                number(ANY, "sector");
                number(ANY, "data length");
                u64();
                if (flag()) {
                    octet(Kind.BYTE, 255, "status");
                }
            }
            case 14 -> {
                device();
                number(U16, "queue");
                octet(Kind.BYTE, version >= 3 ? 6 : 5, "reason of a fault");
                runs();
            }
            case 15 -> {
                device();
                long count = number(ANY, "number of items");
                for (long i = 0; i != count; i++) {
                    number(U16, "type of an item");
                    number(U16, "code of an item");
                    zigzag32("value of an item");
                }
            }
            case 16 -> bytes(ANY, "console input");
            case 17 -> octet(Kind.BYTE, 255, "console output");
            case 18 -> {
                number(15, "scanout");
                picture();
            }
            case 19 -> number(15, "scanout");
            case 20 -> {
                number(15, "scanout");
                if (flag()) {
                    u64();
                }
                for (int i = 0; i < 4; i++) {
                    zigzag32("place of a cursor");
                }
            }
            case 21 -> {
                String label = bytes(ANY, "label");
                label(label, number(15, "scanout"));
                picture();
            }
            case 22 -> {
                number(ANY, "instret");
                bytes(64, "state digest");
            }
            case END -> {
                octet(Kind.BYTE, version >= 2 ? 8 : 7, "reason of the end");
                number(ANY, "instret");
                bytes(64, "state digest");
            }
            case 24 -> {
                Breach.unless(version >= 3, "a queue's reset is of version 3");
                device();
                number(U16, "queue");
            }
            case 25 -> {
                Breach.unless(version >= 3, "a display's change is of version 3");
                device();
                number(15, "scanout");
                long width = number(U16, "width");
                long height = number(U16, "height");
                Breach.unless(width == 0 == (height == 0), "a display has both sizes, or none if it is off");
            }
            default -> throw Breach.corrupt("there is no event of type " + type);
        }
    }

    private void device() throws Breach {
        long device = number(255, "device");
        Breach.unless(device < devices, "a device is a place in the manifest's list");
    }

    private void picture() throws Breach {
        number(U31, "width");
        number(U31, "height");
        u64();
    }

    private void chain() throws Breach {
        number(U16, "queue");
        long expected = number(U16, "head");
        long count = number(ANY, "number of descriptors");
        for (long i = 0; i != count; i++) {
            long difference = zigzag("index");
            Breach.unless(Math.abs(difference / 2) <= U16, "an index is at most 65,535");
            long index = expected + difference;
            Breach.unless(index >= 0 && index <= U16, "an index is at most 65,535");
            zigzag("address");
            number(U32, "length");
            long flags = number(U16, "flags");
            Breach.unless(version >= 3 || (flags & 4) == 0, "a descriptor of a table is of version 3");
            expected = index + 1;
        }
        number(U32, "used length");
        octet(Kind.BYTE, 2, "notification");
    }

    private void runs() throws Breach {
        long count = number(ANY, "number of runs");
        for (long i = 0; i != count; i++) {
            zigzag("address");
            bytes(ANY, "run");
        }
    }

    private static void label(String label, long scanout) throws Breach {
        int mark = label.indexOf('@');
        String name = mark < 0 ? label : label.substring(0, mark);
        Breach.unless(!name.isEmpty() && name.length() <= 64, "a label has 1 to 64 characters");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            boolean sign = c == '.' || c == '_' || c == '-';
            Breach.unless(letterOrDigit || sign && i > 0, "what a label is made of");
            Breach.unless(c != '.' || i < name.length() - 1, "a label's last character is no dot");
        }
        String expected = scanout == 0 ? "" : "@" + scanout;
        Breach.unless(label.substring(name.length()).equals(expected), "beyond scanout 0, @ and its number, else not");
    }

    // ---- what fields are made of ---------------------------------------------------------------------------------

    private int octet(Kind kind, int most, String what) throws Breach {
        int value = take(what);
        fields.add(new Field(kind, at - 1, at));
        Breach.unless(value <= most, what + " is at most " + most);
        return value;
    }

    private boolean flag() throws Breach {
        return octet(Kind.BYTE, 1, "flag") == 1;
    }

    private void u64() throws Breach {
        Breach.unless(raw.length - at >= 8, "a u64 has 8 bytes");
        at += 8;
        fields.add(new Field(Kind.U64, at - 8, at));
    }

    private long number(long most, String what) throws Breach {
        return varint(Kind.VARINT, most, what);
    }

    private long varint(Kind kind, long most, String what) throws Breach {
        int start = at;
        long value = 0;
        int last;
        do {
            Breach.unless(at - start < 10, what + " has at most 64 bits");
            last = take(what);
            value += (long) (last & 127) << 7 * (at - start - 1);
        } while (last > 127);
        Breach.unless(at - start < 10 || last == 1, what + " has at most 64 bits");
        Breach.unless(at - start == 1 || last != 0, what + " is as short as can be");
        fields.add(new Field(kind, start, at));
        Breach.unless(Long.compareUnsigned(value, most) <= 0, what + " is at most " + Long.toUnsignedString(most));
        return value;
    }

    private long zigzag(String what) throws Breach {
        long value = varint(Kind.ZIGZAG, ANY, what);
        return (value & 1) == 0 ? value >>> 1 : ~(value >>> 1);
    }

    private void zigzag32(String what) throws Breach {
        long value = zigzag(what);
        Breach.unless(value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE, what + " has 32 bits");
    }

    private String bytes(long most, String what) throws Breach {
        long length = varint(Kind.LENGTH, most, "length of " + what);
        Breach.unless(Long.compareUnsigned(length, raw.length - at) <= 0, what + " goes on beyond the chunk");
        at += (int) length;
        fields.add(new Field(Kind.CONTENT, at - (int) length, at));
        return new String(raw, at - (int) length, (int) length, StandardCharsets.ISO_8859_1);
    }

    private int take(String what) throws Breach {
        Breach.unless(at < raw.length, "the bytes end inside " + what);
        return raw[at++] & 0xff;
    }
}
