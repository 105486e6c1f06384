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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A chain that a device has to refuse, made from one that it did refuse. */
final class FaultChain {

    /** A next field beyond every queue. */
    private static final int NOWHERE = 0x8000;

    private FaultChain() {}

    /**
     * {@return a chain that is refused for the same reason where a chain was the reason, and one that never ends where it
     * was the index of the ring}
     *
     * @param layout of the queue, if it was set up
     */
    static List<RawDescriptor> of(TraceEvent.Fault fault, Optional<QueueLayout> layout, Relocation relocation) {
        List<RawDescriptor> chain = layout.isPresent() ? follow(fault, layout.get(), relocation) : List.of();
        if (!chain.isEmpty()) {
            return chain;
        }
        int next = fault.reason() == RingFault.Reason.INDEX_OUT_OF_RANGE ? NOWHERE : 0;
        return List.of(new RawDescriptor(new Place.InRequest(0), 0, Descriptor.NEXT, next));
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

    /** A descriptor as it was read. */
    private record Read(long address, long length, int flags, int next) {}

    private static List<RawDescriptor> follow(TraceEvent.Fault fault, QueueLayout layout, Relocation relocation) {
        // By their index in the table, in the order in which they were followed.
        TreeMap<Integer, Integer> places = new TreeMap<>();
        List<Read> reads = new ArrayList<>();
        for (TraceEvent.Bytes read : fault.reads()) {
            long offset = read.address() - layout.descriptorTable();
            boolean inTable = offset >= 0 && offset < (long) layout.size() * Descriptor.SIZE;
            if (read.bytes().length == Descriptor.SIZE && inTable && reads.size() < DeviceRig.QUEUE_SIZE) {
                places.putIfAbsent((int) (offset / Descriptor.SIZE), reads.size());
                ByteBuffer bytes = ByteBuffer.wrap(read.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                reads.add(new Read(
                        bytes.getLong(0),
                        bytes.getInt(8) & 0xffff_ffffL,
                        bytes.getShort(12) & 0xffff,
                        bytes.getShort(14) & 0xffff));
            }
        }
        return reads.stream()
                .map(read -> new RawDescriptor(
                        new Place.Address(relocation.placeRefused(read.address(), read.length())),
                        read.length(),
                        read.flags(),
                        next(read, places)))
                .toList();
    }

    private static int next(Read read, Map<Integer, Integer> places) {
        boolean more = (read.flags() & Descriptor.NEXT) != 0;
        return more ? places.getOrDefault(read.next(), NOWHERE) : 0;
    }
}
