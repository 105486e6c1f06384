package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.TargetSpec;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of {@code compare-targets}: targets, and the paths of recordings.
 *
 * @param targets what is compared, with the name of its column
 * @param paths all other words
 */
record TargetWords(List<Named> targets, List<String> paths) {

    /** How many targets are compared at most. */
    static final int MOST = 16;

    /** A short name of letters, digits and a few signs, in front of what it names. */
    static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._+-]{0,23})=(.*)", Pattern.DOTALL);

    /** A kind and a command. A kind has two letters at least, a drive of Windows has one. */
    private static final Pattern TARGET = Pattern.compile("[a-z][a-z-]+:.*", Pattern.DOTALL);

    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9._+-]");
    private static final int LONGEST_NAME = 24;

    /** A target with the name of its column. */
    record Named(String name, TargetSpec spec) {}

    /** Copies the lists. */
    TargetWords {
        targets = List.copyOf(targets);
        paths = List.copyOf(paths);
    }

    /**
     * Tells targets from paths: a target is {@code builtin}, or has letters and a colon in front, perhaps after a name and {@code =}.
     *
     * @throws SemblanceException if there is no target, too many, one of no known kind, or two of one name
     */
    static TargetWords of(List<String> words) {
        List<Named> targets = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (String word : words) {
            Matcher named = NAMED.matcher(word);
            boolean hasName = named.matches() && isTarget(named.group(2));
            if (!hasName && !isTarget(word)) {
                paths.add(word);
                continue;
            }
            TargetSpec spec = spec(hasName ? named.group(2) : word);
            add(targets, new Named(hasName ? named.group(1) : usualName(spec), spec));
        }
        if (targets.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "which targets? Name one or more, such as builtin, pipe:./my-gpu or old=pipe:./my-old-gpu");
        }
        if (targets.size() > MOST) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format("there are %d targets, and at most %d can be compared", targets.size(), MOST));
        }
        return new TargetWords(targets, paths);
    }

    private static boolean isTarget(String word) {
        return word.equals(TargetSpec.Kind.BUILTIN.word())
                || TARGET.matcher(word).matches();
    }

    private static TargetSpec spec(String word) {
        try {
            return TargetSpec.parse(word);
        } catch (UnusableInputException e) {
            throw new CommandException(ExitCode.USAGE, e.getMessage() + "; a recording of that name is ./" + word, e);
        }
    }

    private static void add(List<Named> targets, Named next) {
        for (Named known : targets) {
            if (known.name().equals(next.name())) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "two targets are called %s; give one another name: other=%s",
                                next.name(), next.spec()));
            }
        }
        targets.add(next);
    }

    /** Returns the name of a column that nobody named: that of the program. */
    private static String usualName(TargetSpec spec) {
        if (spec.kind() == TargetSpec.Kind.BUILTIN) {
            return spec.kind().word();
        }
        String program = spec.command().strip().split("\\s", 2)[0];
        String name = NOT_IN_NAMES
                .matcher(program.substring(program.lastIndexOf('/') + 1))
                .replaceAll("");
        return name.isEmpty() ? spec.kind().word() : name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /** Returns the number of the column of a name. */
    Optional<Integer> column(String name) {
        for (int column = 0; column < targets.size(); column++) {
            if (targets.get(column).name().equals(name)) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }
}
