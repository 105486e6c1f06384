package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.bus.InterruptLine;
import dev.semblance.machine.fp.HostArithmetic;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.translate.Translator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One hart with S and U mode. It moves time: each instruction attempted is a cycle, and WFI skips to the next
 * deadline. Interrupts are sampled at deadlines and after every instruction that can change them, never at the whim of
 * a block's length, so that any execution core gives the same run.
 */
public final class Hart implements Stateful {

    private final HartState state;
    private final CycleTimeline timeline;
    private final Mmu mmu;
    private final SystemInstructions system;
    private final ExecutionCore core;

    /** Why {@link #run} came back. */
    public enum Stop {
        /** The limit was reached. */
        LIMIT,
        /** The hart waits for an interrupt, and nothing on the timeline can bring one. */
        IDLE,
        /** The guest does nothing any more but trap; see {@link #trapLoop}. It goes no further. */
        STUCK,
        /** Somebody watches, and something that they wait for has come: see {@link #pause}. */
        PAUSED
    }

    private final Ram ram;
    private final HartView view;
    private long limit;

    /** Looks for what is watched, while somebody watches. */
    private @Nullable Watching watching;

    private Optional<Pause> pause = Optional.empty();

    /**
     * Makes a hart in S-mode at pc 0, which interprets all that it executes.
     *
     * @param isa what it has
     * @param ram the memory
     * @param bus the devices
     * @param timeline moved by this hart alone from now on
     * @param environment answers ECALL from S-mode
     * @param mtime the machine timer, read at the timeline's current cycle
     */
    public Hart(Isa isa, Ram ram, Bus bus, CycleTimeline timeline, EnvironmentCall environment, LongSupplier mtime) {
        this(isa, ram, bus, timeline, environment, mtime, Optional.empty());
    }

    /**
     * Makes a hart in S-mode at pc 0.
     *
     * @param isa what it has
     * @param ram the memory
     * @param bus the devices
     * @param timeline moved by this hart alone from now on
     * @param environment answers ECALL from S-mode
     * @param mtime the machine timer, read at the timeline's current cycle
     * @param translator translates what is executed often; all is interpreted if there is none
     */
    public Hart(
            Isa isa,
            Ram ram,
            Bus bus,
            CycleTimeline timeline,
            EnvironmentCall environment,
            LongSupplier mtime,
            Optional<Translator> translator) {
        this.state = new HartState(isa);
        if (isa.hasFloat()) {
            HostArithmetic.requireIeee();
        }
        this.timeline = timeline;
        this.ram = ram;
        Trap trap = new Trap();
        this.mmu = new Mmu(state, ram, bus, timeline, trap);
        ControlRegisters registers = new ControlRegisters(state, mtime);
        this.view = new HartView(state, ram, registers);
        InstructionFetch fetch = new InstructionFetch(isa, mmu, ram, trap);
        this.system = new SystemInstructions(state, fetch, mmu, trap, this, environment, registers);
        Interpreter interpreter = new Interpreter(state, fetch, mmu, system, trap);
        this.core = translator
                .<ExecutionCore>map(t -> new TranslatingCore(state, fetch, mmu, interpreter, t))
                .orElse(interpreter);
        mmu.modeChanged();
    }

    /** {@return the guest-visible state} */
    public HartState state() {
        return state;
    }

    /** {@return the hart and memory as a debugger reads them} */
    public HartView view() {
        return view;
    }

    /** {@return the wire that sets sip.SEIP} */
    public InterruptLine externalInterrupt() {
        return level -> setPending(Cause.SUPERVISOR_EXTERNAL, level);
    }

    /** {@return the wire that sets sip.STIP} */
    public InterruptLine timerInterrupt() {
        return level -> setPending(Cause.SUPERVISOR_TIMER, level);
    }

    /** {@return the wire that sets sip.SSIP} */
    public InterruptLine softwareInterrupt() {
        return level -> setPending(Cause.SUPERVISOR_SOFTWARE, level);
    }

    private void setPending(int bit, boolean level) {
        state.sip = level ? state.sip | 1L << bit : state.sip & ~(1L << bit);
    }

