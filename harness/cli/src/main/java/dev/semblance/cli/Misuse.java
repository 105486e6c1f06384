package dev.semblance.cli;

import dev.semblance.harness.util.Suggestions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in one sentence, with what was perhaps meant. */
final class Misuse {

    private Misuse() {}

    /** Returns the sentence for what picocli found. */
    static String sentence(ParameterException problem) {
        CommandLine line = problem.getCommandLine();
        Optional<String> unmatched = problem instanceof UnmatchedArgumentException unknown
                ? unknown.getUnmatched().stream().findFirst()
                : Optional.empty();
        if (problem instanceof MutuallyExclusiveArgsException) {
            return "options exclude each other: "
                    + String.valueOf(problem.getMessage())
                            .replaceFirst("^Error: ", "")
                            .replaceFirst(" are mutually exclusive \\(specify only one\\)$", "")
                    + "; leave all but one of them away";
        }
        return unmatched
                .flatMap(word -> unmatched(line, word))
                // Picocli says "Error: " about groups of options only.
                .orElseGet(() -> String.valueOf(problem.getMessage()).replaceFirst("^Error: ", ""));
    }

    private static Optional<String> unmatched(CommandLine line, String word) {
        CommandSpec spec = line.getCommandSpec();
        if (word.startsWith("-") && word.length() > 1) {
            // What stands behind the name, as in --jobs=4, is no part of it.
            String option = word.startsWith("--") ? word.replaceFirst("(?s)=.*", "") : word;
            return Optional.of((spec.parent() == null ? "there is" : spec.name() + " has") + " no option " + option
                    + Suggestions.hint(option, options(spec)));
        }
        return Optional.of(
                spec.parent() == null ? noVerb(line, word) : spec.name() + " takes no more words: \"" + word + "\"");
    }

    /** Returns the sentence for a verb that there is not. */
    static String noVerb(CommandLine program, String word) {
        return "there is no verb " + word + Suggestions.hintOrAll(word, verbs(program), "the verbs are");
    }

    private static List<String> verbs(CommandLine program) {
        return program.getSubcommands().entrySet().stream()
                .filter(verb -> !verb.getValue().getCommandSpec().usageMessage().hidden())
                .map(verb -> verb.getKey())
                .toList();
    }

    private static List<String> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Arrays.stream(option.names()))
                .toList();
    }
}
