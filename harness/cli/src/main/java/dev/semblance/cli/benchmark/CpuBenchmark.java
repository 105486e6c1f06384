package dev.semblance.cli.benchmark;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.translate.Translator;
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

    /**
     * The mix, built for one machine of ours and one of QEMU's.
     *
     * @param title what it is called in figures
     * @param model our machine
     * @param ours the binary for it
     * @param qemu QEMU's program
     * @param theirs the binary for that
     * @param hello one that does next to nothing there
     * @param instructions how many the mix retires; both machines print it at the end, and a run that printed something else counted for nothing
     */
    private record Mix(
            String title, MachineModel model, String ours, String qemu, String theirs, String hello, int instructions) {

        String lastLine() {
            return "mix: sum 30848524 instret " + instructions;
        }
    }

    private static final List<Mix> MIXES = List.of(
            new Mix(
                    "bare-metal mix, steady state",
                    MachineModel.SEMU,
                    "mix-semu.bin",
                    "qemu-system-riscv32",
                    "mix-virt.bin",
                    "hello-virt.bin",
                    625_016_494),
            new Mix(
                    "the mix for rv64gc, steady state",
                    MachineModel.usual(Profile.VIRT),
                    "mix-virts64.bin",
                    "qemu-system-riscv64",
                    "mix-virt64.bin",
                    "hello-virt64.bin",
                    667_127_495));

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
        List<Figure> figures = new ArrayList<>();
        for (Mix mix : MIXES) {
            figures.addAll(run(mix));
        }
        return figures;
    }

    private List<Figure> run(Mix mix) throws IOException, BadImageException {
        byte[] program = WholeFile.bytes(bare.resolve(mix.ours()), 1 << 24);
        progress.accept("cpu: warming up");
        Optional<Translator> translator = Optional.of(Translators.inBackground());
        ours(mix, program, Optional.empty());
        ours(mix, program, translator);
        boolean compare = true;
        double[] mips = new double[repeat];
        double[] translated = new double[repeat];
        double[] peer = new double[repeat];
        for (int i = 0; i < repeat; i++) {
            progress.accept(Text.format("cpu: run %d of %d", i + 1, repeat));
            mips[i] = ours(mix, program, Optional.empty());
            translated[i] = ours(mix, program, translator);
            if (compare) {
                OptionalDouble measured = qemu(mix);
                compare = measured.isPresent();
                peer[i] = measured.orElse(0);
            }
        }
        double median = Stopwatch.median(mips);
        List<Figure> figures = new ArrayList<>();
        double fast = Stopwatch.median(translated);
        figures.add(Figure.of(mix.title(), Text.format("%.0f MIPS", median)));
        figures.add(Figure.of("the same, translated", Text.format("%.0f MIPS", fast)));
        if (compare) {
            figures.add(Figure.of(
                    Text.format("the same in %s -icount shift=0", mix.qemu()),
                    Text.format("%.0f MIPS", Stopwatch.median(peer))));
            figures.add(Figure.of(
                    "ratio to that, interpreted and translated",
                    Text.format("%.3f, %.3f", median / Stopwatch.median(peer), fast / Stopwatch.median(peer))));
        } else {
            figures.add(Figure.of(
                    "ratio to " + mix.qemu(), "not measured: it is not on the PATH, or does not run the mix"));
        }
        return figures;
    }

    private static double ours(Mix mix, byte[] program, Optional<Translator> translator) throws BadImageException {
        StringBuilder console = new StringBuilder();
        Machine machine = new Machine(
                new MachineConfig(mix.model(), 1), value -> console.append((char) (value & 0xff)), translator);
        machine.start(new Boot.Bare(program));
        Stopwatch watch = new Stopwatch();
        RunResult result = machine.run(Long.MAX_VALUE / 2);
        double seconds = watch.seconds();
        if (!(result instanceof RunResult.Halted) || !console.toString().contains(mix.lastLine())) {
            throw new IllegalStateException(Text.format("the mix ended as %s after \"%s\"", result, console));
        }
        return machine.hart().instret() / seconds / 1e6;
    }

    private OptionalDouble qemu(Mix mix) {
        OptionalDouble start = time(mix, mix.hello(), "");
        OptionalDouble whole = time(mix, mix.theirs(), mix.lastLine());
        return start.isPresent() && whole.isPresent()
                ? OptionalDouble.of(mix.instructions() / (whole.getAsDouble() - start.getAsDouble()) / 1e6)
                : OptionalDouble.empty();
    }

    /** Times a run; empty if there is no QEMU, or it does not do what it should. */
    private OptionalDouble time(Mix mix, String binary, String lastLine) {
        try {
            Stopwatch watch = new Stopwatch();
            Process process = new ProcessBuilder(command(mix.qemu(), binary))
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

    private List<String> command(String qemu, String binary) {
        return List.of(
                qemu,
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
