package dev.semblance.harness.playback.gdb;

import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.Pause;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A machine that counts in a loop, and stores and loads the count; it goes back by going forward from the start. */
final class SmallMachine implements DebuggedMachine {

    /** Behind the first instruction, of the loop. */
    static final int LOOP = 4;

    static final int STORE = 8;
    static final int LOAD = 12;

    /** What is counted, from the first instruction on. */
    static final int COUNT = 0x1000;

    /** How long it is played. */
    static final long END = 1_000;

    private static final int[] PROGRAM = {
        0x0000_1517, // auipc a0, 1
        0x0016_8693, // loop: addi a3, a3, 1
        0x00d5_2023, // sw a3, 0(a0)
        0x0005_2603, // lw a2, 0(a0)
        0xff5f_f06f, // j loop
    };

    private final Machine machine;
    private final SavedState start;
    private final long end;

    SmallMachine(MachineModel model, long end) throws BadImageException {
        ByteBuffer image = ByteBuffer.allocate(4 * PROGRAM.length).order(ByteOrder.LITTLE_ENDIAN);
        image.asIntBuffer().put(PROGRAM);
        this.machine = new Machine(new MachineConfig(model, 1), value -> {});
        this.end = end;
        machine.start(new Boot.Bare(image.array()));
        start = machine.save();
    }

    Machine machine() {
        return machine;
    }

    private long cycle() {
        return machine.hart().cycle();
    }

    private void goTo(long cycle) {
        try {
            machine.watch(Watch.NOTHING);
            machine.load(start);
            machine.run(cycle);
        } catch (BadStateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public HartView view() {
        return machine.view();
    }

    @Override
    public StopReason step(BooleanSupplier interrupted) {
        if (interrupted.getAsBoolean()) {
            return new StopReason.Interrupted();
        }
        if (cycle() == end) {
            return new StopReason.AtEnd();
        }
        machine.run(cycle() + 1);
        return new StopReason.Stepped();
    }

    @Override
    public StopReason stepBack(BooleanSupplier interrupted) {
        if (cycle() == 0) {
            return new StopReason.AtStart();
        }
        goTo(cycle() - 1);
        return new StopReason.Stepped();
    }

    @Override
    public StopReason resume(Watch watch, BooleanSupplier interrupted) {
        machine.watch(watch);
        while (cycle() < end) {
            RunResult result = machine.run(Math.min(end, cycle() + 1_000_000));
            if (result instanceof RunResult.Paused paused) {
                if (paused.reason() instanceof Pause.AfterAccess) {
                    goTo(cycle() - 1);
                }
                return reason(watch, paused.reason());
            }
            if (interrupted.getAsBoolean()) {
                return new StopReason.Interrupted();
            }
        }
        return new StopReason.AtEnd();
    }

    private static StopReason reason(Watch watch, Pause pause) {
        return switch (pause) {
            case Pause.BeforeInstruction instruction -> new StopReason.AtBreakpoint();
            case Pause.AfterAccess access ->
                new StopReason.AtWatchpoint(
                        watch.watchpoints().getFirst(), access.event().physical());
        };
    }

    @Override
    public StopReason resumeBack(Watch watch, BooleanSupplier interrupted) {
        long from = cycle();
        long last = 0;
        Optional<StopReason> reason = Optional.empty();
        goTo(0);
        machine.watch(watch);
        while (machine.run(from) instanceof RunResult.Paused paused) {
            boolean isAccess = paused.reason() instanceof Pause.AfterAccess;
            if (cycle() < from || isAccess) {
                last = cycle();
                reason = Optional.of(reason(watch, paused.reason()));
            }
        }
        goTo(last);
        return reason.orElseGet(StopReason.AtStart::new);
    }

    @Override
    public String monitor(String command, BooleanSupplier interrupted) {
        return command.equals("much") ? "much\n".repeat(10_000) : "you said " + command + "\n";
    }
}
