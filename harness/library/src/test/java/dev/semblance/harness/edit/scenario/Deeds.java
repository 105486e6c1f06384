package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.Step;
import dev.semblance.harness.guest.scenario.UsKeyboard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What was done in a session, or is done by a scenario, each as a text: down KEY, up KEY, motion, and so on. */
record Deeds(List<String> deeds) {

    static Deeds of(RecordedSession session) {
        List<String> deeds = new ArrayList<>();
        for (HandEvent event : session.hands()) {
            switch (event) {
                case HandEvent.Typed typed ->
                    deeds.add("type " + latin(typed.text().bytes()));
                case HandEvent.Down down -> deeds.add("down " + down.code());
                case HandEvent.Up up -> deeds.add("up " + up.code());
                case HandEvent.Motion motion -> deeds.add("motion " + motion.dx() + " " + motion.dy());
                case HandEvent.Place place -> deeds.add("place " + place.x() + " " + place.y() + " " + place.display());
                case HandEvent.Wheel wheel -> deeds.add("wheel " + wheel.notches());
                case HandEvent.Mode mode -> deeds.add("mode " + mode.number() + " " + mode.mode());
                case HandEvent.Shot shot -> deeds.add("shot " + shot.label());
                case HandEvent.Ended ended -> deeds.add("end");
            }
        }
        return new Deeds(deeds);
    }

    static Deeds of(Scenario scenario) {
        List<String> deeds = new ArrayList<>();
        scenario.steps().forEach(step -> deeds.addAll(of(step)));
        deeds.add("end");
        return new Deeds(deeds);
    }

    private static List<String> of(Step step) {
        return switch (step) {
            case Step.Type type -> List.of("type " + latin(type.text().bytes()));
            case Step.Key key -> chord(key.codes());
            case Step.Keys keys -> {
                List<String> deeds = new ArrayList<>();
                for (char c : keys.text().toCharArray()) {
                    UsKeyboard.Stroke stroke = UsKeyboard.stroke(c).orElseThrow();
                    deeds.addAll(chord(stroke.shift() ? List.of(42, stroke.code()) : List.of(stroke.code())));
                }
                yield deeds;
            }
            case Step.Move move -> List.of("motion " + move.dx() + " " + move.dy());
            case Step.MoveTo to -> List.of("place " + to.x() + " " + to.y() + " " + to.display());
            case Step.Click click -> chord(List.of(click.button()));
            case Step.Scroll scroll -> List.of("wheel " + scroll.notches());
            // Of so many reports as it takes.
            case Step.Point point -> List.of("point " + point.x() + " " + point.y() + " " + point.display());
            case Step.Press press -> List.of("down " + press.code());
            case Step.Release release -> List.of("up " + release.code());
            case Step.DisplayChange change -> List.of("mode " + change.number() + " " + change.mode());
            case Step.Snapshot snapshot -> List.of("shot " + snapshot.label());
            // What is held at the end of a session is held at the end of the scenario, which then lets go.
            case Step.LetGo letGo -> List.of();
            case Step.Wait wait -> List.of();
            case Step.Sleep sleep -> List.of();
            case Step.Settle settle -> List.of();
            case Step.Flush flush -> List.of();
            case Step.PowerOff off -> List.of();
        };
    }

    /** Returns how many inputs a step makes, or snapshots. */
    static int inputs(Step step) {
        return of(step).size();
    }

    private static List<String> chord(List<Integer> codes) {
        List<String> deeds = new ArrayList<>();
        codes.forEach(code -> deeds.add("down " + code));
        codes.reversed().forEach(code -> deeds.add("up " + code));
        return deeds;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns what it comes to: texts put together, presses of keys that are no modifiers in their order, how far the mouse went
     * in all, the last place of the tablet before anything else.
     */
    List<String> inSum() {
        List<String> sum = new ArrayList<>();
        long dx = 0;
        long dy = 0;
        for (String deed : deeds) {
            String[] words = deed.split(" ", 2);
            String last = sum.isEmpty() ? "" : sum.getLast();
            switch (words[0]) {
                case "type" -> {
                    if (last.startsWith("type ")) {
                        sum.set(sum.size() - 1, last + words[1]);
                    } else {
                        sum.add(deed);
                    }
                }
                case "motion" -> {
                    String[] way = words[1].split(" ", -1);
                    dx += Integer.parseInt(way[0]);
                    dy += Integer.parseInt(way[1]);
                }
                case "place" -> {
                    if (last.startsWith("place ")) {
                        sum.set(sum.size() - 1, deed);
                    } else {
                        sum.add(deed);
                    }
                }
                case "up" -> {
                    // Where one is released is not looked at.
                }
                case "down" -> {
                    if (!Modifiers.has(Integer.parseInt(words[1]))) {
                        sum.add(deed);
                    }
                }
                default -> sum.add(deed);
            }
        }
        sum.add("motion " + dx + " " + dy);
        return sum;
    }
}
