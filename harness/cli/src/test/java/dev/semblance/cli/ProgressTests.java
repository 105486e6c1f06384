package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.rig.DisplayWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTests {

    private static final long SECOND = 1_000_000_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private long now;

    @TempDir
    private Path folder = Path.of("");

    private Terminal terminal(boolean interactive) {
        return new Terminal(new PrintWriter(out), new PrintWriter(err), interactive);
    }

    private Progress replaying(Terminal terminal, OptionalLong total) {
        return Progress.start(
                terminal, () -> now, "replaying", Progress.Unit.CYCLES, new Progress.Tasks(10, "traces"), total);
    }

    /** Returns what stands on the line of the terminal in the end. */
    private String shown() {
        String[] lines = err.toString().split("\r", -1);
        return lines[lines.length - 1].stripTrailing();
    }

    @Test
    void oneLineTellsOfAllThatIsDoneAtOnce() {
        Progress progress = replaying(terminal(true), OptionalLong.of(1_000_000_000));
        Progress.Task first = progress.begin("a.trace");
        first.accept(100_000_000);
        first.close();
        Progress.Task second = progress.begin("b.trace");
        Progress.Task third = progress.begin("c.trace");
        now = 5 * SECOND;
        second.accept(50_000_000);
        now = 10 * SECOND;
        third.accept(100_000_000);
        assertThat(shown()).isEqualTo("replaying 2/10 traces  25 %  250/1,000 Mcycles  0:30 left  b.trace, c.trace");
        progress.close();
        assertThat(shown()).isEmpty();
        assertThat(err.toString()).endsWith("\r");
    }

    @Test
    void whereTheEndIsNotKnownTheTimeThatHasPassedIsTold() {
        Progress progress = replaying(terminal(true), OptionalLong.empty());
        Progress.Task task = progress.begin("a.trace");
        now = 3700 * SECOND;
        task.accept(77_000_000);
        assertThat(shown()).isEqualTo("replaying 1/10 traces  77 Mcycles  1:01:40  a.trace");
    }

    @Test
    void whatHasToBeDoneBeforeIsToldAndNotCounted() {
        Progress progress = replaying(terminal(true), OptionalLong.empty());
        Progress.Task before = progress.beginUncounted("parent.trace");
        now = SECOND;
        before.accept(50_000_000);
        assertThat(shown()).isEqualTo("replaying 1/10 traces  50 Mcycles  0:01  parent.trace");
        before.close();
        Progress.Task task = progress.begin("a.trace");
        now = 2 * SECOND;
        task.accept(77_000_000);
        assertThat(shown()).isEqualTo("replaying 1/10 traces  77 Mcycles  0:02  a.trace");
    }

    @Test
    void theLineIsNoLongerThanATerminalAndNothingOfAnEarlierOneRemains() {
        Progress progress = replaying(terminal(true), OptionalLong.empty());
        Progress.Task task = progress.begin("\u001b[2J" + "x".repeat(100));
        task.accept(1_000_000);
        assertThat(shown()).hasSize(78).endsWith("xxx...").contains("\\u{1b}");
        task.close();
        Progress.Task next = progress.begin("y");
        now = SECOND;
        next.accept(1);
        assertThat(shown()).endsWith("  y");
        assertThat(err.toString().length() - err.toString().lastIndexOf('\r') - 1)
                .isEqualTo(78);
    }

    @Test
    void whatIsPrintedMeanwhileStandsAboveIt() {
        Terminal terminal = terminal(true);
        Progress progress = replaying(terminal, OptionalLong.empty());
        progress.begin("a").accept(1);
        String before = shown();
        terminal.err().println("semblance: something");
        assertThat(err.toString()).endsWith("\r" + " ".repeat(before.length()) + "\rsemblance: something\n");
    }

    @Test
    void inAPipeThereIsNothingUnlessItIsAskedFor() {
        for (Terminal.Shows shows : List.of(Terminal.Shows.NOTHING, Terminal.Shows.LINES)) {
            now = 0;
            Progress progress = replaying(terminal(false).showing(shows), OptionalLong.of(1_000_000_000));
            Progress.Task task = progress.begin("a");
            for (int i = 0; i < 25; i++) {
                now += SECOND;
                task.accept(i * 10_000_000L);
            }
            progress.close();
        }
        assertThat(err.toString().lines())
                .containsExactly(
                        "replaying 1/10 traces  9 %  90/1,000 Mcycles  1:41 left  a",
                        "replaying 1/10 traces  19 %  190/1,000 Mcycles  1:25 left  a");
    }

    @Test
    void aVerdictHasAColourOnATerminalAlone() {
        Printer plain = new Printer(new PrintWriter(out));
        plain.verdict("FAIL  a.trace: differs");
        plain.coloured().verdict("FAIL  \u001b[2Ja.trace: differs");
        plain.coloured().verdict("pass  a.trace: agrees");
        assertThat(out.toString().lines())
                .containsExactly(
                        "FAIL  a.trace: differs",
                        "\u001b[31mFAIL\u001b[0m  \\u{1b}[2Ja.trace: differs",
                        "pass  a.trace: agrees");
    }

    @Test
    void quietIsQuietOnATerminalToo() throws IOException {
        Path trace = folder.resolve("box.trace");
        DisplayWorkload.damage(trace, 3);
        for (String option : List.of("--progress", "--quiet")) {
            assertThat(Semblance.run(Environments.of(terminal(true)), "info", option, trace.toString()))
                    .isZero();
            if (option.equals("--progress")) {
                assertThat(err.toString()).contains("\rreading  0 %");
                err.getBuffer().setLength(0);
            }
        }
        assertThat(err.toString()).isEmpty();
        assertThat(Semblance.run(Environments.of(terminal(true)), "info", "--quiet", "--progress", trace.toString()))
                .isEqualTo(2);
    }
}
