package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.ForeignDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetLaunch;

/**
 * The virtio-gpu device inside of a QEMU, on the virtio-mmio bus of the {@code virt} machine of RISC-V, as a device under test. QEMU
 * runs no guest: registers go by its qtest protocol, rings and buffers lie in memory that both sides share, and pictures are
 * its screendumps.
 */
public final class QtestTarget {

    private QtestTarget() {}

    /**
     * {@return what starts a QEMU for each device}
     *
     * @param launch how the program is started and heard: a QEMU and options that the test does not say itself ({@link QemuOptions})
     */
    public static DeviceUnderTest.Factory of(TargetLaunch launch) {
        return DeviceUnderTest.Factory.ofPrograms(config -> {
            QtestLink link = QtestLink.start(launch, config);
            try {
                return new ForeignDevice(link, config);
            } catch (RuntimeException | Error e) {
                link.close();
                throw e;
            }
        });
    }
}
