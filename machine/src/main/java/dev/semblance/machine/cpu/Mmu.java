package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.CycleTimeline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hart's way to memory: translation by Sv32 or Sv39 (privileged architecture, 12.3 and 12.4), RAM through the TLB, devices
 * through the bus. The accessed and dirty bits of page table entries are set by hardware. Misaligned loads and stores of RAM
 * are done where {@link Isa#doesMisaligned}, and trap elsewhere; those of devices, and misaligned atomics, trap always.
 *
 * <p>Every access comes with the cycle at which its instruction runs; a device sees exactly that time.
 *
 * <h2>What a guest can see of translations, and what it cannot</h2>
 *
 * <p>The specification lets a hart keep translations until a fence and lets it walk again whenever it likes. A guest that
 * changes page tables without a fence, as Linux does when it ages pages, can tell the one from the other. So that there is
 * one run and not many, when the page table is walked is part of the machine: <b>walks, and the A and D bits they set, are
 * architectural events, a function of the instructions executed and of nothing else.</b>
 *
 * <ul>
 *   <li>There are three TLBs: for U-mode, for S-mode with SUM clear, and with SUM set. Each keeps 256
 *       translations (Sv39: 1,024) for fetches, as many for loads (LR too) and as many for stores (SC and AMOs too), each set
 *       direct-mapped by the low bits of the virtual page number.
 *   <li>An aligned access whose page is not in its set walks, once. A walk that leads to RAM is kept; one that leads elsewhere
 *       or faults is not. A misaligned access that traps does so before it is translated; one that is done
 *       looks up its first page, then its second, if it has one. SC is translated also when it fails.
 *   <li>A fetch takes place for every instruction, and so the set for fetches has the page that is being executed.
 *       An execution core need not look again until it leaves the page, the mode or SUM changes, or translations are dropped.
 *       An instruction that lies on two pages looks up the second after the first, each time.
 *   <li>A write to satp, a change of MXR, SFENCE.VMA with rs1=x0 and a remote fence drop all translations. SFENCE.VMA with an
 *       address drops the translations of its page; and those of the 4 MiB (Sv39: 1 GiB) around it in each TLB that used a
 *       superpage there since it last dropped them all. One with an address that Sv39 does not have drops nothing.
 *   <li>Nothing else drops one: no end of a slice, no interrupt, no deadline, no decoding or forgetting of code, no write to
 *       memory.
 * </ul>
 *
 * <p>{@link #translate} is the one place that asks for a walk. The shortcuts of {@link Tlb} and all that is decoded or
 * compiled can come and go at any time, since a missing one is found again from the kept translation.
 */
final class Mmu implements Stateful {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    private final HartState state;
    private final Isa isa;
    private final Ram ram;
    private final Bus bus;
    private final CycleTimeline timeline;
    private final PageTableWalker walker;
    private final Trap trap;
    final Tlbs tlbs;

    /** The way of translated code. */
    final RegionAccess regions;

    /** Of {@link #tlbs}, the one of the present mode. */
    Tlb tlb;

    /**
     * How many instructions of the current block to execute. The interpreter sets it at each block and compares with it
     * at each instruction; 0 ends the block after the current one, since a device was touched or code was written.
     */
    int blockEnd;

    /** Whether no store has a shortcut for long, so that each can be noted. */
    private boolean asksForEachStore;

    /** Takes note of what is changed, while somebody wants to know. */
    private @Nullable Changes changes;

    /** Is told of accesses, while somebody watches: only on the slow ways, which those to watched pages take. */
    private @Nullable Watching watching;

    Mmu(HartState state, Ram ram, Bus bus, CycleTimeline timeline, Trap trap) {
        this.state = state;
        this.ram = ram;
        this.bus = bus;
        this.timeline = timeline;
        this.trap = trap;
        this.isa = state.isa;
        TranslationScheme scheme = TranslationScheme.of(isa);
        this.walker = new PageTableWalker(state, scheme, ram, this::storeEntry, trap);
        this.tlbs = new Tlbs(scheme, ram.base());
        this.tlb = tlbs.of(state);
        this.regions = new RegionAccess(this, state, ram);
        ram.setSharingListener(tlbs);
        int granule = isa.xlen() / Byte.SIZE;
        ram.setWriteListener((address, length) -> {
            long reserved = state.reservation & -granule;
            if (state.reservation >= 0 && address < reserved + granule && reserved < address + length) {
                state.reservation = -1;
            }
            if (watching != null) {
                watching.deviceWrites(timeline.now(), address, length);
            }
        });
    }

    /**
     * Translations are saved, since they decide when the next walk comes; digests leave them out, since they follow from the run.
     * Decoded code is not: it is found again in RAM.
     */
    @Override
    public void state(StateExchange s) {
        tlbs.state(s);
        s.whenLoaded(() -> {
            tlbs.reconnect(s, ram);
            modeChanged();
            if (watching != null) {
                watching.takeStop();
            }
        });
    }

    // ---- translation state ------------------------------------------------------------------------------------

    /** To be called when the privilege mode or sstatus.SUM has changed. */
    void modeChanged() {
        tlb = tlbs.of(state);
    }

    /** Forgets all translations: SFENCE.VMA without an address, a write to satp, a change of sstatus.MXR. */
    void flush() {
        tlbs.flush();
    }

    /** Forgets the translations that the page table entry of an address gave: SFENCE.VMA with an address. */
    void flush(long address) {
        tlbs.flush(address);
    }

    // ---- loads --------------------------------------------------------------------------------------------------

    // The fast ways mask with the arrays' own lengths, powers of two, so that a JIT compiler leaves the bounds checks
    // out.

    /** LB; LBU masks the result. */
    int loadByte(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & PAGE)) {
            return pages[index & pages.length - 1][(int) address & 0xfff];
        }
        return (byte) loadSlowly(address, 1, now);
    }

    /** LH; LHU masks the result. */
    int loadShort(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 1))) {
            return (short) SHORT.get(pages[index & pages.length - 1], (int) address & 0xffe);
        }
        return (short) loadSlowly(address, 2, now);
    }

    /** LW. */
    int loadInt(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 3))) {
            return (int) INT.get(pages[index & pages.length - 1], (int) address & 0xffc);
        }
        return (int) loadSlowly(address, 4, now);
    }

    /** LD. */
    long loadLong(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 7))) {
            return (long) LONG.get(pages[index & pages.length - 1], (int) address & 0xff8);
        }
        return loadSlowly(address, 8, now);
    }

    /** Whatever missed the fast way, also an address of 32 bits whose sum has more: no tag is equal to such a one. */
    private long loadSlowly(long sum, int width, long now) throws Trap {
        long address = isa.canonical(sum);
        if ((address & width - 1) != 0) {
            return loadMisaligned(address, width, now);
        }
        accessing(now);
        long physical = translate(address, Access.LOAD);
        if (ram.contains(physical, width)) {
            openLoad(address, physical);
            return noted(address, physical, width, loadRam(physical, width));
        }
        timeline.setNow(now);
        blockEnd = 0;
        if (!bus.answers(physical, width)) {
            throw trap.with(Cause.LOAD_ACCESS_FAULT, address);
        }
        return bus.load(physical, width);
    }

    private long loadRam(long physical, int width) {
        return switch (width) {
            case 1 -> ram.getByte(physical);
            case 2 -> ram.getShort(physical);
            case 4 -> ram.getInt(physical);
            default -> ram.getLong(physical);
        };
    }

    private long loadMisaligned(long address, int width, long now) throws Trap {
        if (!isa.doesMisaligned()) {
            throw trap.with(Cause.LOAD_MISALIGNED, address);
        }
        accessing(now);
        int low = bytesInPage(address, width);
        long first = misaligned(address, low, Access.LOAD);
        if (low == width) {
            return noted(address, first, width, loadRam(first, width));
        }
        long behind = isa.canonical(address + low);
        long second = misaligned(behind, width - low, Access.LOAD);
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | ram.getByte(i < low ? first + i : second + i - low) & 0xff;
        }
        noted(address, first, low, value);
        noted(behind, second, width - low, value >>> 8 * low);
        return value;
    }

    /** {@return how many of the bytes from an address on lie in its page} */
    private static int bytesInPage(long address, int width) {
        return Math.min(width, Ram.PAGE_SIZE - ((int) address & ~(int) PAGE));
    }

    /** {@return the physical address of a part of a misaligned access, which must be RAM} */
    private long misaligned(long address, int length, Access access) throws Trap {
        long physical = translate(address, access);
        if (!ram.contains(physical, length)) {
            throw trap.with(access.accessFault(), address);
        }
        return physical;
    }

    // ---- stores -------------------------------------------------------------------------------------------------

    /** SB. */
    void storeByte(long address, int value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & PAGE)) {
            pages[index & pages.length - 1][(int) address & 0xfff] = (byte) value;
        } else {
            storeSlowly(address, 1, value, now);
        }
    }

    /** SH. */
    void storeShort(long address, int value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 1))) {
            SHORT.set(pages[index & pages.length - 1], (int) address & 0xffe, (short) value);
        } else {
            storeSlowly(address, 2, value, now);
        }
    }

    /** SW. */
    void storeInt(long address, int value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 3))) {
            INT.set(pages[index & pages.length - 1], (int) address & 0xffc, value);
        } else {
            storeSlowly(address, 4, value, now);
        }
    }

    /** SD. */
    void storeLong(long address, long value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 7))) {
            LONG.set(pages[index & pages.length - 1], (int) address & 0xff8, value);
        } else {
            storeSlowly(address, 8, value, now);
        }
    }

    /** As {@link #loadSlowly}. */
    private void storeSlowly(long sum, int width, long value, long now) throws Trap {
        long address = isa.canonical(sum);
        if ((address & width - 1) != 0) {
            storeMisaligned(address, width, value, now);
            return;
        }
        accessing(now);
        long physical = translate(address, Access.STORE);
        if (ram.contains(physical, width)) {
            note(address, physical, width, value);
            byte[] page = storeRam(physical, width, value);
            if (!watchesStores(address, physical)) {
                open(address, page);
            }
            return;
        }
        timeline.setNow(now);
        blockEnd = 0;
        if (!bus.answers(physical, width)) {
            throw trap.with(Cause.STORE_ACCESS_FAULT, address);
        }
        bus.store(physical, width, value);
    }

    /** Stores inside a page, whose bytes are returned. */
    private byte[] storeRam(long physical, int width, long value) {
        byte[] page = pageForStore(physical);
        int within = (int) physical & 0xfff;
        switch (width) {
            case 1 -> page[within] = (byte) value;
            case 2 -> SHORT.set(page, within, (short) value);
            case 4 -> INT.set(page, within, (int) value);
            default -> LONG.set(page, within, value);
        }
        return page;
    }

    private void storeMisaligned(long address, int width, long value, long now) throws Trap {
        if (!isa.doesMisaligned()) {
            throw trap.with(Cause.STORE_MISALIGNED, address);
        }
        accessing(now);
        int low = bytesInPage(address, width);
        long first = misaligned(address, low, Access.STORE);
        if (low == width) {
            note(address, first, width, value);
            storeRam(first, width, value);
            return;
        }
        // Nothing is stored before both pages let it.
        long behind = isa.canonical(address + low);
        long second = misaligned(behind, width - low, Access.STORE);
        note(address, first, low, value);
        note(behind, second, width - low, value >>> 8 * low);
        for (int i = 0; i < width; i++) {
            storeRam(i < low ? first + i : second + i - low, 1, value >> 8 * i);
        }
    }

    /**
     * {@return a page for the hart itself to write to} A write through {@link Ram#putInt} and its kin would count as a
     * device's, which ends a reservation; whether a store missed the TLB must not.
     */
    private byte[] pageForStore(long physical) {
        int page = ram.pageOf(physical);
        ram.announceWrite(page);
        return writablePage(page);
    }

    /** {@return a page for an instruction to write to, whose bytes are noted as they were if somebody wants to know} */
    byte[] writablePage(int page) {
        byte[] bytes = ram.writablePage(page);
        if (changes != null) {
            changes.beforeStore(page, bytes);
        }
        return bytes;
    }

    /** Stores what a walk changes. */
    private void storeEntry(long address, long physical, int size, long value) {
        if (watching != null && watching.updates(address, physical, size, value)) {
            blockEnd = 0;
        }
        if (changes != null) {
            changes.beforeWalkStores(ram.pageOf(physical), ram.writablePage(ram.pageOf(physical)));
        }
        storeRam(physical, size, value);
    }

    /** Gives stores whose translation is kept their shortcut. */
    void open(long address, byte[] bytes) {
        if (asksForEachStore) {
            tlb.openOnce(address, bytes);
        } else {
            tlb.open(address, bytes);
        }
    }

    // ---- atomics: RAM only --------------------------------------------------------------------------------------

    /** {@return the physical address of a word or doubleword in RAM for LR} */
    long atomicLoadAddress(long address, int width, long now) throws Trap {
        accessing(now);
        return atomicAddress(address, width, Access.LOAD, Cause.LOAD_MISALIGNED);
    }

    /** {@return the physical address of a word or doubleword in RAM for SC and the AMOs} */
    long atomicStoreAddress(long address, int width, long now) throws Trap {
        accessing(now);
        return atomicAddress(address, width, Access.STORE, Cause.STORE_MISALIGNED);
    }

    private long atomicAddress(long address, int width, Access access, int misaligned) throws Trap {
        if ((address & width - 1) != 0) {
            throw trap.with(misaligned, address);
        }
        long physical = translate(address, access);
        if (!ram.contains(physical, width)) {
            throw trap.with(access.accessFault(), address);
        }
        return physical;
    }

    /** {@return what LR or an AMO loads, sign-extended} */
    long loadAtomic(long address, long physical, int width) {
        return noted(address, physical, width, loadRam(physical, width));
    }

    /** Stores what an SC or an AMO does. */
    void storeAtomic(long address, long physical, int width, long value) {
        note(address, physical, width, value);
        storeRam(physical, width, value);
    }

    // ---- for who watches ------------------------------------------------------------------------------------------

    /** Has somebody told of accesses from now on, or nobody. */
    void watch(@Nullable Watching watching) {
        this.watching = watching;
        tlbs.closeAll();
        tlbs.hideLoads(watching != null && watching.watchesLoads());
    }

    private void accessing(long now) {
        if (watching != null) {
            watching.accessing(now);
        }
    }

    /** {@return what an instruction has loaded} */
    private long noted(long address, long physical, int length, long value) {
        if (watching != null && watching.loaded(address, physical, length, value)) {
            blockEnd = 0;
        }
        return value;
    }

    /** Notes what an instruction is about to store. */
    private void note(long address, long physical, int length, long value) {
        if (watching != null && watching.stores(address, physical, length, value)) {
            blockEnd = 0;
        }
    }

    /** {@return whether stores to a page of RAM are watched, so that each has to come by} */
    boolean watchesStores(long address, long physical) {
        return watching != null && watching.watchesStores(address, physical);
    }

    /** Gives a load whose translation is kept its shortcut, where it has none by itself. Returns whether it may have one. */
    boolean openLoad(long address, long physical) {
        if (watching == null || !watching.watchesLoads()) {
            return true;
        }
        boolean mayHaveOne = !watching.watchesLoads(address, physical);
        if (mayHaveOne) {
            tlb.openLoad(address);
        }
        return mayHaveOne;
    }

    /** {@return whether a region would walk for an access} It knows no cycle, and who watches wants to hear of it. */
    boolean wouldWalkUnseen(Tlb.Translations kept, long address) {
        return watching != null && !kept.has(address);
    }

    /** {@return whether something is done by which a page may be walked, and nothing else; if not, it is as if nothing had been done} */
    boolean doneOrTakenBack(BooleanSupplier something) {
        return changes == null ? something.getAsBoolean() : changes.onlyIf(something);
    }

    // ---- for who compares ---------------------------------------------------------------------------------------

    /** From now on each store can be noted, and takes longer. */
    void askForEachStore() {
        asksForEachStore = true;
        tlbs.closeAll();
    }

    /** {@return where it is noted what is changed from now on, until {@link #forgetChanges}} The mode must stay as it is. */
    Changes noteChanges() {
        changes = new Changes(tlb, ram);
        return changes;
    }

    void forgetChanges() {
        changes = null;
    }

    // ---- translation --------------------------------------------------------------------------------------------

    /** {@return the physical address of an access: as the TLB keeps it, or else as a walk finds it, which is kept} */
    long translate(long address, Access access) throws Trap {
        Tlb tlb = this.tlb;
        Tlb.Translations kept = switch (access) {
            case FETCH -> tlb.fetches;
            case LOAD -> tlb.loads;
            case STORE -> tlb.stores;
        };
        if (kept.has(address)) {
            return kept.physical(address);
        }
        if (changes != null) {
            changes.beforeWalk(address);
        }
        long physical = walker.walk(address, access);
        if (walker.usedSuperpage()) {
            tlb.superpageUsed(address);
        }
        if (ram.contains(physical, 1)) {
            int page = ram.pageOf(physical);
            switch (access) {
                case FETCH -> tlb.keepFetch(address, page);
                // A page of its own even for reading: the shared page of zeros would stay behind at the first write.
                case LOAD -> tlb.keepLoad(address, page, ram.residentPage(page));
                case STORE -> tlb.keepStore(address, page);
            }
        }
        return physical;
    }
}
