package dev.semblance.machine.cpu;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a hart is seen to do that goes cycle by cycle, up to where it waits or may be interrupted: nobody tells of an access, each is found out by decoding the
 * instruction before it is executed, doing its translations one by one, and comparing memory.
 */
final class SteppedHart {

    /** How much of memory is looked at, from 0 on. */
    static final int SEEN = 0x1_0000;

    private final TestHart hart;
    private final HartState state;
    private final Mmu mmu;
    private final InstructionFetch fetch;
    private final List<MemoryEvent> accesses = new ArrayList<>();
    private final List<Long> pcs = new ArrayList<>();
    private byte[] memory = new byte[SEEN];
    private int end;

    private SteppedHart(TestHart hart) {
        this.hart = hart;
        this.state = hart.state;
        this.mmu = (Mmu) field(hart.hart, "mmu");
        this.fetch = (InstructionFetch) field(field(hart.hart, "core"), "fetch");
    }

    private static Object field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static SteppedHart run(TestHart hart, int length) {
        SteppedHart stepped = new SteppedHart(hart);
        boolean moves = true;
        while (moves && stepped.end < length && !hart.state.waiting && (hart.state.sip & hart.state.sie) == 0) {
            moves = stepped.step();
        }
        return stepped;
    }

    /** Returns the accesses, but for those of devices. */
    List<MemoryEvent> accesses() {
        return accesses;
    }

    /** Returns where the hart is at each cycle. */
    List<Long> pcs() {
        return pcs;
    }

    /** Returns the cycle up to which this is so. */
    int end() {
        return end;
    }

    private byte[] memory() {
        byte[] bytes = new byte[SEEN];
        hart.ram.read(0, bytes, 0, SEEN);
        return bytes;
    }

    /** Returns whether the hart is not stuck. */
    private boolean step() {
        hart.timeline.setNow(state.cycle);
        hart.timeline.runDue();
        memory = memory();
        List<MemoryEvent> ofInstruction = new ArrayList<>();
        if (translates(state.pc, Access.FETCH) && fetches()) {
            MemoryAccess.of(state, fetch.codeAt(state.pc)).ifPresent(access -> {
                if (reaches(access)) {
                    ofInstruction.addAll(parts(access));
                }
            });
        }
        long pc = state.pc;
        long retired = state.instret();
        if (hart.hart.run(end + 1) != Hart.Stop.LIMIT) {
            return false;
        }
        pcs.add(pc);
        end++;
        if (state.instret() > retired && !ofInstruction.isEmpty()) {
            byte[] after = memory();
            ofInstruction.forEach(event -> accesses.add(withValue(event, after)));
        }
        return true;
    }

    /** Looks up the second half of an instruction that lies on two pages. Returns whether there is an instruction. */
    private boolean fetches() {
        boolean atTheEnd = (state.pc & 0xfff) == 0xffe;
        boolean isLong = !state.isa.hasCompressed() || (hart.ram.getByte(mmu.tlb.fetches.physical(state.pc)) & 3) == 3;
        return !atTheEnd || !isLong || translates(state.isa.canonical(state.pc + 2), Access.FETCH);
    }

    /** Does the translations of an access where the instruction would. Returns whether it comes to RAM. */
    private boolean reaches(MemoryAccess access) {
        boolean isAligned = (access.address() & access.width() - 1) == 0;
        boolean isAtomic = access.loads() == access.stores() || isLrOrSc();
        boolean isOff = usesFloat(access) && (state.sstatus & HartState.FS) == 0;
        if (isOff || !isAligned && (isAtomic || !state.isa.doesMisaligned())) {
            return false;
        }
        Access kind = access.stores() ? Access.STORE : Access.LOAD;
        int low = low(access);
        return translates(access.address(), kind)
                && (low == access.width() || translates(state.isa.canonical(access.address() + low), kind));
    }

    private static int low(MemoryAccess access) {
        return Math.min(access.width(), 0x1000 - (int) (access.address() & 0xfff));
    }

    private static boolean usesFloat(MemoryAccess access) {
        return access.destination()
                .or(access::source)
                .map(MemoryAccess.Register::isFloat)
                .orElse(false);
    }

    private boolean isLrOrSc() {
        int bits = fetch.codeAt(state.pc);
        return (bits & 0x7f) == 0x2f && (bits >>> 28 & 0xf) == 1;
    }

    private boolean isSc() {
        return isLrOrSc() && (fetch.codeAt(state.pc) >>> 27 & 1) != 0;
    }

    /** Translates, and adds what the walk changes. Returns whether it leads to RAM. */
    private boolean translates(long address, Access kind) {
        Tlb.Translations kept = switch (kind) {
            case FETCH -> mmu.tlb.fetches;
            case LOAD -> mmu.tlb.loads;
            case STORE -> mmu.tlb.stores;
        };
        if (kept.has(address)) {
            return true;
        }
        boolean isRam;
        try {
            isRam = hart.ram.contains(mmu.translate(address, kind), 1);
        } catch (Trap trap) {
            isRam = false;
        }
        byte[] after = memory();
        int size = state.isa.xlen() / 8;
        int changed = Arrays.mismatch(memory, after);
        if (changed >= 0) {
            long entry = changed & -size;
            accesses.add(new MemoryEvent.PageTableUpdate(
                    state.cycle,
                    state.pc,
                    state.privilege,
                    address,
                    entry,
                    size,
                    value(memory, entry, size),
                    value(after, entry, size)));
        }
        memory = after;
        return isRam;
    }

    /** Returns what the instruction does to memory if it does not trap. */
    private List<MemoryEvent> parts(MemoryAccess access) {
        List<MemoryEvent> parts = new ArrayList<>();
        int low = low(access);
        if (isSc() && state.reservation != mmu.tlb.stores.physical(access.address())) {
            return parts;
        }
        for (int part = 0; part < (low < access.width() ? 2 : 1); part++) {
            long virtual = state.isa.canonical(access.address() + (part == 0 ? 0 : low));
            int length = part == 0 ? low : access.width() - low;
            long physical = (access.stores() ? mmu.tlb.stores : mmu.tlb.loads).physical(virtual);
            if (physical >= SEEN) {
                continue;
            }
            long before = value(memory, physical, length);
            if (access.loads()) {
                parts.add(new MemoryEvent.Load(
                        state.cycle, state.pc, state.privilege, virtual, physical, length, before));
            }
            if (access.stores()) {
                parts.add(new MemoryEvent.Store(
                        state.cycle, state.pc, state.privilege, virtual, physical, length, before, 0));
            }
        }
        return parts;
    }

    private static MemoryEvent withValue(MemoryEvent event, byte[] after) {
        return event instanceof MemoryEvent.Store store
                ? new MemoryEvent.Store(
                        store.cycle(),
                        store.pc(),
                        store.privilege(),
                        store.virtual(),
                        store.physical(),
                        store.length(),
                        store.before(),
                        value(after, store.physical(), (int) store.length()))
                : event;
    }

    private static long value(byte[] bytes, long at, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[(int) at + i] & 0xff;
        }
        return value;
    }
}
