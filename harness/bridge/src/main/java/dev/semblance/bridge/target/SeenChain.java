package dev.semblance.bridge.target;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chain as a driver has laid it out, read as a device would read it (VIRTIO 1.2, 2.7.5 and 2.7.13), as far as it can be
 * followed.
 *
 * @param queue the number of the virtqueue
 * @param head the index of the first descriptor, as the available ring has it
 * @param descriptors in order, those of a table of their own behind the one that points to it
 * @param places where each of the descriptors lies in guest memory
 */
public record SeenChain(int queue, int head, List<Descriptor> descriptors, List<Long> places) {

    private static final int NEXT_AT = 14;

    /** Copies the lists. */
    public SeenChain {
        descriptors = List.copyOf(descriptors);
        places = List.copyOf(places);
    }

    /** {@return the chain with this head, up to where it cannot be followed: no more descriptors than the queue has, and a table} */
    static SeenChain follow(GuestMemory memory, QueueLayout layout, int queue, int head) {
        List<Descriptor> descriptors = new ArrayList<>();
        List<Long> places = new ArrayList<>();
        long table = layout.descriptorTable();
        long entries = layout.size();
        long left = entries;
        int index = head;
        boolean inTable = false;
        boolean more = true;
        while (more && index < entries && left > 0) {
            long at = table + (long) Descriptor.SIZE * index;
            if (!memory.contains(at, Descriptor.SIZE)) {
                break;
            }
            Descriptor descriptor = new Descriptor(
                    index, memory.getLong(at), memory.getInt(at + 8) & 0xffff_ffffL, memory.getShort(at + 12) & 0xffff);
            descriptors.add(descriptor);
            places.add(at);
            left--;
            if (descriptor.isIndirect() && !inTable) {
                inTable = true;
                table = descriptor.address();
                entries = Math.min(descriptor.length() / Descriptor.SIZE, 0xffff);
                left = entries;
                index = 0;
            } else {
                more = (descriptor.flags() & Descriptor.NEXT) != 0;
                index = memory.getShort(at + NEXT_AT) & 0xffff;
            }
        }
        return new SeenChain(queue, head, descriptors, places);
    }

    /**
     * {@return the bytes of the readable part, as far as it lies in memory}
     *
     * @param memory guest memory
     * @param most how many at most
     */
    public byte[] request(GuestMemory memory, int most) {
        return bytes(memory, false, most);
    }

    /**
     * {@return the first bytes of the writable part, as far as it lies in memory}
     *
     * @param memory guest memory
     * @param most how many at most
     */
    public byte[] response(GuestMemory memory, long most) {
        return bytes(memory, true, most);
    }

    private byte[] bytes(GuestMemory memory, boolean writable, long most) {
        byte[] bytes = new byte[(int) Math.min(most, total(memory, writable))];
        int done = 0;
        for (Descriptor each : descriptors) {
            if (isPart(memory, each, writable)) {
                int count = (int) Math.min(bytes.length - done, each.length());
                memory.read(each.address(), bytes, done, count);
                done += count;
            }
        }
        return done == bytes.length ? bytes : Arrays.copyOf(bytes, done);
    }

    private long total(GuestMemory memory, boolean writable) {
        long total = 0;
        for (Descriptor each : descriptors) {
            total += isPart(memory, each, writable) ? each.length() : 0;
        }
        return Math.min(total, Integer.MAX_VALUE - 8);
    }

    /**
     * {@return where a byte of the readable part lies, or -1 where the part is shorter}
     *
     * @param memory guest memory
     * @param offset from the start of the part
     */
    public long addressOf(GuestMemory memory, int offset) {
        long skip = offset;
        for (Descriptor each : descriptors) {
            if (isPart(memory, each, false)) {
                if (skip < each.length()) {
                    return each.address() + skip;
                }
                skip -= each.length();
            }
        }
        return -1;
    }

    private static boolean isPart(GuestMemory memory, Descriptor each, boolean writable) {
        return !each.isIndirect()
                && each.isWritable() == writable
                && each.length() > 0
                && memory.contains(each.address(), each.length());
    }
}
