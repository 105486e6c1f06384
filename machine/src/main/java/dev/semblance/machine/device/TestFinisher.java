package dev.semblance.machine.device;

import dev.semblance.machine.bus.MmioDevice;

/**
 * SiFive's test finisher, with which a program without an operating system ends its run (device tree binding {@code sifive,test1}, QEMU's
 * {@code hw/misc/sifive_test}): 0x5555 and 0x3333 power off, 0x7777 resets. It has no state.
 */
public final class TestFinisher implements MmioDevice {

    private static final int FAIL = 0x3333;
    private static final int PASS = 0x5555;
    private static final int RESET = 0x7777;

    private final Runnable powerOff;
    private final Runnable reboot;

    /**
     * Makes the device.
     *
     * @param powerOff called when the guest asks for a shutdown
     * @param reboot called when the guest asks for a reset
     */
    public TestFinisher(Runnable powerOff, Runnable reboot) {
        this.powerOff = powerOff;
        this.reboot = reboot;
    }

    @Override
    public int load(int offset, int width) {
        return 0;
    }

    @Override
    public void store(int offset, int width, int value) {
        if (offset != 0 || width == 1) {
            return;
        }
        switch (value & 0xffff) {
            case PASS, FAIL -> powerOff.run();
            case RESET -> reboot.run();
            default -> {
                // Other values mean nothing.
            }
        }
    }
}
