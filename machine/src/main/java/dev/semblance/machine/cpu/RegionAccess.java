package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;

/**
 * What regions ask of {@link Mmu} for accesses that have no shortcut. Nothing is reached but RAM, and what cannot be done is left as it is, for the interpreter.
 */
final class RegionAccess {

    private final Mmu mmu;
    private final HartState state;
    private final Isa isa;
    private final Ram ram;

    RegionAccess(Mmu mmu, HartState state, Ram ram) {
        this.mmu = mmu;
        this.state = state;
        this.isa = state.isa;
        this.ram = ram;
    }

    /**
     * Translates for a load that has no shortcut, at the place where {@link Mmu#loadInt} and its kin would.
     *
     * @return whether the shortcut is there now; if not, the access is to be made by one of them, which finds the translation kept, or fails as this did
     */
    boolean fillLoad(long sum, int width) {
        return mmu.doneOrTakenBack(() -> canFillLoad(sum, width));
    }

    private boolean canFillLoad(long sum, int width) {
        long address = isa.canonical(sum);
        if ((address & width - 1) != 0 || mmu.wouldWalkUnseen(mmu.tlb.loads, address)) {
            return false;
        }
        try {
            long physical = mmu.translate(address, Access.LOAD);
            return ram.contains(physical, width) && mmu.blockEnd != 0 && mmu.openLoad(address, physical);
        } catch (Trap trap) {
            return false;
        }
    }

    /** The same for a store. To a page with decoded code there is no shortcut, nor to one that is watched. */
    boolean fillStore(long sum, int width) {
        return mmu.doneOrTakenBack(() -> canFillStore(sum, width));
    }

    private boolean canFillStore(long sum, int width) {
        long address = isa.canonical(sum);
        if ((address & width - 1) != 0 || mmu.wouldWalkUnseen(mmu.tlb.stores, address)) {
            return false;
        }
        try {
            long physical = mmu.translate(address, Access.STORE);
            if (!ram.contains(physical, width)
                    || mmu.blockEnd == 0
                    || ram.isWatched(ram.pageOf(physical))
                    || mmu.watchesStores(address, physical)) {
                return false;
            }
            mmu.open(address, mmu.writablePage(ram.pageOf(physical)));
            return true;
        } catch (Trap trap) {
            return false;
        }
    }

    /** The same for SC. One that fails stores nothing, so it needs no shortcut, and no page comes into being for it. */
    boolean fillConditionalStore(long sum, int width) {
        return mmu.doneOrTakenBack(() -> canFillConditionalStore(sum, width));
    }

    private boolean canFillConditionalStore(long sum, int width) {
        long address = isa.canonical(sum);
        if ((address & width - 1) != 0 || mmu.wouldWalkUnseen(mmu.tlb.stores, address)) {
            return false;
        }
        try {
            long physical = mmu.translate(address, Access.STORE);
            return physical == state.reservation
                    ? canFillStore(sum, width)
                    : ram.contains(physical, width) && mmu.blockEnd != 0;
        } catch (Trap trap) {
            return false;
        }
    }

    /** {@return the physical address of what was just loaded} */
    long loadedFrom(long address) {
        return mmu.tlb.loads.physical(address);
    }

    /** {@return the physical address of what is about to be stored} */
    long storedTo(long address) {
        return mmu.tlb.stores.physical(address);
    }
}
