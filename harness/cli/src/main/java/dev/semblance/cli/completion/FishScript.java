package dev.semblance.cli.completion;

import dev.semblance.cli.completion.Words.Choice;
import dev.semblance.cli.completion.Words.Value;
import java.util.Optional;

/** The script for fish: one {@code complete} for each word. */
final class FishScript {

    private final Words program;
    private final StringBuilder out = new StringBuilder();

    FishScript(Words program) {
        this.program = program;
    }

    String text() {
        out.append("# Completions of ").append(program.name()).append(" for fish; source it, or put it into\n");
        out.append("# ~/.config/fish/completions. Made by: ").append(program.name());
        out.append(" generate-completion fish\n");
        line("-f");
        program.options().forEach(option -> option("-n __fish_use_subcommand", option));
        for (Words verb : program.verbs()) {
            line("-n __fish_use_subcommand -a " + quote(verb.name()) + " -d " + quote(verb.text()));
        }
        for (Words verb : program.verbs()) {
            String here = "-n " + quote("__fish_seen_subcommand_from " + verb.name());
            verb.options().forEach(option -> option(here, option));
            verb.operand()
                    .ifPresent(value -> line(here
                            + switch (value) {
                                case Value.FileName unused -> " -F";
                                case Value.OneOf some -> " -a " + quote(String.join(" ", some.words()));
                                case Value.Other unused -> "";
                            }));
        }
        return out.toString();
    }

    private void option(String condition, Choice option) {
        StringBuilder line = new StringBuilder(condition);
        for (String name : option.names()) {
            if (name.startsWith("--")) {
                line.append(" -l ").append(quote(name.substring(2)));
            } else {
                line.append(name.length() == 2 ? " -s " : " -o ").append(quote(name.substring(1)));
            }
        }
        line.append(value(option.value()));
        line(line + " -d " + quote(option.text()));
    }

    private static String value(Optional<Value> value) {
        return value.map(some -> switch (some) {
                    case Value.FileName unused -> " -r -F";
                    case Value.OneOf choices -> " -x -a " + quote(String.join(" ", choices.words()));
                    case Value.Other unused -> " -x";
                })
                .orElse("");
    }

    private void line(String arguments) {
        out.append("complete -c ")
                .append(program.name())
                .append(' ')
                .append(arguments)
                .append('\n');
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
