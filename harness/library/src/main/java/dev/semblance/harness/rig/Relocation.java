package dev.semblance.harness.rig;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.Ram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the images of a recorded guest lie in the memory of a rig: as far from its start, but for those in the rig's reserved part,
 * which move to where nothing else is. A rig's RAM begins at 0. What was outside the guest's RAM stays outside.
 */
final class Relocation {

    /** Above any RAM. */
    private static final long OUTSIDE = 1L << 62;

    /** Where nr_entries lies in RESOURCE_ATTACH_BACKING (VIRTIO 1.2, 5.7.6.8). */
    private static final int ENTRY_COUNT_AT = 28;

    /** Pages that move together. */
    private record Move(int pages, int to) {}

    private final GuestRam guestRam;
    private final GuestRam rigRam;

    /** By the first page. */
    private final NavigableMap<Integer, Move> moves;

    private Relocation(GuestRam guestRam, GuestRam rigRam, NavigableMap<Integer, Move> moves) {
        this.guestRam = guestRam;
        this.rigRam = rigRam;
        this.moves = moves;
    }

    /**
     * Finds room for everything.
     *
     * @param used the pages of guest RAM that images lie in
     * @param joined those whose next page has to stay next to them
     * @return empty if there is not room enough
     */
    static Optional<Relocation> of(BitSet used, BitSet joined, GuestRam guestRam, GuestRam rigRam) {
        int end = rigRam.page(rigRam.size() - DeviceRig.RESERVED_BYTES);
        BitSet taken = (BitSet) used.clone();
        TreeMap<Integer, Move> moves = new TreeMap<>();
        int next = end;
        // The first ones may start below the reserved part.
        while (next > 0 && joined.get(next - 1)) {
            next--;
        }
        for (int from = used.nextSetBit(next); from >= 0; from = used.nextSetBit(next)) {
            next = joined.nextClearBit(from) + 1;
            if (next <= end) {
                continue;
            }
            int to = room(taken, next - from, end);
            if (to < 0) {
                return Optional.empty();
            }
            taken.set(to, to + next - from);
            moves.put(from, new Move(next - from, to));
        }
        return Optional.of(new Relocation(guestRam, rigRam, moves));
    }

    /** {@return the first of so many free pages below {@code end}, or -1} */
    private static int room(BitSet taken, int pages, int end) {
        int at = taken.nextClearBit(0);
        while (at + pages <= end) {
            int busy = taken.nextSetBit(at);
            if (busy < 0 || busy >= at + pages) {
                return at;
            }
            at = taken.nextClearBit(busy);
        }
        return -1;
    }

    /** {@return whether anything moved} */
    boolean moved() {
        return !moves.isEmpty() || guestRam.base() != 0;
    }

    /** Refuses bytes that the guest's RAM does not have. */
    void check(TraceEvent.Bytes run) {
        if (!guestRam.contains(run.address(), run.bytes().length)) {
            throw new ScriptException(
                    Text.format("the trace tells of %d bytes at 0x%x, outside RAM", run.bytes().length, run.address()));
        }
    }

    /** {@return where bytes of guest memory go} */
    List<MemoryWrite> place(TraceEvent.Bytes run) {
        List<MemoryWrite> writes = new ArrayList<>(1);
        byte[] bytes = run.bytes();
        int done = 0;
        while (done < bytes.length) {
            long address = run.address() + done;
            int length = (int) Math.min(bytes.length - done, border(address) - address);
            boolean whole = length == bytes.length;
            writes.add(new MemoryWrite(
                    translate(address), whole ? bytes : Arrays.copyOfRange(bytes, done, done + length)));
            done += length;
        }
        return writes;
    }

    /** {@return the first address from {@code address} on at which something moves differently} */
    private long border(long address) {
        int page = guestRam.page(address);
        Map.Entry<Integer, Move> below = moves.floorEntry(page);
        if (below != null && page < below.getKey() + below.getValue().pages()) {
            return guestRam.address(below.getKey() + below.getValue().pages());
        }
        Integer above = moves.higherKey(page);
        return above == null ? Long.MAX_VALUE : guestRam.address(above);
    }

    private long translate(long address) {
        int page = guestRam.page(address);
        long offset = address - guestRam.base();
        Map.Entry<Integer, Move> move = moves.floorEntry(page);
        if (move == null || page >= move.getKey() + move.getValue().pages()) {
            return offset;
        }
        return offset + ((long) (move.getValue().to() - move.getKey()) << Ram.PAGE_SHIFT);
    }

    /** {@return the address of a buffer that is refused in the guest's memory, and has to be in the rig's} */
    long placeRefused(long address, long length) {
        if (guestRam.contains(address, length)) {
            return address - guestRam.base();
        }
        return rigRam.contains(address, length) ? address | OUTSIDE : address;
    }

    /** {@return a request that means in the rig's memory what {@code request} meant in the guest's; the same if it can} */
    byte[] place(byte[] request) {
        int structure = CommandType.RESOURCE_ATTACH_BACKING.size();
        if (request.length < structure || typeOf(request) != CommandType.RESOURCE_ATTACH_BACKING.number()) {
            return request;
        }
        byte[] placed = request.clone();
        ByteBuffer buffer = ByteBuffer.wrap(placed).order(ByteOrder.LITTLE_ENDIAN);
        long count = buffer.getInt(ENTRY_COUNT_AT) & 0xffff_ffffL;
        if (count > guestRam.maxEntries() && count <= rigRam.maxEntries()) {
            // More than the guest's memory could need: refused, and so it has to be here.
            buffer.putInt(ENTRY_COUNT_AT, -1);
        }
        for (int at = structure; at + MemoryEntry.SIZE <= placed.length; at += MemoryEntry.SIZE) {
            long address = buffer.getLong(at);
            long length = buffer.getInt(at + Long.BYTES) & 0xffff_ffffL;
            if (length > 0) {
                buffer.putLong(
                        at, guestRam.contains(address, length) ? translate(address) : placeRefused(address, length));
            }
        }
        return placed;
    }

    /** {@return the number of a request's command; -1 where it is too short for one} */
    static int typeOf(byte[] request) {
        return request.length < Integer.BYTES
                ? -1
                : ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }
}
