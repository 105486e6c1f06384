package dev.semblance.harness.rig;

import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A chain that a device has to refuse, made from one that it did refuse.
 *
 * @param chain its descriptors
 * @param indirect whether they are to lie in a table of their own, since the recorded ones did, or some of them
 */
record FaultChain(List<RawDescriptor> chain, boolean indirect) {

    /** A next field beyond every queue. */
    private static final int NOWHERE = 0x8000;

    /** How many descriptors of a refused chain are kept. */
    private static final int MOST = DeviceRig.QUEUE_SIZE;

    /**
     * {@return a chain that is refused for the same reason where a chain was the reason, and one that never ends where it
     * was the index of the ring}
     *
     * @param layout of the queue, if it was set up
     */
    static FaultChain of(TraceEvent.Fault fault, Optional<QueueLayout> layout, Relocation relocation) {
        FaultChain followed =
                layout.isPresent() ? follow(fault, layout.get(), relocation) : new FaultChain(List.of(), false);
        if (!followed.chain().isEmpty()) {
            return followed;
        }
        int next = fault.reason() == RingFault.Reason.INDEX_OUT_OF_RANGE ? NOWHERE : 0;
        return new FaultChain(List.of(new RawDescriptor(new Place.InRequest(0), 0, Descriptor.NEXT, next)), false);
    }

    /** {@return why the chain is not what the trace has, if it is not} */
    static Optional<String> note(TraceEvent.Fault fault) {
        return switch (fault.reason()) {
            case AVAILABLE_INDEX_JUMPED ->
                Optional.of("the index of the available ring jumped; in its place a chain that never ends is refused");
            case INDEX_OUT_OF_RANGE ->
                fault.reads().size() <= 2
                        ? Optional.of("the head was beyond the queue; in its place a descriptor leads there")
                        : Optional.empty();
            case CHAIN_TOO_LONG,
                    READABLE_AFTER_WRITABLE,
                    BUFFER_OUTSIDE_MEMORY,
                    INDIRECT_NOT_NEGOTIATED,
                    INDIRECT_MALFORMED -> Optional.empty();
        };
    }

    /** A descriptor as it was read, and where the one is that follows it. */
    private record Read(long address, long length, int flags, long following) {}

    private static FaultChain follow(TraceEvent.Fault fault, QueueLayout layout, Relocation relocation) {
        // By where they lie, in the order in which they were followed.
        TreeMap<Long, Integer> places = new TreeMap<>();
        List<Read> reads = new ArrayList<>();
        List<TraceEvent.Bytes> descriptors = fault.reads().stream()
                .filter(read -> read.bytes().length == Descriptor.SIZE)
                .toList();
        long table = layout.descriptorTable();
        long entries = layout.size();
        boolean indirect = false;
        for (int i = 0; i < descriptors.size() && reads.size() < MOST; i++) {
            TraceEvent.Bytes read = descriptors.get(i);
            long offset = read.address() - table;
            if (offset < 0 || offset >= entries * Descriptor.SIZE) {
                continue;
            }
            ByteBuffer bytes = ByteBuffer.wrap(read.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            long address = bytes.getLong(0);
            long length = bytes.getInt(8) & 0xffff_ffffL;
            int flags = bytes.getShort(12) & 0xffff;
            boolean refused = i == descriptors.size() - 1 && isOfPointer(fault.reason());
            if ((flags & Descriptor.INDIRECT) != 0 && !refused) {
                // It was followed: what led to it leads to the first descriptor of its table.
                indirect = true;
                table = address;
                entries = length / Descriptor.SIZE;
                places.put(read.address(), reads.size());
                continue;
            }
            places.putIfAbsent(read.address(), reads.size());
            boolean more = (flags & Descriptor.NEXT) != 0;
            long following = more ? table + (long) Descriptor.SIZE * (bytes.getShort(14) & 0xffff) : -1;
            reads.add(new Read(address, length, flags, following));
        }
        List<RawDescriptor> chain = reads.stream()
                .map(read -> new RawDescriptor(
                        new Place.Address(relocation.placeRefused(read.address(), read.length())),
                        read.length(),
                        read.flags(),
                        (read.flags() & Descriptor.NEXT) != 0 ? places.getOrDefault(read.following(), NOWHERE) : 0))
                .toList();
        return new FaultChain(chain, indirect);
    }

    /** {@return whether the last descriptor read was refused for being no pointer to a table} */
    private static boolean isOfPointer(RingFault.Reason reason) {
        return reason == RingFault.Reason.INDIRECT_NOT_NEGOTIATED || reason == RingFault.Reason.INDIRECT_MALFORMED;
    }
}
