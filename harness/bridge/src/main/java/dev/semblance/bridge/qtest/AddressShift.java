package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.RequestFields;
import dev.semblance.bridge.target.RingObserver;
import dev.semblance.bridge.target.SeenChain;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.machine.memory.GuestMemory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets RAM be elsewhere in the device's address space than in the driver's: every address that the device finds, in descriptors
 * and in the entries of RESOURCE_ATTACH_BACKING, is shifted for as long as a notification takes, and put back after it. What is
 * outside of RAM for the driver is outside of it for the device.
 */
final class AddressShift implements RingObserver {

    private final GuestMemory memory;
    private final long distance;
    private final Set<Long> places = new HashSet<>();
    private final List<Shifted> shifted = new ArrayList<>();

    /** A byte that was changed: its place, and what it was and is. */
    private record Shifted(long place, byte before, byte now) {}

    /**
     * Shifts.
     *
     * @param memory guest memory, by the driver's addresses
     * @param distance how much higher the device has it
     */
    AddressShift(GuestMemory memory, long distance) {
        this.memory = memory;
        this.distance = distance;
    }

    /** {@return the device's address for one of the driver's; one that would wrap stays, and is outside of RAM for both} */
    long apply(long address) {
        long moved = address + distance;
        return Long.compareUnsigned(moved, address) < 0 ? address : moved;
    }

    @Override
    public void offered(SeenChain chain) {
        if (distance == 0) {
            return;
        }
        byte[] bytes = chain.request(memory, RequestAssembler.MAX_BYTES);
        for (int i = 0; i < chain.descriptors().size(); i++) {
            long place = chain.places().get(i);
            // Of two chains that share a descriptor, the first shifts it.
            if (places.add(place)) {
                put(chain.descriptors().get(i).address(), place);
            }
        }
        RequestFields request = new RequestFields(bytes);
        if (request.command()
                .filter(CommandType.RESOURCE_ATTACH_BACKING::equals)
                .isPresent()) {
            for (int at = RequestFields.ENTRIES_AT; at + Long.BYTES <= bytes.length; at += MemoryEntry.SIZE) {
                entry(chain, request, at);
            }
        }
    }

    private void put(long address, long place) {
        long moved = apply(address);
        for (int i = 0; i < Long.BYTES; i++) {
            put(place + i, (byte) (moved >>> Byte.SIZE * i));
        }
    }

    private void put(long place, byte now) {
        shifted.add(new Shifted(place, memory.getByte(place), now));
        memory.putByte(place, now);
    }

    /** The bytes of an entry may lie in several buffers. */
    private void entry(SeenChain chain, RequestFields request, int at) {
        long moved = apply(request.wide((at - RequestFields.ENTRIES_AT) / Integer.BYTES + 2));
        for (int i = 0; i < Long.BYTES; i++) {
            long place = chain.addressOf(memory, at + i);
            if (place >= 0) {
                put(place, (byte) (moved >>> Byte.SIZE * i));
            }
        }
    }

    @Override
    public void settled() {
        for (Shifted each : shifted.reversed()) {
            // What the device has written meanwhile stays.
            if (memory.getByte(each.place()) == each.now()) {
                memory.putByte(each.place(), each.before());
            }
        }
        shifted.clear();
        places.clear();
    }
}
