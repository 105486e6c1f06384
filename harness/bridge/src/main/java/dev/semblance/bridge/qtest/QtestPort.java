package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.util.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads and stores to guest physical addresses of a QEMU by its qtest protocol (docs/devel/testing/qtest of QEMU). */
final class QtestPort {

    /** The longest line that QEMU answers what is asked here with. */
    static final int LONGEST_LINE = 256;

    private static final Pattern VALUE = Pattern.compile("OK 0x([0-9a-fA-F]{1,16})");

    private final TimedChannel lines;

    QtestPort(TimedChannel lines) {
        this.lines = lines;
    }

    /**
     * Loads a value.
     *
     * @param address guest physical
     * @param width 1, 2 or 4 bytes
     * @return the value in the low bits
     */
    int load(long address, int width) throws LinkFailedException {
        String answer = ask("read" + letter(width) + " 0x" + Long.toHexString(address));
        Matcher value = VALUE.matcher(answer);
        if (!value.matches()) {
            throw refused(answer);
        }
        return (int) Long.parseUnsignedLong(value.group(1), 16);
    }

    /**
     * Stores a value.
     *
     * @param address guest physical
     * @param width 1, 2 or 4 bytes
     * @param value in the low bits
     */
    void store(long address, int width, int value) throws LinkFailedException {
        long unsigned = value & (-1L >>> Long.SIZE - Byte.SIZE * width);
        String answer =
                ask("write" + letter(width) + " 0x" + Long.toHexString(address) + " 0x" + Long.toHexString(unsigned));
        if (!answer.equals("OK")) {
            throw refused(answer);
        }
    }

    private String ask(String line) throws LinkFailedException {
        lines.send(line);
        return lines.receive("its answer over qtest");
    }

    private static LinkFailedException refused(String answer) {
        return new LinkFailedException(new Cause.BrokeProtocol(
                "answered \"" + Printable.line(answer) + "\" over qtest to a load or a store of a register"));
    }

    private static char letter(int width) {
        return switch (width) {
            case 1 -> 'b';
            case 2 -> 'w';
            case 4 -> 'l';
            default -> throw new IllegalArgumentException("no width of a register: " + width);
        };
    }
}
