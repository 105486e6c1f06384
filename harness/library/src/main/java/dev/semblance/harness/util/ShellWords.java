package dev.semblance.harness.util;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines that can be pasted into a POSIX shell (bash, for names with control characters), whatever the names are. */
public final class ShellWords {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    private ShellWords() {}

    /** {@return a command line of words} */
    public static String join(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    /** {@return a word as a shell reads it} */
    public static String quote(String word) {
        if (PLAIN.matcher(word).matches()) {
            return word;
        }
        if (PRINTABLE.matcher(word).matches()) {
            return "'" + word.replace("'", "'\\''") + "'";
        }
        StringBuilder quoted = new StringBuilder("$'");
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (value & 0xff);
            if (character == '\'' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character >= ' ' && character <= '~') {
                quoted.append(character);
            } else {
                quoted.append(Text.format("\\x%02x", (int) character));
            }
        }
        return quoted.append('\'').toString();
    }
}
