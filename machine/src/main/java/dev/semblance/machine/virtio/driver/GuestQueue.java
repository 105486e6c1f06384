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
    private int usedIndex;

    GuestQueue(GuestMemory memory, GuestArena arena, int index, QueueLayout layout, int availableIndex, int usedIndex) {
        this.memory = memory;
        this.arena = arena;
        this.index = index;
        this.layout = layout;
        this.availableIndex = availableIndex;
        this.usedIndex = usedIndex;
        memory.putShort(layout.availableRing(), (short) 0);
        memory.putShort(layout.availableRing() + 2, (short) availableIndex);
        memory.putShort(layout.usedRing(), (short) 0);
        memory.putShort(layout.usedRing() + 2, (short) usedIndex);
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
        long address = layout.descriptorTable() + (long) Descriptor.SIZE * descriptor.index();
        memory.putLong(address, descriptor.address());
        long lengthFlagsNext =
                descriptor.length() & 0xffff_ffffL | (descriptor.flags() & 0xffffL) << 32 | (long) next << 48;
        memory.putLong(address + 8, lengthFlagsNext);
    }

    /**
     * Writes a chain's descriptors where they say, each one's next field naming the one after it, with the flags given.
     *
     * @param chain its descriptors are in the table already
     */
    public void place(GuestChain chain) {
        List<Descriptor> descriptors = chain.descriptors();
        for (int i = 0; i < descriptors.size(); i++) {
            int next = i + 1 < descriptors.size() ? descriptors.get(i + 1).index() : 0;
            writeDescriptor(descriptors.get(i), next);
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
                chain.descriptors().forEach(descriptor -> freeDescriptors.add(descriptor.index()));
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

    /** Gives a chain its descriptors, writes and offers it. */
    GuestChain add(List<Descriptor> buffers) {
        int free = layout.size() - untouched + freeDescriptors.size();
        if (buffers.size() > free) {
            throw new IllegalStateException(
                    "queue " + index + " has " + free + " free descriptors, the chain needs " + buffers.size());
        }
        List<Descriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            Descriptor buffer = buffers.get(i);
            int flags = buffer.flags() | (i + 1 < buffers.size() ? Descriptor.NEXT : 0);
            descriptors.add(new Descriptor(takeDescriptor(), buffer.address(), buffer.length(), flags));
        }
        GuestChain chain = new GuestChain(descriptors);
        place(chain);
        builtChains.put((long) chain.head(), chain);
        offer(chain.head());
        return chain;
    }

    private int takeDescriptor() {
        return untouched < layout.size() ? untouched++ : freeDescriptors.remove();
    }
}
