package dev.semblance.harness.playback.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.playback.TraceIndex.Landmark;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.cpu.AddressSpace;
import dev.semblance.machine.cpu.HartState;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Pause;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.cpu.Watchpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Forwards and back in the machine of a recording of Linux. */
class PlaybackDebuggerTests {

    private static final SessionConfig CONFIG =
            Recordings.linux(Recordings.BOOTARGS, 7).translatedBy(Optional.of(Translators.inBackground()));
    private static final int STVEC = 0x105;

    private static boolean never() {
        return false;
    }

    private final Playback playback = playback();
    private final PlaybackDebugger debugger =
            new PlaybackDebugger(playback, new MonitorCommands(Recordings.cursor(), playback));

    private static Playback playback() {
        try (TraceReader reader = TraceReader.open(Recordings.cursor())) {
            return new Playback(TraceIndex.of(reader), CONFIG);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where it stopped and why. */
    private record Stop(Moment moment, long pc, StopReason reason) {}

    private Stop stop(StopReason reason) {
        return new Stop(playback.now(), playback.machine().hart().pc(), reason);
    }

    private List<Stop> forward(Watch watch, int count) {
        List<Stop> stops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stops.add(stop(debugger.resume(watch, PlaybackDebuggerTests::never)));
        }
        return stops;
    }

    private List<Stop> back(Watch watch, int count) {
        List<Stop> stops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stops.add(stop(debugger.resumeBack(watch, PlaybackDebuggerTests::never)));
        }
        return stops;
    }

    private void goToTheMiddle() {
        playback.seek(playback.index().before(playback.index().end().cycle() / 2));
    }

    @Test
    void goingBackStopsWhereGoingForwardDidInTheOtherOrder() {
        goToTheMiddle();
        // The first instruction of the handler, to which interrupts come in the middle of a cycle, and wherever it is.
        HartState hart = playback.machine().hart();
        Watch watch = Watch.at(playback.machine().view().controlRegister(STVEC).orElseThrow(), hart.pc(), hart.x(1));
        List<Stop> there = forward(watch, 12);
        assertThat(there).extracting(Stop::reason).containsOnly(new StopReason.AtBreakpoint());
        assertThat(there).extracting(Stop::moment).isSorted();
        assertThat(back(watch, 11)).isEqualTo(there.subList(0, 11).reversed());
        assertThat(forward(watch, 11)).isEqualTo(there.subList(1, 12));
    }

    /** docs/ARCHITECTURE.md, "Watching": the law, for Linux to the end of a recording, whose digests a playback compares with. */
    @Test
    void aRecordingOfLinuxThatIsWatchedIsAsRecorded() {
        goToTheMiddle();
        HartState hart = playback.machine().hart();
        long handler = playback.machine().view().controlRegister(STVEC).orElseThrow();
        long stack = hart.x(2) & -4096;
        long page = playback.machine().view().translate(stack).orElseThrow();
        List<Watchpoint> points = List.of(
                new Watchpoint(AddressSpace.VIRTUAL, stack, 4096, true, true, false),
                new Watchpoint(AddressSpace.PHYSICAL, page - 4096, 4096, false, true, false));
        long[] heard = new long[1];
        playback.seek(Moment.START);
        // In the middle of the first instruction of the handler: its page is interpreted, and nothing ever comes there.
        playback.machine().watch(new Watch(false, List.of(handler + 2), points, event -> heard[0]++));
        assertThat(playback.playOn(playback.index().end(), cycle -> {})).isEmpty();
        assertThat(playback.now()).isEqualTo(playback.index().end());
        assertThat(heard[0]).isGreaterThan(1_000);
    }

    /** An interrupt comes between two instructions, in the middle of a cycle. */
    @Test
    void goingBackToAnInterruptStopsAtTheFirstInstructionOfItsHandler() {
        goToTheMiddle();
        long handler = playback.machine().view().controlRegister(STVEC).orElseThrow();
        Watch watch = Watch.at(handler);
        playback.machine().watch(watch);
        Optional<Pause> pause = Optional.empty();
        while (!pause.equals(Optional.of(new Pause.BeforeInstruction(handler, true)))) {
            pause = playback.playOn(playback.index().end(), cycle -> {});
            assertThat(pause).isPresent();
        }
        playback.machine().watch(Watch.NOTHING);
        Stop interrupt = stop(new StopReason.AtBreakpoint());
        assertThat(interrupt.pc).isEqualTo(handler);
        for (int i = 0; i < 3; i++) {
            playback.seek(playback.index().before(interrupt.moment.cycle() + 5));
            assertThat(stop(debugger.resumeBack(watch, PlaybackDebuggerTests::never)))
                    .isEqualTo(interrupt);
        }
        assertThat(debugger.stepBack(PlaybackDebuggerTests::never)).isEqualTo(new StopReason.Stepped());
        assertThat(playback.machine().hart().pc()).isNotEqualTo(handler);
    }

