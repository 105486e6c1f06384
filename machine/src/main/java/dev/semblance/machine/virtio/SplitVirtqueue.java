package dev.semblance.machine.virtio;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateSink;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The device side of a split virtqueue (VIRTIO 1.2, 2.7), without indirect descriptors and event indices.
 *
 * <p>Everything in the ring is the guest's and may be anything. A ring that breaks a rule stops the queue for good
 * ({@link RingFault}); nothing of it is ever followed outside guest memory.
 */
final class SplitVirtqueue implements Virtqueue, Stateful {

    /** VIRTQ_AVAIL_F_NO_INTERRUPT. */
    private static final int NO_INTERRUPT = 1;

    /** 2.7.5.2: no chain is longer than this, in bytes. */
    private static final long MAX_CHAIN_BYTES = 1L << 32;

    /** Room for a request in one piece, its response, and some pieces more. */
    private static final int USUAL_LENGTH = 4;

    private static final QueueLayout NOWHERE = new QueueLayout(0, 0, 0, 0);

    /** What a queue asks of the transport it belongs to. */
    interface Owner {
        /** {@return whether queues may be served: DRIVER_OK is set and DEVICE_NEEDS_RESET is not} */
        boolean serving();

        /** Sends a used buffer notification. */
        void usedBuffer();

        /** Takes note that this queue's ring is broken. */
        void broken(int queue, RingFault fault);
    }

    private final int index;
    private final GuestMemory memory;
    private final Owner owner;

    private boolean ready;
    private QueueLayout layout = NOWHERE;
    /** Ring positions, modulo 2^16. They outlive QueueReady, and only a reset takes them back to 0 (2.7.6, 2.7.8). */
    private int nextAvailable;

    private int nextUsed;

    /** How often each head is out with the device since the queue was last enabled. */
    private int[] out = new int[0];

    private int outCount;

    SplitVirtqueue(int index, GuestMemory memory, Owner owner) {
        this.index = index;
        this.memory = memory;
        this.owner = owner;
    }

    /** {@return whether rings of this layout are aligned (2.7) and inside memory} */
    static boolean fits(QueueLayout layout, GuestMemory memory) {
        long size = layout.size();
        return size > 0
                && isAligned(layout.descriptorTable(), 16)
                && memory.contains(layout.descriptorTable(), Descriptor.SIZE * size)
                && isAligned(layout.availableRing(), 2)
                && memory.contains(layout.availableRing(), 4 + 2 * size)
                && isAligned(layout.usedRing(), 4)
                && memory.contains(layout.usedRing(), 4 + 8 * size);
    }

    private static boolean isAligned(long address, int alignment) {
        return (address & (alignment - 1)) == 0;
    }

    /** Starts to serve rings of a layout that {@linkplain #fits fits}. */
    void enable(QueueLayout newLayout) {
        layout = newLayout;
        out = new int[newLayout.size()];
        outCount = 0;
        ready = true;
    }

    /** Stops serving the rings. Chains that are out stay so: the driver takes them back itself. */
    void disable() {
        ready = false;
        out = new int[0];
        outCount = 0;
    }

