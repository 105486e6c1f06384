package dev.semblance.cli.benchmark;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Steady-state speed of the hart on the bare-metal mix (buildroot-config/bare), taking turns with QEMU's
 * {@code -icount}, which counts instructions as we do. QEMU's start-up, timed with a program that only says hello, is
 * taken off; our warm-up is one run before the first that counts.
 */
final class CpuBenchmark {

    /** What both machines print at the end; a run that printed something else counted for nothing. */
    private static final String LAST_LINE = "mix: sum 30848524 instret 625016494";

    private static final double MIX_INSTRUCTIONS = 625_016_494;
    private static final String QEMU = "qemu-system-riscv32";
    private static final int TIMEOUT_SECONDS = 120;

    private final int repeat;
    private final Consumer<String> progress;
    private final Path bare;

    CpuBenchmark(int repeat, Consumer<String> progress) {
        this.repeat = repeat;
        this.progress = progress;
        this.bare = ProjectHome.guestFolder()
                .flatMap(guest -> Optional.ofNullable(guest.getParent()))
                .map(config -> config.resolve("bare"))
                .filter(Files::isDirectory)
                .orElseThrow(() -> new UnusableInputException(
                        "the bare-metal mix is not here; start the program as ./semblance from the project's folder"));
    }

    List<Figure> run() throws IOException, BadImageException {
        byte[] mix = WholeFile.bytes(bare.resolve("mix-semu.bin"), 1 << 24);
        progress.accept("cpu: warming up");
        ours(mix);
        boolean compare = true;
        double[] mips = new double[repeat];
        double[] peer = new double[repeat];
        for (int i = 0; i < repeat; i++) {
            progress.accept(Text.format("cpu: run %d of %d", i + 1, repeat));
            mips[i] = ours(mix);
            if (compare) {
                OptionalDouble measured = qemu();
                compare = measured.isPresent();
                peer[i] = measured.orElse(0);
            }
        }
        double median = Stopwatch.median(mips);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("bare-metal mix, steady state", Text.format("%.0f MIPS", median)));
        if (compare) {
            figures.add(Figure.of(
                    Text.format("the same in %s -icount shift=0", QEMU),
                    Text.format("%.0f MIPS", Stopwatch.median(peer))));
            figures.add(Figure.of("ratio of the two", Text.format("%.3f", median / Stopwatch.median(peer))));
        } else {
            figures.add(Figure.of("ratio to " + QEMU, "not measured: it is not on the PATH, or does not run the mix"));
        }
        return figures;
    }

    private static double ours(byte[] mix) throws BadImageException {
        StringBuilder console = new StringBuilder();
        Machine machine = new Machine(new MachineConfig(1), value -> console.append((char) (value & 0xff)));
        machine.start(new Boot.Bare(mix));
        Stopwatch watch = new Stopwatch();
        RunResult result = machine.run(Long.MAX_VALUE / 2);
        double seconds = watch.seconds();
        if (!(result instanceof RunResult.Halted) || !console.toString().contains(LAST_LINE)) {
            throw new IllegalStateException(Text.format("the mix ended as %s after \"%s\"", result, console));
        }
        return machine.hart().instret() / seconds / 1e6;
    }

    private OptionalDouble qemu() {
        OptionalDouble start = time("hello-virt.bin", "");
        OptionalDouble whole = time("mix-virt.bin", LAST_LINE);
        return start.isPresent() && whole.isPresent()
                ? OptionalDouble.of(MIX_INSTRUCTIONS / (whole.getAsDouble() - start.getAsDouble()) / 1e6)
                : OptionalDouble.empty();
    }

    /** Times a run; empty if there is no QEMU, or it does not do what it should. */
    private OptionalDouble time(String binary, String lastLine) {
        try {
            Stopwatch watch = new Stopwatch();
            Process process = new ProcessBuilder(command(binary))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            double seconds = watch.seconds();
            if (!ended) {
                process.destroyForcibly();
            }
            return ended && output.contains(lastLine) ? OptionalDouble.of(seconds) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalDouble.empty();
        }
    }

    private List<String> command(String binary) {
        return List.of(
                QEMU,
                "-M",
                "virt",
                "-bios",
                "none",
                "-nographic",
                "-icount",
                "shift=0",
                "-kernel",
                bare.resolve(binary).toString());
    }
}
