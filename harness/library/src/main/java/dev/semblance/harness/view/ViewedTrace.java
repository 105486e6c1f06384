package dev.semblance.harness.view;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.png.PngEncoder;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceReader.Mark;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trace to look into. What can be shown is: of a torn or damaged one what comes before that, and without a GPU that is played here, the events
 * alone; {@link #problem} says what is missing. Any thread may ask; pictures are made for one at a time.
 */
public final class ViewedTrace implements AutoCloseable {

    /** The most that a state of the playback may take together, in bytes. */
    private static final long BUDGET = 256L << 20;

    private static final int MAX_FIELDS = 400;
    private static final int MAX_VALUE = 512;
    private static final int MAX_RUN_BYTES = 32;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final TraceFile file;
    private final TraceManifest manifest;
    private final TraceStory story;
    private final List<Mark> marks;
    private final Optional<DevicePlayback> playback;
    private final String problem;
    private final String identity;

    private ViewedTrace(
            TraceFile file,
            TraceManifest manifest,
            TraceStory story,
            List<Mark> marks,
            Optional<DevicePlayback> playback,
            String problem,
            String identity) {
        this.file = file;
        this.manifest = manifest;
        this.story = story;
        this.marks = marks;
        this.playback = playback;
        this.problem = problem;
        this.identity = identity;
    }

    /**
     * What a scanout shows.
     *
     * @param primary without its cursor; empty where it is dark
     * @param cursor its hardware cursor
     */
    public record Planes(Optional<Frame> primary, CursorPlane cursor) {}

    /**
     * A part of an event.
     *
     * @param name its path in the line of {@code dump --json}
     * @param value as text, cut where it is long
     */
    public record Field(String name, String value) {}

    /**
     * Reads a trace, from one end to the other.
     *
     * @param file the trace, which stays as it is until this is closed
     * @param progress told the cycle now and then
     * @return the trace
     * @throws IOException if it cannot be read, or is no trace
     * @throws IncompatibleException if it has too many events
     */
    public static ViewedTrace open(TraceFile file, LongConsumer progress) throws IOException {
        Path path = file.path();
        List<Mark> marks = new ArrayList<>();
        TraceManifest manifest;
        TraceStory story;
        Optional<TraceFormatException> damage = Optional.empty();
        Optional<TraceStatus> status = Optional.empty();
        try (TraceReader reader = TraceReader.open(path)) {
            manifest = reader.manifest();
            story = new TraceStory(manifest);
            try {
                for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                    if (marks.isEmpty() || !marks.getLast().equals(reader.mark())) {
                        marks.add(reader.mark());
                    }
                    story.take(next.get());
                    progress.accept(next.get().cycle());
                }
                status = Optional.of(reader.status());
            } catch (TraceFormatException e) {
                damage = Optional.of(e);
            }
            story.end();
        }
        List<String> problems = new ArrayList<>();
        damage.ifPresent(e -> problems.add(Text.format(
                "The file is damaged at byte %d: %s. What comes before that is shown.", e.offset(), e.reason())));
        if (status.isPresent() && status.get() instanceof TraceStatus.Torn torn) {
            problems.add(Text.format(
                    "The file is torn at byte %d: %s. What comes before that is shown.", torn.offset(), torn.reason()));
        }
        Optional<DevicePlayback> playback = Optional.empty();
        try {
            playback = Optional.of(DevicePlayback.openReadable(
                    path, Math.min(BUDGET, Runtime.getRuntime().maxMemory() / 8)));
        } catch (IncompatibleException e) {
            problems.add("No pictures: " + e.getMessage() + ".");
        } catch (IncompatibleTraceException e) {
            problems.add("No pictures: " + e.reason() + ".");
        }
        return new ViewedTrace(
                file,
                manifest,
                story,
                List.copyOf(marks),
                playback,
                String.join(" ", problems),
                status.map(end -> end.totals().identity()).orElse("not known, since the file is damaged"));
    }

    /** {@return the file} */
    public TraceFile file() {
        return file;
    }

    /** {@return what the trace was made with} */
    public TraceManifest manifest() {
        return manifest;
    }

    /** {@return how many events can be read} */
    public int count() {
        return story.count();
    }

    /** {@return how many scanouts there are pictures of} */
    public int scanouts() {
        return playback.map(DevicePlayback::scanouts).orElse(0);
    }

    /** {@return what cannot be shown and why, as sentences; empty if all can} */
    public String problem() {
        return problem;
    }

    /** {@return the GPU's playback, if its pictures can be made; who uses it holds this object's monitor} */
    public Optional<DevicePlayback> playback() {
        return playback;
    }

    /**
     * {@return the story of a range of events as a JSON object: {@code Story} in source.js}
     *
     * @param range the range
     */
    public String story(PositionRange.Events range) {
        int first = Math.clamp(range.first(), 0, story.count());
        int last = (int) Math.min(range.last(), story.count() - 1L);
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("title", EventText.plain(file.name()))
                .put("file", EventText.plain(file.shownAs()))
                .put("problem", problem);
        ArrayNode facts = node.putArray("facts");
        facts().forEach((name, value) -> facts.addArray().add(name).add(value));
        node.put("scanouts", playback.map(DevicePlayback::scanouts).orElse(0));
        story.write(node, first, last);
        return MAPPER.writeValueAsString(node);
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("identity", identity);
        facts.put("recorded by", "Semblance " + EventText.plain(manifest.toolVersion()));
        facts.put(
                "machine",
                manifest.hasMachine()
                        ? EventText.plain(Text.format("%s, %s", manifest.profile(), manifest.isa()))
                        : "none: the GPU alone");
        manifest.images()
                .forEach(image -> facts.put(
                        image.role().name().toLowerCase(Locale.ROOT),
                        Text.format("%s, SHA-256 %s", EventText.plain(image.file()), EventText.plain(image.sha256()))));
        manifest.parent().ifPresent(parent -> facts.put("goes on from", EventText.plain(parent.file())));
        return facts;
    }

    /** {@return the lines of all events, without numbers and cycles} */
    public EventLines lines() {
        return story.lines();
    }

    /**
     * {@return the fields of an event, by the names that {@code dump --json} has}
     *
     * @param event its number, from 0, below {@link #count}
     * @throws IOException if the file cannot be read again
     */
    public List<Field> details(int event) throws IOException {
        EventJson json = new EventJson(manifest);
        Mark mark = marks.getFirst();
        for (Mark each : marks) {
            mark = each.sequence() <= event ? each : mark;
        }
        try (TraceReader reader = TraceReader.openAt(file.path(), mark)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().sequence() == event) {
                    return fields(json, next.get());
                }
                json.pass(next.get().event());
            }
        }
        throw new TraceFormatException(0, "the file is not what it was when it was opened");
    }

    /**
     * {@return the fields of an event as they are shown}
     *
     * @param json that has passed the events before it, as far as they matter
     * @param stamped the event
     */
    static List<Field> fields(EventJson json, Stamped stamped) {
        List<Field> fields = new ArrayList<>();
        if (stamped.event() instanceof TraceEvent.Memory memory) {
            memory.runs().stream()
                    .limit(MAX_FIELDS)
                    .forEach(run -> fields.add(new Field(
                            Text.format("0x%x", run.address()),
                            Text.format(
                                    "%s: %s%s",
                                    Text.count(run.bytes().length, "byte"),
                                    HexFormat.ofDelimiter(" ")
                                            .formatHex(run.bytes(), 0, Math.min(run.bytes().length, MAX_RUN_BYTES)),
                                    run.bytes().length > MAX_RUN_BYTES ? " …" : ""))));
            if (memory.runs().size() > MAX_FIELDS) {
                fields.add(new Field("…", Text.count(memory.runs().size() - MAX_FIELDS, "more run", "more runs")));
            }
            return fields;
        }
        Map<String, String> all = json.fields(stamped);
        all.keySet().removeAll(List.of("sequence", "cycle"));
        all.forEach((name, value) -> {
            if (fields.size() < MAX_FIELDS) {
                fields.add(new Field(name, cut(value)));
            }
        });
        if (all.size() > MAX_FIELDS) {
            fields.add(new Field("…", Text.count(all.size() - MAX_FIELDS, "more field", "more fields")));
        }
        return fields;
    }

    private static String cut(String value) {
        return value.length() <= MAX_VALUE
                ? value
                : Text.format("%s… (%,d more)", value.substring(0, MAX_VALUE), value.length() - MAX_VALUE);
    }

    /**
     * {@return what each scanout shows right after an event}
     *
     * @param event its number, from -1: what is shown before the first one
     * @throws IOException if the file cannot be read again, or asks for what no guest can have done
     */
    public synchronized List<Planes> planes(int event) throws IOException {
        if (playback.isEmpty()) {
            return List.of();
        }
        DevicePlayback gpu = at(playback.get(), event);
        List<Planes> planes = new ArrayList<>();
        for (int scanout = 0; scanout < gpu.scanouts(); scanout++) {
            planes.add(new Planes(gpu.primary(scanout), gpu.cursor(scanout)));
        }
        return planes;
    }

    /**
     * {@return what a scanout shows right after an event as a PNG file of at most 128x96 pixels; empty where it shows nothing}
     *
     * @param event its number, from -1
     * @param scanout the number of the scanout, from 0
     * @throws IOException if the file cannot be read again, or asks for what no guest can have done
     */
    public Optional<byte[]> thumbnail(int event, int scanout) throws IOException {
        Optional<Frame> picture;
        synchronized (this) {
            picture = playback.isPresent()
                            && scanout >= 0
                            && scanout < playback.get().scanouts()
                    ? at(playback.get(), event).picture(scanout)
                    : Optional.empty();
        }
        return picture.map(Thumbnail::of).map(PngEncoder::encode);
    }

    /**
     * {@return the pixels of a resource right after an event as a PNG file, without alpha; empty where there is no such resource}
     *
     * @param event its number, from -1
     * @param resource its number
     * @throws IOException if the file cannot be read again, or asks for what no guest can have done
     */
    public Optional<byte[]> image(int event, long resource) throws IOException {
        Optional<Frame> image;
        synchronized (this) {
            image = playback.isPresent() ? at(playback.get(), event).image(resource) : Optional.empty();
        }
        return image.map(PngEncoder::encode);
    }

    private DevicePlayback at(DevicePlayback gpu, int event) throws IOException {
        gpu.seek(Math.clamp(event + 1L, 0, gpu.index().events()), reached -> {});
        return gpu;
    }

    @Override
    public synchronized void close() throws IOException {
        if (playback.isPresent()) {
            playback.get().close();
        }
    }
}
