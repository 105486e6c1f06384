package dev.semblance.machine.translate;

/**
 * How much the JVM's compilers are to do for a region. What it does is the same. The two have classes of different names, so that options of the JVM can
 * speak of one kind alone.
 */
public enum Effort {

    /** Compiled fast, for what is executed often. */
    QUICK,

    /** Optimized, for what is executed so often that it pays. */
    FULL
}
