package dev.semblance.harness.report;

import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.util.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long the replay of a trace took, in wall time. Nothing is compared with it; whoever replays measures it.
 *
 * @param whole from its beginning to its end
 * @param parts what the replays and the comparisons of snapshots took, each without those within it; replays run at the same time,
 *     so that they may have more together than the whole
 */
public record ReplayTimes(Duration whole, Map<ReplaySubject, Duration> parts) {

    /** Of a replay that nobody measured. */
    public static final ReplayTimes NONE = new ReplayTimes(Duration.ZERO, Map.of());

    /** Copies the map. */
    public ReplayTimes {
        parts = Map.copyOf(parts);
    }

    /** {@return what a part took; nothing if it did not begin} */
    public Duration of(ReplaySubject part) {
        return part == ReplaySubject.Whole.TRACE ? whole : parts.getOrDefault(part, Duration.ZERO);
    }

    /** {@return a time for people} */
    static String text(Duration time) {
        long millis = time.toMillis();
        if (millis < 1_000) {
            return Text.format("%d ms", millis);
        }
        // Rounded before it is taken apart, or 59.97 s are 60.0 s.
        long tenths = (millis + 50) / 100;
        return tenths < 600
                ? Text.format("%d.%d s", tenths / 10, tenths % 10)
                : Text.format("%,d min %d s", (millis + 500) / 60_000, (millis + 500) / 1_000 % 60);
    }

    /** {@return what took how long, in one sentence} */
    String sentence() {
        List<String> taken = new ArrayList<>();
        for (ReplaySubject replay : List.of(ReplaySubject.Whole.DEVICE_REPLAY, ReplaySubject.Whole.MACHINE_REPLAY)) {
            if (parts.containsKey(replay)) {
                taken.add(Text.format("%s %s", replay.title(), text(of(replay))));
            }
        }
        List<Duration> comparisons = parts.entrySet().stream()
                .filter(part -> part.getKey() instanceof ReplaySubject.Snapshot)
                .map(Map.Entry::getValue)
                .toList();
        if (!comparisons.isEmpty()) {
            Duration all = comparisons.stream().reduce(Duration.ZERO, Duration::plus);
            taken.add(Text.format("comparison with goldens %s", text(all)));
        }
        String what = taken.isEmpty() ? "" : ": " + String.join(", ", taken);
        return Text.format("It took %s%s.", text(whole), what);
    }
}
