package dev.semblance.cli.benchmark;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageKind;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.SemuDeviceTree;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** From the start of a process to the first shell's prompt, as one waits who boots by hand; taking turns with semu on the same kernel and disk. */
final class PromptBenchmark {

    private static final double MOST = 3;

    private final Guest guest;
    private final GuestImage disk;
    private final int repeat;
    private final Optional<Path> semu;
    private final Consumer<String> progress;

    PromptBenchmark(Guest guest, GuestImages images, int repeat, Optional<Path> semu, Consumer<String> progress) {
        this.guest = guest;
        this.disk = images.load(new ImageSource.Shipped("rootfs.ext4"), ImageKind.DISK)
                .orElseThrow();
        this.repeat = repeat;
        this.semu = semu;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        String what = "start to the first prompt, from a disk, cold process";
        Optional<String> launcher = Guest.launcher();
        if (launcher.isEmpty()) {
            return List.of(Figure.of(what, "not measured: ./semblance is not here"));
        }
        guest.unpackForOthers();
        Path kernel = guest.file(Guest.KERNEL_FILE);
        Path image = guest.file("disk.ext4");
        Path tree = guest.file("semu.dtb");
        OutputFile.write(
                tree,
                new SemuDeviceTree(1, SemuPlatform.BOOTARGS_DISK, Optional.empty(), 1, List.of(Slot.BLOCK)).toBytes());
        List<String> ours = List.of(
                launcher.get(),
                "boot",
                "--core",
                guest.core(),
                "--kernel",
                kernel.toString(),
                "--disk",
                image.toString(),
                "--append",
                SemuPlatform.BOOTARGS_DISK);
        Optional<List<String>> theirs = semu.map(program -> List.of(
                program.toAbsolutePath().toString(),
                "-k",
                kernel.toString(),
                "-b",
                tree.toString(),
                "-d",
                image.toString()));
        Turns seconds = new Turns(repeat);
        Turns peer = new Turns(repeat);
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("prompt: process %d of %d", i + 1, repeat));
            // semu writes to the disk, and is killed: each starts from the same.
            OutputFile.write(image, disk.bytes());
            OptionalDouble our = toPrompt(ours);
            OptionalDouble their = theirs.map(PromptBenchmark::toPrompt).orElse(OptionalDouble.empty());
            if (i >= 0) {
                seconds.add(our);
                peer.add(their);
            }
        }
        Optional<Spread> time = seconds.all();
        if (time.isEmpty()) {
            return List.of(Figure.of(what, "not measured: the guest comes to no prompt"));
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of(what, time.get().seconds()));
        Optional<Spread> theirTime = peer.all();
        if (theirTime.isEmpty()) {
            figures.add(Figure.of(
                    "time over semu's",
                    semu.isPresent() ? "not measured: it comes to no prompt" : "not measured: --semu names none"));
            return figures;
        }
        Spread ratio = time.get().over(theirTime.get());
        figures.add(Figure.of("the same in semu", theirTime.get().seconds()));
        figures.add(Figure.of("time over semu's", ratio.ratio()).atMost(ratio.median(), MOST, "3"));
        return figures;
    }

    private static OptionalDouble toPrompt(List<String> command) {
        List<TimedProcess.Step> prompt = List.of(new TimedProcess.Step("rv32# ", ""));
        try {
            TimedProcess.Ran ran = TimedProcess.toLastStep(command, prompt);
            return ran.steps() == prompt.size() ? OptionalDouble.of(ran.seconds()) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
