package dev.semblance.machine.virtio.blk;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A disk of 100 sectors, each filled with its number, and a driver. */
final class BlkFixture {

    static final int SECTORS = 100;
    static final int IN = 0;
    static final int OUT = 1;
    static final int FLUSH = 4;
    static final int GET_ID = 8;

    final Ram memory = new Ram(1 << 20);
    final CycleTimeline timeline = new CycleTimeline();
    final Wire interrupt = new Wire();
    final byte[] image = numberedSectors();
    final CopyOnWriteDisk disk = new CopyOnWriteDisk(DiskImage.of(image));
    final VirtioBlk device;
    final GuestDriver driver;
    final GuestQueue queue;

    BlkFixture(VirtioBlk.Options options) {
        device = new VirtioBlk(disk, timeline, options);
        driver = new GuestDriver(
                new MmioTransport(device, memory, interrupt), memory, new GuestArena(0x1000, memory.size()));
        driver.begin();
        queue = driver.enableQueue(0, 16).orElseThrow();
        driver.driverOk();
    }

    static byte[] numberedSectors() {
        byte[] image = new byte[SECTORS * 512];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) (i / 512);
        }
        return image;
    }

    static byte[] header(int type, long sector) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(0)
                .putLong(sector)
                .array();
    }

    static byte[] request(int type, long sector, byte[] data) {
        return ByteBuffer.allocate(16 + data.length)
                .put(header(type, sector))
                .put(data)
                .array();
    }

    /** Sends a request with a writable part of this size. */
    GuestChain send(byte[] request, int writable, int... cuts) {
        GuestChain chain =
                queue.chain().readable(request, cuts).writable(writable, 0).offer();
        driver.kick(queue);
        return chain;
    }

    /** Returns the last writable byte. */
    int status(GuestChain chain) {
        return chain.readWritable(memory, chain.writableSize() - 1, 1)[0];
    }

    byte[] data(GuestChain chain) {
        return chain.readWritable(memory, 0, (int) chain.writableSize() - 1);
    }
}
