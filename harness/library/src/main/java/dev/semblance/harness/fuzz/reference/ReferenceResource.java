package dev.semblance.harness.fuzz.reference;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.machine.memory.GuestMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An image on the host, and the guest memory behind it. */
final class ReferenceResource {

    /** Where blue, green, red and alpha lie in a pixel. */
    private record Format(int blue, int green, int red, int alpha) {}

    /** 5.7.6.8: the formats, named after the order of bytes in memory. An X byte is a cursor's alpha all the same. */
    private static Format format(long number) {
        return switch ((int) number) {
            case 1, 2 -> new Format(0, 1, 2, 3);
            case 3, 4 -> new Format(3, 2, 1, 0);
            case 67, 134 -> new Format(2, 1, 0, 3);
            case 68, 121 -> new Format(1, 2, 3, 0);
            default -> throw new IllegalArgumentException("no format: " + number);
        };
    }

    static boolean isFormat(long number) {
        return number >= 1 && number <= 4 || number == 67 || number == 68 || number == 121 || number == 134;
    }

    /** A stretch of guest memory. */
    record Entry(long address, long length) {}

    private static final int PAGE = 4096;

    private final Format format;
    private final int width;
    private final int height;

    private final int pageSize;

    /** The bytes of all pixels in pages; those to which nothing was written, all 0, are not there. */
    private final byte[] @Nullable [] pages;

    private List<Entry> entries = List.of();
    private boolean backed;
    private int stretches;

    ReferenceResource(long format, int width, int height) {
        this.format = format(format);
        this.width = width;
        this.height = height;
        pageSize = (int) Math.min(PAGE, byteSize());
        pages = new byte[(int) Math.ceilDiv(byteSize(), pageSize)][];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    long byteSize() {
        return 4L * width * height;
    }

    boolean isBacked() {
        return backed;
    }

    void attach(List<Entry> memory) {
        entries = memory;
        backed = true;
        stretches = stretches(memory);
    }

    void detach() {
        entries = List.of();
        backed = false;
        stretches = 0;
    }

    long backingSize() {
        long size = 0;
        for (Entry entry : entries) {
            size += entry.length();
        }
        return size;
    }

    /** {@return how many stretches the backing has where entries that touch count as one} */
    int stretches() {
        return stretches;
    }

    private static int stretches(List<Entry> entries) {
        int count = 0;
        long end = -1;
        for (Entry entry : entries) {
            count += entry.address() == end ? 0 : 1;
            end = entry.address() + entry.length();
        }
        return count;
    }

    /** Takes one row of a rectangle out of the backing, from {@code offset} on. */
    void copyRow(GuestMemory memory, long offset, int x, int y, int count) {
        byte[] row = new byte[count * 4];
        int done = 0;
        long skip = offset;
        for (Entry entry : entries) {
            if (skip >= entry.length()) {
                skip -= entry.length();
                continue;
            }
            int part = (int) Math.min(row.length - done, entry.length() - skip);
            memory.read(entry.address() + skip, row, done, part);
            done += part;
            skip = 0;
            if (done == row.length) {
                break;
            }
        }
        store((y * width + x) * 4, row);
    }

    private void store(int at, byte[] row) {
        for (int done = 0; done < row.length; ) {
            int within = (at + done) % pageSize;
            int part = Math.min(pageSize - within, row.length - done);
            int number = (at + done) / pageSize;
            byte[] page = pages[number];
            if (page == null) {
                page = new byte[pageSize];
                pages[number] = page;
            }
            System.arraycopy(row, done, page, within, part);
            done += part;
        }
    }

    private byte[] load(int at, int count) {
        byte[] row = new byte[count];
        for (int done = 0; done < count; ) {
            int within = (at + done) % pageSize;
            int part = Math.min(pageSize - within, count - done);
            byte[] page = pages[(at + done) / pageSize];
            if (page != null) {
                System.arraycopy(page, within, row, done, part);
            }
            done += part;
        }
        return row;
    }

    /** {@return a part of the image} */
    Frame part(int x, int y, int columns, int rows, boolean opaque) {
        Frame.Row[] part = new Frame.Row[rows];
        int opacity = opaque ? 0xff00_0000 : 0;
        for (int row = 0; row < rows; row++) {
            byte[] bytes = load(((y + row) * width + x) * 4, columns * 4);
            int[] pixels = new int[columns];
            for (int column = 0; column < columns; column++) {
                pixels[column] = argb(bytes, column * 4) | opacity;
            }
            part[row] = new Frame.Row(pixels);
        }
        return Frame.of(columns, part);
    }

    private int argb(byte[] bytes, int at) {
        return (bytes[at + format.alpha] & 255) << 24
                | (bytes[at + format.red] & 255) << 16
                | (bytes[at + format.green] & 255) << 8
                | bytes[at + format.blue] & 255;
    }
}
