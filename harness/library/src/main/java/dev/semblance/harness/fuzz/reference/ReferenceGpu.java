package dev.semblance.harness.fuzz.reference;

import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.fuzz.reference.ReferenceResource.Entry;
import dev.semblance.machine.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules of the 2D commands (VIRTIO 1.2, 5.7.6.7 to 5.7.6.10), each as plainly as it can be said. */
final class ReferenceGpu {

    private static final int OK = 0x1100;
    private static final int OK_DISPLAY_INFO = 0x1101;
    private static final int OK_EDID = 0x1104;
    private static final int UNSPEC = 0x1200;
    private static final int NO_MEMORY = 0x1201;
    private static final int BAD_SCANOUT = 0x1202;
    private static final int BAD_RESOURCE = 0x1203;
    private static final int BAD_PARAMETER = 0x1205;

    private static final long MOST_BYTES = 268_435_456;
    private static final int MOST_IMAGES = 262_144;
    private static final int MOST_STRETCHES = 4_194_304;

    private final GuestMemory memory;
    private DisplayConfig displays;
    private final FrameSink sink;
    private final TreeMap<Long, ReferenceResource> images = new TreeMap<>();
    private final Head[] heads;

    /** What all images take, added up; null if one has come, gone or changed since. */
    private @Nullable ResourceUsage usage;

    /** What one scanout shows. */
    private static final class Head {
        @Nullable
        ReferenceResource bound;

        int x;
        int y;
        int width;
        int height;
        boolean lit;

        @Nullable
        ReferenceResource cursorSource;

        CursorPlane cursor = CursorPlane.HIDDEN;
    }

