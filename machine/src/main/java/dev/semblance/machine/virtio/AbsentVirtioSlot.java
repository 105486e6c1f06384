package dev.semblance.machine.virtio;

import dev.semblance.machine.bus.MmioDevice;

/** A virtio-mmio slot without a device (VIRTIO 1.2, 4.2.2): it says so by DeviceID 0, and a driver leaves it alone. */
public final class AbsentVirtioSlot implements MmioDevice {

    /** Makes an empty slot. */
    public AbsentVirtioSlot() {}

    @Override
    public int load(int offset, int width) {
        if (width != 4) {
            return 0;
        }
        return switch (offset) {
            case MmioRegisters.MAGIC_VALUE -> MmioRegisters.MAGIC;
            case MmioRegisters.VERSION -> MmioRegisters.LAYOUT_VERSION;
            case MmioRegisters.VENDOR_ID -> MmioRegisters.VENDOR;
            default -> 0;
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        // There is nothing to store to.
    }
}
