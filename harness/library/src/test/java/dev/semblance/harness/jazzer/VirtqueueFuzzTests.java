package dev.semblance.harness.jazzer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.Arrays;

/** Rings, chains and requests are all the fuzzer's: the bytes lie in guest memory from address 0. */
class VirtqueueFuzzTests {

    private static final int RAM = 1 << 16;
    private static final int SIZE = 8;
    private static final DisplayConfig DISPLAYS = DisplayConfig.single(64, 48);

    /** Both rings in the first 512 bytes, so that short inputs reach all of them. */
    private static QueueLayout layout(int queue) {
        return new QueueLayout(SIZE, queue * 256L, queue * 256L + 128, queue * 256L + 160);
    }

    @FuzzTest(maxDuration = "60s")
    void whateverLiesInGuestMemoryIsServedOrTheDeviceNeedsAReset(byte[] memory) {
        Ram ram = new Ram(RAM);
        VirtioGpuDevice gpu = new VirtioGpuDevice(ram, DISPLAYS, new NoFrames());
        GuestDriver driver = new GuestDriver(new MmioTransport(gpu, ram, level -> {}), ram, new GuestArena(0, RAM));
        driver.begin();
        GuestQueue control = driver.enableQueue(0, layout(0)).orElseThrow();
        GuestQueue cursor = driver.enableQueue(1, layout(1)).orElseThrow();
        driver.driverOk();
        ram.write(0, memory, 0, Math.min(memory.length, RAM));
        serve(driver, ram, cursor);
        serve(driver, ram, control);
        driver.begin();
        if (driver.status() != (DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER | DeviceStatus.FEATURES_OK)) {
            throw new IllegalStateException("a reset does not help: status " + driver.status());
        }
    }

    private static void serve(GuestDriver driver, Ram ram, GuestQueue queue) {
        driver.notifyQueue(queue.index());
        int status = driver.status();
        byte[] served = contents(ram);
        driver.notifyQueue(queue.index());
        if (driver.status() != status || !Arrays.equals(contents(ram), served)) {
            throw new IllegalStateException(
                    Text.format("the first notification of queue %d left something over", queue.index()));
        }
    }

    private static byte[] contents(Ram ram) {
        byte[] bytes = new byte[RAM];
        ram.read(0, bytes, 0, RAM);
        return bytes;
    }
}
