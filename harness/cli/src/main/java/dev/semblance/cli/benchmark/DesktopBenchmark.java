package dev.semblance.cli.benchmark;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageKind;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * kmscube of Debian's on rv64gc, six frames drawn by Mesa's softpipe: recorded here, in turns with QEMU that runs the same kernel and disk
 * without recording.
 */
final class DesktopBenchmark {

    private static final String KERNEL = "rv64/Image-small";
    private static final String DISK = "rv64/desk.ext4";

    /** The bootargs of recordings/desktop/kmscube.scenario. */
    private static final String BOOTARGS = "earlycon=sbi console=ttyS0 quiet vt.global_cursor_default=0 root=/dev/vda"
            + " init=/init t=kmscube arg=-c,6";

    /** What the guest says behind the last frame. */
    private static final String END = "DONE";

    private final Guest guest;
    private final GuestImages images;
    private final int repeat;
    private final Rivals rivals;
    private final Consumer<String> progress;

    DesktopBenchmark(Guest guest, GuestImages images, int repeat, Rivals rivals, Consumer<String> progress) {
        this.guest = guest;
        this.images = images;
        this.repeat = repeat;
        this.rivals = rivals;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        String what = "kmscube on rv64gc, recorded, cold process";
        Optional<String> launcher = Guest.launcher();
        if (launcher.isEmpty()) {
            return List.of(Figure.of(what, "not measured: ./semblance is not here"));
        }
        Path scenario = guest.file("kmscube.scenario");
        OutputFile.write(scenario, Text.format("""
                profile virt
                ram 128M
                kernel shipped:%s
                disk shipped:%s
                mode 640x480
                append "%s"
                wait "%s" within 600s
                """, KERNEL, DISK, BOOTARGS, END));
        List<String> ours = List.of(
                launcher.get(),
                "record",
                "--core",
                guest.core(),
                "--scenario",
                scenario.toString(),
                "-o",
                guest.file("kmscube.trace").toString());
        Optional<List<String>> theirs = Optional.empty();
        if (rivals.qemu64().isPresent()) {
            theirs = Optional.of(qemu(
                    rivals.qemu64().get(),
                    unpacked(KERNEL, ImageKind.KERNEL, "Image64"),
                    unpacked(DISK, ImageKind.DISK, "desk.ext4")));
        }
        Optional<List<String>> command = theirs;
        return new ColdRuns(repeat, count -> progress.accept("desktop: process " + count))
                .compare(
                        what,
                        new ColdRuns.Rival(
                                "qemu-system-riscv64 -icount shift=0, not recorded",
                                "it is not there, or does not run kmscube (--qemu names it)",
                                1.0,
                                OptionalDouble.empty()),
                        () -> ColdRuns.recorded(ours),
                        () -> command.flatMap(DesktopBenchmark::toTheEnd));
    }

    private static Optional<TimedProcess.Ran> toTheEnd(List<String> command) {
        try {
            return Optional.of(TimedProcess.toLastStep(command, List.of(new TimedProcess.Step(END, ""))))
                    .filter(ran -> ran.steps() == 1);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path unpacked(String image, ImageKind kind, String name) throws IOException {
        Path file = guest.file(name);
        try (OutputFile out = OutputFile.create(file)) {
            images.load(new ImageSource.Shipped(image), kind).orElseThrow().copyTo(out.stream());
            out.commit();
        }
        return file;
    }

    private static List<String> qemu(String program, Path kernel, Path disk) {
        return QemuCommand.of(
                program,
                "128M",
                "xres=640,yres=480",
                "shift=0",
                kernel,
                BOOTARGS,
                List.of(
                        "-drive",
                        "file=" + QemuCommand.value(disk) + ",snapshot=on,if=none,id=disk,format=raw",
                        "-device",
                        "virtio-blk-device,drive=disk"));
    }
}
