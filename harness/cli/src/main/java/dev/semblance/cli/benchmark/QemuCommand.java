package dev.semblance.cli.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a QEMU with a GPU and a console on its standard streams, whose time goes by its instructions. */
final class QemuCommand {

    private QemuCommand() {}

    /**
     * Returns a command line.
     *
     * @param program which QEMU
     * @param memory how much RAM, in its own words
     * @param gpu the size of the GPU's display, in its own words
     * @param icount what is said of counting instructions
     * @param more options of its own
     */
    static List<String> of(
            String program, String memory, String gpu, String icount, Path kernel, String bootargs, List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "-M",
                "virt",
                "-m",
                memory,
                "-display",
                "none",
                "-serial",
                "stdio",
                "-monitor",
                "none",
                "-global",
                "virtio-mmio.force-legacy=false",
                "-device",
                "virtio-gpu-device," + gpu,
                "-icount",
                icount,
                "-kernel",
                kernel.toString(),
                "-append",
                bootargs));
        command.addAll(more);
        return command;
    }

    /** Returns the name of a file as a value of an option, in which a comma stands doubled. */
    static String value(Path file) {
        return file.toString().replace(",", ",,");
    }
}
