package dev.semblance.gpu.model;

import dev.semblance.machine.memory.Ram;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A second 2D device to hold the first one against: slow, pixel by pixel, straight from the requests' bytes, with nothing
 * of the first one's code.
 */
final class ReferenceGpu {

    /** Width and height of each display. */
    static final int[][] DISPLAYS = {{8, 6}, {5, 9}};

    private static final Map<Integer, String> FORMATS =
            Map.of(1, "BGRA", 2, "BGRX", 3, "ARGB", 4, "XRGB", 67, "RGBA", 68, "XBGR", 121, "ABGR", 134, "RGBX");
    private static final Map<Integer, Integer> SIZES = Map.ofEntries(
            Map.entry(0x100, 24),
            Map.entry(0x101, 40),
            Map.entry(0x102, 32),
            Map.entry(0x103, 48),
            Map.entry(0x104, 48),
            Map.entry(0x105, 56),
            Map.entry(0x106, 32),
            Map.entry(0x107, 32),
            Map.entry(0x10a, 32),
            Map.entry(0x300, 56),
            Map.entry(0x301, 56));

    private static final int OK = 0x1100;
    private static final int UNSPEC = 0x1200;
    private static final int NO_MEMORY = 0x1201;
    private static final int BAD_SCANOUT = 0x1202;
    private static final int BAD_RESOURCE = 0x1203;
    private static final int BAD_PARAMETER = 0x1205;

    private final Ram ram;
    private final Map<Long, Image> images = new TreeMap<>();
    private final Head[] heads = {new Head(), new Head()};

    ReferenceGpu(Ram ram) {
        this.ram = ram;
    }

    private static final class Image {
        final String format;
        final int width;
        final int height;
        final byte[] bytes;
        List<long[]> entries = new ArrayList<>();
        boolean backed;

        Image(String format, int width, int height) {
            this.format = format;
            this.width = width;
            this.height = height;
            this.bytes = new byte[width * height * 4];
        }

        int argb(int x, int y) {
            int argb = 0;
            for (char channel : "ARGB".toCharArray()) {
                // An X byte is a cursor's alpha all the same; a scanout ignores it.
                int place =
                        channel == 'A' ? Math.max(format.indexOf('A'), format.indexOf('X')) : format.indexOf(channel);
                int value = bytes[(y * width + x) * 4 + place] & 255;
                argb = argb * 256 + value;
            }
            return argb;
        }
    }

    /** A picture: its size, and its pixels row by row. */
    record Picture(int width, int height, List<Integer> argb) {}

    /** What one scanout shows. */
    static final class Head {
        private Optional<Image> bound = Optional.empty();
        private long[] view = new long[4];
        Optional<Picture> picture = Optional.empty();
        private Optional<Image> cursorSource = Optional.empty();
        Optional<Picture> cursor = Optional.empty();
        int cursorX;
        int cursorY;
        int hotX;
        int hotY;
    }

    Head head(int scanout) {
        return heads[scanout];
    }

    void reset() {
        images.clear();
        for (int i = 0; i < heads.length; i++) {
            heads[i] = new Head();
        }
    }

    /** Does what the request says and returns the whole answer. */
    byte[] answer(boolean onCursorQueue, byte[] request) {
        if (request.length < 24) {
            return reply(new byte[24], UNSPEC, 24);
        }
        int type = (int) at(request, 0);
        boolean forCursorQueue = type == 0x300 || type == 0x301;
        if (!SIZES.containsKey(type) || forCursorQueue != onCursorQueue) {
            return reply(request, UNSPEC, 24);
        }
        if (request.length < SIZES.get(type)) {
            return reply(request, BAD_PARAMETER, 24);
        }
        if (type == 0x100) {
            byte[] answer = reply(request, 0x1101, 408);
            view(answer).putInt(32, 8).putInt(36, 6).putInt(40, 1);
            return answer;
        }
        if (type == 0x10a && at(request, 24) < 2) {
            // What is in it is tested elsewhere.
            byte[] answer = reply(request, 0x1104, 1056);
            view(answer).putInt(24, 128);
            return answer;
        }
        int code = switch (type) {
            case 0x101 -> create(request);
            case 0x102 -> unref(request);
            case 0x103 -> setScanout(request);
            case 0x104 -> flush(request);
            case 0x105 -> transfer(request);
            case 0x106 -> attach(request);
            case 0x107 -> detach(request);
            case 0x10a -> BAD_SCANOUT;
            case 0x300 -> cursor(request, true);
            default -> cursor(request, false);
        };
        return reply(request, code, 24);
    }

