package dev.semblance.harness.playback.gdb;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.machine.cpu.AddressSpace;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Pause;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.cpu.Watchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A playback as a debugger moves it. Going back is going forward from states that were kept, from one to the next, until there is a
 * stop among what was gone over; then to the last of these.
 */
public final class PlaybackDebugger implements DebuggedMachine {

    private final Playback playback;
    private final Monitor monitor;

    /** What the user asks for by {@code monitor}. */
    @FunctionalInterface
    public interface Monitor {

        /**
         * Does something with the playback, and tells of it.
         *
         * @param command what stands behind the word
         * @param progress told the cycle now and then by what takes long; what it throws is not to be caught
         * @return lines that end with a line feed
         */
        String run(String command, LongConsumer progress);

        /** {@return what else stops the machine besides what the debugger asks for} */
        default List<Watchpoint> watchpoints() {
            return List.of();
        }
    }

    /** Leaves a run that the user wants to end. */
    private static final class InterruptedRun extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InterruptedRun() {
            super("the user interrupts", null, false, false);
        }
    }

    /** A stop on the way, as one goes back to it. */
    private record Hit(Moment moment, boolean isAccess, boolean afterDeadlines, StopReason reason) {}

    /** Where an access stopped it that is yet to be gone over, and in which direction. */
    private record AtAccess(Moment moment, boolean forward) {}

    /** Until it is moved. */
    private Optional<AtAccess> atAccess = Optional.empty();

    /**
     * Makes one, where the playback is.
     *
     * @param playback moved by this alone while a debugger is there, and by the monitor
     * @param monitor for commands of the user
     */
    public PlaybackDebugger(Playback playback, Monitor monitor) {
        this.playback = playback;
        this.monitor = monitor;
    }

    @Override
    public HartView view() {
        return playback.machine().view();
    }

    @Override
    public StopReason step(BooleanSupplier interrupted) {
        return step(playback::stepForward, new StopReason.AtEnd(), interrupted);
    }

    @Override
    public StopReason stepBack(BooleanSupplier interrupted) {
        return step(playback::stepBack, new StopReason.AtStart(), interrupted);
    }

    private StopReason step(Predicate<LongConsumer> step, StopReason atEdge, BooleanSupplier interrupted) {
        Moment from = playback.now();
        try {
            stopIf(interrupted);
            atAccess = Optional.empty();
            return step.test(cycle -> stopIf(interrupted)) ? new StopReason.Stepped() : atEdge;
        } catch (InterruptedRun e) {
            playback.seek(from);
            return new StopReason.Interrupted();
        }
    }

    @Override
    public String monitor(String command, BooleanSupplier interrupted) {
        atAccess = Optional.empty();
        Moment from = playback.now();
        try {
            return monitor.run(command, cycle -> stopIf(interrupted));
        } catch (InterruptedRun e) {
            playback.machine().watch(Watch.NOTHING);
            playback.seek(from);
            return "interrupted; it is where it was\n";
        } catch (SemblanceException e) {
            return e.getMessage() + "\n";
        }
    }

    /** {@return whether it stopped here for an access in the same direction, which is to be gone over now} */
    private boolean leavesAccess(boolean forward) {
        boolean leaves = atAccess.equals(Optional.of(new AtAccess(playback.now(), forward)));
        atAccess = Optional.empty();
        return leaves;
    }

    private static void stopIf(BooleanSupplier interrupted) {
        if (interrupted.getAsBoolean()) {
            throw new InterruptedRun();
        }
    }

    private Watch withMonitors(Watch asked) {
        List<Watchpoint> points = new ArrayList<>(asked.watchpoints());
        points.addAll(monitor.watchpoints());
        return new Watch(asked.eachInstruction(), asked.breakpoints(), points, asked.listener());
    }

    // ---- forwards -----------------------------------------------------------------------------------------------

    @Override
    public StopReason resume(Watch asked, BooleanSupplier interrupted) {
        Watch watch = withMonitors(asked);
        long leaves = leavesAccess(true) ? playback.now().cycle() : -1;
        Moment end = playback.index().end();
        playback.machine().watch(watch);
        try {
            while (true) {
                Optional<Pause> pause = playback.playOn(end, cycle -> stopIf(interrupted));
                if (pause.isEmpty()) {
                    return new StopReason.AtEnd();
                }
                StopReason reason = reason(pause.get(), watch);
                if (!(pause.get() instanceof Pause.AfterAccess access)) {
                    return reason;
                }
                long cycle = access.event().cycle();
                if (cycle != leaves) {
                    playback.machine().watch(Watch.NOTHING);
                    playback.seek(playback.index().endOf(cycle));
                    atAccess = Optional.of(new AtAccess(playback.now(), true));
                    return reason;
                }
                stopIf(interrupted);
            }
        } catch (InterruptedRun e) {
            return new StopReason.Interrupted();
        } finally {
            playback.machine().watch(Watch.NOTHING);
        }
    }

    private StopReason reason(Pause pause, Watch watch) {
        return switch (pause) {
            case Pause.BeforeInstruction instruction -> new StopReason.AtBreakpoint();
            case Pause.AfterAccess access -> touched(access.event(), watch);
        };
    }

    /** {@return which watchpoint an access touched} Devices and walks touch those by physical addresses alone. */
    private StopReason touched(MemoryEvent event, Watch watch) {
        boolean loads = event instanceof MemoryEvent.Load;
        OptionalLong virtual = switch (event) {
            case MemoryEvent.Load load -> OptionalLong.of(load.virtual());
            case MemoryEvent.Store store -> OptionalLong.of(store.virtual());
            case MemoryEvent.PageTableUpdate update -> OptionalLong.empty();
            case MemoryEvent.DeviceWrite write -> OptionalLong.empty();
        };
        for (Watchpoint point : watch.watchpoints()) {
            boolean isPhysical = point.space() == AddressSpace.PHYSICAL;
            if ((loads ? point.loads() : point.stores()) && (isPhysical || virtual.isPresent())) {
                long address = isPhysical ? event.physical() : virtual.getAsLong();
                long start = isPhysical ? point.address() : view().state().isa().canonical(point.address());
                long inside = address - start;
                if (Long.compareUnsigned(inside, point.length()) < 0) {
                    return new StopReason.AtWatchpoint(point, address);
                }
                if (Long.compareUnsigned(-inside, event.length()) < 0) {
                    return new StopReason.AtWatchpoint(point, start);
                }
            }
        }
        throw new IllegalStateException("no watchpoint was touched by " + event);
    }

    // ---- back ---------------------------------------------------------------------------------------------------

    @Override
    public StopReason resumeBack(Watch asked, BooleanSupplier interrupted) {
        Watch watch = withMonitors(asked);
        boolean leaves = leavesAccess(false);
        Moment from = playback.now();
        try {
            Moment to = from;
            Moment first = playback.index().start();
            while (first.isBefore(to)) {
                Moment kept = playback.keptBefore(to);
                Optional<Hit> last = lastHit(
                        watch,
                        kept,
                        to,
                        hit -> hit.moment.isBefore(from) || hit.isAccess && !leaves && hit.moment.equals(from),
                        interrupted);
                if (last.isPresent()) {
                    return goTo(last.get(), watch);
                }
                to = kept;
            }
            playback.seek(first);
            return new StopReason.AtStart();
        } catch (InterruptedRun e) {
            playback.machine().watch(Watch.NOTHING);
            playback.seek(from);
            return new StopReason.Interrupted();
        } finally {
            playback.machine().watch(Watch.NOTHING);
        }
    }

    /** {@return the last stop from a moment on, at which a state is kept, to another, among those that count} */
    private Optional<Hit> lastHit(
            Watch watch, Moment kept, Moment to, Predicate<Hit> counts, BooleanSupplier interrupted) {
        playback.machine().watch(Watch.NOTHING);
        playback.visit(kept, cycle -> stopIf(interrupted));
        Optional<Hit> last = Optional.empty();
        if (kept.equals(playback.index().start()) && isBreakpoint(watch)) {
            // No run ever comes to where the first one begins.
            last = Optional.of(new Hit(kept, false, false, new StopReason.AtBreakpoint()));
        }
        playback.machine().watch(watch);
        while (true) {
            stopIf(interrupted);
            Optional<Pause> pause = playback.playOn(to, cycle -> stopIf(interrupted));
            if (pause.isEmpty()) {
                return last;
            }
            Hit hit = hit(pause.get(), watch);
            if (counts.test(hit)) {
                last = Optional.of(hit);
            }
        }
    }

    private boolean isBreakpoint(Watch watch) {
        long pc = view().state().pc();
        return watch.breakpoints().stream()
                .anyMatch(point -> view().state().isa().canonical(point) == pc);
    }

    private Hit hit(Pause pause, Watch watch) {
        StopReason reason = reason(pause, watch);
        return switch (pause) {
            case Pause.BeforeInstruction instruction ->
                new Hit(playback.now(), false, instruction.afterDeadlines(), reason);
            case Pause.AfterAccess access -> new Hit(playback.now(), true, false, reason);
        };
    }

    private StopReason goTo(Hit hit, Watch watch) {
        playback.machine().watch(Watch.NOTHING);
        playback.seek(hit.moment);
        if (hit.isAccess) {
            atAccess = Optional.of(new AtAccess(hit.moment, false));
        }
        if (hit.afterDeadlines) {
            // It is in the middle of a cycle, where an interrupt is taken or the hart wakes.
            playback.machine().watch(watch);
            playback.playOn(playback.index().end(), cycle -> {});
        }
        return hit.reason;
    }
}
