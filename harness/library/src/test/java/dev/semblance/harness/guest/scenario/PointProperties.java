package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** docs/SCENARIOS.md: {@code point} comes to its pixel, whatever the guest makes of motions. */
class PointProperties {

    private static final long MS = 65_000;
    private static final int WIDTH = 1024;
    private static final int HEIGHT = 768;

    /** A move of the cursor that the guest shows later. */
    private record Shown(long cycle, Optional<Pixel> cursor) {}

    /** A guest that accelerates, is late, stops at the edges, and hides its cursor now and then. */
    private static final class Guest {
        private final Random random;
        private final int factor;
        private final int threshold;
        private final Queue<Shown> later = new PriorityQueue<>((a, b) -> Long.compare(a.cycle(), b.cycle()));
        private double x;
        private double y;
        private long last;

        Guest(long seed) {
            random = new Random(seed);
            factor = 1 + random.nextInt(3);
            threshold = 1 + random.nextInt(6);
            x = random.nextInt(WIDTH);
            y = random.nextInt(HEIGHT);
        }

        void report(long cycle, Effect.Report report) {
            int dx = 0;
            int dy = 0;
            for (InputItem item : report.items()) {
                dx += item.code() == EvdevCodes.REL_X ? item.value() : 0;
                dy += item.code() == EvdevCodes.REL_Y ? item.value() : 0;
            }
            // As X does it: motions beyond a threshold count for more.
            boolean fast = Math.abs(dx) + Math.abs(dy) > threshold;
            double gain = fast ? factor : 1;
            x = Math.clamp(x + dx * gain, 0, WIDTH - 1);
            y = Math.clamp(y + dy * gain, 0, HEIGHT - 1);
            last = Math.max(last, cycle + 1 + random.nextLong(80 * MS));
            if (random.nextInt(6) == 0) {
                later.add(new Shown(Math.max(cycle + 1, last - 1), Optional.empty()));
            }
            later.add(new Shown(last, Optional.of(place())));
        }

        Pixel place() {
            return new Pixel(0, (int) x, (int) y);
        }
    }

    private static ScenarioStepper stepper(String text) {
        return new ScenarioStepper(
                ScenarioParser.parse("t.scenario", Path.of("."), text), Pointer.MOUSE, DisplayConfig.DEFAULT);
    }

    @Property(tries = 150)
    void theCursorComesToThePixelInAFewReports(
            @ForAll long seed, @ForAll @IntRange(max = WIDTH - 1) int x, @ForAll @IntRange(max = HEIGHT - 1) int y) {
        Guest guest = new Guest(seed);
        ScenarioStepper stepper = stepper("point " + x + " " + y + "\nsnapshot there\n");
        guest.later.add(new Shown(10, Optional.of(guest.place())));
        int reports = 0;
        List<Effect> all = new ArrayList<>();
        while (!stepper.isOver()) {
            Shown shown = guest.later.peek();
            if (shown != null && shown.cycle() < stepper.nextWake()) {
                guest.later.remove();
                stepper.cursorShown(shown.cycle(), shown.cursor());
                continue;
            }
            long now = stepper.nextWake();
            for (Effect effect : stepper.advance(now)) {
                all.add(effect);
                if (effect instanceof Effect.Report report) {
                    guest.report(now, report);
                    reports++;
                }
            }
        }
        assertThat(all.getLast()).isEqualTo(new Effect.Finish());
        assertThat(guest.place()).isEqualTo(new Pixel(0, x, y));
        assertThat(reports).isLessThan(60);
    }

    @Example
    void aCursorThatIsThereNeedsNoReport() {
        ScenarioStepper stepper = stepper("sleep 10\npoint 5 6\nsnapshot there\n");
        stepper.advance(0);
        stepper.cursorShown(4, Optional.of(new Pixel(0, 5, 6)));
        assertThat(stepper.advance(10)).isEmpty();
        assertThat(stepper.nextWake()).isEqualTo(10 + 20 * MS);
        assertThat(stepper.advance(10 + 20 * MS))
                .containsExactly(new Effect.TakeSnapshot("there"), new Effect.Finish());
    }

    /** xterm hides it while keys are typed. */
    @Example
    void aCursorThatIsHiddenWhereItShouldBeIsMovedSoThatItShows() {
        ScenarioStepper stepper = stepper("sleep 10\npoint 5 6\n");
        stepper.advance(0);
        stepper.cursorShown(4, Optional.of(new Pixel(0, 5, 6)));
        stepper.cursorShown(5, Optional.empty());
        assertThat(stepper.advance(10))
                .containsExactly(new Effect.Report(
                        Effect.InputPort.MOUSE, List.of(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_X, 1))));
        stepper.cursorShown(20, Optional.of(new Pixel(0, 6, 6)));
        assertThat(stepper.advance(20 + 20 * MS))
                .containsExactly(new Effect.Report(
                        Effect.InputPort.MOUSE, List.of(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_X, -1))));
    }

    @Example
    void aGuestWithoutACursorFailsAtTheBound() {
        ScenarioStepper stepper = stepper("point 5 6 within 100\n");
        assertThat(stepper.advance(0)).isEmpty();
        assertThat(stepper.nextWake()).isEqualTo(100);
        assertThat(stepper.advance(100))
                .singleElement()
                .satisfies(
                        effect -> assertThat(((Effect.Fail) effect).failure().reason())
                                .isEqualTo(
                                        "the cursor was not at 5 6 of display 0 within 100 cycles; the guest never showed one"));
    }
}
