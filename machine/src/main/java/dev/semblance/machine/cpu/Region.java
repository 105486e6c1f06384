package dev.semblance.machine.cpu;

import dev.semblance.machine.translate.Translation;

/**
 * Translated code of one page. It has no state of a machine, knows no virtual address and raises no trap: it reaches RAM, never a device, and stops in front of
 * whatever else there is to do. So one region serves every machine, mode and address at which a page with those bytes is mapped.
 */
abstract class Region extends Translation {

    /**
     * How many instructions were executed here since it was last asked whether they are enough for more effort. All machines count together, each on
     * its own thread and none exactly: it says when code is optimized, which nothing depends on.
     */
    long work;

    /**
     * Executes from the place at which the region begins, which is where pc is, until control leaves it. Moves pc and the registers; the caller
     * moves the cycle counter.
     *
     * @param state the hart
     * @param mmu its memory; {@link Mmu#blockEnd} is not 0
     * @param page the virtual address of the page
     * @param budget how many instructions may be executed
     * @return what is left of the budget; or the complement of that, if the instruction at pc is one that has to be interpreted, or if the budget is
     *     too small for what comes next
     */
    abstract int run(HartState state, Mmu mmu, long page, int budget);

    /** Two that are there from the beginning, so that no JIT compiler takes the first that is made for the only one there is. */
    private static final class First extends Region {
        @Override
        int run(HartState state, Mmu mmu, long page, int budget) {
            return ~budget;
        }
    }

    private static final class Second extends Region {
        @Override
        int run(HartState state, Mmu mmu, long page, int budget) {
            return -1 - budget;
        }
    }

    /** Loads the classes of the two. */
    static void prepare() {
        new First();
        new Second();
    }
}
