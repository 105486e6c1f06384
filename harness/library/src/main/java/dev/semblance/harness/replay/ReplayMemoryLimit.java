package dev.semblance.harness.replay;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.util.Text;

/**
 * How much guest memory one holds at most who plays a GPU without its guest: pages that the trace told of, and pages of rings and buffers. A
 * trace of a few kilobytes can ask for gigabytes of them.
 *
 * @param mebibytes the limit
 */
public record ReplayMemoryLimit(long mebibytes) {

    /** Set to a number of MiB, this system property is the limit. */
    static final String PROPERTY = "semblance.replay.memory";

    private static final long USUAL = 512;

    /** {@return the limit of this process} */
    public static ReplayMemoryLimit ofProcess() {
        return new ReplayMemoryLimit(Math.clamp(Long.getLong(PROPERTY, USUAL), 1, 1L << 20));
    }

    /**
     * Checks what is held.
     *
     * @param bytes how much
     * @throws SemblanceException if it is more
     */
    public void check(long bytes) {
        if (bytes > mebibytes << 20) {
            throw new IncompatibleException(Text.format(
                    "a replay of it holds more than %d MiB of guest memory, the limit; SEMBLANCE_JAVA_OPTS=-D%s=MEBIBYTES raises it",
                    mebibytes, PROPERTY));
        }
    }
}
