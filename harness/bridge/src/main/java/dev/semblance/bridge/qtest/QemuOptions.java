package dev.semblance.bridge.qtest;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.util.ShellWords;
import dev.semblance.machine.memory.MemoryMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is added to the command of a QEMU whose device is tested. It stands behind what the user wrote, so that it counts where an
 * option can be said once.
 */
final class QemuOptions {

    /** The name of the device, for screendumps. */
    static final String DEVICE = "semblance-gpu";

    /** The file of the socket on which qtest is waited for. */
    static final String QTEST = "qtest";

    /** Likewise for QMP. */
    static final String QMP = "qmp";

    private QemuOptions() {}

    /**
     * {@return the command with the options}
     *
     * @param command of the user
     * @param ram guest memory: its size
     * @param displays the displays of the device
     * @param memory a file that is guest memory
     * @param folder where sockets are: two that it connects to ({@link #QTEST}, {@link #QMP}), and those of its VNC servers
     */
    static String complete(String command, MemoryMap.Region ram, DisplayConfig displays, Path memory, Path folder) {
        List<String> options = new ArrayList<>(List.of(
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
                "unix:" + value(folder.resolve(QTEST)),
                "-qtest-log",
                "none",
                "-qmp",
                "unix:" + value(folder.resolve(QMP)),
                "-global",
                "virtio-mmio.force-legacy=false",
                "-device",
                "virtio-gpu-device,id=" + DEVICE + ",max_outputs=" + displays.count() + ",xres="
                        + displays.display(0).width() + ",yres="
                        + displays.display(0).height()));
        for (int head = 0; head < displays.count(); head++) {
            options.add("-vnc");
            options.add("unix:" + value(Monitors.socket(folder, head)) + ",display=" + DEVICE + ",head=" + head);
        }
        return command + options.stream().map(ShellWords::quote).collect(Collectors.joining(" ", " ", ""));
    }

    /** A comma ends a value, and two of them are one that does not. */
    private static String value(Path path) {
        return path.toString().replace(",", ",,");
    }
}
