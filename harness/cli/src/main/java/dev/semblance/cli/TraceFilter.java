package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.pack.PackReader;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which traces, or which of their snapshots, are wanted. A pattern over the name of a trace wants all of it; one over
 * {@code NAME/LABEL} wants those snapshots. A trace's name is its place below what the user named, the last part of that, or
 * the path that results show, without the ending.
 *
 * @param globs the patterns, of which one has to match; none for everything
 */
record TraceFilter(List<Glob> globs) {

    /** Everything. */
    static final TraceFilter ALL = new TraceFilter(List.of());

    /** How many names an error lists at most. */
    private static final int MAX_NAMES = 12;

    /** Copies the list. */
    TraceFilter {
        globs = List.copyOf(globs);
    }

    /**
     * Returns those of some files that hold something that is wanted: traces, and packs with such traces in them.
     *
     * @throws CommandException if there is none
     */
    List<TraceFile> select(List<TraceFile> files) {
        if (isAll()) {
            return files;
        }
        TreeSet<String> names = new TreeSet<>();
        List<TraceFile> wanted = new ArrayList<>();
        for (TraceFile file : files) {
            if (PackReader.isPack(file.path())) {
                try (OpenedPacks opened = OpenedPacks.of(List.of(file))) {
                    opened.traces().forEach(trace -> names.add(trace.name()));
                    if (opened.traces().stream().anyMatch(this::takes)) {
                        wanted.add(file);
                    }
                }
            } else {
                names.add(file.name());
                if (takes(file)) {
                    wanted.add(file);
                }
            }
        }
        if (wanted.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, nothing(names));
        }
        return wanted;
    }

    private String nothing(TreeSet<String> names) {
        String patterns = String.join(", ", globs.stream().map(Glob::pattern).toList());
        Optional<String> hint = globs.stream()
                .map(glob -> Suggestions.hint(glob.pattern(), names))
                .filter(text -> !text.isEmpty())
                .findFirst();
        List<String> some = names.stream().limit(MAX_NAMES).toList();
        return Text.format(
                "--filter %s matches no trace and no snapshot%s",
                patterns,
                hint.orElseGet(() -> Text.format(
                        "; a snapshot is named NAME/LABEL; the traces are %s%s",
                        String.join(", ", some),
                        names.size() > some.size() ? Text.format(" and %d more", names.size() - some.size()) : "")));
    }

    /** Returns whether everything is wanted. */
    boolean isAll() {
        return globs.isEmpty();
    }

    /** Returns whether a trace is wanted, or one of its snapshots. */
    boolean takes(TraceFile trace) {
        return takesWhole(trace) || globs.stream().anyMatch(TraceFilter::mayNameSnapshots) && takesASnapshot(trace);
    }

    /** Returns whether a snapshot of a trace is wanted. */
    boolean takes(TraceFile trace, String label) {
        return takesWhole(trace)
                || globs.stream()
                        .filter(TraceFilter::mayNameSnapshots)
                        .anyMatch(glob -> names(trace).anyMatch(name -> glob.matches(name + "/" + label)));
    }

    /** Returns the patterns that take the same snapshots of a trace where that is named alone; none if all are wanted. */
    List<Glob> alone(TraceFile trace) {
        if (takesWhole(trace)) {
            return List.of();
        }
        return globs.stream()
                .filter(TraceFilter::mayNameSnapshots)
                .map(Glob::pattern)
                .filter(pattern ->
                        names(trace).anyMatch(new Glob(pattern.substring(0, pattern.lastIndexOf('/')))::matches))
                .map(pattern -> new Glob("*" + pattern.substring(pattern.lastIndexOf('/'))))
                .distinct()
                .toList();
    }

    private boolean takesWhole(TraceFile trace) {
        return isAll() || globs.stream().anyMatch(glob -> names(trace).anyMatch(glob::matchesTrace));
    }

    private static boolean mayNameSnapshots(Glob glob) {
        return glob.pattern().indexOf('/') >= 0;
    }

    private static Stream<String> names(TraceFile trace) {
        return Stream.of(
                trace.name(),
                trace.name().substring(trace.name().lastIndexOf('/') + 1),
                TraceFile.nameOf(shown(trace)));
    }

    private static Path shown(TraceFile trace) {
        try {
            return Path.of(trace.shownAs());
        } catch (InvalidPathException e) {
            return trace.path(); // The locale lacks characters of a name that the file has nevertheless.
        }
    }

    private boolean takesASnapshot(TraceFile trace) {
        try (TraceReader reader = TraceReader.open(trace.path())) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().event() instanceof TraceEvent.Snapshot snapshot && takes(trace, snapshot.label())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // It has no snapshot of that name before the place where it cannot be read.
        }
    }
}
