package dev.semblance.harness.edit.scenario;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Device;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Sessions as people make them, without a guest: what was done, and some of what a guest may write and show. */
final class HandSessions {

    static final int KEYBOARD = 2;
    static final int MOUSE = 3;
    static final int GPU = 4;
    static final int TABLET = 5;

    private HandSessions() {}

    /** A machine with all input devices. */
    static TraceManifest manifest() {
        return TraceManifest.builder(TraceManifest.Kind.MACHINE)
                .profile("semu")
                .isa("rv32ima")
                .harts(1)
                .ramBytes(512L << 20)
                .timebaseHz(65_000_000)
                .devices(List.of(
                        new Device("disk (none)", 2, 0, 0, 0),
                        new Device("entropy", 4, 0, 0, 0),
                        new Device("keyboard", 18, 0, 0, 0),
                        new Device("mouse", 18, 0, 0, 0),
                        new Device("gpu", VirtioGpuDevice.DEVICE_ID, 0, 0, 0),
                        new Device(Device.TABLET, 18, 0, 0, 0)))
                .displayModes(List.of(new DisplayMode(1024, 768), DisplayMode.OFF))
                .images(List.of(new TraceManifest.Image(TraceManifest.Image.Role.KERNEL, "Image", 1, "0".repeat(64))))
                .build();
    }

    static RecordedSession of(TraceManifest manifest, List<Step> steps) throws IOException {
        SessionReader reader = new SessionReader(manifest);
        long cycle = 0;
        for (Step step : steps) {
            cycle += step.cycleDelta();
            reader.take(cycle, step.event());
        }
        return reader.session(new TraceStatus.Complete(new TraceTotals(steps.size(), 1, cycle, "")));
    }

    static Arbitrary<List<DisplayMode>> modes() {
        Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 8191);
        return Combinators.combine(sizes, sizes)
                .as(DisplayMode::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(16);
    }

    /** What a hand does next. Not all of it can be done: a key that is down is pressed again, another released that is not. */
    private static Arbitrary<TraceEvent> deeds() {
        Arbitrary<Integer> keys = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(16, 40)),
                Tuple.of(2, Arbitraries.of(28, 57, 14, 1)),
                Tuple.of(2, Arbitraries.of(42, 54, 29, 56, 100)),
                Tuple.of(1, Arbitraries.of(new ArrayList<>(EvdevCodes.keys().values()))));
        Arbitrary<Integer> values = Arbitraries.of(0, 1);
        Arbitrary<Integer> motions = Arbitraries.integers().between(-40, 40);
        return Arbitraries.oneOf(List.of(
                Combinators.combine(keys, values).as((code, value) -> key(KEYBOARD, code, value)),
                Combinators.combine(keys, values).as((code, value) -> key(KEYBOARD, code, value)),
                Combinators.combine(keys, values).as((code, value) -> key(KEYBOARD, code, value)),
                Combinators.combine(Arbitraries.integers().between(272, 274), values)
                        .as((code, value) -> key(MOUSE, code, value)),
                Combinators.combine(motions, motions)
                        .as((x, y) -> new TraceEvent.Input(
                                MOUSE,
                                List.of(
                                        new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_X, x),
                                        new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_Y, y)))),
                motions.map(notches -> new TraceEvent.Input(
                        MOUSE, List.of(new InputItem(EvdevCodes.EV_REL, EvdevCodes.REL_WHEEL, notches)))),
                Combinators.combine(
                                Arbitraries.integers().between(0, 32767),
                                Arbitraries.integers().between(0, 32767))
                        .as((x, y) -> new TraceEvent.Input(
                                TABLET,
                                List.of(
                                        new InputItem(EvdevCodes.EV_ABS, EvdevCodes.ABS_X, x),
                                        new InputItem(EvdevCodes.EV_ABS, EvdevCodes.ABS_Y, y)))),
                Arbitraries.of("ls", "a", "\r", "x\n", "\u0003")
                        .map(text -> new TraceEvent.ConsoleInput(text.getBytes(StandardCharsets.UTF_8))),
                Arbitraries.of('#', ' ', '\n', 'o', '7').map(c -> new TraceEvent.ConsoleOutput((byte) (char) c)),
                Arbitraries.longs().between(0, 3).map(digest -> new TraceEvent.Flush(0, 1024, 768, digest)),
                Arbitraries.strings().alpha().ofLength(2).map(label -> new TraceEvent.Snapshot(label, 0, 1024, 768, 5)),
                Arbitraries.of(new DisplayMode(800, 600), DisplayMode.OFF, new DisplayMode(1024, 768))
                        .map(mode -> new TraceEvent.DisplayChange(GPU, 1, mode))));
    }

    private static TraceEvent key(int device, int code, int value) {
        return new TraceEvent.Input(device, List.of(new InputItem(EvdevCodes.EV_KEY, code, value)));
    }

    /** A session of up to 80 deeds, each as long after the other as people take. */
    static Arbitrary<List<Step>> sessions() {
        Arbitrary<Long> pauses = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(1, 4_000_000)),
                Tuple.of(2, Arbitraries.longs().between(4_000_000, 40_000_000)),
                Tuple.of(1, Arbitraries.longs().between(40_000_000, 1_000_000_000)));
        Arbitrary<List<TraceEvent>> gestures = Arbitraries.frequencyOf(
                Tuple.of(5, deeds().map(List::of)),
                // What belongs together: a key, a key with a modifier, a click.
                Tuple.of(2, Arbitraries.integers().between(16, 40).map(code -> stroke(KEYBOARD, code))),
                Tuple.of(
                        2,
                        Combinators.combine(
                                        Arbitraries.of(42, 29, 56),
                                        Arbitraries.integers().between(16, 62))
                                .as((modifier, code) -> stroke(KEYBOARD, modifier, code))),
                Tuple.of(1, Arbitraries.integers().between(272, 274).map(code -> stroke(MOUSE, code))));
        return Combinators.combine(pauses, gestures)
                .as((pause, events) -> events.stream()
                        .map(event ->
                                new Step(Math.min(pause, event.equals(events.getFirst()) ? pause : 5_000_000), event))
                        .toList())
                .list()
                .ofMaxSize(60)
                .map(parts -> {
                    List<Step> whole = new ArrayList<>();
                    parts.forEach(whole::addAll);
                    whole.add(new Step(1000, TraceEvent.End.UNKNOWN));
                    return List.copyOf(whole);
                });
    }

    /** Keys that go down in this order, and up in reverse. */
    private static List<TraceEvent> stroke(int device, Integer... codes) {
        List<TraceEvent> events = new ArrayList<>();
        for (int code : codes) {
            events.add(key(device, code, 1));
        }
        for (int code : List.of(codes).reversed()) {
            events.add(key(device, code, 0));
        }
        return events;
    }
}
