package dev.semblance.harness.edit.scenario;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.harness.guest.scenario.UsKeyboard;
import dev.semblance.harness.record.session.Devices;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.time.Timeline.Lane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;

/**
 * Somebody in front of a guest, with hands that are never in time: keys are held for 50 to 140 ms and roll over, the mouse reports
 * at 125 Hz on curves, and between two things to do there are seconds. All of it comes from a seed. What is to be done is said
 * first, and done when the guest is ready for it.
 */
final class Person {

    /** Something done, at a time in milliseconds since the person began. */
    private record Deed(double time, long order, Runnable act) {}

    private final Random random;
    private final String ready;
    private final Queue<Deed> deeds =
            new PriorityQueue<>(Comparator.comparingDouble(Deed::time).thenComparingLong(Deed::order));
    private final ArrayDeque<Character> heard = new ArrayDeque<>();
    private double time;
    private long order;
    private Optional<Session> session = Optional.empty();
    private long msCycles;
    private boolean over;

    /**
     * Makes one.
     *
     * @param ready what the guest writes when one can begin
     */
    Person(long seed, String ready) {
        this.random = new Random(seed);
        this.ready = ready;
    }

    private double between(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    private void at(double when, Runnable act) {
        deeds.add(new Deed(when, order++, act));
    }

    /** Looks, and thinks. */
    Person looks(double least, double most) {
        time += between(least, most);
        return this;
    }

    Person takes(String label) {
        at(time, () -> {
            session().recordSnapshot(label);
            session().recordCheckpoint();
        });
        return this;
    }

    /** Types on the keyboard; now and then the next key is down before the last one is up. */
    Person types(String text) {
        double up = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            UsKeyboard.Stroke stroke = UsKeyboard.stroke(c).orElseThrow();
            double down = time;
            if (stroke.shift()) {
                // Two keys at once are not pressed so fast.
                down = Math.max(down, up + between(5, 20));
                key(down, EvdevCodes.KEY_LEFTSHIFT, 1);
                down += between(20, 60);
            }
            double hold = between(50, 140);
            key(down, stroke.code(), 1);
            up = down + hold;
            key(up, stroke.code(), 0);
            time = down + between(70, 220);
            if (stroke.shift()) {
                up += between(5, 30);
                key(up, EvdevCodes.KEY_LEFTSHIFT, 0);
                time = Math.max(time, up + between(5, 20));
            }
            // The same key twice has to come up first.
            time = Math.max(time, down + hold + (random.nextInt(3) == 0 ? -20 : 10));
            time = text.contains("" + c + c) ? Math.max(time, up + 5) : time;
        }
        time = Math.max(time, up);
        return this;
    }

    /** Presses keys, one while the ones before are held. */
    Person presses(String... names) {
        List<Integer> codes = List.of(names).stream()
                .map(name -> EvdevCodes.key(name).orElseThrow())
                .toList();
        for (int code : codes) {
            key(time, code, 1);
            time += between(30, 90);
        }
        for (int code : codes.reversed()) {
            key(time, code, 0);
            time += between(5, 40);
        }
        return this;
    }

    /** Holds a key down. */
    Person holds(String name, double ms) {
        int code = EvdevCodes.key(name).orElseThrow();
        key(time, code, 1);
        time += ms;
        key(time, code, 0);
        return this;
    }

    private void key(double when, int code, int value) {
        at(when, () -> report(Devices.KEYBOARD, List.of(new InputItem(EvdevCodes.EV_KEY, code, value))));
    }

