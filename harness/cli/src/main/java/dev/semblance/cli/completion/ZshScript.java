package dev.semblance.cli.completion;

import dev.semblance.cli.completion.Words.Choice;
import dev.semblance.cli.completion.Words.Value;
import java.util.ArrayList;
import java.util.List;

/** The script for zsh: a function that {@code _arguments} does the work of, for the program and for each verb. */
final class ZshScript {

    private final Words program;
    private final String function;
    private final StringBuilder out = new StringBuilder();

    ZshScript(Words program) {
        this.program = program;
        this.function = "_" + program.name();
    }

    String text() {
        out.append("#compdef ").append(program.name()).append('\n');
        out.append("# Completions of ").append(program.name()).append(" for zsh; source it, or put it as ");
        out.append(function).append(" into a folder of $fpath.\n");
        out.append("# Made by: ").append(program.name()).append(" generate-completion zsh\n\n");
        verbs();
        body();
        // In a folder of $fpath the file is the function; where it is sourced, the function must be named to the shell.
        out.append("""
                if [[ ${funcstack[1]-} == NAME ]]; then
                    NAME "$@"
                else
                    (( ${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
                    compdef NAME PROGRAM
                fi
                """.replace("NAME", function).replace("PROGRAM", program.name()));
        return out.toString();
    }

    private void verbs() {
        out.append(function).append("_verbs() {\n    local -a verbs\n    verbs=(\n");
        for (Words verb : program.verbs()) {
            out.append("        ")
                    .append(quote(verb.name() + ":" + verb.text()))
                    .append('\n');
        }
        out.append("    )\n    _describe -t verbs verb verbs\n}\n\n");
    }

    private void body() {
        out.append(function).append("() {\n");
        out.append("    local context state state_descr line\n    local -A opt_args\n");
        out.append("    _arguments -C");
        List<String> specifications = options(program);
        specifications.add(quote("1: :" + function + "_verbs"));
        specifications.add(quote("*:: :->rest"));
        arguments("        ", specifications);
        out.append("    [[ $state == rest ]] || return\n");
        out.append("    case $words[1] in\n");
        for (Words verb : program.verbs()) {
            out.append("        ").append(verb.name()).append(")\n            _arguments");
            List<String> words = options(verb);
            verb.operand().ifPresent(value -> words.add(quote("*" + value(value))));
            arguments("                ", words);
            out.append("            ;;\n");
        }
        out.append("    esac\n}\n\n");
    }

    private void arguments(String indentation, List<String> specifications) {
        specifications.forEach(one -> out.append(" \\\n").append(indentation).append(one));
        out.append('\n');
    }

    private static List<String> options(Words words) {
        List<String> specifications = new ArrayList<>();
        for (Choice option : words.options()) {
            String value = option.value().map(ZshScript::value).orElse("");
            String excluded = option.repeatable() ? "*" : "(" + String.join(" ", option.names()) + ")";
            for (String name : option.names()) {
                specifications.add(quote(excluded + name + "[" + escape(option.text()) + "]" + value));
            }
        }
        return specifications;
    }

    /** Returns the part of a specification that tells what may stand there. */
    private static String value(Value value) {
        return switch (value) {
            case Value.FileName file -> ":" + escape(file.label()) + ":_files";
            case Value.OneOf some -> ":" + escape(some.label()) + ":(" + String.join(" ", some.words()) + ")";
            case Value.Other other -> ":" + escape(other.label()) + ": ";
        };
    }

    /** Escapes what has a meaning within a specification. */
    private static String escape(String text) {
        return text.replaceAll("[\\\\\\[\\]:]", "\\\\$0");
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