    private static byte[] reply(byte[] request, int code, int size) {
        byte[] answer = new byte[size];
        view(answer).putInt(0, code);
        if ((request[4] & 1) != 0) {
            view(answer).putInt(4, 1).put(8, request, 8, 12);
        }
        return answer;
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long at(byte[] request, int offset) {
        return view(request).getInt(offset) & 0xffffffffL;
    }

    private int create(byte[] request) {
        long id = at(request, 24);
        if (id == 0 || images.containsKey(id)) {
            return BAD_RESOURCE;
        }
        String format = FORMATS.getOrDefault((int) at(request, 28), "");
        long width = at(request, 32);
        long height = at(request, 36);
        if (format.isEmpty() || width == 0 || height == 0) {
            return BAD_PARAMETER;
        }
        BigInteger total =
                BigInteger.valueOf(width).multiply(BigInteger.valueOf(height)).multiply(BigInteger.valueOf(4));
        for (Image image : images.values()) {
            total = total.add(BigInteger.valueOf(image.bytes.length));
        }
        if (total.compareTo(BigInteger.valueOf(268435456)) > 0) {
            return NO_MEMORY;
        }
        images.put(id, new Image(format, (int) width, (int) height));
        return OK;
    }

    private int unref(byte[] request) {
        Image image = images.remove(at(request, 24));
        if (image == null) {
            return BAD_RESOURCE;
        }
        for (Head head : heads) {
            if (head.bound.equals(Optional.of(image))) {
                head.bound = Optional.empty();
                head.picture = Optional.empty();
            }
            if (head.cursorSource.equals(Optional.of(image))) {
                head.cursorSource = Optional.empty();
                head.cursor = Optional.empty();
            }
        }
        return OK;
    }

    /** Reads a rectangle and tells whether it has pixels, all of them in the image. */
    private static boolean fits(long[] rect, Image image) {
        BigInteger right = BigInteger.valueOf(rect[0]).add(BigInteger.valueOf(rect[2]));
        BigInteger bottom = BigInteger.valueOf(rect[1]).add(BigInteger.valueOf(rect[3]));
        return rect[2] != 0
                && rect[3] != 0
                && right.compareTo(BigInteger.valueOf(image.width)) <= 0
                && bottom.compareTo(BigInteger.valueOf(image.height)) <= 0;
    }

    private static long[] rect(byte[] request) {
        return new long[] {at(request, 24), at(request, 28), at(request, 32), at(request, 36)};
    }

    private int setScanout(byte[] request) {
        long scanout = at(request, 40);
        long id = at(request, 44);
        if (scanout >= 2) {
            return BAD_SCANOUT;
        }
        Head head = heads[(int) scanout];
        if (id == 0) {
            head.bound = Optional.empty();
            head.picture = Optional.empty();
            return OK;
        }
        Image image = images.get(id);
        if (image == null) {
            return BAD_RESOURCE;
        }
        long[] rect = rect(request);
        if (!fits(rect, image) || rect[2] > DISPLAYS[(int) scanout][0] || rect[3] > DISPLAYS[(int) scanout][1]) {
            return BAD_PARAMETER;
        }
        head.bound = Optional.of(image);
        head.view = rect;
        return OK;
    }

    private int flush(byte[] request) {
        Image image = images.get(at(request, 40));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!fits(rect(request), image)) {
            return BAD_PARAMETER;
        }
        for (Head head : heads) {
            if (image.backed && head.bound.equals(Optional.of(image))) {
                List<Integer> argb = new ArrayList<>();
                for (long y = head.view[1]; y < head.view[1] + head.view[3]; y++) {
                    for (long x = head.view[0]; x < head.view[0] + head.view[2]; x++) {
                        argb.add(image.argb((int) x, (int) y) | 0xff000000);
                    }
                }
                head.picture = Optional.of(new Picture((int) head.view[2], (int) head.view[3], argb));
            }
        }
        return OK;
    }

