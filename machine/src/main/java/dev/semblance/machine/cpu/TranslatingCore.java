package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.translate.Effort;
import dev.semblance.machine.translate.RegionShape;
import dev.semblance.machine.translate.Translation;
import dev.semblance.machine.translate.Translator;
import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Executes translated regions where there are any, and interprets the rest. A block that is executed often becomes the start of a region: of
 * the blocks of its page that have run, as far as links that were taken lead.
 */
final class TranslatingCore implements ExecutionCore {

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    /** How often a block is executed before it is worth the while to look whether it was translated for another machine, or before it was dropped. */
    private static final int RECALL = 50;

    private static final int MAX_BUDGET = 1 << 30;

    private static final Translator.Client CLIENT = new Translator.Client() {
        @Override
        public Translation define(byte[] bytes) {
            try {
                return (Translation) MethodHandles.lookup()
                        .defineHiddenClass(bytes, true)
                        .lookupClass()
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a region that was made cannot be used", e);
            }
        }

        @Override
        public void warmUp(Translation made) {
            WarmUp.call((Region) made);
        }
    };

    /** A hart for regions to be called on. */
    private static final class WarmUp {
        private static final HartState STATE = new HartState(Isa.RV64GC);
        private static final Mmu MMU =
                new Mmu(STATE, new Ram(Ram.PAGE_SIZE), new Bus(), new CycleTimeline(), new Trap());

        static {
            STATE.sstatus = HartState.FS;
        }

        static void call(Region region) {
            region.run(STATE, MMU, 0, 0);
        }
    }

    private final HartState state;
    private final InstructionFetch fetch;
    private final Mmu mmu;
    private final Interpreter interpreter;
    private final Translator translator;
    private final Optional<RegionComparison> comparison;
    private final int threshold;
    private final long fullThreshold;

    /** Regions since all were dropped. */
    private int requested;

    TranslatingCore(HartState state, InstructionFetch fetch, Mmu mmu, Interpreter interpreter, Translator translator) {
        this.state = state;
        this.fetch = fetch;
        this.mmu = mmu;
        this.interpreter = interpreter;
        this.translator = translator;
        this.comparison = translator.options().compares()
                ? Optional.of(new RegionComparison(state, mmu, interpreter))
                : Optional.empty();
        this.threshold = translator.options().threshold();
        this.fullThreshold = translator.options().fullThreshold();
        Region.prepare();
    }

    @Override
    public void run(long until) {
        HartState state = this.state;
        BasicBlock block = interpreter.first();
        boolean interpret = false;
        while (block != null) {
            Region region = block.region;
            if (region != null && !interpret) {
                if (region.work >= fullThreshold) {
                    region.work = 0;
                    request(block, Effort.FULL);
                }
                int budget = (int) Math.min(until - state.cycle, MAX_BUDGET);
                int left = enter(region, budget);
                interpret = left < 0;
                int executed = budget - (interpret ? ~left : left);
                state.cycle += executed;
                region.work += executed;
                if (state.cycle >= until) {
                    return;
                }
                block = interpreter.first();
            } else {
                if (region == null && warm(block) && !interpret) {
                    continue;
                }
                interpret = false;
                block = interpreter.execute(block, until);
            }
        }
    }

    @Override
    public void runWatched(long until, Watching watching) {
        BasicBlock block = interpreter.first(watching);
        if (block == null) {
            return;
        }
        // A region can stop at no breakpoint; and it would go on after a fetch that touched a watchpoint.
        if (!watching.breaksInPage(state.pc) && !watching.isStopped() && (block.region != null || warm(block))) {
            Region region = block.region;
            int budget = (int) Math.min(until - state.cycle, MAX_BUDGET);
            int left = region == null ? ~budget : enter(region, budget);
            int executed = budget - (left < 0 ? ~left : left);
            state.cycle += executed;
            if (executed > 0) {
                return;
            }
        }
        interpreter.execute(block, until, watching);
    }

    private int enter(Region region, int budget) {
        long page = state.pc & PAGE;
        if (comparison.isPresent()) {
            return comparison.get().run(region, page, budget);
        }
        // A walk that writes to a page of code, this one perhaps, sets it to 0.
        mmu.blockEnd = 1;
        return region.run(state, mmu, page, budget);
    }

