package dev.semblance.harness.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Composition;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.record.session.BarePrograms;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Device;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.view.ViewedTrace.Planes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is told of a trace to whoever looks into it is what the other verbs tell, at every place. */
class ViewedTraceTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    private Path folder = Path.of("");

    private static ViewedTrace open(Path trace) throws IOException {
        return ViewedTrace.open(TraceFile.of(trace), cycle -> {});
    }

    private static JsonNode story(ViewedTrace trace, long first, long last) {
        return MAPPER.readTree(trace.story(new PositionRange.Events(first, last)));
    }

    private static JsonNode story(ViewedTrace trace) {
        return story(trace, 0, Long.MAX_VALUE);
    }

    private static List<Stamped> events(Path trace) throws IOException {
        List<Stamped> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hotplug", "two-heads", "desktop/x-menu"})
    void itsLinesKindsAndCyclesAreThoseOfDump(String name) throws IOException {
        Path file = RECORDINGS.resolve(name + ".trace");
        TraceManifest manifest = Recordings.manifest(file);
        EventText text = new EventText(manifest);
        EventKinds kinds = new EventKinds(manifest);
        try (ViewedTrace trace = open(file)) {
            JsonNode story = story(trace);
            List<String> lines = trace.lines().lines(0, trace.count());
            long cycle = 0;
            for (Stamped event : events(file)) {
                int number = (int) event.sequence();
                cycle += story.get("cycles").get(number).asLong();
                assertThat("#" + number + " @" + EventText.count(cycle) + " " + lines.get(number))
                        .isEqualTo(text.line(event));
                String kind = story.get("kindNames")
                        .get(story.get("kinds").get(number).asInt())
                        .asString();
                if (event.event() instanceof TraceEvent.Command command) {
                    String command1 = kinds.next(command).name();
                    assertThat(kind).isIn(command1, "command");
                    assertThat(kind.equals("command"))
                            .isNotEqualTo(EventKinds.commandNames().contains(command1));
                } else {
                    kinds.pass(event.event());
                    assertThat(kind).isEqualTo(EventKinds.of(event.event()));
                }
            }
            assertThat(story.get("total").asInt()).isEqualTo(trace.count()).isEqualTo(lines.size());
            assertThat(trace.problem()).isEmpty();
        }
    }

    /** Where a resource is shown is what the last SET_SCANOUT and UPDATE_CURSOR say (VIRTIO 1.2, 5.7.6.8), and Linux asks for no answer to the latter. */
    @Test
    void whereAResourceIsShownEndsWhereAnotherOneIsShownInItsPlace() throws Exception {
        try (ViewedTrace trace = open(RECORDINGS.resolve("two-heads.trace"))) {
            JsonNode resources = story(trace).get("resources");
            assertThat(changes(resources, 2))
                    .contains("241 scanout 1: scanout 1 shows 640x480 of it at 0,0")
                    .anyMatch(change -> change.matches("[0-9]+ scanout 1: no more on scanout 1"));
            assertThat(changes(resources, 3))
                    .contains("812 cursor of scanout 1: cursor of scanout 1")
                    .contains("872 cursor of scanout 1: no more cursor of scanout 1");
        }
    }

    private static List<String> changes(JsonNode resources, int id) {
        List<String> changes = new ArrayList<>();
        for (JsonNode resource : resources) {
            if (resource.get("id").asInt() == id) {
                resource.get("changes")
                        .forEach(change -> changes.add(change.get("event").asInt() + " "
                                + change.get("about").asString() + ": "
                                + change.get("text").asString()));
            }
        }
        return changes;
    }

    /** The page tells commands from other events by their names. */
    @Test
    void namesOfCommandsBeginWithACapitalAndThoseOfEventsWithASmallLetter() {
        assertThat(EventKinds.commandNames()).allMatch(name -> Character.isUpperCase(name.charAt(0)));
        assertThat(EventKinds.names()).allMatch(name -> Character.isLowerCase(name.charAt(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flips", "two-heads", "cursor", "desktop/x-menu", "desktop/x-second"})
    void theResourcesThatLiveAtAPlaceAreThoseThatTheGpuHasThere(String name) throws IOException {
        Path file = RECORDINGS.resolve(name + ".trace");
        try (ViewedTrace trace = open(file);
                DevicePlayback playback = DevicePlayback.open(file)) {
            JsonNode resources = story(trace).get("resources");
            List<Stamped> events = events(file);
            for (Stamped event : events) {
                boolean matters =
                        event.event() instanceof TraceEvent.Command || event.event() instanceof TraceEvent.Reset;
                if (!matters) {
                    continue;
                }
                long number = event.sequence();
                playback.seek((int) number + 1, reached -> {});
                List<Long> living = new ArrayList<>();
                for (JsonNode resource : resources) {
                    boolean made = resource.get("created").asLong() <= number;
                    boolean ended = resource.has("destroyed")
                            && resource.get("destroyed").asLong() <= number;
                    if (made && !ended) {
                        living.add(resource.get("id").asLong());
                    }
                }
                assertThat(living.stream().sorted().toList())
                        .as("event %d", number)
                        .isEqualTo(playback.resources());
            }
        }
    }

    @Test
    void thePlanesOfAPlaceMakeThePictureThatTheDevicePlaybackShowsThere() throws IOException {
        Path file = RECORDINGS.resolve("two-heads.trace");
        try (ViewedTrace trace = open(file);
                DevicePlayback playback = DevicePlayback.open(file)) {
            for (int event : new int[] {300, -1, 894, 700, 850, 851, 640}) {
                playback.seek(event + 1, reached -> {});
                List<Planes> planes = trace.planes(event);
                assertThat(planes).hasSize(2);
                for (int scanout = 0; scanout < 2; scanout++) {
                    Planes shown = planes.get(scanout);
                    Optional<Frame> picture = playback.picture(scanout);
                    if (shown.primary().isPresent()) {
                        assertThat(picture)
                                .contains(Composition.compose(shown.primary().get(), shown.cursor()));
                    }
                    assertThat(trace.thumbnail(event, scanout).isPresent()).isEqualTo(picture.isPresent());
                }
            }
        }
    }

    @Test
    void aFilterFindsTheLinesThatHaveTheTextInWhateverCase() throws IOException {
        try (ViewedTrace trace = open(RECORDINGS.resolve("hotplug.trace"))) {
            List<String> lines = trace.lines().lines(0, Integer.MAX_VALUE);
            for (String text : List.of("resource_flush", "DISPLAY", "gpu control", "@", "no such thing")) {
                List<Integer> wanted = IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                        .boxed()
                        .toList();
                assertThat(trace.lines().matching(text)).as(text).isEqualTo(wanted);
            }
            assertThat(trace.lines().lines(250, 20)).isEqualTo(lines.subList(250, 270));
            assertThat(trace.lines().lines(lines.size(), 20)).isEmpty();
        }
    }

    @Test
    void theFieldsOfAnEventAreThoseOfDumpInJson() throws IOException {
        Path file = RECORDINGS.resolve("hotplug.trace");
        List<Stamped> events = events(file);
        try (ViewedTrace trace = open(file)) {
            for (Stamped event : events.subList(200, 300)) {
                List<ViewedTrace.Field> fields = trace.details((int) event.sequence());
                assertThat(fields).isNotEmpty();
                if (event.event() instanceof TraceEvent.Command) {
                    assertThat(fields)
                            .extracting(ViewedTrace.Field::name)
                            .contains("event", "deviceName", "queueName", "head", "usedLength");
                }
            }
        }
    }

    @Test
    void aRangeTellsNothingOfWhatComesAfterItAndCountsWhatCameBefore() throws IOException {
        try (ViewedTrace trace = open(RECORDINGS.resolve("flips.trace"))) {
            JsonNode whole = story(trace);
            JsonNode part = story(trace, 900, 1000);
            assertThat(part.get("first").asInt()).isEqualTo(900);
            assertThat(part.get("kinds")).hasSize(101);
            assertThat(part.get("cycles").get(0).asLong())
                    .isEqualTo(IntStream.rangeClosed(0, 900)
                            .mapToLong(i -> whole.get("cycles").get(i).asLong())
                            .sum());
            for (int kind = 0; kind < whole.get("kindNames").size(); kind++) {
                int wanted = kind;
                assertThat(part.get("earlier").get(kind).asLong())
                        .isEqualTo(IntStream.range(0, 900)
                                .filter(i -> whole.get("kinds").get(i).asInt() == wanted)
                                .count());
            }
            assertThat(part.get("shown"))
                    .allMatch(each -> each.get(0).asInt() >= 900 && each.get(0).asInt() <= 1000);
            for (JsonNode resource : part.get("resources")) {
                assertThat(resource.get("created").asInt()).isLessThanOrEqualTo(1000);
                assertThat(resource.has("destroyed")).isFalse();
            }
        }
    }

    @Test
    void ofATraceThatIsCutOffWhatComesBeforeIsShown() throws IOException {
        byte[] whole = Files.readAllBytes(RECORDINGS.resolve("flips.trace"));
        Path cut = folder.resolve("cut.trace");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        try (ViewedTrace trace = open(cut)) {
            assertThat(trace.problem()).contains("torn at byte");
            assertThat(trace.count()).isBetween(100, 1300);
            assertThat(trace.planes(trace.count() - 1).getFirst().primary()).isPresent();
        }
    }

    @Test
    void ofADamagedTraceWhatComesBeforeTheDamageIsShown() throws IOException {
        byte[] bytes = Files.readAllBytes(RECORDINGS.resolve("flips.trace"));
        bytes[bytes.length / 2] ^= 0x55;
        Path damaged = folder.resolve("damaged.trace");
        Files.write(damaged, bytes);
        try (ViewedTrace trace = open(damaged)) {
            assertThat(trace.problem()).contains("damaged at byte");
            assertThat(trace.count()).isBetween(100, 1300);
            assertThat(trace.planes(trace.count() - 1).getFirst().primary()).isPresent();
        }
    }

    @Test
    void ofATraceWithoutAGpuTheEventsAreShownAndItIsSaidThatThereAreNoPictures() throws IOException {
        Path whole = folder.resolve("whole.trace");
        Recordings.record(BarePrograms.program().print("hello").reset(0), Optional.empty(), whole);
        TraceManifest manifest = Recordings.manifest(whole);
        List<Device> others = manifest.devices().stream()
                .map(device -> device.virtioId() == 16
                        ? new Device("none", 4, device.features(), device.address(), device.interrupt())
                        : device)
                .toList();
        Path without = Recordings.write(
                folder.resolve("without.trace"), manifest.with().devices(others).build(), Recordings.events(whole));
        try (ViewedTrace trace = open(without)) {
            assertThat(trace.problem()).startsWith("No pictures: ");
            assertThat(trace.planes(0)).isEmpty();
            assertThat(trace.thumbnail(0, 0)).isEmpty();
            assertThat(trace.image(0, 1)).isEmpty();
            assertThat(trace.count()).isPositive();
        }
    }

    @Test
    void aThumbnailHasTheMeanOfWhatItStandsFor() {
        int[] pixels = new int[256 * 192];
        for (int i = 0; i < pixels.length; i++) {
            // Black and white in turns: grey where two by two become one.
            pixels[i] = (i + i / 256) % 2 == 0 ? 0xff00_0000 : 0xffff_ffff;
        }
        Frame small = Thumbnail.of(Frame.ofPixels(256, 192, pixels));
        assertThat(small.width()).isEqualTo(128);
        assertThat(small.height()).isEqualTo(96);
        assertThat(small.argb(0, 0)).isEqualTo(0xff7f_7f7f);
        assertThat(small.argb(127, 95)).isEqualTo(0xff7f_7f7f);
        Frame wide = Thumbnail.of(Frame.solid(8000, 3, 0xff12_3456));
        assertThat(wide.width()).isEqualTo(128);
        assertThat(wide.height()).isEqualTo(1);
        assertThat(wide.argb(64, 0)).isEqualTo(0xff12_3456);
    }
}
