package dev.semblance.harness.view;

import dev.semblance.harness.util.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The lines of events, in blocks that are deflated: a line takes some ten bytes so. Whoever reads may do so from any thread, once all lines are there. */
public final class EventLines {

    /** How many lines a block has; the last one may have fewer. */
    public static final int BLOCK = 256;

    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private int openLines;
    private int count;

    /**
     * Lines that follow each other.
     *
     * @param length how many bytes they have in UTF-8, each line with a line feed at its end
     * @param deflated those bytes (RFC 1951); not to be changed
     */
    private record Block(int length, byte[] deflated) {

        private static Block of(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new Block(bytes.length, RawDeflate.fast(bytes));
        }

        private List<String> lines() {
            byte[] bytes = new byte[length];
            Inflater inflater = new Inflater(true);
            try {
                inflater.setInput(deflated);
                int at = 0;
                while (at < length) {
                    at += inflater.inflate(bytes, at, length - at);
                }
            } catch (DataFormatException e) {
                throw new IllegalStateException("what was deflated here does not inflate", e);
            } finally {
                inflater.end();
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.isEmpty()
                    ? List.of()
                    : Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1));
        }
    }

    /** Adds a line, which has no line feed in it. */
    void add(String line) {
        open.append(line).append('\n');
        openLines++;
        count++;
        if (openLines == BLOCK) {
            end();
        }
    }

    /** Ends the last block. */
    void end() {
        if (openLines > 0) {
            blocks.add(Block.of(open.toString()));
            open.setLength(0);
            openLines = 0;
        }
    }

    /** {@return how many lines there are} */
    public int count() {
        return count;
    }

    /**
     * {@return some of the lines}
     *
     * @param from the first, counted from 0
     * @param number how many; fewer come where there are no more
     */
    public List<String> lines(int from, int number) {
        if (from < 0 || number < 0) {
            throw new IllegalArgumentException(Text.format("no lines: %d, %d", from, number));
        }
        List<String> lines = new ArrayList<>();
        int end = (int) Math.min(count, (long) from + number);
        for (int at = from; at < end; ) {
            int first = at / BLOCK * BLOCK;
            List<String> block = blocks.get(at / BLOCK).lines();
            int last = Math.min(end, first + BLOCK);
            lines.addAll(block.subList(at - first, last - first));
            at = last;
        }
        return lines;
    }

    /**
     * {@return the numbers of the lines that have a text in them, in upper or lower case, in their order}
     *
     * @param text what to look for
     */
    public List<Integer> matching(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<Integer> found = new ArrayList<>();
        int number = 0;
        for (Block block : blocks) {
            for (String line : block.lines()) {
                if (line.toLowerCase(Locale.ROOT).contains(wanted)) {
                    found.add(number);
                }
                number++;
            }
        }
        return found;
    }
}
