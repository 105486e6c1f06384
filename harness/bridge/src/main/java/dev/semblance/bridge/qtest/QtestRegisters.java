package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.virtio.MmioRegisters;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The registers of a virtio-mmio slot of QEMU. One that has failed keeps what is written to it. */
final class QtestRegisters implements MmioDevice {

    private final QtestPort port;
    private final long base;
    private final AddressShift shift;
    private final Consumer<LinkFailedException> failed;
    private final TreeMap<Integer, Integer> written = new TreeMap<>();
    private boolean dead;

    /**
     * Reaches registers.
     *
     * @param port to QEMU
     * @param base guest physical address of the slot
     * @param shift the device's addresses for those of the driver
     * @param failed told once, when QEMU does not answer as it should
     */
    QtestRegisters(QtestPort port, long base, AddressShift shift, Consumer<LinkFailedException> failed) {
        this.port = port;
        this.base = base;
        this.shift = shift;
        this.failed = failed;
    }

    /** {@return whether it has failed} */
    boolean isDead() {
        return dead;
    }

    @Override
    public int load(int offset, int width) {
        if (!dead) {
            try {
                return port.load(base + offset, width);
            } catch (LinkFailedException e) {
                fail(e);
            }
        }
        return written.getOrDefault(offset, 0);
    }

    @Override
    public void store(int offset, int width, int value) {
        written.put(offset, value);
        if (!dead) {
            try {
                switch (offset) {
                    case MmioRegisters.QUEUE_DESC_LOW,
                            MmioRegisters.QUEUE_DRIVER_LOW,
                            MmioRegisters.QUEUE_DEVICE_LOW,
                            MmioRegisters.QUEUE_DESC_HIGH,
                            MmioRegisters.QUEUE_DRIVER_HIGH,
                            MmioRegisters.QUEUE_DEVICE_HIGH -> storeAddress(offset & ~4);
                    default -> port.store(base + offset, width, value);
                }
            } catch (LinkFailedException e) {
                fail(e);
            }
        }
    }

    private void storeAddress(int low) throws LinkFailedException {
        long address = shift.apply(
                (long) written.getOrDefault(low + 4, 0) << 32 | written.getOrDefault(low, 0) & 0xffff_ffffL);
        port.store(base + low, 4, (int) address);
        port.store(base + low + 4, 4, (int) (address >>> 32));
    }

    private void fail(LinkFailedException problem) {
        dead = true;
        failed.accept(problem);
    }
}
