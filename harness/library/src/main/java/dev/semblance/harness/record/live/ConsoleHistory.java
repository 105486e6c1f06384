package dev.semblance.harness.record.live;

/** The last of what the guest wrote to its serial console, for watchers that come late. Safe for any threads. */
public final class ConsoleHistory {

    /** How many bytes are kept. */
    public static final int KEPT = 1 << 20;

    private final byte[] ring = new byte[KEPT];
    private long written;

    /** Makes a history of nothing. */
    public ConsoleHistory() {}

    /**
     * A part of what was written.
     *
     * @param end how many bytes were written up to its last one
     * @param bytes the part
     */
    public record Part(long end, byte[] bytes) {}

    /** Takes the next byte. */
    synchronized void write(byte value) {
        ring[(int) (written++ % KEPT)] = value;
    }

    /**
     * {@return what was written behind some bytes} Where that is not kept any more, what comes after it.
     *
     * @param from how many bytes are known already, 0 or more
     * @param most how many to return at most
     */
    public synchronized Part read(long from, int most) {
        long first = Math.min(Math.max(from, written - KEPT), written);
        int count = (int) Math.min(written - first, most);
        byte[] bytes = new byte[count];
        int start = (int) (first % KEPT);
        int straight = Math.min(count, KEPT - start);
        System.arraycopy(ring, start, bytes, 0, straight);
        System.arraycopy(ring, 0, bytes, straight, count - straight);
        return new Part(first + count, bytes);
    }
}