    /** Types on the serial console, byte by byte, as a terminal sends it. */
    Person writes(String text) {
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            at(time, () -> session().port().console(new byte[] {value}));
            time += between(60, 200);
        }
        return this;
    }

    /** Moves the mouse: faster in the middle of the way, and on a curve. */
    Person moves(int dx, int dy) {
        double length = Math.hypot(dx, dy);
        int steps = (int) (6 + length / between(6, 12));
        double bend = between(-0.15, 0.15);
        int x = 0;
        int y = 0;
        for (int i = 1; i <= steps; i++) {
            double part = (1 - Math.cos(Math.PI * i / steps)) / 2;
            double side = i == steps ? 0 : bend * Math.sin(Math.PI * part);
            int nowX = (int) Math.round(dx * part - dy * side);
            int nowY = (int) Math.round(dy * part + dx * side);
            motion(nowX - x, nowY - y);
            x = nowX;
            y = nowY;
            time += 8 + between(-0.4, 0.4);
        }
        return this;
    }

    /** Moves the cursor to a place, looking where it is: faster while it is far, and not always on the point. */
    Person movesTo(int x, int y) {
        for (int i = 0; i < 90; i++) {
            double speed = between(0.08, 0.16);
            at(time, () -> {
                CursorPlane cursor = session().frames().cursor(0);
                motionNow(step(x - cursor.x() - cursor.hotX(), speed), step(y - cursor.y() - cursor.hotY(), speed));
            });
            time += 8 + between(-0.4, 0.4);
        }
        return this;
    }

    private static int step(int way, double speed) {
        return Math.abs(way) <= 2 ? 0 : (int) (Math.signum(way) * Math.max(1, Math.min(14, Math.abs(way) * speed)));
    }

    private void motionNow(int dx, int dy) {
        if (dx != 0 || dy != 0) {
            report(Devices.POINTER, motionItems(dx, dy));
        }
    }

    private static List<InputItem> motionItems(int dx, int dy) {
        InputItem x = new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_X, dx);
        InputItem y = new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_Y, dy);
        return dx == 0 ? List.of(y) : dy == 0 ? List.of(x) : List.of(x, y);
    }

    private void motion(int dx, int dy) {
        at(time, () -> motionNow(dx, dy));
    }

    Person button(String name, boolean down) {
        InputItem item =
                new InputItem(EvdevCodes.EV_KEY, EvdevCodes.button(name).orElseThrow(), down ? 1 : 0);
        at(time, () -> report(Devices.POINTER, List.of(item)));
        time += between(40, 120);
        return this;
    }

    Person clicks(String name) {
        return button(name, true).button(name, false);
    }

    Person drags(int dx, int dy) {
        return button("BTN_LEFT", true).moves(dx, dy).looks(40, 200).button("BTN_LEFT", false);
    }

    Person dragsTo(int x, int y) {
        return button("BTN_LEFT", true).movesTo(x, y).looks(40, 200).button("BTN_LEFT", false);
    }

    /** Returns for how long there is something to do, in milliseconds of guest time. */
    double time() {
        return time;
    }

    private Session session() {
        return session.orElseThrow();
    }

    private void report(int device, List<InputItem> items) {
        session().port().input(new TraceEvent.Input(device, items));
    }

    private void hears(byte value) {
        if (heard.size() > ready.length()) {
            return;
        }
        heard.add((char) (value & 0xff));
        while (heard.size() > ready.length()) {
            heard.removeFirst();
        }
        StringBuilder said = new StringBuilder();
        heard.forEach(said::append);
        if (said.toString().equals(ready)) {
            heard.add(' ');
            next(session().machine().timeline().now() + (long) (between(700, 1500) * msCycles));
        }
    }

    /** Does all that is to be done from a cycle on that counts as the beginning. */
    private void next(long begin) {
        Deed deed = deeds.peek();
        if (deed == null) {
            over = true;
            session().machine().stop();
            return;
        }
        long due = Math.max(
                begin + (long) (deed.time() * msCycles),
                session().machine().timeline().now() + 1);
        session().machine().timeline().schedule(due, Lane.HOST, () -> {
            deeds.remove().act().run();
            next(begin);
        });
    }

    /** Sits down in front of a guest, does everything, and leaves. */
    void sitDown(SessionConfig config, EventSink trace) throws BadImageException {
        msCycles = config.model().profile().cyclesPerSecond() / 1000;
        at(time, () -> {});
        Session made = new Session(config, Optional.of(trace), new Session.Observer() {
            @Override
            public void consoleOutput(byte value) {
                hears(value);
            }
        });
        session = Optional.of(made);
        while (!over) {
            made.machine().run(made.machine().hart().cycle() + 1_000_000_000);
        }
        made.recordSnapshot(TraceEvent.Snapshot.END);
        made.recordEnd(Reason.INTERRUPTED);
    }
}
