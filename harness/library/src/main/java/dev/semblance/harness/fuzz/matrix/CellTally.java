package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.target.dialect.Deviation.Aspect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what a target did in the cases of a row. What the target chooses is bounded. */
final class CellTally {

    /** How many outcomes are told apart. */
    private static final int MOST_OUTCOMES = 12;

    /** How many reasons. */
    private static final int MOST_OMISSIONS = 12;

    private static final String OTHERS = "other responses";

    private static final Comparator<Seen> ORDER = Comparator.comparing(Seen::standing)
            .thenComparing(Seen::outcome, RowKey.responses())
            .thenComparing(seen -> seen.differs().map(Aspect::ordinal).orElse(-1));

    private record Outcome(String response, Optional<Aspect> differs, boolean allowed) {}

    private record Why(Omission.Reason reason, String detail) {}

    private final Map<Outcome, Seen> seen = new LinkedHashMap<>();
    private final Map<Why, Long> omitted = new LinkedHashMap<>();

    /** Counts an outcome; the first of its kind is remembered. */
    void see(Seen way) {
        Outcome wanted = outcome(way.outcome(), way);
        Outcome outcome = seen.containsKey(wanted) || seen.size() < MOST_OUTCOMES ? wanted : outcome(OTHERS, way);
        Seen before = seen.get(outcome);
        seen.put(
                outcome,
                before == null
                        ? new Seen(
                                outcome.response(),
                                way.differs(),
                                way.allowedBy(),
                                way.count(),
                                way.first(),
                                way.detail())
                        : before.more(way.count()));
    }

    private static Outcome outcome(String response, Seen way) {
        return new Outcome(response, way.differs(), way.allowedBy().isPresent());
    }

    void omit(Omission.Reason reason, String detail, long count) {
        if (count > 0) {
            Why wanted = new Why(reason, detail);
            Why why = omitted.containsKey(wanted) || omitted.size() < MOST_OMISSIONS ? wanted : new Why(reason, "");
            omitted.merge(why, count, Long::sum);
        }
    }

    /** Adds all of another. */
    void add(CellTally other) {
        other.seen.values().forEach(this::see);
        other.omitted.forEach((why, count) -> omit(why.reason(), why.detail(), count));
    }

    /** {@return how many cases were counted} */
    long cases() {
        return cell().cases();
    }

    Cell cell() {
        List<Seen> ways = new ArrayList<>(seen.values());
        ways.sort(ORDER);
        List<Omission> reasons = new ArrayList<>();
        omitted.forEach((why, count) -> reasons.add(new Omission(why.reason(), why.detail(), count)));
        reasons.sort(Comparator.comparing(Omission::reason).thenComparing(Omission::detail));
        return new Cell(ways, reasons);
    }
}
