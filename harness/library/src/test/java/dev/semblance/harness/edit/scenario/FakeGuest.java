package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioDriver;
import dev.semblance.harness.guest.scenario.StepFailure;
import dev.semblance.harness.record.session.RecordingRun.Outcome;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.time.Timeline.Lane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a guest does, without a machine: a shell that answers lines, a pointer, and a picture of everything that was done. It takes some time
 * for each, always the same.
 */
final class FakeGuest {

    static final long MS = 65_000;

    /** What is peculiar to a guest. */
    enum Habit {
        /** Nothing. */
        PLAIN,
        /** Motions that follow within 20 ms count double, and there is no cursor to be seen. */
        ACCELERATING,
        /** The picture has the second of the guest's clock in which the last input came. */
        CLOCK,
        /** The picture depends on the very cycle of the snapshot. */
        RESTLESS
    }

    private final Habit habit;
    private final CycleTimeline timeline = new CycleTimeline();
    private final EventSink trace;
    private Optional<ScenarioDriver> driver = Optional.empty();
    private final StringBuilder done = new StringBuilder();
    private final StringBuilder line = new StringBuilder();
    private int x = 500;
    private int y = 400;
    private long lastMotion = -1_000_000_000;
    private boolean over;
    private Optional<StepFailure> failure = Optional.empty();

    FakeGuest(Habit habit, EventSink trace) {
        this.habit = habit;
        this.trace = trace;
        later(50, () -> write("Welcome\r\n$ "));
        later(60, this::show);
    }

    private long now() {
        return timeline.now();
    }

    private void later(long ms, Runnable work) {
        timeline.schedule(now() + ms * MS, Lane.DEVICE, work);
    }

    private void write(String text) {
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            trace.accept(now(), new TraceEvent.ConsoleOutput(value));
            driver.ifPresent(d -> d.consoleOutput(value));
        }
    }

    private long picture() {
        return (done + " " + x + " " + y).hashCode();
    }

    private void show() {
        trace.accept(now(), new TraceEvent.Flush(0, 1024, 768, picture()));
        boolean cursor = habit != Habit.ACCELERATING;
        if (cursor) {
            trace.accept(now(), new TraceEvent.Cursor(0, OptionalLong.of(1), x, y, 0, 0));
        }
        driver.ifPresent(d -> {
            d.cursorShown(cursor ? Optional.of(new Pixel(0, x, y)) : Optional.empty());
            d.pictureShown(picture());
            d.flushed();
        });
    }

    void put(TraceEvent input) {
        trace.accept(now(), input);
        switch (input) {
            case TraceEvent.ConsoleInput bytes -> typed(new String(bytes.bytes(), StandardCharsets.UTF_8));
            case TraceEvent.Input report -> report.items().forEach(this::took);
            default -> throw new IllegalStateException("no input");
        }
        later(3, this::show);
    }

    private void typed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(c);
            later(1, () -> write(c == '\n' ? "\r\n" : String.valueOf(c)));
            if (c == '\n') {
                String shown = line.toString();
                String answer = "did " + line.toString().strip() + "\r\n$ ";
                line.setLength(0);
                later(700, () -> write(answer));
                // What a line does is shown long after its answer.
                later(1500, () -> {
                    done.append(shown);
                    show();
                });
            }
        }
    }

    private void took(InputItem item) {
        if (item.type() == EvdevCodes.EV_KEY) {
            done.append(item.code()).append(item.value());
            if (habit == Habit.CLOCK) {
                done.append(now() / (1000 * MS));
            }
            return;
        }
        int factor = habit == Habit.ACCELERATING && now() - lastMotion < 30 * MS ? 2 : 1;
        lastMotion = now();
        if (item.code() == EvdevCodes.REL_X) {
            x = Math.clamp(x + (long) factor * item.value(), 0, 1023);
        } else {
            y = Math.clamp(y + (long) factor * item.value(), 0, 767);
        }
    }

    void snapshot(String label) {
        long digest = picture() + (habit == Habit.RESTLESS ? now() : 0);
        trace.accept(now(), new TraceEvent.Snapshot(label, 0, 1024, 768, digest));
    }

    private void end(Reason reason) {
        snapshot(TraceEvent.Snapshot.END);
        trace.accept(now(), new TraceEvent.End(reason, 0, new byte[0]));
    }

    /** Lets somebody use it. What is done is given with its milliseconds. */
    static List<TraceEvent.Stamped> session(Habit habit, List<Deed> deeds) {
        List<TraceEvent.Stamped> events = new ArrayList<>();
        FakeGuest guest =
                new FakeGuest(habit, (cycle, event) -> events.add(new TraceEvent.Stamped(events.size(), cycle, event)));
        for (Deed deed : deeds) {
            guest.timeline.schedule(
                    deed.ms() * MS + deed.ms() % 7, Lane.HOST, () -> deed.act().accept(guest));
        }
        guest.timeline.schedule((deeds.getLast().ms() + 2000) * MS, Lane.HOST, () -> {
            guest.end(Reason.INTERRUPTED);
            guest.over = true;
        });
        guest.run(() -> false);
        return events;
    }

    /** Something that somebody does. */
    record Deed(long ms, Consumer<FakeGuest> act) {}

    /** Records a scenario. */
    static Outcome record(
            Habit habit, Scenario scenario, RecordedSession session, EventSink events, BooleanSupplier over) {
        FakeGuest guest = new FakeGuest(habit, events);
        ScenarioDriver driver = new ScenarioDriver(
                scenario, session.pointer(), session.gpu().displays(), guest.timeline, guest::carryOut);
        guest.driver = Optional.of(driver);
        driver.start();
        guest.run(over);
        Reason reason =
                guest.failure.isPresent() ? Reason.SCENARIO_FAILED : guest.over ? Reason.SCENARIO : Reason.INTERRUPTED;
        guest.end(reason);
        return new Outcome(reason, guest.now(), 0, guest.failure, Optional.empty(), List.of());
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.ConsoleInput input ->
                put(new TraceEvent.ConsoleInput(input.text().bytes()));
            case Effect.Report report ->
                put(new TraceEvent.Input(
                        report.port() == Effect.InputPort.KEYBOARD ? HandSessions.KEYBOARD : HandSessions.MOUSE,
                        report.items()));
            case Effect.ChangeDisplay change -> throw new IllegalStateException("has one display");
            case Effect.TakeSnapshot snapshot -> snapshot(snapshot.label());
            case Effect.Finish finish -> over = true;
            case Effect.Fail fail -> {
                failure = Optional.of(fail.failure());
                over = true;
            }
        }
    }

    private void run(BooleanSupplier stop) {
        while (!over && !stop.getAsBoolean() && timeline.nextDeadline() != CycleTimeline.NEVER) {
            timeline.setNow(timeline.nextDeadline());
            timeline.runDue();
        }
    }
}
