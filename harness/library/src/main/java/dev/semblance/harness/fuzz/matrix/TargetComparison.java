package dev.semblance.harness.fuzz.matrix;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.fuzz.FuzzScript;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.RecordedAnswers;
import dev.semblance.harness.replay.TraceReplay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Compares several devices: recordings and scripts go in, and what each device did with them comes out. The same recordings, scripts and
 * devices give the same, unless a time is set. One thread uses it.
 */
public final class TargetComparison {

    /** The least number of commands in a script of the battery: short, since little is learned behind a deviation. */
    private static final int COMMANDS = 12;

    private final long seed;
    private final List<Column> columns;
    private final SortedMap<RowKey, Long> cases = new TreeMap<>();
    private final List<RecordingRow> recordings = new ArrayList<>();
    private long scripts;

    /**
     * Makes a comparison of nothing yet.
     *
     * @param targets the devices, in the order of their columns
     * @param seed which scripts are made up
     * @param time how long each device may be used in all; empty for as long as it takes
     * @param nanos a clock, asked only if there is such a time
     */
    public TargetComparison(List<ComparedTarget> targets, long seed, Optional<Duration> time, LongSupplier nanos) {
        this.seed = seed;
        this.columns = targets.stream()
                .map(target -> new Column(target, new Allowance(time, nanos)))
                .toList();
    }

    /**
     * {@return a script of the battery}
     *
     * @param seed which battery
     * @param number the number of the script, from 0
     */
    public static FuzzScript script(long seed, long number) {
        return FuzzScript.ofBattery(seed, number, COMMANDS);
    }

    /**
     * Runs a script of the battery on all devices.
     *
     * @param number the number of the script, from 0
     */
    public void run(long number) {
        FuzzScript script = script(seed, number);
        ScriptCases found = ScriptCases.of(script);
        add(found.counts());
        columns.forEach(column -> column.run(number, script, found));
        scripts++;
    }

    /**
     * Replays a recording on all devices. A recording that cannot be replayed has cells that say so.
     *
     * @param trace the recording
     * @param replay replays; of the device alone
     * @param goldens what the snapshots are compared with
     * @param progress told the cycle now and then
     */
    public void replay(TraceFile trace, TraceReplay replay, Goldens goldens, LongConsumer progress) {
        SortedMap<RowKey, Long> counts = countsOf(trace);
        add(counts);
        recordings.add(new RecordingRow(
                trace,
                columns.stream()
                        .map(column -> column.replay(trace, replay, goldens, counts, progress))
                        .toList()));
    }

    private static SortedMap<RowKey, Long> countsOf(TraceFile trace) {
        SortedMap<RowKey, Long> counts = new TreeMap<>();
        try {
            RecordedAnswers.read(
                    trace.path(), (command, response) -> counts.merge(RowKey.answer(command, response), 1L, Long::sum));
            return counts;
        } catch (IOException | SemblanceException e) {
            // The replay says so.
            return new TreeMap<>();
        }
    }

    private void add(SortedMap<RowKey, Long> more) {
        more.forEach((key, count) -> cases.merge(key, count, Long::sum));
    }

    /** {@return what the devices did so far} */
    public TargetMatrix result() {
        SortedMap<RowKey, Long> all = new TreeMap<>(cases);
        for (CommandType type : CommandType.values()) {
            if (all.keySet().stream().noneMatch(key -> key.command().equals(type.name()))) {
                all.put(RowKey.answer(type.name(), RowKey.NO_CASE), 0L);
            }
        }
        List<MatrixRow> rows = new ArrayList<>();
        all.forEach((key, count) -> rows.add(new MatrixRow(
                key,
                count,
                columns.stream().map(column -> column.tally().of(key).cell()).toList())));
        return new TargetMatrix(columns.stream().map(Column::result).toList(), seed, scripts, recordings, rows);
    }
}
