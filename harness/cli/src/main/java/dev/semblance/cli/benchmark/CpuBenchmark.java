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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Steady-state speed of the hart on the bare-metal mixes (buildroot-config/bare), taking turns with QEMU's {@code -icount},
 * which counts instructions as we do, and with semu. The start-up of either, timed with a program that only says hello, is
 * taken off; our warm-up is one run before the first that counts.
 */
final class CpuBenchmark {

    /**
     * A mix, built for one machine of ours and one of QEMU's.
     *
     * @param title what it is called in figures
     * @param model our machine
     * @param ours the binary for it
     * @param theirs the binary for QEMU's
     * @param hello one that does next to nothing there
     * @param last what both machines print at the end, up to the number of instructions; a run that printed something else counted for nothing
     * @param instructions how many the mix retires
     * @param target how many times QEMU's speed ours is to be, translated
     */
    private record Mix(
            String title,
            MachineModel model,
            String ours,
            String theirs,
            String hello,
            String last,
            int instructions,
            double target) {

        String lastLine() {
            return last + instructions;
        }

        boolean isWide() {
            return model.profile() == Profile.VIRT;
        }
    }

    private static final Mix NARROW = new Mix(
            "bare-metal mix, steady state",
            MachineModel.SEMU,
            "mix-semu.bin",
            "mix-virt.bin",
            "hello-virt.bin",
            "mix: sum 30848524 instret ",
            625_016_494,
            1.35);

    private static final List<Mix> MIXES = List.of(
            NARROW,
            new Mix(
                    "the mix for rv64gc, steady state",
                    MachineModel.usual(Profile.VIRT),
                    "mix-virts64.bin",
                    "mix-virt64.bin",
                    "hello-virt64.bin",
                    "mix: sum 30848524 instret ",
                    667_127_495,
                    1.1),
            new Mix(
                    "mix of floating point for rv64gc, steady state",
                    MachineModel.usual(Profile.VIRT),
                    "fpmix-virts64.bin",
                    "fpmix-virt64.bin",
                    "hello-virt64.bin",
                    "fpmix: sum 099964de instret ",
                    398_113_413,
                    1.5));

    /** How many times the speed of semu's interpreter ours is to be, translated. */
    private static final double SEMU_TARGET = 4.5;

    private final int repeat;
    private final Rivals rivals;
    private final Consumer<String> progress;
    private final Path bare;

    CpuBenchmark(int repeat, Rivals rivals, Consumer<String> progress) {
        this.repeat = repeat;
        this.rivals = rivals;
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
        Turns interpreted = new Turns(repeat);
        Turns translated = new Turns(repeat);
        Turns qemu = new Turns(repeat);
        Turns semu = new Turns(repeat);
        for (int i = 0; i < repeat; i++) {
            progress.accept(Text.format("cpu: run %d of %d", i + 1, repeat));
            interpreted.add(OptionalDouble.of(ours(mix, program, Optional.empty())));
            translated.add(OptionalDouble.of(ours(mix, program, translator)));
            qemu.add(qemu(mix));
            semu.add(mix.equals(NARROW) ? semu(mix) : OptionalDouble.empty());
        }
        Spread slow = interpreted.all().orElseThrow();
        Spread fast = translated.all().orElseThrow();
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of(mix.title() + ", interpreted", slow.mips()));
        figures.add(Figure.of("the same, translated", fast.mips()));
        String theirs = mix.isWide() ? "qemu-system-riscv64" : "qemu-system-riscv32";
        figures.addAll(against(
                theirs + " -icount shift=0",
                "it is not on the PATH, nor named with --qemu, or does not run the mix",
                slow,
                fast,
                qemu.all(),
                mix.target()));
        if (mix.equals(NARROW)) {
            figures.addAll(against(
                    "semu's interpreter",
                    rivals.semu().isPresent() ? "it does not run the mix" : "--semu names none",
                    slow,
                    fast,
                    semu.all(),
                    SEMU_TARGET));
        }
        return figures;
    }

    private static List<Figure> against(
            String rival, String missing, Spread slow, Spread fast, Optional<Spread> theirs, double target) {
        if (theirs.isEmpty()) {
            return List.of(Figure.of("ratio to " + rival, "not measured: " + missing));
        }
        Spread peer = theirs.get();
        Spread ratio = fast.over(peer);
        return List.of(
                Figure.of("the same in " + rival, peer.mips()),
                Figure.of("ratio to that, interpreted", slow.over(peer).ratio()),
                Figure.of("ratio to that, translated", ratio.ratio())
                        .atLeast(ratio.median(), target, Text.format("%.2f", target)));
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
        return (mix.isWide() ? rivals.qemu64() : rivals.qemu32())
                .map(program -> mips(
                        mix,
                        time(qemuCommand(program, mix.hello()), ""),
                        time(qemuCommand(program, mix.theirs()), mix.lastLine())))
                .orElse(OptionalDouble.empty());
    }

    private OptionalDouble semu(Mix mix) {
        return rivals.semu()
                .map(program -> mips(
                        mix,
                        time(semuCommand(program, "hello-semu.bin"), ""),
                        time(semuCommand(program, mix.ours()), mix.lastLine())))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble mips(Mix mix, OptionalDouble start, OptionalDouble whole) {
        return start.isPresent() && whole.isPresent()
                ? OptionalDouble.of(mix.instructions() / (whole.getAsDouble() - start.getAsDouble()) / 1e6)
                : OptionalDouble.empty();
    }

    /** Times a run; empty if there is no such program, or it does not do what it should. */
    private static OptionalDouble time(List<String> command, String lastLine) {
        try {
            TimedProcess.Ran ran = TimedProcess.toEnd(command, List.of());
            return ran.ended() && ran.printed().contains(lastLine)
                    ? OptionalDouble.of(ran.seconds())
                    : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    private List<String> qemuCommand(String qemu, String binary) {
        String kernel = bare.resolve(binary).toString();
        return List.of(qemu, "-M", "virt", "-bios", "none", "-nographic", "-icount", "shift=0", "-kernel", kernel);
    }

    /** Has some file as its device tree, at which the program does not look. */
    private List<String> semuCommand(Path semu, String binary) {
        String kernel = bare.resolve(binary).toString();
        return List.of(semu.toAbsolutePath().toString(), "-k", kernel, "-b", kernel);
    }
}
