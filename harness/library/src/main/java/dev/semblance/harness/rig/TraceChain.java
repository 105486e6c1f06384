package dev.semblance.harness.rig;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A recorded chain as a command of a script.
 *
 * @param descriptors how many it needs
 * @param notes what could not be kept
 */
record TraceChain(Command command, RecordedAnswer answer, int descriptors, List<String> notes) {

    /** So many descriptors a table has at most: no device here follows more. */
    private static final int MAX_TABLE = 1024;

    /** How much of a request is kept that no device has read. */
    private static final int MAX_UNREAD = 4096;

    /** The room for a response that is kept: many times what any response takes. */
    private static final int MAX_ROOM = 64 << 10;

    /** Where a chain is too long for the rig's queue, so many descriptors of its request are kept, at most. */
    private static final int MAX_READABLE = 40;

    /** What is read has no place in the trace but in the request. */
    static TraceChain of(
            long sequence, Queue queue, TraceEvent.Command recorded, byte[] request, List<MemoryWrite> memory) {
        byte[] response = switch (recorded.payload()) {
            case TraceEvent.Payload.Full full -> full.response();
            case TraceEvent.Payload.Disk disk -> new byte[0];
        };
        List<Long> readable = lengths(recorded, false);
        List<Long> writable = lengths(recorded, true);
        List<String> notes = new ArrayList<>();
        int requestLength = kept(total(readable), request.length, MAX_UNREAD);
        int room = kept(total(writable), response.length, MAX_ROOM);
        if (requestLength < total(readable) || room < total(writable)) {
            notes.add(Text.format(
                    "the chain had %d readable and %d writable bytes; what the device left alone is cut short",
                    total(readable), total(writable)));
        }
        List<Integer> requestSplit = split(readable, requestLength);
        List<Integer> responseSplit = split(writable, room);
        int needed = readable.size() + writable.size();
        boolean indirect = recorded.descriptors().stream().anyMatch(Descriptor::isIndirect);
        if (indirect && !recorded.descriptors().getFirst().isIndirect()) {
            notes.add("a part of the chain was in the queue's own table; here all of it is in one of its own");
        }
        int most = indirect ? MAX_TABLE : DeviceRig.QUEUE_SIZE;
        // What is cut short may need one more on either side.
        if (needed > (indirect ? most - 2 : most)) {
            notes.add(Text.format(
                    "the chain had %d descriptors, the %s has %d; the last ones are joined",
                    needed, indirect ? "table" : "queue", most));
            requestSplit = first(requestSplit, MAX_READABLE - 1);
            responseSplit = first(responseSplit, DeviceRig.QUEUE_SIZE - MAX_READABLE - 1);
        }
        Command command = new Command(
                Optional.of(Long.toString(sequence)),
                queue,
                memory,
                Arrays.copyOf(request, requestLength),
                requestSplit,
                room,
                responseSplit,
                Command.FILL,
                List.of(),
                indirect,
                recorded.notification() == Notification.SUPPRESSED);
        return new TraceChain(
                command,
                new RecordedAnswer(true, recorded.usedLength(), response),
                indirect ? 1 : Math.min(needed + 2, DeviceRig.QUEUE_SIZE),
                notes);
    }

    /** {@return how many bytes of the rig's buffers it takes} */
    long bytes() {
        // With what alignment may cost.
        long table = command.indirect()
                ? (long) Descriptor.SIZE
                        * (command.requestSplit().size()
                                + command.responseSplit().size()
                                + 2)
                : 0;
        return (long) command.request().length + command.responseLength() + table + 24;
    }

    private static List<Long> lengths(TraceEvent.Command recorded, boolean writable) {
        return recorded.buffers().stream()
                .filter(descriptor -> descriptor.isWritable() == writable)
                .map(Descriptor::length)
                .toList();
    }

    private static long total(List<Long> lengths) {
        return lengths.stream().mapToLong(Long::longValue).sum();
    }

    private static int kept(long there, int touched, int more) {
        return (int) Math.max(touched, Math.min(there, Math.max(touched, more)));
    }

    /** {@return the lengths but for the last where that follows from the rest} */
    private static List<Integer> split(List<Long> lengths, int total) {
        List<Integer> split = new ArrayList<>(lengths.size());
        int left = total;
        for (long length : lengths) {
            int part = (int) Math.min(length, left);
            split.add(part);
            left -= part;
        }
        if (!split.isEmpty() && left == 0 && split.getLast() > 0) {
            split.removeLast();
        }
        return split;
    }

    private static List<Integer> first(List<Integer> lengths, int count) {
        return List.copyOf(lengths.subList(0, Math.min(count, lengths.size())));
    }
}
