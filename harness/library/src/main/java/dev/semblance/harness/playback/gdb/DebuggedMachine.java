package dev.semblance.harness.playback.gdb;

import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.Watch;
import java.util.function.BooleanSupplier;

/**
 * A machine that a debugger looks at and moves in time. It cannot be changed. One thread at a time.
 *
 * <p>Where a watchpoint stops it, the access is yet to be gone over: going on, it stops before the instruction that makes the access, and going
 * back, behind it. That is what GDB expects of RISC-V, whose triggers fire before: it takes the watchpoint away and goes over the
 * instruction itself, to compare the values. Who goes on from there in the same direction without having moved goes over it too.
 */
public interface DebuggedMachine {

    /** {@return its hart and memory as they are now} */
    HartView view();

    /**
     * Goes on by an instruction.
     *
     * @param interrupted asked now and then whether to stop: before it, and on the way where that is long
     * @return {@link StopReason.Stepped}, or that it is at the end, or that it was interrupted and is where it was
     */
    StopReason step(BooleanSupplier interrupted);

    /**
     * Goes back by an instruction.
     *
     * @param interrupted as of {@link #step}
     * @return {@link StopReason.Stepped}, or that it is at the start, or that it was interrupted and is where it was
     */
    StopReason stepBack(BooleanSupplier interrupted);

    /**
     * Goes on, to a place that is watched for or to the end.
     *
     * @param watch breakpoints, and watchpoints that stop; the listener hears nothing
     * @param interrupted asked now and then whether to stop
     * @return why it stopped
     */
    StopReason resume(Watch watch, BooleanSupplier interrupted);

    /**
     * Goes back, to the last place that is watched for or to the start.
     *
     * @param watch breakpoints, and watchpoints that stop; the listener hears nothing
     * @param interrupted asked now and then whether to stop
     * @return why it stopped
     */
    StopReason resumeBack(Watch watch, BooleanSupplier interrupted);

    /**
     * Does what the debugger's user asks for by {@code monitor}.
     *
     * @param command what stands behind the word
     * @param interrupted asked now and then whether to stop, and to go back to where it was
     * @return what they see, lines that end with a line feed
     */
    String monitor(String command, BooleanSupplier interrupted);
}
