package dev.semblance.machine.translate;

/** The local variables of a region's method, by number. A {@code long} has two. */
final class Variables {

    // The method's own: itself, of which nothing is needed, and its parameters.
    static final int X = 0;
    static final int STATE = 1;
    static final int MMU = 2;
    static final int PAGE = 3;
    static final int BUDGET = 5;

    // Of the TLB.
    static final int LOAD_TAGS = 6;
    static final int LOAD_PAGES = 7;
    static final int STORE_TAGS = 8;
    static final int STORE_PAGES = 9;

    /** Where control goes on when the region is left. */
    static final int PC = 10;

    /** -1 if what is left of the budget is to be complemented, else 0. */
    static final int COMPLEMENT = 12;

    static final int ADDRESS = 13;
    static final int VALUE = 15;

    // Of floating point.
    static final int F = 17;
    static final int FCSR = 18;
    static final int DIRTY = 19;
    static final int FLAGS = 20;
    static final int ROUNDING = 21;

    static final int FIRST_X = 22;
    static final int FIRST_F = FIRST_X + 2 * 32;

    private Variables() {}
}