    @Override
    public void step() {
        interpreter.step();
    }

    /** Counts that a block is executed; returns whether a region is there for it all of a sudden. */
    private boolean warm(BasicBlock block) {
        int heat = ++block.heat;
        if (heat == threshold && !block.isTransient) {
            request(block, Effort.QUICK);
            return block.region != null;
        }
        if (heat == RECALL && !block.isTransient) {
            translator
                    .known(state.isa, fetch.codePage(state.pc), block.start)
                    .ifPresent(made -> block.region = (Region) made);
            return block.region != null;
        }
        return false;
    }

    /** Asks for a region. What is asked for is settled here and now, and only when it comes depends on who makes it. */
    private void request(BasicBlock entry, Effort effort) {
        if (requested == Translator.MAX_REGIONS) {
            // Whatever is executed often is translated soon again, this one too if it goes on in a loop.
            requested = 0;
            entry.heat = 0;
            fetch.forget();
            return;
        }
        byte[] page = fetch.codePage(state.pc);
        List<BasicBlock> entries = new ArrayList<>();
        RegionShape shape = shape(entry, fetch.blocksAt(state.pc), entries);
        boolean taken = translator.translate(page, entry.start, shape, effort, CLIENT, (start, made) -> {
            Region region = (Region) made;
            if (effort == Effort.FULL) {
                // There is nothing more to ask for.
                region.work = Long.MIN_VALUE;
            }
            // Of a page that has been written to since, the blocks are dropped: nobody comes to them any more.
            for (BasicBlock block : entries) {
                if (block.start == start) {
                    block.region = region;
                }
            }
        });
        if (taken) {
            requested++;
            // It does not ask again while it waits. What was refused counts from 0.
            entry.heat = threshold;
        }
    }

    private RegionShape shape(BasicBlock entry, @Nullable BasicBlock[] blocks, List<BasicBlock> entries) {
        RegionShape shape = new RegionShape(state.isa);
        shape.enterAt(entry.start);
        boolean[] seen = new boolean[Ram.PAGE_SIZE];
        Queue<BasicBlock> toAdd = new ArrayDeque<>();
        reach(entry, seen, toAdd);
        Region before = entry.region;
        if (before != null) {
            // What is made again is entered wherever it was.
            for (BasicBlock block : blocks) {
                if (block != null && before.equals(block.region)) {
                    shape.enterAt(block.start);
                    reach(block, seen, toAdd);
                }
            }
        }
        while (!toAdd.isEmpty()) {
            BasicBlock block = toAdd.remove();
            int[] offsets = offsets(block);
            if (shape.instructions() > 0
                    && shape.instructions() + shape.wouldAdd(block.start, offsets)
                            > translator.options().maxInstructions()) {
                continue;
            }
            shape.add(block.start, block.code, offsets);
            if (shape.isEntry(block.start)) {
                entries.add(block);
            }
            // It has its chance to become part of this one before it asks for one of its own.
            block.heat = 0;
            reach(block.fallthrough, seen, toAdd);
            reach(block.taken, seen, toAdd);
            int end = block.start + block.byteLength;
            if (comesBack(block.code[block.code.length - 1]) && end < Ram.PAGE_SIZE) {
                BasicBlock after = blocks[BlockCache.slot(end)];
                if (after != null) {
                    shape.enterAt(end);
                    reach(after, seen, toAdd);
                }
            }
        }
        return shape;
    }

    /** {@return whether control is likely to go on behind an instruction that takes it elsewhere: a call, or a system instruction} */
    private static boolean comesBack(long word) {
        int op = Decoded.op(word);
        return (op == Op.JAL || op == Op.JALR) && Decoded.rd(word) != Decoded.SINK || op > Op.JALR;
    }

    private static void reach(@Nullable BasicBlock block, boolean[] seen, Queue<BasicBlock> toAdd) {
        if (block != null && !seen[block.start]) {
            seen[block.start] = true;
            toAdd.add(block);
        }
    }

    private static int[] offsets(BasicBlock block) {
        int[] offsets = new int[block.code.length + 1];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = block.offset(i);
        }
        return offsets;
    }
}
