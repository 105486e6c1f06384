package dev.semblance.cli.benchmark;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Power-on to the shell's prompt with recording on: as a process of its own, as a user has it, and within this one. */
final class BootBenchmark {

    private final Guest guest;
    private final int repeat;
    private final Consumer<String> progress;

    BootBenchmark(Guest guest, int repeat, Consumer<String> progress) {
        this.guest = guest;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException, BadImageException {
        List<Figure> figures = new ArrayList<>();
        figures.add(cold());
        progress.accept("boot: warming up");
        Guest.Run first = guest.recorded(Guest.QUIET, Guest.SHELL, guest.file("boot.trace"));
        double[] seconds = new double[repeat];
        for (int i = 0; i < repeat; i++) {
            progress.accept(Text.format("boot: run %d of %d", i + 1, repeat));
            seconds[i] = guest.recorded(Guest.QUIET, Guest.SHELL, guest.file("boot.trace"))
                    .seconds();
        }
        Spread spread = new Spread(seconds);
        long instret = first.outcome().instret();
        figures.add(Figure.of(
                "boot to the shell, recorded, warm process",
                Text.format(
                        "%s for %,d instructions (%.0f MIPS)",
                        spread.seconds(), instret, instret / spread.median() / 1e6)));
        return figures;
    }

    private Figure cold() throws IOException {
        String what = "boot to the shell, recorded, cold process";
        Optional<String> launcher = Guest.launcher();
        if (launcher.isEmpty()) {
            return Figure.of(what, "not measured: ./semblance is not here");
        }
        Path scenario = guest.file("shell.scenario");
        OutputFile.write(scenario, Text.format("append \"%s\"%n%s", Guest.QUIET, Guest.SHELL));
        List<String> command = List.of(
                launcher.get(),
                "record",
                "--core",
                guest.core(),
                "--scenario",
                scenario.toString(),
                "-o",
                guest.file("cold.trace").toString());
        double[] seconds = new double[repeat];
        // The first one may have to build, and brings files into memory.
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("boot: process %d of %d", i + 1, repeat));
            TimedProcess.Ran ran = TimedProcess.toEnd(command, List.of());
            if (!ran.ended() || ran.code() != 0) {
                return Figure.of(
                        what,
                        Text.format(
                                "not measured: exit %d, %s",
                                ran.code(), ran.printed().lines().findFirst().orElse("")));
            }
            if (i >= 0) {
                seconds[i] = ran.seconds();
            }
        }
        Spread spread = new Spread(seconds);
        return Figure.of(what, spread.seconds()).atMost(spread.median(), 3, "3 s");
    }
}
