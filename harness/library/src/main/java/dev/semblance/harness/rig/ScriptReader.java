package dev.semblance.harness.rig;

import dev.semblance.harness.json.Json;
import dev.semblance.harness.rig.ScriptLineParser.Parsed;
import dev.semblance.harness.trace.text.LineBytes;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a script line by line, each as soon as it is there (docs/SCRIPT.md). Scripts are not trusted: what is too long, too
 * deep or too much is refused before it is kept, and so is whatever the format does not have.
 */
public final class ScriptReader implements AutoCloseable {

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /**
     * A line with its place.
     *
     * @param number from 1
     * @param line what it says
     * @param named the places of those of its commands, from 0, that were told by name
     */
    public record Numbered(long number, ScriptLine line, Set<Integer> named) {

        /** Copies the set. */
        public Numbered {
            named = Set.copyOf(named);
        }
    }

    private final InputStream in;
    private final LineBytes lines;
    private Optional<RigSettings> settings = Optional.empty();
    private Optional<Numbered> ahead = Optional.empty();
    private Optional<ScriptException> problem = Optional.empty();

    /**
     * Makes a reader, and closes the stream with it.
     *
     * @param in UTF-8, a line each
     */
    public ScriptReader(InputStream in) {
        this.in = in;
        this.lines = new LineBytes(in, ScriptJson.MAX_LINE);
    }

    /**
     * Reads a single line.
     *
     * @param line one line of JSON
     * @return what it says
     * @throws ScriptException if it is not one that does something
     */
    public static ScriptLine parse(String line) {
        return switch (ScriptLineParser.parse(line)) {
            case Parsed.Line parsed -> parsed.line();
            case Parsed.Settings parsed ->
                throw new ScriptException("the device line must be the first line of a script");
            case Parsed.Note note -> throw new ScriptException("a note does nothing");
        };
    }

    /**
     * {@return the device that the script wants: as its first line says, or the usual one} Waits for that line; what is wrong
     * with it {@link #next} tells.
     *
     * @throws IOException if it cannot be read or written
     */
    public RigSettings settings() throws IOException {
        if (settings.isEmpty()) {
            settings = Optional.of(RigSettings.EXEC);
            try {
                ahead = read(true);
            } catch (ScriptException e) {
                problem = Optional.of(e);
            }
        }
        return settings.get();
    }

    /**
     * {@return the next line, or empty at the end} Notes and empty lines are passed over. After an exception it goes on with
     * the line behind the bad one.
     *
     * @throws ScriptException if it is none; the message starts with its number
     * @throws IOException if it cannot be read or written
     */
    public Optional<Numbered> next() throws IOException {
        settings();
        if (problem.isPresent()) {
            ScriptException thrown = problem.get();
            problem = Optional.empty();
            throw thrown;
        }
        if (ahead.isPresent()) {
            Optional<Numbered> next = ahead;
            ahead = Optional.empty();
            return next;
        }
        return read(false);
    }

    private Optional<Numbered> read(boolean atStart) throws IOException {
        boolean first = atStart;
        while (true) {
            Optional<String> text = line();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            if (text.get().isBlank()) {
                continue;
            }
            switch (parseHere(text.get())) {
                case Parsed.Line parsed -> {
                    return Optional.of(new Numbered(lines.number(), parsed.line(), parsed.named()));
                }
                case Parsed.Settings parsed -> {
                    if (!first) {
                        throw at("the device line must come before all other lines");
                    }
                    settings = Optional.of(parsed.settings());
                    first = false;
                }
                case Parsed.Note note -> {}
            }
        }
    }

    private Parsed parseHere(String text) {
        try {
            return ScriptLineParser.parse(text);
        } catch (ScriptException e) {
            throw at(String.valueOf(e.getMessage()));
        }
    }

    private ScriptException at(String problem) {
        return new ScriptException(Text.format("line %d: %s", lines.number(), problem));
    }

    /** {@return the next line without its end, or empty behind the last one} */
    private Optional<String> line() throws IOException {
        try {
            return lines.next().map(this::decode);
        } catch (IllegalArgumentException e) {
            throw at(String.valueOf(e.getMessage()));
        }
    }

    private String decode(byte[] line) {
        int from = lines.number() == 1 && startsWithMark(line) ? MARK.length : 0;
        return Json.utf8(Arrays.copyOfRange(line, from, line.length));
    }

    private static boolean startsWithMark(byte[] line) {
        return line.length >= MARK.length && line[0] == MARK[0] && line[1] == MARK[1] && line[2] == MARK[2];
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
