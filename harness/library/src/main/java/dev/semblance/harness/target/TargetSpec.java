package dev.semblance.harness.target;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.ShellWords;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which device is tested, as a command line names it: {@code builtin}, or {@code KIND:COMMAND} with a command for the shell.
 *
 * @param kind how it is spoken to
 * @param command what {@code /bin/sh -c} is given; empty for what is built in
 */
public record TargetSpec(Kind kind, String command) {

    /** What stands in a command for the path of the socket that the program is to make or to connect to. */
    public static final String SOCKET = "{socket}";

    /** The device that this project has. */
    public static final TargetSpec BUILTIN = new TargetSpec(Kind.BUILTIN, "");

    /** How a device is spoken to. */
    public enum Kind {
        /** In this process. */
        BUILTIN("builtin"),
        /** A back-end program over a vhost-user socket. */
        VHOST_USER("vhost-user"),
        /** A QEMU, whose device is driven over qtest. */
        QTEST("qtest"),
        /** A program that reads and writes lines of JSON (docs/TARGETS.md). */
        PIPE("pipe");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** {@return its word on a command line} */
        public String word() {
            return word;
        }
    }

    /**
     * Reads what a command line says.
     *
     * @param text {@code builtin} or {@code KIND:COMMAND}
     * @return the same, taken apart
     * @throws UnusableInputException if it is neither
     */
    public static TargetSpec parse(String text) {
        if (text.equals(Kind.BUILTIN.word())) {
            return BUILTIN;
        }
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(known -> known.word().equals(word) && known != Kind.BUILTIN)
                .findFirst();
        if (kind.isEmpty()) {
            throw new UnusableInputException("there is no target \"" + text + "\": say "
                    + Arrays.stream(Kind.values())
                            .map(known -> known == Kind.BUILTIN ? known.word() : known.word() + ":COMMAND")
                            .collect(Collectors.joining(", ")));
        }
        String command = colon < 0 ? "" : text.substring(colon + 1);
        if (command.isBlank() || command.indexOf('\0') >= 0) {
            throw new UnusableInputException("the target \"" + text + "\" has no command: say " + word
                    + ":COMMAND, such as " + word + ":./my-gpu");
        }
        return new TargetSpec(kind.get(), command);
    }

    /**
     * {@return the command with the path of a socket, quoted for the shell, in place of each <code>{socket}</code>}
     *
     * @param socket the path
     */
    public String commandWith(Path socket) {
        return command.replace(SOCKET, ShellWords.quote(socket.toString()));
    }

    /** {@return as a command line has it} */
    @Override
    public String toString() {
        return kind == Kind.BUILTIN ? kind.word() : kind.word() + ":" + command;
    }
}
