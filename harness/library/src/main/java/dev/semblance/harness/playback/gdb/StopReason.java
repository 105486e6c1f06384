package dev.semblance.harness.playback.gdb;

import dev.semblance.machine.cpu.Watchpoint;

/** Why a machine that a debugger moved came to a stop. */
public sealed interface StopReason {

    /** An instruction was gone over. */
    record Stepped() implements StopReason {}

    /** The instruction at pc has a breakpoint. */
    record AtBreakpoint() implements StopReason {}

    /**
     * A watchpoint was touched.
     *
     * @param point the watchpoint, as it was asked for
     * @param address the first byte of it that was touched
     */
    record AtWatchpoint(Watchpoint point, long address) implements StopReason {}

    /** The debugger's user wants to look. */
    record Interrupted() implements StopReason {}

    /** There is nothing before. */
    record AtStart() implements StopReason {}

    /** There is nothing after. */
    record AtEnd() implements StopReason {}
}
