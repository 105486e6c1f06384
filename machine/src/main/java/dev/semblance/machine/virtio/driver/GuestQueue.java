package dev.semblance.machine.virtio.driver;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The driver's side of one split virtqueue (VIRTIO 1.2, 2.7).
 *
 * <p>Two ways to add chains: {@link #chain()} builds one in memory of its own choice, and {@link #place} writes one with
 * every index and address given. Neither checks anything, since a test may want a chain to be wrong. A chain becomes
 * visible to the device by {@link #offer} and then {@link #publish}, and is looked at when the queue is notified.
 */
public final class GuestQueue {

    private final GuestMemory memory;
    private final GuestArena arena;
    private final int index;
    private final QueueLayout layout;

    /** Descriptors that {@link #chain()} has given back; behind those from {@link #untouched} on it takes them again. */
    private final ArrayDeque<Integer> freeDescriptors = new ArrayDeque<>();

    private int untouched;
    private final TreeMap<Long, GuestChain> builtChains = new TreeMap<>();
    private int availableIndex;
    private int publishedIndex;
    private int usedIndex;
    private final boolean eventIndex;

    GuestQueue(
            GuestMemory memory,
            GuestArena arena,
            int index,
            QueueLayout layout,
            int availableIndex,
            int usedIndex,
            boolean eventIndex) {
        this.memory = memory;
        this.arena = arena;
        this.index = index;
        this.layout = layout;
        this.availableIndex = availableIndex;
        this.publishedIndex = availableIndex;
        this.usedIndex = usedIndex;
        this.eventIndex = eventIndex;
        memory.putShort(layout.availableRing(), (short) 0);
        memory.putShort(layout.availableRing() + 2, (short) availableIndex);
        memory.putShort(layout.usedRing(), (short) 0);
        memory.putShort(layout.usedRing() + 2, (short) usedIndex);
        if (eventIndex) {
            setUsedEvent(usedIndex);
        }
    }

    /** {@return the queue's number} */
    public int index() {
        return index;
    }

    /** {@return where the rings lie} */
    public QueueLayout layout() {
        return layout;
    }

    /** {@return the available index up to which chains were offered, published or not} */
    public int availableIndex() {
        return availableIndex;
    }

    /** {@return the used index up to which elements were taken} */
    public int usedIndex() {
        return usedIndex;
    }

    /**
     * Starts to build a chain.
     *
     * @return an empty chain of this queue
     */
    public ChainBuilder chain() {
        return new ChainBuilder(this);
    }

    /**
     * Writes a descriptor; the index need not make sense to the device, but must lie in the table.
     *
     * @param descriptor what goes into the table
     * @param next the number of the descriptor that follows, if the flags say that one does
     */
    public void writeDescriptor(Descriptor descriptor, int next) {
        write(layout.descriptorTable(), descriptor, next);
    }

    private void write(long table, Descriptor descriptor, int next) {
        long address = table + (long) Descriptor.SIZE * descriptor.index();
        memory.putLong(address, descriptor.address());
        long lengthFlagsNext =
                descriptor.length() & 0xffff_ffffL | (descriptor.flags() & 0xffffL) << 32 | (long) next << 48;
        memory.putLong(address + 8, lengthFlagsNext);
    }

    /**
     * Writes a chain's descriptors where they say, each one's next field naming the one after it, with the flags given:
     * into the queue's table, and from the one on that points to another into that.
     *
     * @param chain which descriptors, and what is in them
     */
    public void place(GuestChain chain) {
        List<Descriptor> descriptors = chain.descriptors();
        long table = layout.descriptorTable();
        for (int i = 0; i < descriptors.size(); i++) {
            Descriptor descriptor = descriptors.get(i);
            boolean more = i + 1 < descriptors.size() && !descriptor.isIndirect();
            write(table, descriptor, more ? descriptors.get(i + 1).index() : 0);
            if (descriptor.isIndirect()) {
                table = descriptor.address();
            }
        }
    }

    /**
     * Puts a head into the next entry of the available ring.
     *
     * @param head the number of the first descriptor
     */
    public void offer(int head) {
        memory.putShort(layout.availableRing() + 4 + 2L * (availableIndex % layout.size()), (short) head);
        availableIndex = availableIndex + 1 & 0xffff;
    }

    /** Writes avail.idx: what was offered can be seen. */
    public void publish() {
        setAvailableIndex(availableIndex);
        publishedIndex = availableIndex;
    }

    /** Publishes; returns whether the device wants to be notified of what was published now (2.7.10.1). */
    boolean publishAndAsk() {
        int before = publishedIndex;
        publish();
        if (!eventIndex) {
            return (memory.getShort(layout.usedRing()) & 1) == 0;
        }
        int event = memory.getShort(layout.usedRing() + 4 + 8L * layout.size());
        return (availableIndex - event - 1 & 0xffff) < (availableIndex - before & 0xffff);
    }

    /**
     * Writes any value to avail.idx; what is offered next goes on from where it was.
     *
     * @param value the index, of which 16 bits count
     */
    public void setAvailableIndex(int value) {
        memory.putShort(layout.availableRing() + 2, (short) value);
    }

    /**
     * Writes avail.flags: 1 asks the device not to send used buffer notifications (2.7.7).
     *
     * @param flags of the ring (2.7.6)
     */
    public void setAvailableFlags(int flags) {
        memory.putShort(layout.availableRing(), (short) flags);
    }

    /** {@return whether the rings end with an event index} */
    public boolean hasEventIndex() {
        return eventIndex;
    }

    /**
     * Writes used_event: asks the device for a used buffer notification when the element with this index is used (2.7.7).
     * Only with VIRTIO_F_EVENT_IDX.
     *
     * @param value the index, of which 16 bits count
     */
    public void setUsedEvent(int value) {
        memory.putShort(layout.availableRing() + 4 + 2L * layout.size(), (short) value);
    }

    /** {@return whether the device has used something that was not taken yet} */
    public boolean hasUsed() {
        return (memory.getShort(layout.usedRing() + 2) & 0xffff) != usedIndex;
    }

    /** {@return the used elements that have come since the last call, in order, and frees what {@link #chain()} had built} */
    public List<UsedElement> takeUsed() {
        List<UsedElement> elements = new ArrayList<>();
        int published = memory.getShort(layout.usedRing() + 2) & 0xffff;
        while (usedIndex != published) {
            long address = layout.usedRing() + 4 + 8L * (usedIndex % layout.size());
            long head = memory.getInt(address) & 0xffff_ffffL;
            elements.add(new UsedElement(head, memory.getInt(address + 4) & 0xffff_ffffL));
            GuestChain chain = builtChains.remove(head);
            if (chain != null) {
                chain.own().forEach(freeDescriptors::add);
            }
            usedIndex = usedIndex + 1 & 0xffff;
        }
        return elements;
    }

    GuestMemory memory() {
        return memory;
    }

    GuestArena arena() {
        return arena;
    }

    /** Gives a chain one descriptor and a table for its buffers (2.7.5.3), writes and offers it. */
    GuestChain addIndirect(List<Descriptor> buffers) {
        checkFree(1);
        long size = (long) Descriptor.SIZE * buffers.size();
        List<Descriptor> descriptors = new ArrayList<>();
        descriptors.add(
                new Descriptor(takeDescriptor(), arena.allocate(size, Descriptor.SIZE), size, Descriptor.INDIRECT));
        for (int i = 0; i < buffers.size(); i++) {
            descriptors.add(linked(buffers, i, i));
        }
        return offer(new GuestChain(descriptors));
    }

    /** Gives a chain its descriptors, writes and offers it. */
    GuestChain add(List<Descriptor> buffers) {
        checkFree(buffers.size());
        List<Descriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            descriptors.add(linked(buffers, i, takeDescriptor()));
        }
        return offer(new GuestChain(descriptors));
    }

    private static Descriptor linked(List<Descriptor> buffers, int i, int index) {
        Descriptor buffer = buffers.get(i);
        int flags = buffer.flags() | (i + 1 < buffers.size() ? Descriptor.NEXT : 0);
        return new Descriptor(index, buffer.address(), buffer.length(), flags);
    }

    private GuestChain offer(GuestChain chain) {
        place(chain);
        builtChains.put((long) chain.head(), chain);
        offer(chain.head());
        return chain;
    }

    private void checkFree(int needed) {
        int free = layout.size() - untouched + freeDescriptors.size();
        if (needed > free) {
            throw new IllegalStateException(
                    "queue " + index + " has " + free + " free descriptors, the chain needs " + needed);
        }
    }

    private int takeDescriptor() {
        return untouched < layout.size() ? untouched++ : freeDescriptors.remove();
    }
}
