package dev.semblance.harness.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.position.PositionRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/VIEWER.md, the page in a file: what goes into it is what the trace has, of the range that was asked for. */
class TraceExportTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final PositionRange.Events WHOLE = new PositionRange.Events(0, Long.MAX_VALUE);
    private static final int ASKED = 12;

    private static ViewedTrace open(String name) throws IOException {
        return ViewedTrace.open(TraceFile.of(RECORDINGS.resolve(name + ".trace")), cycle -> {});
    }

    private static Map<String, List<byte[]>> export(ViewedTrace trace, PositionRange.Events range, long limit)
            throws IOException {
        ViewedVerdict verdict = new ViewedVerdict(new TraceVerdict.TimedOut(trace.file(), Duration.ofSeconds(1)));
        return TraceExport.of(trace, range, verdict, 0, limit, cycle -> {});
    }

    private static List<byte[]> part(Map<String, List<byte[]>> parts, String name) {
        return Optional.ofNullable(parts.get(name)).orElseThrow();
    }

    private static String text(byte[] block) {
        return new String(PictureTableDecoder.inflate(block), StandardCharsets.UTF_8);
    }

    private static JsonNode json(byte[] block) {
        return MAPPER.readTree(text(block));
    }

    private static void assertPicturesAreThere(String name, PositionRange.Events range) throws IOException {
        try (ViewedTrace trace = open(name)) {
            Map<String, List<byte[]>> parts = export(trace, range, Long.MAX_VALUE);
            PictureTableDecoder decoder = new PictureTableDecoder(part(parts, "rows"), part(parts, "cursors"));
            JsonNode places = json(part(parts, "index").getFirst()).get("places");
            int first = (int) range.first();
            int last = (int) Math.min(range.last(), trace.count() - 1);
            SplittableRandom random = new SplittableRandom(first);
            for (int i = 0; i < ASKED; i++) {
                int event = i == 0 ? first - 1 : i == 1 ? last : random.nextInt(first - 1, last + 1);
                List<ViewedTrace.Planes> planes = trace.planes(event);
                for (int scanout = 0; scanout < planes.size(); scanout++) {
                    List<Integer> begins = new ArrayList<>();
                    places.get(scanout).forEach(place -> begins.add(place.asInt()));
                    PictureTableProperties.assertSame(
                            decoder.at(part(parts, "pictures-" + scanout), begins, event - first + 1),
                            planes.get(scanout));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cursor", "two-heads"})
    void eachMomentOfARecordingIsInIt(String name) throws IOException {
        assertPicturesAreThere(name, WHOLE);
    }

    @Test
    void aRangeBeginsWithWhatWasShownBeforeIt() throws IOException {
        assertPicturesAreThere("cursor", new PositionRange.Events(300, 420));
    }

    static Stream<String> all() throws IOException {
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            return files
                    .map(file -> RECORDINGS.relativize(file).toString())
                    .filter(file -> file.endsWith(".trace"))
                    .map(file -> file.replace(".trace", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** Half a minute, so mvn -Plive has it done. */
    @ParameterizedTest
    @MethodSource("all")
    @EnabledIfSystemProperty(named = "semblance.live", matches = "true")
    void eachMomentOfEachRecordingThatShipsIsInIt(String name) throws IOException {
        assertPicturesAreThere(name, WHOLE);
    }

    @Test
    void itsLinesAndFieldsAreThoseOfTheTrace() throws IOException {
        try (ViewedTrace trace = open("two-heads")) {
            int first = 5;
            int last = trace.count() - 3;
            Map<String, List<byte[]>> parts = export(trace, new PositionRange.Events(first, last), Long.MAX_VALUE);
            List<String> lines = new ArrayList<>();
            part(parts, "lines")
                    .forEach(block -> lines.addAll(List.of(text(block).split("\n", -1))));
            assertThat(lines).isEqualTo(trace.lines().lines(first, last + 1 - first));
            List<JsonNode> details = new ArrayList<>();
            part(parts, "details").forEach(block -> json(block).forEach(details::add));
            assertThat(details).hasSize(last + 1 - first);
            for (int event = first; event <= last; event += 17) {
                List<ViewedTrace.Field> fields = new ArrayList<>();
                details.get(event - first)
                        .forEach(field -> fields.add(new ViewedTrace.Field(
                                field.get(0).asString(), field.get(1).asString())));
                assertThat(fields).isEqualTo(trace.details(event));
            }
        }
    }

    @Test
    void moreThanThePageMayHaveIsRefused() throws IOException {
        try (ViewedTrace trace = open("cursor")) {
            assertThatThrownBy(() -> export(trace, WHOLE, 12_000))
                    .isInstanceOf(UnusableInputException.class)
                    .hasMessageContaining("has more than 12,000 bytes")
                    .hasMessageContaining("name a shorter range with --from and --to");
        }
    }
}
