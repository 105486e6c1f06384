package dev.semblance.harness.trace.text;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Takes a stream of bytes apart into lines of a bounded length, and knows where each began. */
public final class LineBytes {

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final InputStream in;
    private final int maximum;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private byte[] line = new byte[1 << 10];
    private long number;
    private long offset;
    private long nextOffset;
    private boolean tooLong;

    /**
     * Makes one.
     *
     * @param in what is read
     * @param maximum the longest line, in bytes without its end
     */
    public LineBytes(InputStream in, int maximum) {
        this.in = in;
        this.maximum = maximum;
    }

    /** {@return the number of the line read last, from 1} */
    public long number() {
        return number;
    }

    /** {@return where the line read last began} */
    public long offset() {
        return offset;
    }

    /**
     * {@return the next line without its line feed, or carriage return and line feed; empty at the end}
     *
     * @throws IllegalArgumentException if it is longer than the maximum; the next one is then the line behind it
     * @throws IOException if it cannot be read or written
     */
    public Optional<byte[]> next() throws IOException {
        Optional<byte[]> next = nextAsItStands();
        boolean marked = number == 1 && next.isPresent() && startsWithMark(next.get());
        return marked ? Optional.of(Arrays.copyOfRange(next.get(), MARK.length, next.get().length)) : next;
    }

    /** Some editors put a byte order mark before a text; it is no part of it. */
    private static boolean startsWithMark(byte[] line) {
        return line.length >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length);
    }

    private Optional<byte[]> nextAsItStands() throws IOException {
        skipRest();
        number++;
        offset = nextOffset;
        int length = 0;
        while (fill()) {
            int end = lineEnd();
            append(length, end - position);
            length += end - position;
            position = end;
            if (end < limit) {
                position++;
                nextOffset = offset + length + 1;
                boolean carriageReturn = length > 0 && line[length - 1] == '\r';
                return Optional.of(Arrays.copyOf(line, carriageReturn ? length - 1 : length));
            }
        }
        nextOffset = offset + length;
        return length == 0 ? Optional.empty() : Optional.of(Arrays.copyOf(line, length));
    }

    /** Passes over what is left of a line that was too long: not before more is asked for, since it may have no end. */
    private void skipRest() throws IOException {
        while (tooLong && fill()) {
            int end = lineEnd();
            tooLong = end == limit;
            nextOffset += end - position + (tooLong ? 0 : 1);
            position = tooLong ? end : end + 1;
        }
        tooLong = false;
    }

    /** Has bytes in the buffer; false at the end. */
    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return limit > 0;
    }

    /** {@return where in the buffer the line ends, or the end of the buffer} */
    private int lineEnd() {
        int end = position;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private void append(int length, int count) {
        if (count > maximum - length) {
            tooLong = true;
            nextOffset = offset + length;
            throw new IllegalArgumentException(Text.format("the line is longer than %d bytes", maximum));
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(maximum, Math.max(length + count, line.length * 2L)));
        }
        System.arraycopy(buffer, position, line, length, count);
    }
}
