package dev.semblance.cli;

import dev.semblance.harness.util.ShellWords;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Command lines for people to paste: the program as it was called, and words quoted for the shell. */
final class Invocation {

    /** Launchers say here how they were called. */
    private static final String PROGRAM = "semblance.program";

    private Invocation() {}

    /** Returns the program as the user called it. */
    static String program() {
        return System.getProperty(PROGRAM, "semblance");
    }

    /** Returns a command line of this program. */
    static String line(String verb, Object... words) {
        return line(Stream.concat(Stream.of(verb), Stream.of(words).map(Invocation::word))
                .toList());
    }

    /** Returns a command line of this program. */
    static String line(List<String> words) {
        return ShellWords.join(
                Stream.concat(Stream.of(program()), words.stream()).toList());
    }

    /** The name of a file that could be an option is made one that cannot. */
    private static String word(Object word) {
        return word instanceof Path path && path.toString().startsWith("-") ? "./" + path : word.toString();
    }
}
