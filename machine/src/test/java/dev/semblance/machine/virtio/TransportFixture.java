package dev.semblance.machine.virtio;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;

/** An echo device on a transport, and its driver. */
final class TransportFixture {

    static final int RAM_SIZE = 1 << 20;

    final Ram memory;
    final Wire interrupt = new Wire();
    final EchoDevice device = new EchoDevice();
    final MmioTransport transport;
    final GuestDriver driver;

    TransportFixture() {
        this(RAM_SIZE);
    }

    TransportFixture(int ramSize) {
        this(ramSize, 0);
    }

    /** Makes one whose transport offers features of queues. */
    TransportFixture(int ramSize, long ofQueues) {
        memory = new Ram(ramSize);
        transport = new MmioTransport(device, memory, interrupt, ofQueues);
        driver = new GuestDriver(transport, memory, new GuestArena(0x1000, Math.min(RAM_SIZE, ramSize)));
    }

    /** Brings the device up with one queue of this size. */
    GuestQueue live(int size) {
        driver.begin();
        GuestQueue queue = driver.enableQueue(0, size).orElseThrow();
        driver.driverOk();
        device.notices.clear();
        return queue;
    }

    /** Returns what is in memory. */
    byte[] snapshot() {
        byte[] bytes = new byte[(int) memory.size()];
        memory.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    boolean needsReset() {
        return (driver.status() & DeviceStatus.DEVICE_NEEDS_RESET) != 0;
    }
}
