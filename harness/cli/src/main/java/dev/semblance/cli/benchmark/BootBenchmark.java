package dev.semblance.cli.benchmark;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        double median = Stopwatch.median(seconds);
        long instret = first.outcome().instret();
        figures.add(Figure.of(
                "boot to the shell, recorded, warm process",
                Text.format("%.2f s for %,d instructions (%.0f MIPS)", median, instret, instret / median / 1e6)));
        return figures;
    }

    private Figure cold() throws IOException {
        String what = "boot to the shell, recorded, cold process";
        Optional<Path> launcher = ProjectHome.guestFolder()
                .flatMap(folder -> Optional.ofNullable(folder.getParent()))
                .flatMap(folder -> Optional.ofNullable(folder.getParent()))
                .map(home -> home.resolve("semblance"))
                .filter(Files::isExecutable);
        if (launcher.isEmpty()) {
            return Figure.of(what, "not measured: ./semblance is not here");
        }
        Path scenario = guest.file("shell.scenario");
        OutputFile.write(scenario, Text.format("append \"%s\"%n%s", Guest.QUIET, Guest.SHELL));
        List<String> command = List.of(
                launcher.get().toString(),
                "record",
                "--scenario",
                scenario.toString(),
                "-o",
                guest.file("cold.trace").toString());
        double[] seconds = new double[repeat];
        // The first one may have to build, and brings files into memory.
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("boot: process %d of %d", i + 1, repeat));
            Stopwatch watch = new Stopwatch();
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = waitFor(process);
            if (code != 0) {
                return Figure.of(
                        what,
                        Text.format(
                                "not measured: exit %d, %s",
                                code, output.lines().findFirst().orElse("")));
            }
            if (i >= 0) {
                seconds[i] = watch.seconds();
            }
        }
        double median = Stopwatch.median(seconds);
        return Figure.of(what, Text.format("%.2f s", median)).atMost(median, 3, "3 s");
    }

    private static int waitFor(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
