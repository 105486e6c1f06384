package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;

/**
 * Walks page tables (privileged architecture, 12.3.2) and sets A, and D for a store, in leaves. When it is asked is {@link Mmu}'s
 * contract; it keeps nothing from one walk to the next.
 */
final class PageTableWalker {

    /** Stores a changed entry, as a store of the hart's own, on the way from a virtual address. */
    @FunctionalInterface
    interface EntryStore {
        void store(long address, long physical, int size, long value);
    }

    private static final int PTE_V = 1;
    private static final int PTE_R = 2;
    private static final int PTE_W = 4;
    private static final int PTE_X = 8;
    private static final int PTE_U = 16;
    private static final int PTE_A = 64;
    private static final int PTE_D = 128;
    private static final int PTE_PPN = 10;

    private final HartState state;
    private final TranslationScheme scheme;
    private final Ram ram;
    private final EntryStore entries;
    private final Trap trap;

    /** Whether the walk is for who only looks: permissions do not matter, and nothing is set. */
    private final boolean looks;

    private boolean usedSuperpage;

    PageTableWalker(HartState state, TranslationScheme scheme, Ram ram, EntryStore entries, Trap trap) {
        this(state, scheme, ram, entries, trap, false);
    }

    private PageTableWalker(
            HartState state, TranslationScheme scheme, Ram ram, EntryStore entries, Trap trap, boolean looks) {
        this.state = state;
        this.scheme = scheme;
        this.ram = ram;
        this.entries = entries;
        this.trap = trap;
        this.looks = looks;
    }

    /** {@return one that finds pages whatever their permissions are, and sets nothing} */
    static PageTableWalker ofDebugger(HartState state, TranslationScheme scheme, Ram ram) {
        return new PageTableWalker(state, scheme, ram, (address, physical, size, value) -> {}, new Trap(), true);
    }

    /** {@return whether the last walk ended at a leaf that maps more than a page} */
    boolean usedSuperpage() {
        return usedSuperpage;
    }

    /** {@return the physical address that the page table of satp has for an access, or that the access has itself} */
    long walk(long address, Access access) throws Trap {
        usedSuperpage = false;
        if (scheme.isBare(state.satp)) {
            return scheme.untranslated(address);
        }
        if (!scheme.isAddress(address)) {
            throw trap.with(access.pageFault(), address);
        }
        int entrySize = scheme.entrySize();
        long table = scheme.physicalPage(state.satp);
        for (int level = scheme.levels() - 1; level >= 0; level--) {
            long entry = table + (long) entrySize * scheme.index(address, level);
            if (!ram.contains(entry, entrySize)) {
                throw trap.with(access.accessFault(), address);
            }
            long pte = entrySize == Integer.BYTES ? ram.getInt(entry) : ram.getLong(entry);
            boolean leaf = (pte & (PTE_R | PTE_X)) != 0;
            if ((pte & PTE_V) == 0 || (pte & (PTE_R | PTE_W)) == PTE_W || scheme.isReserved(pte, leaf)) {
                throw trap.with(access.pageFault(), address);
            }
            long base = scheme.physicalPage(pte >> PTE_PPN);
            if (leaf) {
                long inside = (1L << scheme.shift(level)) - 1;
                boolean misalignedSuperpage = (base & inside) != 0;
                if (misalignedSuperpage || !looks && !allows(pte, access)) {
                    throw trap.with(access.pageFault(), address);
                }
                long wanted = pte | PTE_A | (access == Access.STORE ? PTE_D : 0);
                if (wanted != pte) {
                    entries.store(address, entry, entrySize, wanted);
                }
                usedSuperpage = level != 0;
                return base | address & inside;
            }
            table = base;
        }
        throw trap.with(access.pageFault(), address);
    }

    private boolean allows(long pte, Access access) {
        boolean userPage = (pte & PTE_U) != 0;
        boolean modeAllows = switch (state.privilege) {
            case USER -> userPage;
            case SUPERVISOR -> !userPage || access != Access.FETCH && (state.sstatus & HartState.SUM) != 0;
        };
        return modeAllows
                && switch (access) {
                    case FETCH -> (pte & PTE_X) != 0;
                    case LOAD -> (pte & PTE_R) != 0 || (pte & PTE_X) != 0 && (state.sstatus & HartState.MXR) != 0;
                    case STORE -> (pte & PTE_W) != 0;
                };
    }
}
