package dev.semblance.machine.virtio;

import dev.semblance.machine.state.StateExchange;

/** What the driver has programmed of one queue (VIRTIO 1.2, 4.2.2), and the queue itself. */
final class QueueRegisters {

    final SplitVirtqueue ring;
    private int size;
    private long descriptorTable;
    private long availableRing;
    private long usedRing;

    QueueRegisters(SplitVirtqueue ring) {
        this.ring = ring;
    }

    QueueLayout layout() {
        return new QueueLayout(size, descriptorTable, availableRing, usedRing);
    }

    void setSize(int size) {
        this.size = size;
    }

    /** Stores to one of the ring address registers, 0x080 to 0x0a4. */
    void setAddressHalf(int register, int value) {
        switch (register) {
            case MmioRegisters.QUEUE_DESC_LOW -> descriptorTable = withLow(descriptorTable, value);
            case MmioRegisters.QUEUE_DESC_HIGH -> descriptorTable = withHigh(descriptorTable, value);
            case MmioRegisters.QUEUE_DRIVER_LOW -> availableRing = withLow(availableRing, value);
            case MmioRegisters.QUEUE_DRIVER_HIGH -> availableRing = withHigh(availableRing, value);
            case MmioRegisters.QUEUE_DEVICE_LOW -> usedRing = withLow(usedRing, value);
            case MmioRegisters.QUEUE_DEVICE_HIGH -> usedRing = withHigh(usedRing, value);
            default -> throw new IllegalStateException("no ring address register: " + register);
        }
    }

    /** Takes the queue back to how it was before the driver set it up (2.6.1). */
    void reset() {
        ring.reset();
        size = 0;
        descriptorTable = 0;
        availableRing = 0;
        usedRing = 0;
    }

    private static long withLow(long value, int low) {
        return value & 0xffff_ffff_0000_0000L | low & 0xffff_ffffL;
    }

    private static long withHigh(long value, int high) {
        return value & 0xffff_ffffL | (long) high << 32;
    }

    /**
     * Exchanges the registers and the queue.
     *
     * @param most the largest size that the device takes
     * @param negotiated the features that were agreed upon
     */
    void state(StateExchange s, int most, long negotiated) {
        size = s.digested(size, 0, most);
        descriptorTable = s.digested(descriptorTable);
        availableRing = s.digested(availableRing);
        usedRing = s.digested(usedRing);
        ring.state(s, layout(), negotiated);
    }
}
