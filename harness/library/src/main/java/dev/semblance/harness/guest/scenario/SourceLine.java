package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.text.ByteText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One line of a scenario, cut into words and quoted texts. */
final class SourceLine {

    /** A piece of a line, with the column where it starts, from 1. */
    sealed interface Token {
        int column();
    }

    /** Anything without quotes. */
    record Word(int column, String text) implements Token {}

    /**
     * A text in double quotes, escapes resolved.
     *
     * @param columns for each byte, the column that it came from
     */
    record Quoted(int column, ByteText text, List<Integer> columns) implements Token {}

    private final String name;
    private final int number;
    private final String source;

    /**
     * Makes a line.
     *
     * @param name of the file, for messages
     * @param number of the line, from 1
     */
    SourceLine(String name, int number, String source) {
        this.name = name;
        this.number = number;
        this.source = source;
    }

    int number() {
        return number;
    }

    /** {@return the column just behind the line's text} */
    int endColumn() {
        return source.stripTrailing().length() + 1;
    }

    ScenarioException error(int column, String problem) {
        return new ScenarioException(name, number, column, problem, source);
    }

    /** Cuts the line; blanks separate, {@code #} starts a comment. */
    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (isBlank(c)) {
                at++;
            } else if (c == '#') {
                break;
            } else if (c == '"') {
                at = quoted(at, tokens);
            } else {
                int end = at;
                while (end < source.length() && !isBlank(source.charAt(end)) && source.charAt(end) != '"') {
                    end++;
                }
                tokens.add(new Word(at + 1, source.substring(at, end)));
                at = end;
            }
        }
        return tokens;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private int quoted(int start, List<Token> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> columns = new ArrayList<>();
        int at = start + 1;
        while (true) {
            if (at >= source.length()) {
                throw error(start + 1, "this text has no closing quote");
            }
            char c = source.charAt(at);
            if (c == '"') {
                tokens.add(new Quoted(start + 1, ByteText.of(bytes.toByteArray()), columns));
                return at + 1;
            }
            int next;
            if (c == '\\') {
                next = escape(at, bytes);
            } else {
                next = at + Character.charCount(source.codePointAt(at));
                bytes.writeBytes(source.substring(at, next).getBytes(StandardCharsets.UTF_8));
            }
            while (columns.size() < bytes.size()) {
                columns.add(at + 1);
            }
            at = next;
        }
    }

    private int escape(int at, ByteArrayOutputStream bytes) {
        char kind = at + 1 < source.length() ? source.charAt(at + 1) : 0;
        switch (kind) {
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case '"', '\\' -> bytes.write(kind);
            case 'x' -> {
                int high = digit(at + 2);
                int low = digit(at + 3);
                if (high < 0 || low < 0) {
                    throw error(at + 1, "\\x takes two hexadecimal digits, as in \\x1b");
                }
                bytes.write(high << 4 | low);
                return at + 4;
            }
            default -> throw error(at + 1, "there is no such escape; there are \\n \\r \\t \\\" \\\\ and \\xNN");
        }
        return at + 2;
    }

    private int digit(int at) {
        return at < source.length() && source.charAt(at) < 0x80 ? Character.digit(source.charAt(at), 16) : -1;
    }
}
