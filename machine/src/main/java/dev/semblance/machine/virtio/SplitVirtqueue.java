package dev.semblance.machine.virtio;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The device side of a split virtqueue (VIRTIO 1.2, 2.7).
 *
 * <p>Everything in the ring is the guest's and may be anything. A ring that breaks a rule stops the queue for good
 * ({@link RingFault}); nothing of it is ever followed outside guest memory.
 *
 * <p>The guest may run at the same time: indexes are read and written in the order that 2.7.13 asks for, and each byte of
 * a ring is read once for what it is used for, so that a fault shows what was found.
 *
 * <p>It belongs to a transport, which knows when it is served and sends its interrupts.
 */
public final class SplitVirtqueue implements Virtqueue {

    /** VIRTQ_AVAIL_F_NO_INTERRUPT. */
    private static final int NO_INTERRUPT = 1;

    /** 2.7.5.2: no chain is longer than this, in bytes. */
    private static final long MAX_CHAIN_BYTES = 1L << 32;

    /**
     * How many descriptors of a table of indirect ones a chain may go through, where the queue is not longer. A driver may not
     * make a chain longer than the queue (2.7.5.3.1), but Linux does where the table is a chain of its own; this is the
     * largest queue.
     */
    private static final int MAX_INDIRECT = 1024;

    /** Words kept of a descriptor: its address, and what was read there. */
    private static final int WORDS = 3;

    /** Room for a request in one piece, its response, and some pieces more. */
    private static final int USUAL_LENGTH = 4;

    private static final QueueLayout NOWHERE = new QueueLayout(0, 0, 0, 0);

    /** What a queue asks of the transport it belongs to. */
    public interface Owner {
        /** {@return whether queues may be served: DRIVER_OK is set and DEVICE_NEEDS_RESET is not} */
        boolean serving();

        /** {@return the negotiated features} */
        long features();

        /** Sends a used buffer notification. */
        void usedBuffer();

        /**
         * Takes note that a queue's ring is broken, and serves it no more.
         *
         * @param queue the queue's number
         * @param fault what is wrong with the ring
         */
        void broken(int queue, RingFault fault);
    }

    private final int index;
    private final GuestMemory memory;
    private final Owner owner;

    private boolean ready;
    private QueueLayout layout = NOWHERE;
    private boolean indirect;
    private boolean eventIndex;

    /** Ring positions, modulo 2^16. They outlive QueueReady, and only a reset takes them back to 0 (2.7.6, 2.7.8). */
    private int nextAvailable;

    private int nextUsed;

    /** Up to where the driver was told, or asked not to be told, of used buffers. Moves only with EVENT_IDX. */
    private int announcedUsed;

    /** How often each head is out with the device since the queue was last enabled. */
    private int[] out = new int[0];

    private int outCount;

    /** The available index as it was read last, for the report of a fault. Not state: it is read before each use. */
    private int seenAvailable;

    /** How often the queue was enabled: a chain of before comes back to nobody, though its head may be out again. */
    private int life;

    /**
     * Makes a queue that is not ready.
     *
     * @param index its number
     * @param memory where its rings and its buffers are
     * @param owner the transport that it belongs to
     */
    public SplitVirtqueue(int index, GuestMemory memory, Owner owner) {
        this.index = index;
        this.memory = memory;
        this.owner = owner;
    }

    /**
     * {@return whether rings of this layout are aligned (2.7) and inside memory}
     *
     * @param layout where they are to be
     * @param memory guest memory
     * @param features the negotiated features
     */
    public static boolean fits(QueueLayout layout, GuestMemory memory, long features) {
        long size = layout.size();
        // 2.7.6 and 2.7.8: used_event and avail_event are there only with the feature.
        long event = (features & VirtioFeatures.EVENT_IDX) != 0 ? 2 : 0;
        return size > 0
                && isAligned(layout.descriptorTable(), 16)
                && memory.contains(layout.descriptorTable(), Descriptor.SIZE * size)
                && isAligned(layout.availableRing(), 2)
                && memory.contains(layout.availableRing(), 4 + 2 * size + event)
                && isAligned(layout.usedRing(), 4)
                && memory.contains(layout.usedRing(), 4 + 8 * size + event);
    }