    @Test
    void goingBackToAWatchpointStopsBehindWhatTouchedItAndGoingForwardBeforeIt() {
        goToTheMiddle();
        long stack = playback.machine().hart().x(2) & -16;
        Watchpoint point = new Watchpoint(AddressSpace.VIRTUAL, stack - 64, 64, false, true, true);
        Watch watch = new Watch(false, List.of(), List.of(point), MemoryEvent.Listener.NOBODY);
        List<Stop> there = forward(watch, 6);
        assertThat(there)
                .allSatisfy(stop -> assertThat(stop.reason)
                        .isInstanceOfSatisfying(StopReason.AtWatchpoint.class, at -> {
                            assertThat(at.point()).isEqualTo(point);
                            assertThat(at.address() - point.address()).isBetween(0L, 63L);
                        }));
        debugger.step(PlaybackDebuggerTests::never);
        List<Stop> back = back(watch, 6);
        for (int i = 0; i < 6; i++) {
            Stop after = there.get(5 - i);
            Stop before = back.get(i);
            assertThat(before.reason).isEqualTo(after.reason);
            assertThat(before.moment.cycle()).isEqualTo(after.moment.cycle() + 1);
            assertThat(before.pc).isNotEqualTo(after.pc);
        }
    }

    @Test
    void theLogHasTwoEnds() {
        assertThat(debugger.stepBack(PlaybackDebuggerTests::never)).isEqualTo(new StopReason.AtStart());
        assertThat(debugger.resumeBack(Watch.NOTHING, PlaybackDebuggerTests::never))
                .isEqualTo(new StopReason.AtStart());
        long first = playback.machine().hart().pc();
        assertThat(debugger.step(PlaybackDebuggerTests::never)).isEqualTo(new StopReason.Stepped());
        playback.seek(playback.index().before(100_000));
        assertThat(debugger.resumeBack(Watch.at(first), PlaybackDebuggerTests::never))
                .isEqualTo(new StopReason.AtBreakpoint());
        assertThat(playback.now()).isEqualTo(Moment.START);
        playback.seek(playback.index().before(100_000));
        assertThat(debugger.resumeBack(Watch.NOTHING, PlaybackDebuggerTests::never))
                .isEqualTo(new StopReason.AtStart());
        assertThat(playback.now()).isEqualTo(Moment.START);
        assertThat(debugger.resume(Watch.NOTHING, PlaybackDebuggerTests::never)).isEqualTo(new StopReason.AtEnd());
        assertThat(playback.now()).isEqualTo(playback.index().end());
        assertThat(debugger.resume(Watch.NOTHING, PlaybackDebuggerTests::never)).isEqualTo(new StopReason.AtEnd());
        assertThat(debugger.step(PlaybackDebuggerTests::never)).isEqualTo(new StopReason.AtEnd());
    }

    @Test
    void whoInterruptsTheWayBackIsWhereTheyWere() {
        goToTheMiddle();
        Moment from = playback.now();
        assertThat(debugger.resumeBack(Watch.at(1), () -> true)).isEqualTo(new StopReason.Interrupted());
        assertThat(playback.now()).isEqualTo(from);
        assertThat(debugger.resume(Watch.at(1), () -> true)).isEqualTo(new StopReason.Interrupted());
        assertThat(from.isBefore(playback.now())).isTrue();
    }

    /** Says that the user interrupts when it is asked for the n-th time. */
    private static BooleanSupplier at(int count) {
        int[] asked = {0};
        return () -> ++asked[0] >= count;
    }

