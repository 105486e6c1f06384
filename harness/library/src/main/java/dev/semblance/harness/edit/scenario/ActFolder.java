package dev.semblance.harness.edit.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.edit.scenario.Act.Kind;
import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes acts of what was done: what belongs together becomes one step. */
final class ActFolder {

    /** What is longer than this is cut into several steps, so that lines stay readable. */
    private static final int MAX_TEXT = 1000;

    private static final int MAX_MOTION = 32767;

    private final RecordedSession session;
    private final Clock clock;
    private final List<HandEvent> events;
    private final List<Act> acts = new ArrayList<>();
    private final SortedSet<Integer> keysDown = new TreeSet<>();
    private DisplayConfig displays;
    private int at;

    ActFolder(RecordedSession session) {
        this.session = session;
        this.clock = new Clock(session.clock());
        this.events = session.hands();
        this.displays = session.gpu().displays();
    }

    /**
     * {@return the acts of the session in order}
     *
     * @param styles one for each stretch: up to the first snapshot, up to the second, and so on, and up to the end
     */
    List<Act> fold(List<Style> styles) {
        int stretch = 0;
        while (at < events.size()) {
            Style style = styles.get(stretch);
            HandEvent event = events.get(at);
            switch (event) {
                case HandEvent.Typed typed -> typed(typed, style);
                case HandEvent.Down down -> down(down, style);
                case HandEvent.Up up -> literal();
                case HandEvent.Motion motion -> motion(motion, style);
                case HandEvent.Place place -> place(place, style);
                case HandEvent.Wheel wheel -> one(Kind.MOTION, wheel.cycle(), "scroll " + wheel.notches());
                case HandEvent.Mode mode -> {
                    displays = displays.with(mode.number(), mode.mode().display());
                    one(Kind.DISPLAY, mode.cycle(), "display " + mode.number() + " " + mode.mode());
                }
                case HandEvent.Shot shot -> {
                    one(Kind.SNAPSHOT, shot.cycle(), "snapshot " + shot.label());
                    stretch++;
                }
                // What is held is released by itself, each with a report.
                case HandEvent.Ended ended -> {
                    acts.add(new Act(Kind.END, ended.cycle(), ended.cycle(), "", 1, false));
                    at++;
                }
            }
        }
        return acts;
    }

    private void one(Kind kind, long cycle, String line) {
        acts.add(new Act(kind, cycle, cycle, line, 1, repeats()));
        at++;
    }

    private boolean repeats() {
        return keysDown.stream().anyMatch(code -> !Modifiers.has(code));
    }

    /** {@return the event after another that is at {@code index}, if it is of a kind} */
    private <T extends HandEvent> Optional<T> next(int index, Class<T> kind) {
        return index + 1 < events.size() && kind.isInstance(events.get(index + 1))
                ? Optional.of(kind.cast(events.get(index + 1)))
                : Optional.empty();
    }

