package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Watch} while a hart runs. The hart executes a block or a region at a time then, and looks in between whether to stop; pages with watchpoints have no
 * shortcuts, so {@link Mmu} comes by at each access to them.
 */
final class Watching {

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    private final Watch watch;
    private final HartState state;
    private final Isa isa;
    private final Ram ram;

    /** In order. */
    private final long[] breakpoints;

    private final List<Watchpoint> watchpoints;

    /** The pages of RAM that watchpoints are on by physical addresses, a bit each. */
    private final long[] physicalPages;

    /** Those of them of which loads are told. */
    private final long[] physicalPagesOfLoads;

    private final boolean watchesLoads;

    /** What is being executed, if it is not only being fetched, and where and when it began. */
    private @Nullable BasicBlock block;

    private long startPc;
    private long startCycle;

    /** That of the access that is being made. */
    private long accessCycle;

    /** The first access to a watchpoint that stops, until the run ends for it. */
    private Optional<MemoryEvent> stop = Optional.empty();

    Watching(Watch watch, HartState state, Ram ram) {
        this.watch = watch;
        this.state = state;
        this.isa = state.isa;
        this.ram = ram;
        this.breakpoints =
                watch.breakpoints().stream().mapToLong(isa::canonical).sorted().toArray();
        this.watchpoints = watch.watchpoints().stream().map(this::canonical).toList();
        this.watchesLoads = watchpoints.stream().anyMatch(Watchpoint::loads);
        this.physicalPages = pages(watchpoints);
        this.physicalPagesOfLoads =
                pages(watchpoints.stream().filter(Watchpoint::loads).toList());
    }

    private Watchpoint canonical(Watchpoint point) {
        return point.space() == AddressSpace.PHYSICAL
                ? point
                : new Watchpoint(
                        point.space(),
                        isa.canonical(point.address()),
                        point.length(),
                        point.loads(),
                        point.stores(),
                        point.stops());
    }

    private long[] pages(List<Watchpoint> points) {
        long[] bits = new long[(ram.pageCount() + 63) >>> 6];
        for (Watchpoint point : points) {
            long from = Math.max(point.address(), ram.base());
            long to = Math.min(point.address() + point.length(), ram.base() + ram.size());
            if (point.space() == AddressSpace.PHYSICAL && from < to) {
                for (int page = ram.pageOf(from); page <= ram.pageOf(to - 1); page++) {
                    bits[page >>> 6] |= 1L << page;
                }
            }
        }
        return bits;
    }

    // ---- breakpoints --------------------------------------------------------------------------------------------

    /** {@return whether the run ends before an instruction} */
    boolean breaksAt(long pc) {
        return watch.eachInstruction() || Arrays.binarySearch(breakpoints, pc) >= 0;
    }

    /** {@return whether the page of an instruction has breakpoints} */
    boolean breaksInPage(long pc) {
        if (watch.eachInstruction()) {
            return true;
        }
        int found = Arrays.binarySearch(breakpoints, pc & PAGE);
        int first = found < 0 ? ~found : found;
        return first < breakpoints.length && (breakpoints[first] & PAGE) == (pc & PAGE);
    }

    /** {@return how many instructions of a block to execute at once, 1 or more} */
    int instructions(BasicBlock block, long pc) {
        int length = block.code.length;
        if (stop.isPresent()) {
            return 1;
        }
        if (breaksInPage(pc)) {
            for (int i = 1; i < length; i++) {
                if (breaksAt(isa.canonical(pc + block.offset(i)))) {
                    return i;
                }
            }
        }
        return length;
    }

    // ---- where the hart is --------------------------------------------------------------------------------------

    /** To be called before an instruction is fetched. */
    void fetching() {
        block = null;
        accessCycle = state.cycle;
    }

    /** To be called before a block is executed that begins at pc. */
    void executing(BasicBlock next) {
        block = next;
        startPc = state.pc;
        startCycle = state.cycle;
    }

    /** To be called before an access of the block is translated. */
    void accessing(long now) {
        accessCycle = now;
    }

    private long pc() {
        return block == null ? state.pc : isa.canonical(startPc + block.offset((int) (accessCycle - startCycle)));
    }

    // ---- watchpoints --------------------------------------------------------------------------------------------

    /** {@return whether loads from some page are told} */
    boolean watchesLoads() {
        return watchesLoads;
    }