    private static boolean isAligned(long address, int alignment) {
        return (address & (alignment - 1)) == 0;
    }

    /**
     * Goes on in rings where another device left off, or a driver wants a device to begin. Called before {@link #enable}, while
     * the queue is not ready.
     *
     * @param available index of the next available chain, modulo 2^16
     * @param used index of the next used element, modulo 2^16
     */
    public void begin(int available, int used) {
        nextAvailable = available & 0xffff;
        nextUsed = used & 0xffff;
        announcedUsed = nextUsed;
    }

    /** {@return the index of the next available chain, modulo 2^16} */
    public int nextAvailable() {
        return nextAvailable;
    }

    /**
     * Starts to serve rings.
     *
     * @param newLayout where they are; it {@linkplain #fits fits}
     */
    public void enable(QueueLayout newLayout) {
        layout = newLayout;
        out = new int[newLayout.size()];
        outCount = 0;
        life++;
        ready = true;
        indirect = (owner.features() & VirtioFeatures.INDIRECT_DESC) != 0;
        eventIndex = (owner.features() & VirtioFeatures.EVENT_IDX) != 0;
        if (eventIndex) {
            announcedUsed = nextUsed;
            wantNotification(nextAvailable);
        }
    }

    /** Stops serving the rings. Chains that are out stay so: the driver takes them back itself. */
    public void disable() {
        ready = false;
        out = new int[0];
        outCount = 0;
    }

    /** Stops serving the rings and forgets where it was in them (2.6.1). */
    void reset() {
        disable();
        nextAvailable = 0;
        nextUsed = 0;
        announcedUsed = 0;
    }

    /** {@return whether rings are served} */
    public boolean isReady() {
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
        // 2.7.13.3: the entries that it counts can be seen once it can.
        int seen = unsigned(memory.getShortAcquire(availableIndexAddress()));
        int count = seen - nextAvailable & 0xffff;
        if (count + outCount > layout.size()) {
            fail(RingFault.Reason.AVAILABLE_INDEX_JUMPED, List.of(indexRead(seen)));
            return 0;
        }
        seenAvailable = seen;
        if (eventIndex) {
            wantNotification(seen);
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
            List<RingFault.Read> reads = new ArrayList<>();
            reads.add(indexRead(seenAvailable));
            reads.add(read(entryAddress(), head, Short.BYTES));
            reads.addAll(walk.reads());
            fail(fault.get(), reads);
            return Optional.empty();
        }
        nextAvailable = nextAvailable + 1 & 0xffff;
        out[head]++;
        outCount++;
        return Optional.of(new DescriptorChain(memory, head, walk.descriptors, life));
    }

    /**
     * Writes avail_event: asks the driver to notify when it makes the chain with this index available (2.7.10). It is the one
     * behind those that the device could see, whether or not it took them: a device may leave some until there are more, and
     * a driver that was asked about one of those would never tell of the others.
     */
    private void wantNotification(int event) {
        memory.putShort(layout.usedRing() + 4 + 8L * layout.size(), (short) event);
        // Whoever looks for chains after this sees those whose driver did not see it yet (2.7.10.1).
        memory.fence();
    }

    @Override
    public Notification complete(DescriptorChain chain, long written, Announce announce) {
        int head = chain.head();
        boolean known = chain.life() == life && head < out.length && out[head] > 0;
        if (!ready || !owner.serving() || !known) {
            return Notification.HELD;
        }
        out[head]--;
        outCount--;
        long element = layout.usedRing() + 4 + 8L * (nextUsed % layout.size());
        memory.putInt(element, head);
        memory.putInt(element + 4, (int) Math.min(written, 0xffff_ffffL));
        nextUsed = nextUsed + 1 & 0xffff;
        memory.putShortRelease(layout.usedRing() + 2, (short) nextUsed);
        if (announce == Announce.LATER) {
            return Notification.HELD;
        }
        // 2.7.7.2: what the driver wants is looked at when it can see what it waits for.
        memory.fence();
        if (!wantsInterrupt()) {
            return Notification.SUPPRESSED;
        }
        owner.usedBuffer();
        return Notification.SENT;
    }