    @Test
    void whoInterruptsAStepOrTheMonitorIsWhereTheyWere() {
        goToTheMiddle();
        Moment from = playback.now();
        for (int count = 1; count < 3; count++) {
            assertThat(debugger.monitor("seek end", at(count))).isEqualTo("interrupted; it is where it was\n");
            assertThat(playback.now()).isEqualTo(from);
            assertThat(debugger.monitor("back flush", at(1))).isEqualTo("interrupted; it is where it was\n");
            assertThat(playback.now()).isEqualTo(from);
        }
        assertThat(debugger.step(at(1))).isEqualTo(new StopReason.Interrupted());
        assertThat(debugger.stepBack(at(1))).isEqualTo(new StopReason.Interrupted());
        assertThat(playback.now()).isEqualTo(from);
        assertThat(debugger.stepBack(at(2)))
                .as("on the way from the state before")
                .isEqualTo(new StopReason.Interrupted());
        assertThat(playback.now()).isEqualTo(from);
    }

    /** Whoever writes to a physical address: also a device, which has no instruction and no virtual address. */
    @Test
    void writesToPhysicalMemoryStopItWhoeverMakesThem() {
        playback.seek(playback.index().next(Landmark.FLUSH, Moment.START).orElseThrow());
        TraceEvent.Command flush = command(playback.index().passed(playback.now()) - 1);
        long response = flush.descriptors().getLast().address();
        String set = Text.format("watch-physical 0x%x 4", response);
        assertThat(say(set)).contains(Text.format("0x%x", response));
        Moment flushed = playback.now();
        assertThat(debugger.resumeBack(Watch.NOTHING, PlaybackDebuggerTests::never))
                .isInstanceOf(StopReason.AtWatchpoint.class);
        assertThat(playback.now()).as("behind the command").isEqualTo(flushed);
        StopReason again = debugger.resumeBack(Watch.NOTHING, PlaybackDebuggerTests::never);
        while (again instanceof StopReason.AtWatchpoint && !playback.now().isBefore(flushed)) {
            again = debugger.resumeBack(Watch.NOTHING, PlaybackDebuggerTests::never);
        }
        assertThat(playback.now()).isLessThan(flushed);
        assertThat(say("watch-physical off")).isEqualTo("nothing is watched by its physical address\n");
        playback.seek(flushed);
        assertThat(debugger.resumeBack(Watch.NOTHING, PlaybackDebuggerTests::never))
                .isEqualTo(new StopReason.AtStart());
        assertThat(say("watch-physical 0xf4000000")).isEqualTo("there is no RAM\n");
        assertThat(say("watch-physical 0 99999")).startsWith("up to 65,536 bytes");
        assertThat(say("watch-physical here")).startsWith("say an address");
    }

    private static TraceEvent.Command command(int event) {
        return (TraceEvent.Command) Recordings.events(Recordings.cursor()).stream()
                .skip(event)
                .map(TraceEvent.Stamped::event)
                .filter(TraceEvent.Command.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    private String say(String command) {
        return debugger.monitor(command, PlaybackDebuggerTests::never);
    }

    @Test
    void theMonitorSaysWhereItIsAndGoesElsewhere() throws IOException {
        assertThat(say("seek flush:2")).contains("events, in ").contains("maintenance flush");
        Moment flush = playback.now();
        assertThat(say("until flush")).startsWith("@");
        assertThat(flush.isBefore(playback.now())).isTrue();
        assertThat(say("back flush")).startsWith("@");
        assertThat(playback.now()).isEqualTo(flush);
        assertThat(say("when")).startsWith(flush.toString()).contains("mode, before ");
        assertThat(say("seek flush:99999")).contains("has no flush:99999; the nearest");
        assertThat(say("seek nowhere")).isNotEmpty();
        assertThat(playback.now()).isEqualTo(flush);
        assertThat(say("physical 0 32")).hasLineCount(2).startsWith("0x0: ");
        assertThat(say("physical 0xf4000000")).isEqualTo("there is no RAM\n");
        assertThat(say("physical x")).startsWith("say an address");
        assertThat(say("physical 0 99999")).startsWith("up to 4,096");
        assertThat(say("until dinner")).isEqualTo("say event, command or flush\n");
        assertThat(say("help")).contains("seek POSITION", "physical ADDRESS [LENGTH]");
        assertThat(say("\u001b[2J")).startsWith("there is no command \"\\u{1b}[2J\"\n");
    }
}
