package dev.semblance.machine.cpu;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sv32 (privileged architecture, 12.3) with the translations that the contract on {@link Mmu} says are kept, in the plainest
 * way: looked up at each access, fetches included, and with no idea of blocks, pages of code or slices. Nothing here comes
 * from the real one.
 */
final class ReferenceMmu {

    private record Slot(String mode, int accessFault, int set) {}

    private record Kept(int page, long frame) {}

    private record Superpage(String mode, int region) {}

    private final ByteBuffer memory;
    private final Map<Slot, Kept> kept = new HashMap<>();
    private final Set<Superpage> superpages = new HashSet<>();
    int satp;

    ReferenceMmu(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Returns the physical address of an access; which kind it is of is told by its access fault: 1, 5 or 7. */
    long translate(int address, int accessFault, boolean supervisor, int sstatus) {
        if (satp >= 0) {
            return Integer.toUnsignedLong(address);
        }
        String mode = supervisor ? (sstatus >> 18 & 1) == 0 ? "S" : "S with SUM" : "U";
        int page = address >>> 12;
        Slot slot = new Slot(mode, accessFault, page % 256);
        Kept found = kept.get(slot);
        if (found == null || found.page != page) {
            found = new Kept(page, walk(address, accessFault, mode, (sstatus >> 19 & 1) == 1));
            if (found.frame < memory.capacity() / 4096) {
                kept.put(slot, found);
            }
        }
        return found.frame * 4096 + (address & 0xfff);
    }

    private long walk(int address, int accessFault, String mode, boolean mxr) {
        int pageFault = accessFault == 1 ? 12 : accessFault + 8;
        long entry = (satp & 0x3f_ffffL) * 4096 + (address >>> 22) * 4L;
        int pte = read(entry, accessFault, address);
        boolean leaf = (pte & 0b1010) != 0;
        boolean large = leaf;
        if (!leaf) {
            if ((pte & 1) == 0 || (pte & 0b110) == 0b100) {
                throw new ReferenceHart.GuestException(pageFault, address);
            }
            entry = (pte >>> 10) * 4096L + (address >>> 12 & 0x3ff) * 4L;
            pte = read(entry, accessFault, address);
            leaf = (pte & 0b1010) != 0;
        }
        boolean user = (pte & 16) != 0;
        boolean allowed = leaf
                && (pte & 1) != 0
                && (pte & 0b110) != 0b100
                && !(large && (pte >>> 10 & 0x3ff) != 0)
                && (mode.equals("U") ? user : !user || mode.equals("S with SUM") && accessFault != 1)
                && switch (accessFault) {
                    case 1 -> (pte & 8) != 0;
                    case 5 -> (pte & 2) != 0 || mxr && (pte & 8) != 0;
                    default -> (pte & 4) != 0;
                };
        if (!allowed) {
            throw new ReferenceHart.GuestException(pageFault, address);
        }
        memory.putInt((int) entry, pte | 64 | (accessFault == 7 ? 128 : 0));
        if (large) {
            superpages.add(new Superpage(mode, address >>> 22));
        }
        long frame = Integer.toUnsignedLong(pte) >>> 10;
        return large ? frame + (address >>> 12 & 0x3ff) : frame;
    }

    private int read(long entry, int accessFault, int address) {
        if (entry >= memory.capacity()) {
            throw new ReferenceHart.GuestException(accessFault, address);
        }
        return memory.getInt((int) entry);
    }

    /** SFENCE.VMA without an address, and what amounts to it. */
    void fence() {
        kept.clear();
        superpages.clear();
    }

    /** SFENCE.VMA with an address. */
    void fence(int address) {
        int page = address >>> 12;
        kept.entrySet().removeIf(e -> {
            int other = e.getValue().page;
            boolean around =
                    superpages.contains(new Superpage(e.getKey().mode, page >>> 10)) && other >>> 10 == page >>> 10;
            return other == page || around;
        });
        superpages.removeIf(s -> s.region == page >>> 10);
    }
}
