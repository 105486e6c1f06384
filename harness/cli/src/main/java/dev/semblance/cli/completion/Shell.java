package dev.semblance.cli.completion;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** A shell, and the script that makes it complete the program's words when it sources it. */
public enum Shell {
    BASH {
        @Override
        public String script(CommandSpec program) {
            return AutoComplete.bash(program.name(), program.commandLine()) + "\n";
        }
    },
    ZSH {
        @Override
        public String script(CommandSpec program) {
            return new ZshScript(Words.of(program)).text();
        }
    },
    FISH {
        @Override
        public String script(CommandSpec program) {
            return new FishScript(Words.of(program)).text();
        }
    };

    /**
     * Returns the script, always the same for the same program.
     *
     * @param program the program itself, not one of its verbs
     */
    public abstract String script(CommandSpec program);

    /** Returns the shell's name as a word of the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