    /**
     * Sets pc and the arguments with which a kernel is entered: a0 hart id, a1 device tree.
     *
     * @param pc the address of the first instruction
     * @param a0 register a0: the number of the hart
     * @param a1 register a1: the address of the device tree
     */
    public void enter(long pc, long a0, long a1) {
        state.pc = state.isa.canonical(pc);
        state.setX(10, a0);
        state.setX(11, a1);
    }

    /** Forgets address translations, as a remote SFENCE.VMA would. */
    public void flushTranslations() {
        mmu.flush();
    }

    /** {@return the trap with which it began that the hart is stuck} */
    public StuckTrap trapLoop() {
        return system.trapLoop().first();
    }

    /** {@return the illegal instructions of each mode so far; nothing of a mode in which there was none} */
    public List<IllegalInstruction.Series> illegalInstructions() {
        return system.illegalInstructions().seen();
    }

    /** Makes the hart wait for an interrupt after the current instruction, as WFI does. */
    public void suspend() {
        state.waiting = true;
    }

    /** Ends {@link #run} after the current instruction, or after one more if none is being executed. */
    public void stop() {
        limit = Math.min(limit, timeline.now() + 1);
    }

    /** Brings the timeline to the hart's cycle. */
    void syncTime() {
        timeline.setNow(state.cycle);
    }

    /**
     * Sets what the next runs are watched for. It is no part of the state.
     *
     * @param watch in place of what was set before
     */
    public void watch(Watch watch) {
        watching = watch.isNothing() ? null : new Watching(watch, state, ram);
        mmu.watch(watching);
    }

    /** {@return why the last run paused} To be asked for after {@link Stop#PAUSED}. */
    public Pause pause() {
        return pause.orElseThrow(() -> new IllegalStateException("no run has paused"));
    }

    /**
     * Runs until the cycle counter is {@code limitCycle}, or {@link #stop} was called, or the hart waits for ever, or something comes that is
     * {@linkplain #watch watched for}. What is due at the limit itself is not run: it belongs to the next call.
     *
     * @param limitCycle the cycle at which it stops at the latest
     * @return why it stopped
     */
    public Stop run(long limitCycle) {
        limit = limitCycle;
        boolean moved = false;
        while (true) {
            syncTime();
            if (touched() || moved && !state.waiting && comesTo(false)) {
                return Stop.PAUSED;
            }
            if (system.trapLoop().isStuck()) {
                return Stop.STUCK;
            }
            if (state.cycle >= limit) {
                return Stop.LIMIT;
            }
            timeline.runDue();
            if (touched()) {
                return Stop.PAUSED;
            }
            boolean wakes = state.waiting;
            if (wakes) {
                if (!system.interruptPending()) {
                    long deadline = timeline.nextDeadline();
                    if (deadline == CycleTimeline.NEVER && limit == limitCycle) {
                        return Stop.IDLE;
                    }
                    long wake = Math.min(deadline, limit);
                    state.unretired += wake - state.cycle;
                    state.cycle = wake;
                    continue;
                }
                state.waiting = false;
            }
            boolean interrupted = system.takeInterrupt();
            if ((wakes || interrupted) && comesTo(true)) {
                return Stop.PAUSED;
            }
            long until = Math.min(limit, timeline.nextDeadline());
            if (watching == null) {
                core.run(until);
            } else {
                core.runWatched(until, watching);
            }
            moved = true;
        }
    }

    /** {@return whether a watchpoint was touched that ends the run} */
    private boolean touched() {
        if (watching == null || !watching.isStopped()) {
            return false;
        }
        pause = watching.takeStop().map(Pause.AfterAccess::new);
        return true;
    }

    /** {@return whether the next instruction has a breakpoint} */
    private boolean comesTo(boolean afterDeadlines) {
        if (watching == null || !watching.breaksAt(state.pc)) {
            return false;
        }
        pause = Optional.of(new Pause.BeforeInstruction(state.pc, afterDeadlines));
        return true;
    }

    /** What goes into a digest is {@link HartState}; translations, the row of traps and the illegal instructions are saved besides. */
    @Override
    public void state(StateExchange s) {
        state.state(s);
        mmu.state(s);
        system.trapLoop().state(s);
        system.illegalInstructions().state(s);
    }
}