    private void typed(HandEvent.Typed first, Style style) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first.text().bytes());
        HandEvent.Typed last = first;
        while (style != Style.TIMED && !endsLine(last.text())) {
            Optional<HandEvent.Typed> more = next(at, HandEvent.Typed.class);
            if (more.isEmpty()
                    || more.get().cycle() - last.cycle() >= clock.pauseInText()
                    || bytes.size() + more.get().text().length() > MAX_TEXT
                    || session.console().hasLineEnd(last.cycle(), more.get().cycle())) {
                break;
            }
            last = more.get();
            bytes.writeBytes(last.text().bytes());
            at++;
        }
        ByteText text = ByteText.of(bytes.toByteArray());
        acts.add(new Act(Kind.TYPED, first.cycle(), last.cycle(), "type " + text, text, 1, repeats()));
        at++;
    }

    private static boolean endsLine(ByteText text) {
        int last = text.at(text.length() - 1);
        return last == '\n' || last == '\r';
    }

    private void down(HandEvent.Down down, Style style) {
        boolean button = EvdevCodes.isButton(down.code());
        if (style == Style.TIMED || !button && !keysDown.isEmpty()) {
            literal();
        } else if (button) {
            Optional<HandEvent.Up> up = next(at, HandEvent.Up.class).filter(next -> next.code() == down.code());
            if (up.isPresent() && up.get().cycle() - down.cycle() < clock.longClick()) {
                String line = "click " + EvdevCodes.nameOf(down.code());
                acts.add(new Act(Kind.BUTTON, down.cycle(), up.get().cycle(), line, 2, repeats()));
                at += 2;
            } else {
                literal();
            }
        } else {
            phrase();
        }
    }

    /** A key or a button as it was. */
    private void literal() {
        switch (events.get(at)) {
            case HandEvent.Down down -> literal(down.cycle(), down.code(), true);
            case HandEvent.Up up -> literal(up.cycle(), up.code(), false);
            default -> throw new IllegalStateException("neither pressed nor released");
        }
    }

    private void literal(long cycle, int code, boolean press) {
        boolean button = EvdevCodes.isButton(code);
        if (!button && press) {
            keysDown.add(code);
        } else if (!button) {
            keysDown.remove(code);
        }
        one(button ? Kind.BUTTON : Kind.KEYS, cycle, (press ? "press " : "release ") + EvdevCodes.nameOf(code));
    }

    /** Keys from where none is held up to where none is held again, with nothing else between. */
    private void phrase() {
        int end = at;
        SortedSet<Integer> down = new TreeSet<>();
        do {
            switch (events.get(end)) {
                case HandEvent.Down key -> down.add(key.code());
                case HandEvent.Up key -> down.remove(key.code());
                default -> down.add(-1);
            }
            end++;
        } while (!down.isEmpty() && !down.contains(-1) && end < events.size());
        Optional<List<Act>> folded =
                down.isEmpty() ? new KeyPhrase(events.subList(at, end), clock).acts() : Optional.empty();
        if (folded.isPresent()) {
            folded.get().forEach(this::addKeys);
            at = end;
        } else {
            // Whatever broke it off is no key, and stands behind.
            int stop = down.contains(-1) ? end - 1 : end;
            while (at < stop) {
                literal();
            }
        }
    }

    /** Adds a text, or other keys; what is typed at a stretch becomes one text. */
    private void addKeys(Act act) {
        if (!acts.isEmpty() && act.text().isPresent() && isText(acts.getLast())) {
            Act before = acts.getLast();
            String text = before.text().orElseThrow().asString();
            if (act.first() - before.last() < clock.pauseInText() && !text.endsWith("\n") && text.length() < MAX_TEXT) {
                acts.set(
                        acts.size() - 1,
                        KeyPhrase.text(
                                before.first(),
                                act.last(),
                                text + act.text().get().asString()));
                return;
            }
        }
        acts.add(act);
    }

    private static boolean isText(Act act) {
        return act.kind() == Kind.KEYS && act.text().isPresent();
    }

    private void motion(HandEvent.Motion first, Style style) {
        if (style == Style.FREE && pointed(first)) {
            return;
        }
        moved(first, style);
    }

    /** Says where the cursor came to by motions that follow each other, if the guest shows one; else false. */
    private boolean pointed(HandEvent.Motion first) {
        int end = at + 1;
        HandEvent.Motion last = first;
        while (end < events.size()
                && events.get(end) instanceof HandEvent.Motion more
                && more.cycle() - last.cycle() < clock.still()) {
            last = more;
            end++;
        }
        long seen = last.cycle() + clock.still();
        for (int i = end; i < events.size() && events.get(i).cycle() < seen; i++) {
            boolean other = events.get(i) instanceof HandEvent.Motion || events.get(i) instanceof HandEvent.Ended;
            seen = other ? events.get(i).cycle() : seen;
        }
        Optional<Pixel> place = session.pictures().cursorBefore(seen);
        if (place.isEmpty()
                || !displayIsOn(place.get().display())
                || !session.pictures().cursorMoves(first.cycle(), seen)) {
            return false;
        }
        Pixel pixel = place.get();
        String line = "point " + pixel.x() + " " + pixel.y() + (pixel.display() == 0 ? "" : " on " + pixel.display());
        acts.add(new Act(Kind.MOTION, first.cycle(), last.cycle(), line, Optional.empty(), place, 0, repeats()));
        at = end;
        return true;
    }

    private boolean displayIsOn(int number) {
        return number < displays.count() && displays.display(number).enabled();
    }

    private void moved(HandEvent.Motion first, Style style) {
        long dx = first.dx();
        long dy = first.dy();
        HandEvent.Motion last = first;
        while (style == Style.FREE) {
            Optional<HandEvent.Motion> more = next(at, HandEvent.Motion.class);
            // While each axis keeps its direction, the edge of the screen stops the sum where it stops the parts.
            if (more.isEmpty()
                    || more.get().cycle() - last.cycle() >= clock.still()
                    || dx * more.get().dx() < 0
                    || dy * more.get().dy() < 0
                    || Math.abs(dx + more.get().dx()) > MAX_MOTION
                    || Math.abs(dy + more.get().dy()) > MAX_MOTION) {
                break;
            }
            last = more.get();
            dx += last.dx();
            dy += last.dy();
            at++;
        }
        acts.add(new Act(Kind.MOTION, first.cycle(), last.cycle(), "move " + dx + " " + dy, 1, repeats()));
        at++;
    }

    private void place(HandEvent.Place first, Style style) {
        HandEvent.Place last = first;
        while (style == Style.FREE) {
            Optional<HandEvent.Place> more = next(at, HandEvent.Place.class);
            if (more.isEmpty()
                    || more.get().cycle() - last.cycle() >= clock.still()
                    || more.get().display() != first.display()
                    || turns(first.x(), last.x(), more.get().x())
                    || turns(first.y(), last.y(), more.get().y())) {
                break;
            }
            last = more.get();
            at++;
        }
        String line = "move-to " + last.x() + " " + last.y() + (last.display() == 0 ? "" : " on " + last.display());
        acts.add(new Act(Kind.MOTION, first.cycle(), last.cycle(), line, 1, repeats()));
        at++;
    }

    private static boolean turns(int start, int now, int next) {
        return (long) (now - start) * (next - now) < 0;
    }
}
