package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.util.Printable;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Arrays;

/** What the guest wrote to the console and no {@code wait} has consumed yet: the last {@value #LIMIT} bytes of it. */
final class ConsoleBuffer implements Stateful {

    static final int LIMIT = 1 << 20;

    private static final int TAIL_LINES = 6;
    private static final int TAIL_BYTES = 480;

    private static final int FIRST_SIZE = 4096;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    void append(byte value) {
        if (end == bytes.length) {
            makeRoom();
        }
        bytes[end++] = value;
        start = Math.max(start, end - LIMIT);
    }

    private void makeRoom() {
        int kept = size();
        byte[] target = kept > bytes.length / 2 ? new byte[Math.max(2 * kept, FIRST_SIZE)] : bytes;
        System.arraycopy(bytes, end - kept, target, 0, kept);
        bytes = target;
        start = 0;
        end = kept;
    }

    /** Finds the first occurrence of a text and consumes everything up to its end; false if there is none. */
    boolean consumeThrough(ByteText text) {
        for (int at = start; at + text.length() <= end; at++) {
            if (isAt(text, at)) {
                start = at + text.length();
                return true;
            }
        }
        return false;
    }

    /** Does the same, knowing that the text can only be at the very end: all before was searched already. */
    boolean consumeIfAtEnd(ByteText text) {
        if (size() < text.length() || !isAt(text, end - text.length())) {
            return false;
        }
        start = end;
        return true;
    }

    private boolean isAt(ByteText text, int at) {
        for (int i = text.length() - 1; i >= 0; i--) {
            if ((bytes[at + i] & 0xff) != text.at(i)) {
                return false;
            }
        }
        return true;
    }

    void clear() {
        start = 0;
        end = 0;
    }

    /** {@return the last lines, each on a line of its own and with nothing in it that a terminal would obey} */
    String tail() {
        int from = Math.max(start, end - TAIL_BYTES);
        String text =
                ByteText.of(Arrays.copyOfRange(bytes, from, end)).asString().replace("\r\n", "\n");
        StringBuilder shown = new StringBuilder();
        var lines = text.lines().toList();
        for (String line : lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())) {
            shown.append("\n    | ");
            shown.append(Printable.line(line));
        }
        return shown.toString();
    }

    @Override
    public void state(StateExchange s) {
        int size = s.saved(size(), 0, LIMIT);
        byte[] block = s.savedBlock(Arrays.copyOfRange(bytes, start, end), size);
        if (s.isLoading()) {
            bytes = Arrays.copyOf(block, Math.max(size, FIRST_SIZE));
            start = 0;
            end = size;
        }
    }
}