    boolean isReady() {
        return ready;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int available() {
        if (!ready || !owner.serving()) {
            return 0;
        }
        int count = unsigned(memory.getShort(availableIndexAddress())) - nextAvailable & 0xffff;
        if (count + outCount > layout.size()) {
            fail(RingFault.Reason.AVAILABLE_INDEX_JUMPED, List.of());
            return 0;
        }
        return count;
    }

    @Override
    public Optional<DescriptorChain> poll() {
        if (available() == 0) {
            return Optional.empty();
        }
        int head = unsigned(memory.getShort(entryAddress()));
        ChainWalk walk = new ChainWalk(head);
        Optional<RingFault.Reason> fault = walk.follow();
        if (fault.isPresent()) {
            fail(fault.get(), walk.visited());
            return Optional.empty();
        }
        nextAvailable = nextAvailable + 1 & 0xffff;
        out[head]++;
        outCount++;
        return Optional.of(new DescriptorChain(memory, head, walk.descriptors));
    }

    @Override
    public Notification complete(DescriptorChain chain, long written, Announce announce) {
        int head = chain.head();
        if (!ready || !owner.serving() || head >= out.length || out[head] == 0) {
            return Notification.HELD;
        }
        out[head]--;
        outCount--;
        long element = layout.usedRing() + 4 + 8L * (nextUsed % layout.size());
        memory.putInt(element, head);
        memory.putInt(element + 4, (int) Math.min(written, 0xffff_ffffL));
        nextUsed = nextUsed + 1 & 0xffff;
        memory.putShort(layout.usedRing() + 2, (short) nextUsed);
        if (announce == Announce.LATER) {
            return Notification.HELD;
        }
        if ((memory.getShort(layout.availableRing()) & NO_INTERRUPT) != 0) {
            return Notification.SUPPRESSED;
        }
        owner.usedBuffer();
        return Notification.SENT;
    }

    private long availableIndexAddress() {
        return layout.availableRing() + 2;
    }

    private long entryAddress() {
        return layout.availableRing() + 4 + 2L * (nextAvailable % layout.size());
    }

    private long descriptorAddress(int descriptor) {
        return layout.descriptorTable() + (long) Descriptor.SIZE * descriptor;
    }

    private static int unsigned(short value) {
        return value & 0xffff;
    }

    /** Follows one chain through the descriptor table. */
    private final class ChainWalk {
        final List<Descriptor> descriptors = new ArrayList<>(USUAL_LENGTH);

        private int current;
        private int next;
        private boolean more = true;
        private boolean writableSeen;
        private long bytes;

        ChainWalk(int head) {
            this.next = head;
        }

        /** {@return what is wrong with the chain, or empty if it was followed to its end} */
        Optional<RingFault.Reason> follow() {
            while (more) {
                if (descriptors.size() == layout.size()) {
                    return Optional.of(RingFault.Reason.CHAIN_TOO_LONG);
                }
                current = next;
                if (next >= layout.size()) {
                    return Optional.of(RingFault.Reason.INDEX_OUT_OF_RANGE);
                }
                Descriptor descriptor = fetch();
                Optional<RingFault.Reason> fault = check(descriptor);
                if (fault.isPresent()) {
                    return fault;
                }
                descriptors.add(descriptor);
            }
            return Optional.empty();
        }

        /** {@return the indices followed up to a fault, whether or not they were sound} */
        List<Integer> visited() {
            List<Integer> visited = new ArrayList<>();
            descriptors.forEach(descriptor -> visited.add(descriptor.index()));
            if (descriptors.size() < layout.size()) {
                visited.add(current);
            }
            return visited;
        }

        private Descriptor fetch() {
            long at = descriptorAddress(next);
            long second = memory.getLong(at + 8);
            int flags = (int) (second >>> 32) & 0xffff;
            Descriptor descriptor = new Descriptor(next, memory.getLong(at), second & 0xffff_ffffL, flags);
            more = (flags & Descriptor.NEXT) != 0;
            next = (int) (second >>> 48);
            return descriptor;
        }

        private Optional<RingFault.Reason> check(Descriptor descriptor) {
            if ((descriptor.flags() & Descriptor.INDIRECT) != 0) {
                return Optional.of(RingFault.Reason.INDIRECT_NOT_NEGOTIATED);
            }
            if (descriptor.length() == 0) {
                // Nothing to read or write, so neither its address nor its direction means anything.
                return Optional.empty();
            }
            if (writableSeen && !descriptor.isWritable()) {
                return Optional.of(RingFault.Reason.READABLE_AFTER_WRITABLE);
            }
            writableSeen = descriptor.isWritable();
            if (!memory.contains(descriptor.address(), descriptor.length())) {
                return Optional.of(RingFault.Reason.BUFFER_OUTSIDE_MEMORY);
            }
            bytes += descriptor.length();
            return bytes > MAX_CHAIN_BYTES ? Optional.of(RingFault.Reason.CHAIN_TOO_LONG) : Optional.empty();
        }
    }

    /**
     * Reports a fault. The bytes are read again here, to keep the normal path free of copies: the guest does not run in
     * between, so they are the same.
     */
    private void fail(RingFault.Reason reason, List<Integer> visited) {
        List<RingFault.Read> reads = new ArrayList<>();
        reads.add(readAgain(availableIndexAddress(), 2));
        if (!visited.isEmpty()) {
            reads.add(readAgain(entryAddress(), 2));
        }
        visited.stream()
                .filter(descriptor -> descriptor < layout.size())
                .distinct()
                .forEach(descriptor -> reads.add(readAgain(descriptorAddress(descriptor), Descriptor.SIZE)));
        owner.broken(index, new RingFault(reason, List.copyOf(reads)));
    }

    private RingFault.Read readAgain(long address, int length) {
        byte[] bytes = new byte[length];
        memory.read(address, bytes, 0, length);
        return new RingFault.Read(address, bytes);
    }

    @Override
    public void writeState(StateSink sink) {
        sink.putBoolean(ready);
        sink.putInt(nextAvailable);
        sink.putInt(nextUsed);
        sink.putInt(outCount);
    }
}
