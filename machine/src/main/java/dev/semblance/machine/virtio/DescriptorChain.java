package dev.semblance.machine.virtio;

import dev.semblance.machine.memory.GuestMemory;
import java.util.List;

/**
 * A validated descriptor chain: all buffers inside guest memory, readable ones before writable ones (VIRTIO 1.2, 2.7.4).
 * How a request is cut into buffers means nothing (2.7.4.1): it is read and answered through {@link #reader()} and
 * {@link #writer()}, which see one stretch of bytes each.
 */
public final class DescriptorChain {

    private final GuestMemory memory;
    private final int head;
    private final List<Descriptor> descriptors;
    private final int life;
    private final ChainReader reader;
    private final ChainWriter writer;

    /**
     * Makes a chain over buffers that lie wholly inside {@code memory}.
     *
     * @param memory the memory that the descriptors point to
     * @param head index of the first descriptor, by which the driver knows the chain
     * @param descriptors in the order of the chain, as {@link #descriptors()}
     */
    public DescriptorChain(GuestMemory memory, int head, List<Descriptor> descriptors) {
        this(memory, head, descriptors, 0);
    }

    /**
     * Makes a chain of a queue.
     *
     * @param life how often the queue had been set up when the chain came out of it
     */
    DescriptorChain(GuestMemory memory, int head, List<Descriptor> descriptors, int life) {
        this.memory = memory;
        this.head = head;
        this.descriptors = List.copyOf(descriptors);
        this.life = life;
        Descriptor[] buffers = this.descriptors.stream()
                .filter(descriptor -> !descriptor.isIndirect())
                .toArray(Descriptor[]::new);
        this.reader = new ChainReader(memory, buffers);
        this.writer = new ChainWriter(memory, buffers);
    }

    /**
     * {@return the same chain, unread and unwritten, whose bytes go through another view of guest memory}
     *
     * @param view the memory to read and write through instead
     */
    public DescriptorChain over(GuestMemory view) {
        return new DescriptorChain(view, head, descriptors, life);
    }

    /** {@return the memory that the chain's buffers lie in} */
    public GuestMemory memory() {
        return memory;
    }

    /** {@return the index of the first descriptor} */
    public int head() {
        return head;
    }

    /**
     * {@return the descriptors in the order in which they were followed} All are buffers but one that points to a table
     * ({@link Descriptor#isIndirect}), if there is one; those behind it are that table's.
     */
    public List<Descriptor> descriptors() {
        return descriptors;
    }

    /** {@return how often the queue had been set up when the chain came out of it} */
    int life() {
        return life;
    }

    /** {@return the one reader of the device-readable part} It only goes forward: every byte is fetched at most once. */
    public ChainReader reader() {
        return reader;
    }

    /** {@return the one writer of the device-writable part} It only goes forward. */
    public ChainWriter writer() {
        return writer;
    }
}
