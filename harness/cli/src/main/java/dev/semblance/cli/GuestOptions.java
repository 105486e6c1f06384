package dev.semblance.cli;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.MachineSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.Profile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options that say which guest to run. */
final class GuestOptions {

    @Option(
            names = "--kernel",
            paramLabel = "FILE",
            converter = Converters.Image.class,
            description = {
                "The kernel: a RISC-V Image, packed with xz or not; on virt also in gzip, as EFI zboot or ELF, or a program"
                        + " in place of one, such as U-Boot. Without it, the guest that ships with the project runs.",
                "This and the next three also take shipped:NAME for an image that ships."
            })
    private Optional<ImageSource> kernel = Optional.empty();

    @Option(
            names = "--initrd",
            paramLabel = "FILE",
            converter = Converters.Image.class,
            description = "The initial RAM file system; \"none\" for none where the shipped one would be taken.")
    private Optional<ImageSource> initrd = Optional.empty();

    @Option(
            names = "--disk",
            paramLabel = "FILE",
            converter = Converters.Image.class,
            description = "The disk /dev/vda. The file is never written: what the guest writes is gone after the run.")
    private Optional<ImageSource> disk = Optional.empty();

    @Option(
            names = "--dtb",
            paramLabel = "FILE",
            converter = Converters.Image.class,
            description = "A device tree in place of the machine's own.")
    private Optional<ImageSource> dtb = Optional.empty();

    @Option(
            names = "--append",
            paramLabel = "BOOTARGS",
            description = "The kernel's whole command line, in place of the machine's own.")
    private Optional<String> append = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What every random number in the machine comes from; 64 bits, 0 if not given.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--mode",
            paramLabel = "WxH[,WxH…]",
            converter = Converters.Mode.class,
            description = "The mode of each display that the GPU offers, or off; 1024x768 if not given.")
    private Optional<DisplayConfig> mode = Optional.empty();

    @Option(
            names = "--virtqueue",
            paramLabel = "FEATURES",
            converter = Converters.Queues.class,
            description =
                    "What all virtio devices offer of their queues: indirect, event-idx and ring-reset, with commas"
                            + " between them, or none; none if not given.")
    private Optional<QueueFeatures> virtqueue = Optional.empty();

    @Option(
            names = "--pointer",
            paramLabel = "DEVICES",
            converter = Converters.PointerOf.class,
            completionCandidates = Converters.PointerWords.class,
            description = "The pointing devices: mouse, tablet (which tells positions, so that move-to can be used), or"
                    + " both; mouse if not given.")
    private Optional<Pointer> pointer = Optional.empty();

    @Option(
            names = "--bare",
            paramLabel = "FILE",
            description =
                    "An ELF program, or a flat binary to load at address 0, to start in S mode in place of a kernel.")
    private Optional<Path> bare = Optional.empty();

    @Option(
            names = "--max-cycles",
            paramLabel = "CYCLES",
            converter = Converters.Cycles.class,
            description =
                    "Stop the run there, as in 2e9 or 30s (a second is 65 million cycles on semu, a thousand million on virt).")
    private Optional<CycleLimit> maxCycles = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "MACHINE",
            converter = Converters.ProfileOf.class,
            completionCandidates = Converters.ProfileWords.class,
            description = "The machine: semu, or virt (QEMU's, for kernels of distributions); virt for a kernel of 64"
                    + " bits and semu for all else, if not given.")
    private Optional<Profile> profile = Optional.empty();

    @Option(
            names = "--isa",
            paramLabel = "ISA",
            converter = Converters.IsaOf.class,
            completionCandidates = Converters.IsaWords.class,
            description = "The instruction set of virt's hart: rv64gc, rv32gc or rv32ima; rv64gc if not given. semu's"
                    + " is rv32ima.")
    private Optional<Isa> isa = Optional.empty();

    @Option(
            names = "--ram",
            paramLabel = "SIZE",
            converter = Converters.Ram.class,
            description = "The RAM of virt, 16M to 2G; 256M if not given. semu has 512M.")
    private Optional<Long> ram = Optional.empty();

    /**
     * The machine to make.
     *
     * @param settings images and the rest; what is empty has its default
     * @param bare a flat binary to load at address 0 and start in S mode, in place of a kernel
     * @param maxCycles where to stop, if the guest has not by then
     */
    record Guest(GuestSettings settings, Optional<Path> bare, Optional<CycleLimit> maxCycles) {}

    /** Returns the guest, with what these options leave open taken from {@code others}. */
    Guest guest(GuestSettings others) {
        GuestSettings own = new GuestSettings(
                kernel,
                initrd,
                disk,
                dtb,
                append,
                seed.map(OptionalLong::of).orElse(OptionalLong.empty()),
                mode,
                virtqueue,
                pointer,
                new MachineSettings(profile, isa, ram.map(OptionalLong::of).orElse(OptionalLong.empty())));
        GuestSettings all = own.orElse(others);
        if (bare.isPresent()
                && (all.kernel().isPresent()
                        || all.initrd().isPresent()
                        || all.append().isPresent())) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--bare runs a program without a kernel, so kernel, initrd and bootargs go nowhere");
        }
        return new Guest(all, bare, maxCycles);
    }
}
