package dev.semblance.bridge.qtest;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.util.ShellWords;
import dev.semblance.machine.memory.MemoryMap;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is added to the command of a QEMU whose device is tested. It stands behind what the user wrote, so that it counts where an
 * option can be said once.
 */
final class QemuOptions {

    /** The name of the device, for screendumps. */
    static final String DEVICE = "semblance-gpu";

    private QemuOptions() {}

    /**
     * {@return the command with the options}
     *
     * @param command of the user
     * @param ram guest memory: its size
     * @param displays the displays of the device
     * @param memory a file that is guest memory
     * @param qtest the socket on which qtest is waited for
     * @param qmp likewise for QMP
     */
    static String complete(String command, MemoryMap.Region ram, DisplayConfig displays, Path memory, Path qtest, Path qmp) {
        List<String> options = List.of(
                "-nodefaults",
                "-display",
                "none",
                // No instruction is executed, so there need be no accelerator for qtest, which not every build has.
                "-S",
                "-bios",
                "none",
                "-machine",
                "virt,memory-backend=semblance",
                "-m",
                ram.size() + "B",
                "-object",
                "memory-backend-file,id=semblance,share=on,size=" + ram.size() + ",mem-path=" + value(memory),
                "-qtest",
                "unix:" + value(qtest),
                "-qtest-log",
                "none",
                "-qmp",
                "unix:" + value(qmp),
                "-global",
                "virtio-mmio.force-legacy=false",
                "-device",
                "virtio-gpu-device,id=" + DEVICE + ",max_outputs=" + displays.count() + ",xres="
                        + displays.display(0).width() + ",yres="
                        + displays.display(0).height());
        return command + options.stream().map(ShellWords::quote).collect(Collectors.joining(" ", " ", ""));
    }

    /** A comma ends a value, and two of them are one that does not. */
    private static String value(Path path) {
        return path.toString().replace(",", ",,");
    }
}
