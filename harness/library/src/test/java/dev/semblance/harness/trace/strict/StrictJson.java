package dev.semblance.harness.trace.strict;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON (RFC 8259) in UTF-8, no key twice in an object, and no deeper than docs/TRACE_FORMAT.md allows. */
final class StrictJson {

    /** A number as it stands in the text. */
    record Numeral(String text) {}

    /** The literals. */
    enum Literal {
        TRUE,
        FALSE,
        NULL
    }

    private static final int MAX_DEPTH = 16;
    private static final int MAX_DIGITS = 1000;

    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    /** Returns maps, lists, strings, {@link Numeral}s and {@link Literal}s. */
    static Object parse(byte[] json) throws Breach {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Breach.corrupt("the manifest is in UTF-8");
        }
        StrictJson parser = new StrictJson(text);
        Object value = parser.value(0);
        parser.blanks();
        Breach.unless(parser.at == text.length(), "nothing follows the JSON");
        return value;
    }

    private Object value(int depth) throws Breach {
        blanks();
        char c = peek();
        if (c == '{') {
            return object(depth + 1);
        } else if (c == '[') {
            return array(depth + 1);
        } else if (c == '"') {
            return string();
        } else if (c == '-' || c >= '0' && c <= '9') {
            return number();
        }
        for (Literal literal : Literal.values()) {
            if (text.startsWith(literal.name().toLowerCase(java.util.Locale.ROOT), at)) {
                at += literal.name().length();
                return literal;
            }
        }
        throw Breach.corrupt("no JSON value");
    }

    private Map<String, Object> object(int depth) throws Breach {
        Breach.unless(depth <= MAX_DEPTH, "at most 16 levels");
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        blanks();
        if (took('}')) {
            return object;
        }
        do {
            blanks();
            Breach.unless(peek() == '"', "a key is a string");
            String key = string();
            blanks();
            Breach.unless(took(':'), "a colon after a key");
            Breach.unless(object.put(key, value(depth)) == null, "no key twice");
            blanks();
        } while (took(','));
        Breach.unless(took('}'), "the end of an object");
        return object;
    }

    private List<Object> array(int depth) throws Breach {
        Breach.unless(depth <= MAX_DEPTH, "at most 16 levels");
        List<Object> array = new ArrayList<>();
        at++;
        blanks();
        if (took(']')) {
            return array;
        }
        do {
            array.add(value(depth));
            blanks();
        } while (took(','));
        Breach.unless(took(']'), "the end of an array");
        return array;
    }

    private String string() throws Breach {
        StringBuilder string = new StringBuilder();
        at++;
        while (!took('"')) {
            char c = peek();
            at++;
            Breach.unless(c >= ' ', "no control characters in a string");
            string.append(c == '\\' ? escaped() : c);
        }
        Breach.unless(string.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff), "no half of a surrogate pair");
        return string.toString();
    }

    private char escaped() throws Breach {
        char c = peek();
        at++;
        if (c == 'u') {
            int value = 0;
            for (int i = 0; i < 4; i++) {
                int digit =
                        "0123456789abcdef".indexOf(Character.toString(peek()).toLowerCase(java.util.Locale.ROOT));
                Breach.unless(digit >= 0, "four hexadecimal digits");
                value = value * 16 + digit;
                at++;
            }
            return (char) value;
        }
        int which = "\"\\/bfnrt".indexOf(c);
        Breach.unless(which >= 0, "an escape of JSON");
        return "\"\\/\b\f\n\r\t".charAt(which);
    }

    private Numeral number() throws Breach {
        int start = at;
        took('-');
        if (!took('0')) {
            digits();
        }
        if (took('.')) {
            digits();
        }
        if (took('e') || took('E')) {
            if (!took('+')) {
                took('-');
            }
            digits();
        }
        String numeral = text.substring(start, at);
        long digits = numeral.chars().filter(c -> c >= '0' && c <= '9').count();
        Breach.unless(digits <= MAX_DIGITS, "a number has at most 1,000 digits");
        return new Numeral(numeral);
    }

    private void digits() throws Breach {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        Breach.unless(at > start, "a digit");
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean took(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private char peek() throws Breach {
        Breach.unless(at < text.length(), "the JSON ends too early");
        return text.charAt(at);
    }
}
