package dev.semblance.bridge.target;

import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.machine.memory.GuestMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts into guest memory what a resource's backing is to hold, right before a device reads it there: a device that lies elsewhere
 * reads the memory that it shares and no other. A 2D device reads backing for TRANSFER_TO_HOST_2D alone, and of that the rows
 * that it names (VIRTIO 1.2, 5.7.6.8).
 */
final class BackingCopy implements RingObserver {

    private static final int PIXEL_BYTES = 4;
    private static final int MOST_PIECE = 1 << 20;

    private record Backed(long width, List<MemoryEntry> entries) {}

    private final GuestMemory backing;
    private final GuestMemory memory;
    private final Map<Integer, Backed> resources = new HashMap<>();

    BackingCopy(GuestMemory backing, GuestMemory memory) {
        this.backing = backing;
        this.memory = memory;
    }

    @Override
    public void offered(SeenChain chain) {
        RequestFields request = new RequestFields(chain.request(memory, RequestAssembler.MAX_BYTES));
        request.command().ifPresent(type -> {
            switch (type) {
                case RESOURCE_CREATE_2D ->
                    resources.putIfAbsent(request.field(0), new Backed(request.unsigned(2), List.of()));
                case RESOURCE_UNREF -> resources.remove(request.field(0));
                case RESOURCE_ATTACH_BACKING ->
                    resources.computeIfPresent(
                            request.field(0),
                            (id, old) -> old.entries().isEmpty() ? new Backed(old.width(), entries(request)) : old);
                case RESOURCE_DETACH_BACKING ->
                    resources.computeIfPresent(request.field(0), (id, old) -> new Backed(old.width(), List.of()));
                case TRANSFER_TO_HOST_2D -> transfer(request);
                case GET_DISPLAY_INFO, SET_SCANOUT, RESOURCE_FLUSH, GET_EDID, UPDATE_CURSOR, MOVE_CURSOR -> {
                    // They read nothing besides.
                }
            }
        });
    }

    private static List<MemoryEntry> entries(RequestFields request) {
        int most = (request.length() - RequestFields.ENTRIES_AT) / MemoryEntry.SIZE;
        int count = (int) Math.min(most, request.unsigned(1));
        List<MemoryEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new MemoryEntry(request.wide(2 + 4 * i), request.unsigned(4 + 4 * i)));
        }
        return entries;
    }

    private void transfer(RequestFields request) {
        Backed image = resources.get(request.field(6));
        if (image == null || image.width() == 0) {
            return;
        }
        long width = request.unsigned(2);
        long height = request.unsigned(3);
        long offset = request.wide(4);
        long end = image.entries().stream().mapToLong(MemoryEntry::length).sum();
        long stride = PIXEL_BYTES * image.width();
        // A device refuses rows that are longer than the image's, and what does not lie inside of the backing.
        if (width > image.width() || offset < 0) {
            return;
        }
        if (width == image.width()) {
            copy(image.entries(), offset, Math.min(end, offset + Math.min(stride * height, end)));
            return;
        }
        for (long row = 0; row < height && offset < end; row++) {
            copy(image.entries(), offset, Math.min(end, offset + PIXEL_BYTES * width));
            offset += stride;
        }
    }

    /** Copies the bytes of a backing from one offset to before another. */
    private void copy(List<MemoryEntry> entries, long from, long to) {
        long start = 0;
        for (MemoryEntry entry : entries) {
            long first = Math.max(from, start);
            long behind = Math.min(to, start + entry.length());
            if (first < behind) {
                copy(entry.address() + (first - start), behind - first);
            }
            start += entry.length();
            if (start >= to) {
                return;
            }
        }
    }

    private void copy(long address, long length) {
        if (!memory.contains(address, length) || !backing.contains(address, length)) {
            return;
        }
        byte[] piece = new byte[(int) Math.min(MOST_PIECE, length)];
        for (long done = 0; done < length; done += piece.length) {
            int count = (int) Math.min(piece.length, length - done);
            backing.read(address + done, piece, 0, count);
            memory.write(address + done, piece, 0, count);
        }
    }

    @Override
    public void reset() {
        resources.clear();
    }
}