    ReferenceGpu(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
        this.memory = memory;
        this.displays = displays;
        this.sink = sink;
        heads = new Head[displays.count()];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = new Head();
        }
    }

    DisplayConfig displays() {
        return displays;
    }

    /** What is shown stays until the driver changes it. */
    void change(DisplayConfig newDisplays) {
        displays = newDisplays;
    }

    /** {@return the bytes of a command's structure with its header, 0 for a type that a 2D device does not have} */
    static int sizeOf(int type) {
        return switch (type) {
            case 0x100 -> 24;
            case 0x101 -> 40;
            case 0x102, 0x106, 0x107, 0x10a -> 32;
            case 0x103, 0x104 -> 48;
            case 0x105, 0x300, 0x301 -> 56;
            default -> 0;
        };
    }

    /** {@return what there is, added up image by image: nothing is carried along that could go wrong} */
    ResourceUsage resourceUsage() {
        ResourceUsage known = usage;
        if (known == null) {
            long bytes = 0;
            int stretches = 0;
            for (ReferenceResource image : images.values()) {
                bytes += image.byteSize();
                stretches += image.stretches();
            }
            known = new ResourceUsage(bytes, images.size(), stretches);
            usage = known;
        }
        return known;
    }

    void reset() {
        images.clear();
        usage = null;
        for (int i = 0; i < heads.length; i++) {
            Head old = heads[i];
            heads[i] = new Head();
            if (old.lit) {
                sink.disabled(i);
            }
            if (!old.cursor.equals(CursorPlane.HIDDEN)) {
                sink.cursorChanged(i, CursorPlane.HIDDEN);
            }
        }
    }

    /** Does what a request says and returns the whole answer. */
    byte[] answer(boolean onCursorQueue, boolean hasEdid, byte[] request) {
        if (request.length < 24) {
            return reply(new byte[24], UNSPEC, 24);
        }
        int type = LittleEndian.int32(request, 0);
        int size = sizeOf(type);
        boolean ofCursor = type == 0x300 || type == 0x301;
        if (size == 0 || ofCursor != onCursorQueue || type == 0x10a && !hasEdid) {
            return reply(request, UNSPEC, 24);
        }
        if (request.length < size) {
            return reply(request, BAD_PARAMETER, 24);
        }
        if (type == 0x101 || type == 0x102 || type == 0x106 || type == 0x107) {
            usage = null;
        }
        return switch (type) {
            case 0x100 -> displayInfo(request);
            case 0x101 -> reply(request, create(request), 24);
            case 0x102 -> reply(request, unref(request), 24);
            case 0x103 -> reply(request, setScanout(request), 24);
            case 0x104 -> reply(request, flush(request), 24);
            case 0x105 -> reply(request, transfer(request), 24);
            case 0x106 -> reply(request, attach(request), 24);
            case 0x107 -> reply(request, detach(request), 24);
            case 0x10a -> edid(request);
            case 0x300 -> reply(request, updateCursor(request), 24);
            default -> reply(request, moveCursor(request), 24);
        };
    }

    /** 5.7.6.7: a fenced request has its flag, fence and context echoed; everything else in the header is 0. */
    private static byte[] reply(byte[] request, int code, int size) {
        byte[] answer = new byte[size];
        LittleEndian.put(answer, 0, code);
        if ((request[4] & 1) == 1) {
            answer[4] = 1;
            System.arraycopy(request, 8, answer, 8, 12);
        }
        return answer;
    }

    // ---- displays -----------------------------------------------------------------------------------------------

    private byte[] displayInfo(byte[] request) {
        byte[] answer = reply(request, OK_DISPLAY_INFO, 24 + 16 * 24);
        int left = 0;
        for (int i = 0; i < heads.length; i++) {
            Display display = displays.display(i);
            if (display.enabled()) {
                int at = 24 + 24 * i;
                LittleEndian.put(answer, at, left);
                LittleEndian.put(answer, at + 8, display.width());
                LittleEndian.put(answer, at + 12, display.height());
                LittleEndian.put(answer, at + 16, 1);
                left += display.width();
            }
        }
        return answer;
    }

    private byte[] edid(byte[] request) {
        long scanout = LittleEndian.unsigned(request, 24);
        if (scanout >= heads.length) {
            return reply(request, BAD_SCANOUT, 24);
        }
        byte[] answer = reply(request, OK_EDID, 24 + 8 + 1024);
        byte[] block = ReferenceEdid.of(displays.display((int) scanout));
        LittleEndian.put(answer, 24, block.length);
        System.arraycopy(block, 0, answer, 32, block.length);
        return answer;
    }

    // ---- images -------------------------------------------------------------------------------------------------

    private int create(byte[] request) {
        long id = LittleEndian.unsigned(request, 24);
        long format = LittleEndian.unsigned(request, 28);
        long width = LittleEndian.unsigned(request, 32);
        long height = LittleEndian.unsigned(request, 36);
        if (id == 0 || images.containsKey(id)) {
            return BAD_RESOURCE;
        }
        if (!ReferenceResource.isFormat(format) || width == 0 || height == 0) {
            return BAD_PARAMETER;
        }
        // Neither can be more than all pixels, and so their product fits.
        if (width > MOST_BYTES || height > MOST_BYTES || images.size() >= MOST_IMAGES) {
            return NO_MEMORY;
        }
        if (resourceUsage().imageBytes() + width * height * 4 > MOST_BYTES) {
            return NO_MEMORY;
        }
        images.put(id, new ReferenceResource(format, (int) width, (int) height));
        usage = null;
        return OK;
    }

    private int unref(byte[] request) {
        ReferenceResource gone = images.remove(LittleEndian.unsigned(request, 24));
        if (gone == null) {
            return BAD_RESOURCE;
        }
        for (int i = 0; i < heads.length; i++) {
            Head head = heads[i];
            if (same(head.bound, gone)) {
                darken(i);
            }
            if (same(head.cursorSource, gone)) {
                head.cursorSource = null;
                CursorPlane old = head.cursor;
                showCursor(i, new CursorPlane(Optional.empty(), old.x(), old.y(), old.hotX(), old.hotY()));
            }
        }
        return OK;
    }

    @SuppressWarnings("ReferenceEquality") // An id can be given to another image; which one it is counts.
    private static boolean same(@Nullable ReferenceResource one, ReferenceResource other) {
        return one == other;
    }

    private int attach(byte[] request) {
        ReferenceResource image = images.get(LittleEndian.unsigned(request, 24));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (image.isBacked()) {
            return UNSPEC;
        }
        long count = LittleEndian.unsigned(request, 28);
        if (count == 0 || count > memory.size() / 4096 + 1 || (request.length - 32) / 16 < count) {
            return BAD_PARAMETER;
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long address = LittleEndian.int64(request, 32 + 16 * i);
            long length = LittleEndian.unsigned(request, 40 + 16 * i);
            if (length == 0) {
                continue;
            }
            if (!memory.contains(address, length)) {
                return BAD_PARAMETER;
            }
            entries.add(new Entry(address, length));
        }
        image.attach(List.copyOf(entries));
        if (resourceUsage().backingStretches() > MOST_STRETCHES) {
            image.detach();
            usage = null;
            return NO_MEMORY;
        }
        return OK;
    }

    private int detach(byte[] request) {
        ReferenceResource image = images.get(LittleEndian.unsigned(request, 24));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!image.isBacked()) {
            return UNSPEC;
        }
        image.detach();
        return OK;
    }

    private int transfer(byte[] request) {
        ReferenceResource image = images.get(LittleEndian.unsigned(request, 48));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!image.isBacked()) {
            return UNSPEC;
        }
        if (!fits(request, image)) {
            return BAD_PARAMETER;
        }
        int x = LittleEndian.int32(request, 24);
        int y = LittleEndian.int32(request, 28);
        int width = LittleEndian.int32(request, 32);
        int height = LittleEndian.int32(request, 36);
        long offset = LittleEndian.int64(request, 40);
        long stride = 4L * image.width();
        long available = image.backingSize();
        // An offset of 2^63 and above is negative here, and beyond every backing.
        if (offset < 0 || offset > available || (height - 1) * stride + width * 4L > available - offset) {
            return BAD_PARAMETER;
        }
        for (int row = 0; row < height; row++) {
            image.copyRow(memory, offset + row * stride, x, y + row, width);
        }
        return OK;
    }

    // ---- scanouts -----------------------------------------------------------------------------------------------

    /** {@return whether the rectangle at offset 24 has pixels, all of them in the image} */
    private static boolean fits(byte[] request, ReferenceResource image) {
        long x = LittleEndian.unsigned(request, 24);
        long y = LittleEndian.unsigned(request, 28);
        long width = LittleEndian.unsigned(request, 32);
        long height = LittleEndian.unsigned(request, 36);
        return width > 0 && height > 0 && x + width <= image.width() && y + height <= image.height();
    }

    private int setScanout(byte[] request) {
        long scanout = LittleEndian.unsigned(request, 40);
        long id = LittleEndian.unsigned(request, 44);
        if (scanout >= heads.length) {
            return BAD_SCANOUT;
        }
        if (id == 0) {
            darken((int) scanout);
            return OK;
        }
        ReferenceResource image = images.get(id);
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!fits(request, image)) {
            return BAD_PARAMETER;
        }
        int width = LittleEndian.int32(request, 32);
        int height = LittleEndian.int32(request, 36);
        Display display = displays.display((int) scanout);
        if (!displays.largerViews() && (width > display.width() || height > display.height())) {
            return BAD_PARAMETER;
        }
        Head head = heads[(int) scanout];
        head.bound = image;
        head.x = LittleEndian.int32(request, 24);
        head.y = LittleEndian.int32(request, 28);
        head.width = width;
        head.height = height;
        return OK;
    }

    private void darken(int scanout) {
        Head head = heads[scanout];
        head.bound = null;
        if (head.lit) {
            head.lit = false;
            sink.disabled(scanout);
        }
    }

    /** The whole view of every scanout that shows the image is published, whatever the rectangle, backed or not. */
    private int flush(byte[] request) {
        ReferenceResource image = images.get(LittleEndian.unsigned(request, 40));
        if (image == null) {
            return BAD_RESOURCE;
        }
        if (!fits(request, image)) {
            return BAD_PARAMETER;
        }
        for (int i = 0; i < heads.length; i++) {
            Head head = heads[i];
            if (same(head.bound, image)) {
                head.lit = true;
                sink.flushed(i, image.part(head.x, head.y, head.width, head.height, true));
            }
        }
        return OK;
    }

    // ---- cursors ------------------------------------------------------------------------------------------------

    private int updateCursor(byte[] request) {
        long scanout = LittleEndian.unsigned(request, 24);
        if (scanout >= heads.length) {
            return BAD_SCANOUT;
        }
        Head head = heads[(int) scanout];
        Optional<Frame> picture = head.cursor.image();
        if (LittleEndian.unsigned(request, 40) == 0) {
            head.cursorSource = null;
            picture = Optional.empty();
        } else {
            ReferenceResource image = images.get(LittleEndian.unsigned(request, 40));
            if (image == null) {
                return BAD_RESOURCE;
            }
            // Cursors are 64x64; another image leaves the one that is there.
            if (image.width() == 64 && image.height() == 64) {
                head.cursorSource = image;
                picture = Optional.of(image.part(0, 0, 64, 64, false));
            }
        }
        int hotX = LittleEndian.int32(request, 44);
        int hotY = LittleEndian.int32(request, 48);
        showCursor(
                (int) scanout,
                new CursorPlane(picture, LittleEndian.int32(request, 28), LittleEndian.int32(request, 32), hotX, hotY));
        return OK;
    }

    /** 5.7.6.10: of MOVE_CURSOR only the position counts. */
    private int moveCursor(byte[] request) {
        long scanout = LittleEndian.unsigned(request, 24);
        if (scanout >= heads.length) {
            return BAD_SCANOUT;
        }
        CursorPlane old = heads[(int) scanout].cursor;
        showCursor(
                (int) scanout,
                new CursorPlane(
                        old.image(),
                        LittleEndian.int32(request, 28),
                        LittleEndian.int32(request, 32),
                        old.hotX(),
                        old.hotY()));
        return OK;
    }

    private void showCursor(int scanout, CursorPlane plane) {
        heads[scanout].cursor = plane;
        sink.cursorChanged(scanout, plane);
    }
}
