package dev.semblance.cli;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.trace.text.EventKinds.CommandKind;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what is in a trace, in a memory that does not grow with its length, and puts it into lines. */
final class TraceSummary {

    /** How many snapshots are listed; the rest is counted. */
    private static final int MAX_SNAPSHOTS = 200;

    private final TraceManifest manifest;
    private final EventKinds kinds;
    private final Map<String, Long> events = new TreeMap<>();
    private final Map<CommandKind, Long> commands = new TreeMap<>(Comparator.comparing(CommandKind::device)
            .thenComparing(CommandKind::name)
            .thenComparing(CommandKind::refused));
    private final List<Stamped> snapshots = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private long moreSnapshots;
    private Optional<TraceEvent.End> end = Optional.empty();

    TraceSummary(TraceManifest manifest) {
        this.manifest = manifest;
        this.kinds = new EventKinds(manifest);
    }

    void add(Stamped stamped) {
        TraceEvent event = stamped.event();
        events.merge(EventKinds.of(event), 1L, Long::sum);
        switch (event) {
            case TraceEvent.Command command -> commands.merge(kinds.next(command), 1L, Long::sum);
            case TraceEvent.Snapshot snapshot -> {
                if (snapshots.size() < MAX_SNAPSHOTS) {
                    snapshots.add(stamped);
                } else {
                    moreSnapshots++;
                }
            }
            case TraceEvent.End last -> end = Optional.of(last);
            default -> kinds.pass(event);
        }
    }

    TraceManifest manifest() {
        return manifest;
    }

    /** Returns how many events there are of each kind. */
    Map<String, Long> events() {
        return events;
    }

    /** Returns how many commands there are of each kind. */
    Map<CommandKind, Long> commands() {
        return commands;
    }

    /** Returns the first snapshots. */
    List<Stamped> snapshots() {
        return snapshots;
    }

    /** Returns how many snapshots there are besides. */
    long moreSnapshots() {
        return moreSnapshots;
    }

    /** Returns how the run ended; empty where that is lost. */
    Optional<TraceEvent.End> end() {
        return end;
    }

    /**
     * Returns the lines.
     *
     * @param fileBytes size of the file
     * @param rawBytes size of its events before compression
     */
    List<String> lines(int formatVersion, TraceStatus status, long fileBytes, long rawBytes) {
        line("format", Text.format("version %d, %s", formatVersion, completeness(status)));
        line("identity", status.totals().identity());
        line(
                "size",
                Text.format(
                        "%s, %s of events in %s (%s : 1)",
                        Text.count(fileBytes, "byte"),
                        EventText.count(rawBytes),
                        Text.count(status.totals().chunks(), "chunk"),
                        Text.format("%.1f", (double) rawBytes / Math.max(1, fileBytes))));
        line("recorded by", EventText.plain(manifest.toolVersion()));
        machine();
        run(status);
        line("events", EventText.count(status.totals().events()));
        events.forEach((kind, count) -> line("", Text.format("%,12d %s", count, kind)));
        line("commands", commands.isEmpty() ? "none" : "");
        commands.forEach((kind, count) -> line(
                "", Text.format("%,12d %s %s%s", count, kind.device(), kind.name(), kind.refused() ? " refused" : "")));
        snapshotLines();
        return lines;
    }

    private static String completeness(TraceStatus status) {
        return switch (status) {
            case TraceStatus.Complete complete -> "complete";
            case TraceStatus.Torn torn ->
                Text.format("torn at byte %s: %s", EventText.count(torn.offset()), torn.reason());
        };
    }

    private String model() {
        return Text.format(
                "%s, %d hart(s) %s, RAM %s MiB, seed %d",
                EventText.plain(manifest.profile()),
                manifest.harts(),
                EventText.plain(manifest.isa()),
                EventText.count(manifest.ramBytes() >> 20),
                manifest.seed());
    }

    private void machine() {
        line(
                "machine",
                switch (manifest.kind()) {
                    case MACHINE -> model();
                    case DEVICE_ONLY ->
                        manifest.clock().isPresent()
                                ? "none: the commands of a guest elsewhere"
                                : manifest.storedState()
                                        .map(state -> Text.format(
                                                "%s, begins @%,d in a stored state of layout %d",
                                                model(), state.cycle(), state.layout()))
                                        .orElse("none: commands put to devices alone");
                });
        manifest.memory()
                .ifPresent(regions -> regions.forEach(region ->
                        line("memory", Text.format("0x%x, %,d KiB", region.base(), region.size() >> 10))));
        manifest.parent()
                .ifPresent(parent -> line(
                        "goes on from",
                        Text.format(
                                "%s @%,d, after %s, identity %s; %s up its state for a device",
                                EventText.plain(parent.file()),
                                parent.cycle(),
                                Text.count(parent.passed(), "event"),
                                parent.identity(),
                                Text.count(parent.preamble(), "event makes", "events make"))));
        line("bootargs", EventText.plain(manifest.bootargs()));
        for (TraceManifest.Image image : manifest.images()) {
            line(
                    image.role().name().toLowerCase(Locale.ROOT),
                    Text.format(
                            "%s, %s, SHA-256 %s",
                            EventText.plain(image.file()), Text.count(image.size(), "byte"), image.sha256()));
        }
        for (int i = 0; i < manifest.devices().size(); i++) {
            TraceManifest.Device device = manifest.devices().get(i);
            line(
                    "device " + i,
                    Text.format(
                            "%s at 0x%x, interrupt %d, offers %s",
                            EventText.plain(device.kind()),
                            device.address(),
                            device.interrupt(),
                            EventText.features(manifest, i, device.features())));
        }
        for (int i = 0; i < manifest.displayModes().size(); i++) {
            line("scanout " + i, manifest.displayModes().get(i).toString());
        }
        line(
                "scenario",
                manifest.scenario()
                        .map(text -> Text.count(text.lines().count(), "line"))
                        .orElse("none"));
    }

    private void run(TraceStatus status) {
        long cycles = status.totals().lastCycle();
        String time = EventText.time(manifest, cycles).map(text -> ", " + text).orElse("");
        line("cycles", EventText.count(cycles) + time);
        line(
                "end",
                end.map(last -> Text.format("%s, instret %s", last.reason(), EventText.count(last.instret())))
                        .orElse("not reached"));
    }

    private void snapshotLines() {
        line("snapshots", snapshots.isEmpty() ? "none" : "");
        for (Stamped stamped : snapshots) {
            line("", Text.format("%s", EventText.describe(manifest, stamped)));
        }
        if (moreSnapshots > 0) {
            line("", Text.format("and %,d more", moreSnapshots));
        }
    }

    private void line(String key, String value) {
        lines.add(Text.format("  %-12s %s", key, value).stripTrailing());
    }
}
