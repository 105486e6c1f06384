package dev.semblance.bridge.target;

import dev.semblance.bridge.vhost.VhostCodec;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The transport of a vhost-user back-end, which has none: registers of virtio-mmio (VIRTIO 1.2, 4.2.2) in front of a
 * {@link FrontEnd}. As in QEMU, the configuration space is the front-end's but for what only the device knows.
 *
 * <p>The back-end begins with the first notification after DRIVER_OK, so that a driver which resets the device before it uses it,
 * as Linux does, is no reset to a back-end that cannot be started twice.
 */
final class VhostRegisters implements MmioDevice {

    private static final int QUEUES = 2;
    private static final int MAX_QUEUE_SIZE = 1024;

    private static final int EVENTS_READ = 0;
    private static final int EVENTS_CLEAR = 4;
    private static final int NUM_SCANOUTS = 8;
    private static final int CONFIG_BYTES = 16;
    private static final int EVENT_DISPLAY = 1;

    private final FrontEnd backEnd;
    private final GuestMemory memory;
    private final IntSupplier scanouts;
    private final Runnable darken;
    private final Consumer<LinkFailedException> failed;
    private final TreeMap<Integer, Integer> written = new TreeMap<>();
    private final TreeMap<Integer, TreeMap<Integer, Integer>> queues = new TreeMap<>();
    private final TreeMap<Integer, QueueLayout> ready = new TreeMap<>();
    private long accepted;
    private int status;
    private int interruptStatus;
    private int generation;
    private int events;
    private boolean started;
    private boolean dead;

    /**
     * Makes registers as after power-on.
     *
     * @param backEnd the device
     * @param memory guest memory, where rings have to be
     * @param scanouts tells how many there are
     * @param darken called when a reset has made all scanouts dark
     * @param failed told once, when the back-end fails
     */
    VhostRegisters(
            FrontEnd backEnd,
            GuestMemory memory,
            IntSupplier scanouts,
            Runnable darken,
            Consumer<LinkFailedException> failed) {
        this.backEnd = backEnd;
        this.memory = memory;
        this.scanouts = scanouts;
        this.darken = darken;
        this.failed = failed;
    }

    /** {@return whether the back-end has failed} */
    boolean isDead() {
        return dead;
    }

    /** Something that the back-end is asked for. */
    @FunctionalInterface
    interface Asked {
        void of(FrontEnd backEnd) throws LinkFailedException;
    }

    /** Asks the back-end for something, if it has not failed; if it does now, that is told. */
    void ask(Asked asked) {
        if (!dead) {
            try {
                asked.of(backEnd);
            } catch (LinkFailedException e) {
                dead = true;
                failed.accept(e);
            }
        }
    }

    /** Tells the driver that the displays are others now (5.7.4). */
    void displaysChanged() {
        events |= EVENT_DISPLAY;
        generation++;
        interruptStatus |= MmioRegisters.CONFIG_CHANGE;
    }

    @Override
    public int load(int offset, int width) {
        if (offset >= MmioRegisters.CONFIG) {
            return config(offset - MmioRegisters.CONFIG, width);
        }
        return switch (offset) {
            case MmioRegisters.MAGIC_VALUE -> MmioRegisters.MAGIC;
            case MmioRegisters.VERSION -> MmioRegisters.LAYOUT_VERSION;
            case MmioRegisters.DEVICE_ID -> VirtioGpuDevice.DEVICE_ID;
            case MmioRegisters.VENDOR_ID -> MmioRegisters.VENDOR;
            case MmioRegisters.DEVICE_FEATURES ->
                word(backEnd.offeredFeatures(), written.getOrDefault(MmioRegisters.DEVICE_FEATURES_SEL, 0));
            case MmioRegisters.QUEUE_NUM_MAX -> selected() < QUEUES && selected() >= 0 ? MAX_QUEUE_SIZE : 0;
            case MmioRegisters.QUEUE_READY -> ready.containsKey(selected()) ? 1 : 0;
            case MmioRegisters.INTERRUPT_STATUS -> {
                interruptStatus |= backEnd.takeInterrupt() ? MmioRegisters.USED_BUFFER : 0;
                yield interruptStatus;
            }
            case MmioRegisters.STATUS -> status;
            case MmioRegisters.CONFIG_GENERATION -> generation;
            case MmioRegisters.SHM_LEN_LOW,
                    MmioRegisters.SHM_LEN_HIGH,
                    MmioRegisters.SHM_BASE_LOW,
                    MmioRegisters.SHM_BASE_HIGH -> -1;
            default -> 0;
        };
    }

    private static int word(long bits, int word) {
        return switch (word) {
            case 0 -> (int) bits;
            case 1 -> (int) (bits >>> 32);
            default -> 0;
        };
    }

