package dev.semblance.harness.view;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.util.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that a page has to have to show a part of a trace without a server (docs/VIEWER.md has the form). It is made in one pass over the trace.
 */
public final class TraceExport {

    /** How many events have their fields in one block. */
    private static final int EVENTS_TOGETHER = 256;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ViewedTrace trace;
    private final int first;
    private final int last;
    private final PageRoom room;
    private final PictureTable pictures;
    private final Map<String, List<byte[]>> parts = new LinkedHashMap<>();
    private final ArrayNode openDetails = JsonNodeFactory.instance.arrayNode();
    private final Set<String> snapshots = new HashSet<>();
    private final ObjectNode index = JsonNodeFactory.instance.objectNode();
    private boolean played;

    private TraceExport(ViewedTrace trace, int first, int last, PageRoom room) {
        this.trace = trace;
        this.first = first;
        this.last = last;
        this.room = room;
        this.played = trace.playback().isPresent();
        this.pictures = new PictureTable(trace.scanouts(), room);
    }

    /**
     * Makes what a page needs.
     *
     * @param trace the trace
     * @param range the events of it that go into the page
     * @param verdict what a replay of the trace came to
     * @param own how many bytes the page has besides
     * @param limit how many it may have with all in it, which is Base64
     * @param progress told the cycle now and then
     * @return the parts by their names; a part is a list of blocks, all of which are deflated (RFC 1951) but those of {@code snapshots}, which are PNG files
     * @throws IOException if the file cannot be read again
     * @throws UnusableInputException if it takes more than the limit
     */
    public static Map<String, List<byte[]>> of(
            ViewedTrace trace,
            PositionRange.Events range,
            ViewedVerdict verdict,
            long own,
            long limit,
            LongConsumer progress)
            throws IOException {
        int first = Math.clamp(range.first(), 0, trace.count());
        int last = (int) Math.min(range.last(), trace.count() - 1L);
        TraceExport export = new TraceExport(trace, first, last, new PageRoom(own, limit, first, last));
        export.text("story", trace.story(range));
        export.text("verdict", verdict.json());
        export.shown(first - 1);
        export.pass(progress);
        export.pictures.end();
        export.snapshots(verdict);
        export.endIndex();
        return export.parts;
    }

    private void text(String part, String text) {
        add(part, RawDeflate.smallest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void add(String part, byte[] block) {
        room.take(block.length);
        parts.computeIfAbsent(part, unknown -> new ArrayList<>()).add(block);
    }

    private void pass(LongConsumer progress) throws IOException {
        EventJson json = new EventJson(trace.manifest());
        try (TraceReader reader = TraceReader.open(trace.file().path())) {
            for (int event = 0; event <= last; event++) {
                Stamped stamped = reader.next()
                        .orElseThrow(
                                () -> new TraceFormatException(0, "the file is not what it was when it was opened"));
                if (event < first) {
                    json.pass(stamped.event());
                    continue;
                }
                progress.accept(stamped.cycle());
                room.at(event);
                details(json, stamped);
                shown(event);
                if (event == last || (event - first) % EventLines.BLOCK == EventLines.BLOCK - 1) {
                    lines(event);
                }
                if (stamped.event() instanceof TraceEvent.Snapshot snapshot) {
                    snapshots.add(snapshot.label());
                }
            }
        }
        endDetails();
    }

    private void details(EventJson json, Stamped stamped) {
        ArrayNode fields = openDetails.addArray();
        ViewedTrace.fields(json, stamped)
                .forEach(field -> fields.addArray().add(field.name()).add(field.value()));
        if (openDetails.size() == EVENTS_TOGETHER) {
            endDetails();
        }
    }

    private void endDetails() {
        if (!openDetails.isEmpty()) {
            text("details", MAPPER.writeValueAsString(openDetails));
            openDetails.removeAll();
        }
    }

    /** Takes what is shown right after an event, as far as it can be played. */
    private void shown(int event) throws IOException {
        if (!played) {
            return;
        }
        try {
            pictures.take(event - first + 1, trace.planes(event));
        } catch (TraceFormatException e) {
            end(event, e.reason());
        } catch (IncompatibleException e) {
            end(event, String.valueOf(e.getMessage()));
        }
    }

    /** Says that from an event on no pictures can be made. */
    private void end(int event, String reason) {
        played = false;
        index.put("broken", event).put("reason", Printable.line(reason));
    }

    /** Adds a block of lines, up to an event. */
    private void lines(int event) {
        int count = (event - first) % EventLines.BLOCK + 1;
        text("lines", String.join("\n", trace.lines().lines(event + 1 - count, count)));
    }

    private void snapshots(ViewedVerdict verdict) throws IOException {
        ArrayNode kept = index.putArray("snapshots");
        if (!(verdict.verdict() instanceof TraceVerdict.Replayed replayed)) {
            return;
        }
        for (SnapshotVerdict snapshot : replayed.snapshots()) {
            for (ViewedVerdict.Which which : ViewedVerdict.Which.values()) {
                Optional<byte[]> picture = snapshots.contains(snapshot.label())
                        ? verdict.picture(snapshot.label(), which)
                        : Optional.empty();
                if (picture.isPresent()) {
                    add("snapshots", picture.get());
                    kept.addArray()
                            .add(Printable.line(snapshot.label()))
                            .add(which.name().toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private void endIndex() {
        parts.put("rows", pictures.rows());
        parts.put("cursors", pictures.cursors());
        ArrayNode places = index.putArray("places");
        for (int scanout = 0; scanout < pictures.pictures().size(); scanout++) {
            parts.put("pictures-" + scanout, pictures.pictures().get(scanout));
            pictures.places().get(scanout).forEach(places.addArray()::add);
        }
        text("index", MAPPER.writeValueAsString(index));
    }
}