    /** {@return whether the driver asks to be told of what was used since it last was (2.7.7.2)} */
    private boolean wantsInterrupt() {
        if (!eventIndex) {
            return (memory.getShort(layout.availableRing()) & NO_INTERRUPT) == 0;
        }
        int usedEvent = unsigned(memory.getShort(layout.availableRing() + 4 + 2L * layout.size()));
        int before = announcedUsed;
        announcedUsed = nextUsed;
        // It is told when the element at used_event is among the new ones.
        return (nextUsed - usedEvent - 1 & 0xffff) < (nextUsed - before & 0xffff);
    }

    private long availableIndexAddress() {
        return layout.availableRing() + 2;
    }

    private long entryAddress() {
        return layout.availableRing() + 4 + 2L * (nextAvailable % layout.size());
    }

    private static int unsigned(short value) {
        return value & 0xffff;
    }

    /** Follows one chain through the descriptor table, and through a table of indirect descriptors at its end. */
    private final class ChainWalk {
        /** As {@link DescriptorChain#descriptors()}. */
        final List<Descriptor> descriptors = new ArrayList<>(USUAL_LENGTH);

        /** The table that is being followed: first the queue's, then perhaps one of indirect descriptors. */
        private long table = layout.descriptorTable();

        private long entries = layout.size();
        private boolean inIndirect;

        /** How long the chain may become. */
        private int most = layout.size();

        private int next;
        private boolean more = true;
        private boolean writableSeen;
        private long bytes;

        /** Of each descriptor that was fetched, its address and its two words. */
        private long[] words = new long[WORDS * USUAL_LENGTH];

        private int fetched;

        ChainWalk(int head) {
            this.next = head;
        }

        /** {@return what is wrong with the chain, or empty if it was followed to its end} */
        Optional<RingFault.Reason> follow() {
            while (more) {
                if (descriptors.size() == most) {
                    return Optional.of(RingFault.Reason.CHAIN_TOO_LONG);
                }
                if (next >= entries) {
                    return Optional.of(RingFault.Reason.INDEX_OUT_OF_RANGE);
                }
                Descriptor descriptor = fetch();
                Optional<RingFault.Reason> fault = descriptor.isIndirect() ? enter(descriptor) : check(descriptor);
                if (fault.isPresent()) {
                    return fault;
                }
                descriptors.add(descriptor);
            }
            return Optional.empty();
        }

        private void note(long at, long first, long second) {
            if (fetched + WORDS > words.length) {
                words = Arrays.copyOf(words, 2 * words.length);
            }
            words[fetched++] = at;
            words[fetched++] = first;
            words[fetched++] = second;
        }

        /** {@return the descriptors that were followed up to a fault, whether or not they were sound, each place once} */
        List<RingFault.Read> reads() {
            List<RingFault.Read> reads = new ArrayList<>();
            for (int i = 0; i < fetched; i += WORDS) {
                long at = words[i];
                if (reads.stream().noneMatch(read -> read.address() == at)) {
                    byte[] bytes = new byte[Descriptor.SIZE];
                    littleEndian(words[i + 1], bytes, 0, Long.BYTES);
                    littleEndian(words[i + 2], bytes, Long.BYTES, Long.BYTES);
                    reads.add(new RingFault.Read(at, bytes));
                }
            }
            return reads;
        }

        private static long address(long table, int descriptor) {
            return table + (long) Descriptor.SIZE * descriptor;
        }

        private Descriptor fetch() {
            long at = address(table, next);
            long first = memory.getLong(at);
            long second = memory.getLong(at + 8);
            note(at, first, second);
            int flags = (int) (second >>> 32) & 0xffff;
            Descriptor descriptor = new Descriptor(next, first, second & 0xffff_ffffL, flags);
            more = (flags & Descriptor.NEXT) != 0;
            next = (int) (second >>> 48);
            return descriptor;
        }

        /** Goes on in the table that a descriptor points to; whether it is marked as writable means nothing (2.7.5.3.2). */
        private Optional<RingFault.Reason> enter(Descriptor descriptor) {
            if (!indirect) {
                return Optional.of(RingFault.Reason.INDIRECT_NOT_NEGOTIATED);
            }
            boolean wellFormed = !inIndirect
                    && (descriptor.flags() & Descriptor.NEXT) == 0
                    && descriptor.length() > 0
                    && descriptor.length() % Descriptor.SIZE == 0
                    && memory.contains(descriptor.address(), descriptor.length());
            if (!wellFormed) {
                return Optional.of(RingFault.Reason.INDIRECT_MALFORMED);
            }
            inIndirect = true;
            table = descriptor.address();
            entries = descriptor.length() / Descriptor.SIZE;
            most = descriptors.size() + 1 + Math.max(layout.size(), MAX_INDIRECT);
            next = 0;
            more = true;
            return Optional.empty();
        }

