package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptWriter;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.rig.TraceStep;
import java.io.IOException;
import java.nio.file.Path;

/** Prints the device half of a trace as a script. */
final class DumpScriptAction {

    /** Nobody reads the lines any more, as with {@code head}. */
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Terminal terminal;

    DumpScriptAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Path trace) {
        try {
            return TraceProblems.ending(trace, TraceScript.stream(trace, this::start, this::step), terminal);
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        } catch (ScriptException e) {
            throw new UserError(ExitCode.CORRUPT, Text.format("%s makes no script: %s", trace, e.getMessage()), e);
        } catch (Gone e) {
            return ExitCode.PASS;
        }
    }

    private void start(RigSettings settings) {
        ScriptWriter.settings(settings).ifPresent(terminal.out()::println);
    }

    private void step(TraceStep step) {
        step.notes().forEach(note -> terminal.out().println(ScriptWriter.note(note)));
        terminal.out().println(ScriptWriter.line(step.line()));
        if (terminal.out().checkError()) {
            throw new Gone();
        }
    }
}
