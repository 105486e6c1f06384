package dev.semblance.harness.rig;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The buffers and descriptors of a script's commands, as they are laid out for one notification: requests and room for responses
 * in the memory that a rig keeps for them, chains in the table of their queue or in one of their own.
 */
final class ChainLayout {

    private final GuestMemory ram;
    private final GuestArena buffers;

    ChainLayout(GuestMemory ram, GuestArena buffers) {
        this.ram = ram;
        this.buffers = buffers;
    }

    /**
     * A command whose chain is laid out.
     *
     * @param descriptors how many of the queue's own table it takes
     * @param response where the room for the response lies
     */
    record Placed(int descriptors, long response) {}

    /**
     * A descriptor of a chain whose first one has index 0 in its table.
     *
     * @param next what its next field says; below the length of the chain, a place in that; -1 for 0, where none follows
     */
    private record Linked(long address, long length, int flags, int next) {}

    /** Forgets what was laid out before. */
    void clear() {
        buffers.clear();
    }

    /**
     * Lays a command out.
     *
     * @param ring its queue
     * @param head the first descriptor of the queue's table that is free
     * @param ownTable whether the chain gets a table of its own
     * @throws ScriptException if there are not so many descriptors, or bytes
     */
    Placed place(Command command, GuestQueue ring, int head, boolean ownTable) {
        long request = allocate(command.request().length);
        ram.write(request, command.request(), 0, command.request().length);
        long response = allocate(command.responseLength());
        fill(response, command.responseLength(), command.responseFill());
        List<Linked> chain =
                command.chain().isEmpty() ? cut(command, request, response) : raw(command, request, response);
        return new Placed(ownTable ? inTable(ring, head, chain) : inQueue(ring, head, chain), response);
    }

    /** Writes a chain into the queue's own table, from {@code head} on; returns how many descriptors of that it takes. */
    private static int inQueue(GuestQueue ring, int head, List<Linked> chain) {
        if (chain.size() > DeviceRig.QUEUE_SIZE - head) {
            throw tooMany(head + chain.size());
        }
        for (int i = 0; i < chain.size(); i++) {
            Linked each = chain.get(i);
            // What is no place in the chain is meant as it is, wherever in the table the chain lies.
            int next = each.next() < 0 ? 0 : each.next() < chain.size() ? head + each.next() : each.next();
            ring.writeDescriptor(new Descriptor(head + i, each.address(), each.length(), each.flags()), next);
        }
        return chain.size();
    }

    /** Writes a chain into a table of its own, and one descriptor that points to it (VIRTIO 1.2, 2.7.5.3). */
    private int inTable(GuestQueue ring, int head, List<Linked> chain) {
        if (head == DeviceRig.QUEUE_SIZE) {
            throw tooMany(head + 1);
        }
        int size = chain.size() * Descriptor.SIZE;
        long table = allocate(size);
        for (int i = 0; i < chain.size(); i++) {
            Linked each = chain.get(i);
            long at = table + (long) i * Descriptor.SIZE;
            ram.putLong(at, each.address());
            ram.putLong(
                    at + Long.BYTES,
                    each.length() & 0xffff_ffffL
                            | (each.flags() & 0xffffL) << 32
                            | (long) Math.max(0, each.next()) << 48);
        }
        ring.writeDescriptor(new Descriptor(head, table, size, Descriptor.INDIRECT), 0);
        return 1;
    }

    private static ScriptException tooMany(int needed) {
        return new ScriptException(Text.format(
                "the commands of one notification need %d descriptors, the queue has %d",
                needed, DeviceRig.QUEUE_SIZE));
    }

    private long allocate(int length) {
        try {
            return buffers.allocate(length, 8);
        } catch (IllegalStateException e) {
            throw new ScriptException(
                    Text.format(
                            "the commands of one notification need more than the %d bytes of buffers",
                            DeviceRig.BUFFER_BYTES),
                    e);
        }
    }

    private void fill(long address, int length, byte[] pattern) {
        if (length > 0) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, pattern[0]);
            for (int i = 0; pattern.length > 1 && i < length; i++) {
                bytes[i] = pattern[i % pattern.length];
            }
            ram.write(address, bytes, 0, length);
        }
    }

    private static List<Linked> cut(Command command, long request, long response) {
        int requestLength = command.request().length;
        int responseLength = command.responseLength();
        int ofRequest = pieces(requestLength, command.requestSplit());
        int ofResponse = pieces(responseLength, command.responseSplit());
        List<Linked> chain = new ArrayList<>(ofRequest + ofResponse);
        if (ofRequest + ofResponse == 0) {
            // A chain has one descriptor at least.
            chain.add(new Linked(request, 0, 0, -1));
        }
        int count = ofRequest + ofResponse;
        cut(chain, count, ofRequest, request, requestLength, command.requestSplit(), 0);
        cut(chain, count, ofResponse, response, responseLength, command.responseSplit(), Descriptor.WRITE);
        return chain;
    }

    /** {@return into how many buffers a stretch of memory is cut: one more than said if that leaves something over} */
    private static int pieces(int total, List<Integer> lengths) {
        if (lengths.isEmpty()) {
            return total > 0 ? 1 : 0;
        }
        long said = 0;
        for (int length : lengths) {
            said += Math.max(0, length);
        }
        return lengths.size() + (said < total ? 1 : 0);
    }

    /** Cuts a stretch of memory; lengths beyond its end are cut short. */
    private static void cut(
            List<Linked> chain, int count, int pieces, long address, int total, List<Integer> lengths, int flags) {
        int done = 0;
        for (int i = 0; i < pieces; i++) {
            int length = i < lengths.size() ? Math.clamp(lengths.get(i), 0, total - done) : total - done;
            boolean more = chain.size() + 1 < count;
            chain.add(new Linked(
                    address + done, length, flags | (more ? Descriptor.NEXT : 0), more ? chain.size() + 1 : -1));
            done += length;
        }
    }

    private static List<Linked> raw(Command command, long request, long response) {
        return command.chain().stream()
                .map(raw -> new Linked(
                        switch (raw.place()) {
                            case Place.Address at -> at.address();
                            case Place.InRequest in -> request + in.offset();
                            case Place.InResponse in -> response + in.offset();
                        },
                        raw.length(),
                        raw.flags(),
                        raw.next()))
                .toList();
    }
}
