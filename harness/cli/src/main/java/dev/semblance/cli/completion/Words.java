package dev.semblance.cli.completion;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What can stand on the command line of a program or of one of its verbs.
 *
 * @param name the program's or the verb's
 * @param text one line about it
 * @param options without those that are hidden
 * @param operand what stands behind the options, if anything
 * @param verbs without those that are hidden
 */
record Words(String name, String text, List<Choice> options, Optional<Value> operand, List<Words> verbs) {

    private static final int MAX_TEXT = 100;

    /** What the names of values that are files say; their types do not always tell, since some can be a word as well. */
    private static final List<String> FILES = List.of("FILE", "DIR", "PATH", "TRACE", "PACK");

    /**
     * An option.
     *
     * @param names with their dashes
     * @param value what comes behind it, if anything
     */
    record Choice(List<String> names, String text, Optional<Value> value, boolean repeatable) {}

    /** What an option or an operand may be. */
    sealed interface Value {

        /** A file or a folder. */
        record FileName(String label) implements Value {}

        /** One of a few words. */
        record OneOf(String label, List<String> words) implements Value {}

        /** Something that cannot be guessed. */
        record Other(String label) implements Value {}
    }

    static Words of(CommandSpec spec) {
        List<Choice> options = spec.options().stream()
                .filter(option -> !option.hidden())
                .map(Words::choice)
                .toList();
        Optional<Value> operand = spec.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .findFirst()
                .map(Words::operand);
        List<Words> verbs = new ArrayList<>();
        spec.subcommands().forEach((name, verb) -> {
            if (!verb.getCommandSpec().usageMessage().hidden()) {
                verbs.add(of(verb.getCommandSpec()));
            }
        });
        return new Words(spec.name(), line(spec.usageMessage().header()), options, operand, verbs);
    }

    private static Choice choice(OptionSpec option) {
        Optional<Value> value = option.arity().max() > 0 ? Optional.of(value(option, false)) : Optional.empty();
        return new Choice(List.of(option.names()), line(option.description()), value, option.isMultiValue());
    }

    private static Value operand(PositionalParamSpec parameter) {
        // A pattern is a text, but whoever presses a key to have it completed wants a file.
        return value(parameter, true);
    }

    private static Value value(ArgSpec argument, boolean file) {
        String label = argument.paramLabel();
        if (argument.completionCandidates() != null) {
            List<String> words = new ArrayList<>();
            argument.completionCandidates().forEach(words::add);
            return new Value.OneOf(label, List.copyOf(words));
        }
        Class<?>[] types = argument.auxiliaryTypes();
        Class<?> type = types[types.length - 1];
        return file || type == Path.class || type == File.class || FILES.contains(label)
                ? new Value.FileName(label)
                : new Value.Other(label);
    }

    /** Returns the first sentence of a help text, as one line. */
    private static String line(String[] texts) {
        String text = Arrays.stream(texts)
                .reduce("", (before, next) -> before + " " + next)
                .replace("%n", " ")
                .replace("%%", "%")
                .replaceAll("\\s+", " ")
                .strip();
        int end = text.indexOf(". ");
        String sentence = end < 0 ? text : text.substring(0, end);
        String shown = sentence.replaceAll("[.:;, ]+$", "");
        if (shown.length() <= MAX_TEXT) {
            return shown;
        }
        return shown.substring(0, shown.lastIndexOf(' ', MAX_TEXT)) + " ...";
    }
}
