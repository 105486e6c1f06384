package dev.semblance.cli.benchmark;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * What a display test does: boot, 60 page flips, power off, recorded. As a process of its own it takes turns with QEMU, which
 * records the same kernel and initramfs in its own way; within this process it shows what is left when everything is warm.
 */
final class WorkBenchmark {

    private static final String FLIP = "kmsdraw " + RecordingBenchmark.FLIPS + "\n";
    private static final String POWER_OFF = "poweroff -f\n";

    private final Guest guest;
    private final int repeat;
    private final Rivals rivals;
    private final Consumer<String> progress;

    WorkBenchmark(Guest guest, int repeat, Rivals rivals, Consumer<String> progress) {
        this.guest = guest;
        this.repeat = repeat;
        this.rivals = rivals;
        this.progress = progress;
    }

    /** The steps of our scenario; the guest powers off long before the last one is over. */
    private static String steps() {
        return RecordingBenchmark.STEPS + "wait \"rv32# \" within 2e9\ntype \"" + POWER_OFF.strip()
                + "\\n\"\nsleep 20e9\n";
    }

    List<Figure> run() throws IOException, BadImageException {
        List<Figure> figures = new ArrayList<>(cold());
        progress.accept("work: warming up");
        guest.recorded(Guest.QUIET, steps(), guest.file("work.trace"));
        double[] mips = new double[repeat];
        for (int i = 0; i < repeat; i++) {
            progress.accept(Text.format("work: run %d of %d", i + 1, repeat));
            Guest.Run run = guest.recorded(Guest.QUIET, steps(), guest.file("work.trace"));
            mips[i] = run.outcome().instret() / run.seconds() / 1e6;
        }
        Spread warm = new Spread(mips);
        figures.add(Figure.of("boot, page flips, power off, recorded, warm process", warm.mips())
                .atLeast(warm.median(), 1000, "1000 MIPS"));
        return figures;
    }

    private List<Figure> cold() throws IOException {
        String what = "boot, page flips, power off, recorded, cold process";
        Optional<String> launcher = Guest.launcher();
        if (launcher.isEmpty()) {
            return List.of(Figure.of(what, "not measured: ./semblance is not here"));
        }
        OutputFile.write(guest.file("work.scenario"), Text.format("append \"%s\"%n%s", Guest.QUIET, steps()));
        List<String> ours = List.of(
                launcher.get(),
                "record",
                "--core",
                guest.core(),
                "--scenario",
                guest.file("work.scenario").toString(),
                "-o",
                guest.file("work.trace").toString());
        Optional<List<String>> theirs = rivals.qemu32().map(this::qemu);
        if (theirs.isPresent()) {
            guest.unpackForOthers();
        }
        return new ColdRuns(repeat, count -> progress.accept("work: process " + count))
                .compare(
                        what,
                        new ColdRuns.Rival(
                                "qemu-system-riscv32 -icount shift=0,rr=record",
                                "it is not there, or does not run the work (--qemu names it, --firmware an OpenSBI of 32 bits)",
                                0.8,
                                OptionalDouble.of(1.3)),
                        () -> ColdRuns.recorded(ours),
                        () -> theirs.flatMap(WorkBenchmark::ended));
    }

    /** Runs QEMU; a run that did not come to all steps, or did not end by itself, is none. */
    private static Optional<TimedProcess.Ran> ended(List<String> command) {
        // A line at a time: the serial port holds 16 bytes, and drops what comes before those are read.
        List<TimedProcess.Step> steps = List.of(
                new TimedProcess.Step("rv32# ", FLIP),
                new TimedProcess.Step("kmsdraw: frames", ""),
                new TimedProcess.Step("rv32# ", POWER_OFF));
        try {
            return Optional.of(TimedProcess.toEnd(command, steps))
                    .filter(ran -> ran.ended() && ran.code() == 0 && ran.steps() == steps.size());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<String> qemu(String program) {
        List<String> more = new ArrayList<>(List.of(
                "-device",
                "virtio-keyboard-device",
                "-initrd",
                guest.file(Guest.INITRD_FILE).toString()));
        rivals.firmware().ifPresent(file -> more.addAll(List.of("-bios", file.toString())));
        return QemuCommand.of(
                program,
                "512M",
                "xres=1024,yres=768",
                "shift=0,rr=record,rrfile=" + QemuCommand.value(guest.file("work.rr")),
                guest.file(Guest.KERNEL_FILE),
                Guest.QUIET,
                more);
    }
}