    private int transfer(byte[] request) {
        Image image = images.get(at(request, 48));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!image.backed) {
            return UNSPEC;
        }
        long[] rect = rect(request);
        if (!fits(rect, image)) {
            return BAD_PARAMETER;
        }
        List<Byte> source = new ArrayList<>();
        for (long[] entry : image.entries) {
            for (long i = 0; i < entry[1]; i++) {
                source.add(ram.getByte(entry[0] + i));
            }
        }
        BigInteger offset = new BigInteger(Long.toUnsignedString(view(request).getLong(40)));
        long last = (rect[3] - 1) * image.width * 4 + rect[2] * 4;
        if (offset.add(BigInteger.valueOf(last)).compareTo(BigInteger.valueOf(source.size())) > 0) {
            return BAD_PARAMETER;
        }
        for (int row = 0; row < rect[3]; row++) {
            for (int i = 0; i < rect[2] * 4; i++) {
                int from = offset.intValueExact() + row * image.width * 4 + i;
                int to = (int) (((rect[1] + row) * image.width + rect[0]) * 4 + i);
                image.bytes[to] = source.get(from);
            }
        }
        return OK;
    }

    private int attach(byte[] request) {
        Image image = images.get(at(request, 24));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (image.backed) {
            return UNSPEC;
        }
        long count = at(request, 28);
        if (count == 0 || count > ram.size() / 4096 + 1 || request.length < 32 + 16 * count) {
            return BAD_PARAMETER;
        }
        List<long[]> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BigInteger address =
                    new BigInteger(Long.toUnsignedString(view(request).getLong(32 + 16 * i)));
            long length = at(request, 40 + 16 * i);
            if (length > 0) {
                if (address.add(BigInteger.valueOf(length)).compareTo(BigInteger.valueOf(ram.size())) > 0) {
                    return BAD_PARAMETER;
                }
                entries.add(new long[] {address.longValueExact(), length});
            }
        }
        image.entries = entries;
        image.backed = true;
        return OK;
    }

    private int detach(byte[] request) {
        Image image = images.get(at(request, 24));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!image.backed) {
            return UNSPEC;
        }
        image.backed = false;
        return OK;
    }

    private int cursor(byte[] request, boolean update) {
        long scanout = at(request, 24);
        if (scanout >= 2) {
            return BAD_SCANOUT;
        }
        Head head = heads[(int) scanout];
        if (update) {
            long id = at(request, 40);
            Image image = images.get(id);
            if (id != 0 && image == null) {
                return BAD_RESOURCE;
            }
            if (image != null) {
                if (image.width > DISPLAYS[(int) scanout][0] || image.height > DISPLAYS[(int) scanout][1]) {
                    return BAD_PARAMETER;
                }
                List<Integer> argb = new ArrayList<>();
                for (int y = 0; y < image.height; y++) {
                    for (int x = 0; x < image.width; x++) {
                        argb.add(image.argb(x, y));
                    }
                }
                head.cursor = Optional.of(new Picture(image.width, image.height, argb));
            } else {
                head.cursor = Optional.empty();
            }
            head.cursorSource = Optional.ofNullable(image);
            head.hotX = (int) at(request, 44);
            head.hotY = (int) at(request, 48);
        }
        head.cursorX = (int) at(request, 28);
        head.cursorY = (int) at(request, 32);
        return OK;
    }
}
