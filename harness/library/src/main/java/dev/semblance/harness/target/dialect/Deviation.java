package dev.semblance.harness.target.dialect;

import dev.semblance.harness.golden.policy.Glob;
import java.util.List;
import java.util.Set;

/**
 * What a device may do otherwise.
 *
 * @param file the dialect that it is in
 * @param line where it stands there, from 1
 * @param aspect in what the device deviates
 * @param commands patterns over the names of commands
 * @param expected a pattern over the name of the response that is right
 * @param actual a pattern over the name of the response that the device gives
 * @param shows of a picture, patterns over what is peculiar to it: {@code offset}, {@code untransferred}, {@code unflushed}, or the
 *     format of its image; none for any picture
 * @param reason why that is accepted, for people
 * @param link where more is known of it
 */
public record Deviation(
        String file,
        int line,
        Aspect aspect,
        List<Glob> commands,
        Glob expected,
        Glob actual,
        List<Glob> shows,
        String reason,
        String link) {

    /** In what a device deviates. */
    public enum Aspect {
        /** Another type of response, or none. */
        ANSWER("answer"),
        /** The same type of response with other bytes in it. */
        CONTENT("content"),
        /** The same response with another length in the used element. */
        LENGTH("length"),
        /** What a scanout shows after the command. */
        PICTURE("picture"),
        /** The device status after the command. */
        STATUS("status");

        private final String word;

        Aspect(String word) {
            this.word = word;
        }

        /** {@return its word in a dialect} */
        public String word() {
            return word;
        }
    }

    /** Copies the list. */
    public Deviation {
        commands = List.copyOf(commands);
        shows = List.copyOf(shows);
    }

    /** {@return whether this is about what a device did} */
    boolean covers(Aspect seen, String command, String wanted, String got) {
        return aspect == seen
                && commands.stream().anyMatch(name -> name.matches(command))
                && expected.matches(wanted)
                && actual.matches(got);
    }

    /** {@return whether this is about what a device showed} */
    boolean coversPicture(String command, Set<String> traits) {
        return aspect == Aspect.PICTURE
                && commands.stream().anyMatch(name -> name.matches(command))
                && (shows.isEmpty()
                        || traits.stream()
                                .anyMatch(trait -> shows.stream().anyMatch(pattern -> pattern.matches(trait))));
    }

    /** {@return where it stands: {@code qemu.toml:12}} */
    public String place() {
        return file + ":" + line;
    }
}