        private Optional<RingFault.Reason> check(Descriptor descriptor) {
            if (descriptor.length() != 0) {
                if (writableSeen && !descriptor.isWritable()) {
                    return Optional.of(RingFault.Reason.READABLE_AFTER_WRITABLE);
                }
                writableSeen = descriptor.isWritable();
                if (!memory.contains(descriptor.address(), descriptor.length())) {
                    return Optional.of(RingFault.Reason.BUFFER_OUTSIDE_MEMORY);
                }
                bytes += descriptor.length();
                if (bytes > MAX_CHAIN_BYTES) {
                    return Optional.of(RingFault.Reason.CHAIN_TOO_LONG);
                }
            }
            // Of one that is empty, neither its address nor its direction means anything.
            return Optional.empty();
        }
    }

    private void fail(RingFault.Reason reason, List<RingFault.Read> reads) {
        owner.broken(index, new RingFault(reason, List.copyOf(reads)));
    }

    private RingFault.Read indexRead(int seen) {
        return read(availableIndexAddress(), seen, Short.BYTES);
    }

    private static RingFault.Read read(long address, long value, int length) {
        byte[] bytes = new byte[length];
        littleEndian(value, bytes, 0, length);
        return new RingFault.Read(address, bytes);
    }

    private static void littleEndian(long value, byte[] target, int offset, int length) {
        for (int i = 0; i < length; i++) {
            target[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    @Override
    public DescriptorChain recall(StateExchange s, int head, List<Descriptor> descriptors) {
        long bytes = 0;
        boolean fits =
                head < out.length && out[head] > 0 && descriptors.size() <= 2 * Math.max(MAX_INDIRECT, out.length);
        for (Descriptor descriptor : descriptors) {
            bytes += descriptor.length();
            fits &= descriptor.length() == 0 || memory.contains(descriptor.address(), descriptor.length());
        }
        s.require(fits && bytes <= 2 * MAX_CHAIN_BYTES, "a chain of it is not out");
        return new DescriptorChain(memory, head, descriptors, life);
    }

    /**
     * Exchanges where the queue is in its rings.
     *
     * @param programmed where they lie; the registers cannot change while the queue is ready, so they need not be saved twice
     * @param negotiated the features that were agreed upon, perhaps after the queue was made ready
     */
    void state(StateExchange s, QueueLayout programmed, long negotiated) {
        ready = s.digested(ready);
        indirect = s.saved(indirect);
        eventIndex = s.saved(eventIndex);
        s.require(
                (!indirect || (negotiated & VirtioFeatures.INDIRECT_DESC) != 0)
                        && (!eventIndex || (negotiated & VirtioFeatures.EVENT_IDX) != 0),
                "a queue of it has features that were not agreed upon");
        nextAvailable = s.digested(nextAvailable, 0, 0xffff);
        nextUsed = s.digested(nextUsed, 0, 0xffff);
        outCount = s.digested(outCount, 0, ready ? programmed.size() : 0);
        if (eventIndex) {
            // Not digested without the feature: digests of traces that are recorded have no place for it.
            announcedUsed = s.digested(announcedUsed, 0, 0xffff);
        } else {
            announcedUsed = s.saved(announcedUsed, 0, 0xffff);
        }
        life = s.saved(life);
        if (s.isLoading()) {
            layout = ready ? programmed : NOWHERE;
            long features = eventIndex ? VirtioFeatures.EVENT_IDX : 0;
            s.require(!ready || fits(layout, memory, features), "a ring of it is outside memory");
            out = new int[layout.size()];
        }
        long sum = 0;
        for (int head = 0; head < out.length; head++) {
            out[head] = s.saved(out[head], 0, outCount);
            sum += out[head];
        }
        s.require(sum == outCount, "its chains are not as many as they are");
    }
}