    private int selected() {
        return written.getOrDefault(MmioRegisters.QUEUE_SEL, 0);
    }

    private int config(int offset, int width) {
        if (offset < 0 || offset > CONFIG_BYTES - width) {
            return 0;
        }
        byte[] space = new byte[CONFIG_BYTES];
        ask(back -> System.arraycopy(back.config(0, CONFIG_BYTES), 0, space, 0, CONFIG_BYTES));
        ByteBuffer bytes = ByteBuffer.wrap(space).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(EVENTS_READ, events).putInt(EVENTS_CLEAR, 0).putInt(NUM_SCANOUTS, scanouts.getAsInt());
        return switch (width) {
            case 1 -> bytes.get(offset);
            case 2 -> bytes.getShort(offset);
            default -> bytes.getInt(offset);
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        switch (offset) {
            case MmioRegisters.CONFIG + EVENTS_CLEAR -> events &= ~value;
            case MmioRegisters.DRIVER_FEATURES -> accept(value);
            case MmioRegisters.QUEUE_READY -> storeReady(value == 1);
            case MmioRegisters.QUEUE_NOTIFY -> notified(value);
            case MmioRegisters.INTERRUPT_ACK -> interruptStatus &= ~value;
            case MmioRegisters.STATUS -> storeStatus(value);
            case MmioRegisters.QUEUE_NUM,
                    MmioRegisters.QUEUE_DESC_LOW,
                    MmioRegisters.QUEUE_DESC_HIGH,
                    MmioRegisters.QUEUE_DRIVER_LOW,
                    MmioRegisters.QUEUE_DRIVER_HIGH,
                    MmioRegisters.QUEUE_DEVICE_LOW,
                    MmioRegisters.QUEUE_DEVICE_HIGH ->
                queues.computeIfAbsent(selected(), number -> new TreeMap<>()).put(offset, value);
            default -> written.put(offset, value);
        }
    }

    private void accept(int value) {
        switch (written.getOrDefault(MmioRegisters.DRIVER_FEATURES_SEL, 0)) {
            case 0 -> accepted = accepted & ~0xffff_ffffL | value & 0xffff_ffffL;
            case 1 -> accepted = accepted & 0xffff_ffffL | (long) value << 32;
            default -> accepted |= value != 0 ? VhostCodec.F_PROTOCOL_FEATURES : 0;
        }
    }

    private void storeStatus(int value) {
        if (value == 0) {
            if (started) {
                ask(FrontEnd::stop);
                darken.run();
            }
            started = false;
            status = 0;
            accepted = 0;
            interruptStatus = 0;
            queues.clear();
            ready.clear();
            return;
        }
        int added = value & ~status;
        boolean sound = (accepted & ~backEnd.offeredFeatures()) == 0 && (accepted & VirtioFeatures.VERSION_1) != 0;
        status |= sound ? added : added & ~DeviceStatus.FEATURES_OK;
    }

    private void storeReady(boolean value) {
        if (!value) {
            ready.remove(selected());
            return;
        }
        layout(queues.getOrDefault(selected(), new TreeMap<>()))
                .filter(layout -> selected() >= 0 && selected() < QUEUES && !started)
                .ifPresent(layout -> ready.put(selected(), layout));
    }

    /** A ring that is not in guest memory has no address in the front-end either, so that it cannot be told of. */
    private Optional<QueueLayout> layout(Map<Integer, Integer> queue) {
        long size = queue.getOrDefault(MmioRegisters.QUEUE_NUM, 0);
        QueueLayout layout = new QueueLayout(
                (int) size,
                address(queue, MmioRegisters.QUEUE_DESC_LOW),
                address(queue, MmioRegisters.QUEUE_DRIVER_LOW),
                address(queue, MmioRegisters.QUEUE_DEVICE_LOW));
        boolean sound = size > 0
                && size <= MAX_QUEUE_SIZE
                && memory.contains(layout.descriptorTable(), Descriptor.SIZE * size)
                && memory.contains(layout.availableRing(), 4 + 2 * size + Short.BYTES)
                && memory.contains(layout.usedRing(), 4 + 8 * size + Short.BYTES);
        return sound ? Optional.of(layout) : Optional.empty();
    }

    private static long address(Map<Integer, Integer> queue, int low) {
        return (long) queue.getOrDefault(low + 4, 0) << 32 | queue.getOrDefault(low, 0) & 0xffff_ffffL;
    }

    private void notified(int queue) {
        if ((status & DeviceStatus.DRIVER_OK) != 0) {
            if (!started) {
                started = true;
                ask(back -> back.start(accepted, ready));
            }
            ask(back -> back.kick(queue));
        }
    }
}
