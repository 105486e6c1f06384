package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * docs/SCENARIOS.md: the scripted user against a model that knows the whole run beforehand, and looks up when each step is
 * done.
 */
class ScenarioStepperProperties {

    private static final long GAP = ScenarioStepper.REPORT_GAP;

    /** What the guest does: a byte on the console, a picture by a flush, or one by its cursor. */
    private sealed interface Happening {

        long cycle();

        record Output(long cycle, byte value) implements Happening {}

        record Picture(long cycle, long digest, boolean flush) implements Happening {}
    }

    /** What the user wanted, and when. */
    private record Wanted(long cycle, Effect effect) {

        /** Without the reason of a failure, which is for people. */
        String text() {
            return effect instanceof Effect.Fail fail
                    ? cycle + " fails in line " + fail.failure().step().line() + " at "
                            + fail.failure().cycle()
                    : cycle + " " + effect;
        }
    }

    private static final long NEVER = Long.MAX_VALUE;

    // ---- runs -------------------------------------------------------------------------------------------------

    private static Scenario scenario(Random random, int steps) {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "press KEY_F2\npress KEY_F3\n" : "");
        for (int i = 0; i < steps; i++) {
            text.append(
                    switch (random.nextInt(10)) {
                        case 0, 1, 2 -> "wait \"" + letters(random, 1 + random.nextInt(3)) + "\" within " + few(random);
                        case 3 -> "type \"" + letters(random, 2) + "\"";
                        case 4 -> "key KEY_LEFTCTRL+KEY_A+KEY_B";
                        case 5 ->
                            switch (random.nextInt(4)) {
                                case 0 -> "keys \"aB\"";
                                case 1 -> "scroll -2";
                                case 2 -> "press KEY_F1\nrelease KEY_F1";
                                default -> "click BTN_LEFT";
                            };
                        case 6 -> "sleep " + few(random);
                        case 7 -> {
                            long quiet = 1L + random.nextInt(30);
                            yield "settle " + quiet + " within " + (quiet + random.nextInt(60));
                        }
                        case 8 ->
                            switch (random.nextInt(4)) {
                                case 0 -> "display 0 640x480";
                                case 1 -> "display 0 off";
                                default -> "flush " + (1 + random.nextInt(4)) + " within " + few(random);
                            };
                        default -> "snapshot s" + i;
                    });
            text.append('\n');
        }
        return ScenarioParser.parse("t", Path.of("."), text + (random.nextInt(4) == 0 ? "poweroff\n" : ""));
    }

    private static long few(Random random) {
        return random.nextInt(3) == 0 ? 1L + random.nextInt(5_000_000) : 1L + random.nextInt(40);
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    private static List<Happening> happenings(Random random, int count) {
        List<Happening> happenings = new ArrayList<>();
        long cycle = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            cycle += random.nextInt(12) == 0 ? random.nextInt(2_000_000) : random.nextInt(12);
            happenings.add(
                    random.nextInt(3) == 0
                            ? new Happening.Picture(cycle, random.nextInt(3), random.nextInt(3) > 0)
                            : new Happening.Output(cycle, (byte) ('a' + random.nextInt(2))));
        }
        return happenings;
    }

    /**
     * Lets it all happen.
     *
     * @param stop when the machine stops by itself, if it does
     * @param asking how often the user is asked before it is due
     */
    private static List<Wanted> run(
            Scenario scenario, List<Happening> happenings, long stop, Random asking, int questions) {
        return run(scenario, happenings, stop, asking, questions, UnaryOperator.identity());
    }

    /**
     * Lets it all happen.
     *
     * @param between gives the user to go on with, after each thing that happened
     */
    private static List<Wanted> run(
            Scenario scenario,
            List<Happening> happenings,
            long stop,
            Random asking,
            int questions,
            UnaryOperator<ScenarioStepper> between) {
        ScenarioStepper stepper = user(scenario);
        List<Wanted> wanted = new ArrayList<>();
        int next = 0;
        long now = 0;
        int rounds = 0;
        while (!stepper.isOver()) {
            assertThat(rounds++).as("a user that is due for ever").isLessThan(10_000);
            stepper = between.apply(stepper);
            long happens = next < happenings.size() ? happenings.get(next).cycle() : NEVER;
            long due = stepper.nextWake();
            long then = Math.min(due, Math.min(happens, stop));
            for (int i = 0; i < questions && then > now; i++) {
                now += asking.nextLong(Math.min(then - now, 1000));
                long at = now;
                stepper.advance(at).forEach(effect -> wanted.add(new Wanted(at, effect)));
            }
            now = then;
            if (due <= Math.min(happens, stop)) {
                stepper.advance(due).forEach(effect -> wanted.add(new Wanted(due, effect)));
            } else if (happens <= stop) {
                switch (happenings.get(next++)) {
                    case Happening.Output output -> stepper.consoleOutput(output.cycle(), output.value());
                    case Happening.Picture picture -> {
                        stepper.pictureShown(picture.cycle(), picture.digest());
                        if (picture.flush()) {
                            stepper.flushed(picture.cycle());
                        }
                    }
                }
            } else {
                stepper.machineStopped(stop, "the guest powered off")
                        .forEach(effect -> wanted.add(new Wanted(stop, effect)));
                assertThat(stepper.isOver()).isTrue();
            }
        }
        assertThat(stepper.nextWake()).isEqualTo(ScenarioStepper.NEVER);
        assertThat(stepper.advance(now + 1)).isEmpty();
        assertThat(stepper.machineStopped(now + 1, "late")).isEmpty();
        return wanted;
    }

    private static ScenarioStepper user(Scenario scenario) {
        return new ScenarioStepper(scenario, Pointer.MOUSE, DisplayConfig.DEFAULT);
    }

    private static ScenarioStepper loaded(Scenario scenario, ScenarioStepper saved) {
        SavedState state = SavedState.of(saved);
        ScenarioStepper stepper = user(scenario);
        try {
            state.loadInto(stepper);
        } catch (BadStateException e) {
            throw new AssertionError(e);
        }
        assertThat(SavedState.of(stepper)).as("law 1").isEqualTo(state);
        return stepper;
    }

    // ---- the model --------------------------------------------------------------------------------------------

    /** Looks up when each step is done. */
    private static final class Model {
        private final List<Happening.Output> outputs;
        private final List<Happening.Picture> changes = new ArrayList<>();
        private final List<Happening.Picture> flushes;
        private final long stop;
        private final List<String> wanted = new ArrayList<>();
        private long now;
        private int consumed;

        /** The machine stopped before a step was done. */
        private boolean halted;

        Model(List<Happening> happenings, long stop) {
            this.stop = stop;
            this.outputs = happenings.stream()
                    .filter(Happening.Output.class::isInstance)
                    .map(Happening.Output.class::cast)
                    .toList();
            this.flushes = happenings.stream()
                    .filter(Happening.Picture.class::isInstance)
                    .map(Happening.Picture.class::cast)
                    .filter(Happening.Picture::flush)
                    .toList();
            long shown = -1;
            for (Happening happening : happenings) {
                if (happening instanceof Happening.Picture picture && picture.digest() != shown) {
                    changes.add(picture);
                    shown = picture.digest();
                }
            }
        }

        List<String> run(Scenario scenario) {
            for (Step step : scenario.steps()) {
                if (step instanceof Step.PowerOff) {
                    break;
                }
                if (!done(step)) {
                    wanted.add(now + " fails in line " + step.line() + " at " + now);
                    return wanted;
                }
            }
            wanted.add(now + " " + new Effect.Finish());
            return wanted;
        }

        private void want(Effect effect) {
            wanted.add(now + " " + effect);
        }

        private boolean done(Step step) {
            return switch (step) {
                case Step.Snapshot snapshot -> {
                    want(new Effect.TakeSnapshot(snapshot.label()));
                    yield true;
                }
                case Step.Type type -> {
                    if (!halted) {
                        want(new Effect.ConsoleInput(type.text()));
                    }
                    yield !halted;
                }
                case Step.DisplayChange change -> {
                    if (!halted) {
                        want(new Effect.ChangeDisplay(change.number(), change.mode()));
                    }
                    yield !halted;
                }
                case Step.Point point -> throw new AssertionError("none is made");
                case Step.Sleep sleep -> {
                    until(now + sleep.cycles());
                    yield true;
                }
                case Step.Wait wait -> waited(wait);
                case Step.Flush flush -> flushed(flush);
                case Step.Settle settle -> settled(settle);
                case Step.ByHand hand -> {
                    boolean begins = !halted;
                    if (begins) {
                        report(hand);
                    }
                    yield begins || hand instanceof Step.LetGo;
                }
                case Step.PowerOff unused -> true;
            };
        }

        private void report(Step.ByHand hand) {
            List<Effect.Report> reports = reports(hand);
            long start = now;
            for (int i = 0; i < reports.size(); i++) {
                until(start + i * GAP);
                if (halted) {
                    return;
                }
                want(reports.get(i));
            }
            until(start + reports.size() * GAP);
        }

        private void until(long cycle) {
            halted |= cycle > stop;
            now = Math.min(cycle, stop);
        }

        private boolean waited(Step.Wait wait) {
            StringBuilder text = new StringBuilder();
            String pattern = wait.text().asString();
            for (int i = consumed; i < outputs.size(); i++) {
                text.append((char) outputs.get(i).value());
                if (text.toString().endsWith(pattern)) {
                    long cycle = outputs.get(i).cycle();
                    if (cycle > stop || !(cycle < now) && cycle >= now + wait.within()) {
                        break;
                    }
                    consumed = i + 1;
                    until(Math.max(now, cycle + 1));
                    return true;
                }
            }
            until(now + wait.within());
            return false;
        }

        private boolean flushed(Step.Flush step) {
            if (halted) {
                return false;
            }
            long start = now;
            List<Long> counted = flushes.stream()
                    .map(Happening.Picture::cycle)
                    .filter(cycle -> cycle >= start && cycle < start + step.within() && cycle <= stop)
                    .limit(step.count())
                    .toList();
            if (counted.size() < step.count()) {
                until(now + step.within());
                return false;
            }
            until(counted.getLast() + 1);
            return true;
        }

        private boolean settled(Step.Settle settle) {
            long bound = now + settle.within();
            long still = now + settle.quiet();
            for (Happening.Picture change : changes) {
                if (change.cycle() >= now && change.cycle() < Math.min(still, bound)) {
                    still = change.cycle() + settle.quiet();
                }
            }
            boolean fine = still <= bound || bound > stop;
            until(Math.min(still, bound));
            return fine;
        }
    }

    /** Keys go down in order and up in reverse, each in a report of its own. */
    private static List<Effect.Report> reports(Step.ByHand hand) {
        return switch (hand) {
            case Step.Key key -> chord(Effect.InputPort.KEYBOARD, key.codes());
            case Step.Click click -> chord(Effect.InputPort.MOUSE, List.of(click.button()));
            case Step.Keys keys -> {
                List<Effect.Report> reports = new ArrayList<>(chord(Effect.InputPort.KEYBOARD, List.of(30)));
                reports.addAll(chord(Effect.InputPort.KEYBOARD, List.of(42, 48)));
                yield reports;
            }
            case Step.Scroll scroll ->
                List.of(new Effect.Report(
                        Effect.InputPort.MOUSE,
                        List.of(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_WHEEL, scroll.notches()))));
            case Step.Press press -> List.of(key(press.code(), 1));
            case Step.Release release -> List.of(key(release.code(), 0));
            case Step.LetGo letGo ->
                letGo.codes().stream().map(code -> key(code, 0)).toList();
            case Step.Move move -> throw new AssertionError("none is made");
            case Step.MoveTo to -> throw new AssertionError("none is made");
        };
    }

    private static Effect.Report key(int code, int value) {
        return new Effect.Report(Effect.InputPort.KEYBOARD, List.of(new InputItem(EvdevCodes.EV_KEY, code, value)));
    }

    private static List<Effect.Report> chord(Effect.InputPort port, List<Integer> codes) {
        List<Effect.Report> reports = new ArrayList<>();
        for (int code : codes) {
            reports.add(new Effect.Report(port, List.of(new InputItem(EvdevCodes.EV_KEY, code, 1))));
        }
        for (int code : codes.reversed()) {
            reports.add(new Effect.Report(port, List.of(new InputItem(EvdevCodes.EV_KEY, code, 0))));
        }
        return reports;
    }

    // ---- properties -------------------------------------------------------------------------------------------

    @Property(tries = 1500)
    void theUserDoesWhatTheModelLooksUp(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 8) int steps,
            @ForAll @IntRange(min = 0, max = 60) int count,
            @ForAll boolean stops) {
        Random random = new Random(seed);
        Scenario scenario = scenario(random, steps);
        List<Happening> happenings = happenings(random, count);
        long stop = stops ? few(random) + (random.nextBoolean() ? few(random) : 0) : NEVER - 1;
        assertThat(run(scenario, happenings, stop, random, 0).stream().map(Wanted::text))
                .as("%s with %s until %d", scenario.steps(), happenings, stop)
                .containsExactlyElementsOf(new Model(happenings, stop).run(scenario));
    }

    @Property(tries = 300)
    void askingTheUserMoreOftenChangesNothing(@ForAll long seed, @ForAll @IntRange(min = 0, max = 8) int steps) {
        Random random = new Random(seed);
        Scenario scenario = scenario(random, steps);
        List<Happening> happenings = happenings(random, 40);
        assertThat(run(scenario, happenings, NEVER - 1, random, 2))
                .isEqualTo(run(scenario, happenings, NEVER - 1, random, 0));
    }

    /** docs/ARCHITECTURE.md, "State", law 2. */
    @Property(tries = 500)
    void aUserWhoGoesOnFromASavedStateDoesTheSame(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 8) int steps, @ForAll boolean stops) {
        Random random = new Random(seed);
        Scenario scenario = scenario(random, steps);
        List<Happening> happenings = happenings(random, 40);
        long stop = stops ? few(random) : NEVER - 1;
        UnaryOperator<ScenarioStepper> sometimes =
                stepper -> random.nextInt(3) == 0 ? loaded(scenario, stepper) : stepper;
        assertThat(run(scenario, happenings, stop, random, 0, sometimes))
                .isEqualTo(run(scenario, happenings, stop, random, 0));
    }

    @Property(tries = 300)
    void nothingIsPressedTwiceAndAllIsReleasedAndNothingFollowsTheEnd(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 12) int steps) {
        Random random = new Random(seed);
        List<Wanted> wanted = run(scenario(random, steps), happenings(random, 200), NEVER - 1, random, 0);
        TreeSet<Integer> down = new TreeSet<>();
        long last = 0;
        for (Wanted each : wanted) {
            assertThat(each.cycle()).isGreaterThanOrEqualTo(last);
            last = each.cycle();
            if (each.effect() instanceof Effect.Report report) {
                for (InputItem item : report.items()) {
                    if (item.type() == EvdevCodes.EV_REL) {
                        continue;
                    }
                    assertThat(item.value() == 1 ? down.add(item.code()) : down.remove(item.code()))
                            .as("%s in %s", item, wanted)
                            .isTrue();
                }
            }
        }
        if (wanted.getLast().effect() instanceof Effect.Finish) {
            assertThat(down).isEmpty();
        }
        assertThat(wanted.getLast().effect()).isInstanceOfAny(Effect.Finish.class, Effect.Fail.class);
        assertThat(wanted.subList(0, wanted.size() - 1))
                .extracting(Wanted::effect)
                .noneMatch(effect -> effect instanceof Effect.Finish || effect instanceof Effect.Fail);
    }

    /** Every printable ASCII character and what a terminal takes has a key; a US keyboard has no other. */
    @Property(tries = 200)
    void typedTextIsPressedAndReleasedCharacterByCharacter(@ForAll @IntRange(min = 0, max = 255) int c) {
        boolean typed = c >= ' ' && c <= '~' || c == '\n' || c == '\t' || c == '\b' || c == 0x1b;
        assertThat(UsKeyboard.stroke((char) c).isPresent()).isEqualTo(typed);
        if (typed) {
            UsKeyboard.Stroke stroke = UsKeyboard.stroke((char) c).orElseThrow();
            List<Integer> codes = stroke.shift() ? List.of(42, stroke.code()) : List.of(stroke.code());
            assertThat(new InputReports(Pointer.MOUSE, new Desktop(DisplayConfig.DEFAULT))
                            .of(new Step.Keys(1, String.valueOf((char) c))))
                    .isEqualTo(chord(Effect.InputPort.KEYBOARD, codes));
            if (Character.isLetter(c)) {
                assertThat(EvdevCodes.key("KEY_" + Character.toUpperCase((char) c)))
                        .hasValue(stroke.code());
                assertThat(stroke.shift()).isEqualTo(Character.isUpperCase(c));
            }
        }
    }

    @Property(tries = 100)
    void anyByteCanBeWaitedFor(@ForAll @IntRange(min = 1, max = 255) int c) {
        Step.Wait wait = new Step.Wait(3, ByteText.of(new byte[] {(byte) c}), 10);
        ScenarioStepper stepper = new ScenarioStepper(
                new Scenario("t", Path.of("."), GuestSettings.NONE, Optional.empty(), List.of(wait), ""),
                Pointer.MOUSE,
                DisplayConfig.DEFAULT);
        stepper.advance(0);
        stepper.consoleOutput(4, (byte) c);
        assertThat(stepper.nextWake()).isEqualTo(5);
        assertThat(stepper.advance(5)).containsExactly(new Effect.Finish());
    }
}