    /** {@return whether loads by a virtual address, which leads to a page of RAM, must come by here} */
    boolean watchesLoads(long virtual, long physical) {
        return watchesLoads && (has(physicalPagesOfLoads, physical) || watchesPage(virtual, true));
    }

    /** {@return the same for stores, and for the loads of AMOs, which take the way of stores} */
    boolean watchesStores(long virtual, long physical) {
        return has(physicalPages, physical) || watchesPage(virtual, false);
    }

    private boolean has(long[] pages, long physical) {
        int page = ram.pageOf(physical);
        return (pages[page >>> 6] & 1L << page) != 0;
    }

    private boolean watchesPage(long virtual, boolean loads) {
        for (Watchpoint point : watchpoints) {
            if (point.space() == AddressSpace.VIRTUAL
                    && (point.loads() || !loads)
                    && overlaps(point, virtual & PAGE, Ram.PAGE_SIZE)) {
                return true;
            }
        }
        return false;
    }

    private static boolean overlaps(Watchpoint point, long address, long length) {
        return Long.compareUnsigned(address - point.address(), point.length()) < 0
                || Long.compareUnsigned(point.address() - address, length) < 0;
    }

    /** Notes what an instruction loads. Returns whether the run ends after it. */
    boolean loaded(long virtual, long physical, int length, long value) {
        tell(
                true,
                virtual,
                physical,
                length,
                cycle -> new MemoryEvent.Load(
                        cycle, pc(), state.privilege, virtual, physical, length, value & mask(length)));
        return stop.isPresent();
    }

    /** Notes what an instruction is about to store. Returns whether the run ends after it. */
    boolean stores(long virtual, long physical, int length, long value) {
        tell(
                false,
                virtual,
                physical,
                length,
                cycle -> new MemoryEvent.Store(
                        cycle,
                        pc(),
                        state.privilege,
                        virtual,
                        physical,
                        length,
                        bytes(physical, length),
                        value & mask(length)));
        return stop.isPresent();
    }

    /** Notes what a walk is about to set. Returns whether the run ends after the instruction. */
    boolean updates(long translated, long physical, int length, long value) {
        tellPhysical(
                physical,
                length,
                cycle -> new MemoryEvent.PageTableUpdate(
                        cycle,
                        pc(),
                        state.privilege,
                        translated,
                        physical,
                        length,
                        bytes(physical, length),
                        value & mask(length)));
        return stop.isPresent();
    }

    /** Notes that a device or the host is about to write. */
    void deviceWrites(long now, long physical, long length) {
        if (length > 0) {
            tellPhysical(physical, length, ignored -> new MemoryEvent.DeviceWrite(now, physical, length));
        }
    }

    private void tell(boolean load, long virtual, long physical, long length, LongFunction<MemoryEvent> event) {
        boolean told = false;
        boolean stops = false;
        for (Watchpoint point : watchpoints) {
            long address = point.space() == AddressSpace.VIRTUAL ? virtual : physical;
            if ((load ? point.loads() : point.stores()) && overlaps(point, address, length)) {
                told = true;
                stops |= point.stops();
            }
        }
        tell(told, stops, event);
    }

    private void tellPhysical(long physical, long length, LongFunction<MemoryEvent> event) {
        boolean told = false;
        boolean stops = false;
        for (Watchpoint point : watchpoints) {
            if (point.space() == AddressSpace.PHYSICAL && point.stores() && overlaps(point, physical, length)) {
                told = true;
                stops |= point.stops();
            }
        }
        tell(told, stops, event);
    }

    private void tell(boolean told, boolean stops, LongFunction<MemoryEvent> made) {
        if (told) {
            MemoryEvent event = made.apply(accessCycle);
            if (stops && stop.isEmpty()) {
                stop = Optional.of(event);
            }
            watch.listener().accessed(event);
        }
    }

    private static long mask(int length) {
        return length == Long.BYTES ? -1 : (1L << 8 * length) - 1;
    }

    private long bytes(long physical, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | ram.getByte(physical + i) & 0xff;
        }
        return value;
    }

    /** {@return whether the run is to end for an access} */
    boolean isStopped() {
        return stop.isPresent();
    }

    /** {@return the access for which the run ends, if there is one; it is forgotten} */
    Optional<MemoryEvent> takeStop() {
        Optional<MemoryEvent> taken = stop;
        stop = Optional.empty();
        return taken;
    }
}
