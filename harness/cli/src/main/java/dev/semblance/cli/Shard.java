package dev.semblance.cli;

import dev.semblance.harness.TraceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several parts of a list of traces, for machines that share the work. Every trace is in exactly one part, whatever
 * the order in which they are named; parts are about equal by the sizes of the files, and the same wherever the files are.
 *
 * @param index which part, from 1
 * @param count how many there are
 */
record Shard(int index, int count) {

    private static final Pattern SYNTAX = Pattern.compile("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})");

    /** Understands {@code INDEX/COUNT}. */
    static Optional<Shard> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Shard shard = new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        return shard.index <= shard.count ? Optional.of(shard) : Optional.empty();
    }

    /** Returns this part of the traces, in their order. */
    List<TraceFile> select(List<TraceFile> traces) {
        List<Path> mine = select(TraceFile.paths(traces), Shard::size);
        return traces.stream().filter(trace -> mine.contains(trace.path())).toList();
    }

    /** Returns this part of the traces, in their order, where parts are to be about equal in size. */
    List<Path> select(List<Path> traces, ToLongFunction<Path> size) {
        record Sized(Path trace, long bytes) {}
        List<Sized> largestFirst = traces.stream()
                .map(trace -> new Sized(trace, size.applyAsLong(trace)))
                .sorted(Comparator.comparingLong(Sized::bytes).reversed().thenComparing(sized -> sized.trace()))
                .toList();
        // Each goes to the part that has least so far; among equals, to the one with fewest, then to the first.
        long[] bytes = new long[count];
        int[] members = new int[count];
        List<Path> mine = new ArrayList<>();
        for (Sized next : largestFirst) {
            int least = 0;
            for (int i = 1; i < count; i++) {
                if (bytes[i] < bytes[least] || bytes[i] == bytes[least] && members[i] < members[least]) {
                    least = i;
                }
            }
            bytes[least] += next.bytes();
            members[least]++;
            if (least == index - 1) {
                mine.add(next.trace());
            }
        }
        return traces.stream().filter(mine::contains).toList();
    }

    private static long size(Path trace) {
        try {
            return Files.size(trace);
        } catch (IOException e) {
            return 0; // The job that it falls to says what is wrong with it.
        }
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
