package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.fuzz.minimize.Minimized;
import dev.semblance.harness.fuzz.minimize.TraceMinimizer;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.text.EventText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Cuts a failing trace down, and says what is left. */
final class MinimizeAction {

    private final Terminal terminal;

    MinimizeAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Minimization minimization) {
        TraceMinimizer minimizer =
                new TraceMinimizer(BuiltinDevice.ours(), minimization.limits(), VersionProvider.version());
        try (Outlet outlet = Outlet.of(minimization.output(), terminal, List.of(minimization.trace()))) {
            TraceMinimizer.Outcome outcome = minimization.test().isPresent()
                    ? minimizer.minimize(
                            minimization.trace(),
                            outlet.path(),
                            minimization.test().get(),
                            minimization.timeout())
                    : minimizer.minimize(
                            minimization.trace(),
                            outlet.path(),
                            Goldens.of(minimization.trace(), minimization.golden()));
            Minimized minimized = outcome.minimized();
            outlet.deliver();
            PrintWriter out = outlet.terminal().out();
            out.println("failure: " + outcome.failure());
            out.println("before:  " + minimized.before().text());
            out.println("after:   " + minimized.after().text());
            out.println(Text.format(
                    "%s runs%s",
                    EventText.count(minimized.runs()),
                    minimized.limited()
                            ? "; stopped at a limit, so it may get smaller yet"
                            : "; no single line can be left out any more"));
            outlet.sayHowToReplay();
            return ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(minimization.trace(), e);
        }
    }
}
