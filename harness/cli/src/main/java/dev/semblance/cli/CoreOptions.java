package dev.semblance.cli;

import dev.semblance.harness.record.session.Translators;
import dev.semblance.machine.translate.Translator;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What executes a guest's code. Every verb that runs a guest takes it, and no run can tell. */
final class CoreOptions {

    /** The execution cores, as the command line names them. */
    enum Core {
        interpreter,
        translator,
        both
    }

    @Option(
            names = "--core",
            paramLabel = "CORE",
            description =
                    "What executes the guest's code: interpreter; translator, which makes JVM bytecode of code that is"
                            + " executed often, on a thread of its own; or both, which compares the two as they run, and is slow."
                            + " The run is the same (default: ${DEFAULT-VALUE}).")
    private Core core = Core.translator;

    private Optional<Translator> made = Optional.empty();

    /** Returns the core's name, as the command line has it. */
    String word() {
        return core.name();
    }

    /** Returns what translates, the same one for all guests of the process; empty if all is to be interpreted. */
    Optional<Translator> translator() {
        if (made.isEmpty()) {
            made = switch (core) {
                case interpreter -> Optional.empty();
                case translator -> Optional.of(Translators.inBackground());
                case both -> Optional.of(Translators.comparing());
            };
        }
        return made;
    }
}
