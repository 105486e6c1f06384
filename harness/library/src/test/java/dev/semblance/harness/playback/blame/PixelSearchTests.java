package dev.semblance.harness.playback.blame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent.Snapshot;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pixel and the commands that it comes from (VIRTIO 1.2, 5.7.6.8); the goldens say what is seen. */
class PixelSearchTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");
    private static final Path GOLDEN = Path.of("..", "..", "golden");

    static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            return files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
        }
    }

    private static ReplayableGpu gpu(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return ReplayableGpu.of(reader.manifest());
        }
    }

    private static Place place(Path trace, Position position) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return PositionFinder.find(reader, List.of(position))
                    .getFirst()
                    .require(trace)
                    .place();
        }
    }

    private static List<Stamped> snapshots(Path trace) throws IOException {
        List<Stamped> snapshots = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().event() instanceof Snapshot) {
                    snapshots.add(next.get());
                }
            }
        }
        return snapshots;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void aPixelsSourceHasTheColourThatTheGoldenHas(Path trace) throws IOException {
        Random random = new Random(11);
        String name = RECORDINGS.relativize(trace).toString().replace(".trace", "");
        for (Stamped event : snapshots(trace)) {
            Snapshot snapshot = (Snapshot) event.event();
            BufferedImage golden = ImageIO.read(
                    GOLDEN.resolve(name).resolve(snapshot.label() + ".png").toFile());
            PixelSearch search =
                    new PixelSearch(trace, gpu(trace), place(trace, new Position.OfEvent(event.sequence())));
            for (int i = 0; i < 3; i++) {
                int x = random.nextInt(golden.getWidth());
                int y = random.nextInt(golden.getHeight());
                PixelSource source = search.find(snapshot.scanout(), x, y);
                assertThat(Integer.toHexString(source.argb()))
                        .as("%s of %s at %d,%d: %s", snapshot.label(), name, x, y, source)
                        .isEqualTo(Integer.toHexString(golden.getRGB(x, y)));
            }
        }
    }

    @Test
    void thePixelOfACursorIsThatOfItsUpdate() throws IOException {
        Path trace = RECORDINGS.resolve("cursor.trace");
        Stamped event = snapshots(trace).get(1);
        Snapshot snapshot = (Snapshot) event.event();
        BufferedImage golden = ImageIO.read(
                GOLDEN.resolve("cursor").resolve(snapshot.label() + ".png").toFile());
        PixelSearch search = new PixelSearch(trace, gpu(trace), place(trace, new Position.OfEvent(event.sequence())));
        PlaneState.ShownCursor cursor = cursor(trace, event);
        int seen = 0;
        for (int i = 0; i < 64; i += 7) {
            int x = cursor.position().x() + i;
            int y = cursor.position().y() + i;
            if (x < 0 || y < 0 || x >= golden.getWidth() || y >= golden.getHeight()) {
                continue;
            }
            PixelSource source = search.find(0, x, y);
            assertThat(source.argb()).as("%s", source).isEqualTo(golden.getRGB(x, y));
            seen += source.cursor().isPresent() ? 1 : 0;
        }
        assertThat(seen).as("pixels of the cursor").isPositive();
    }

    private static PlaneState.ShownCursor cursor(Path trace, Stamped until) throws IOException {
        PlaneState state = new PlaneState(gpu(trace), (image, transfer) -> {});
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().sequence() < until.sequence();
                    next = reader.next()) {
                state.take(next.get());
            }
        }
        return state.cursor(0).orElseThrow();
    }

    @Test
    void beforeTheFirstFlushThereIsNothingToBlame() throws IOException {
        Path trace = RECORDINGS.resolve("modetest.trace");
        PixelSource source = new PixelSearch(trace, gpu(trace), place(trace, new Position.Start())).find(0, 1, 1);
        assertThat(source.foremost()).isEmpty();
        assertThat(source.argb()).isEqualTo(0xff00_0000);
    }

    @Test
    void aPixelOutsideOfThePictureIsRefusedWithItsSize() throws IOException {
        Path trace = RECORDINGS.resolve("modetest.trace");
        PixelSearch search = new PixelSearch(trace, gpu(trace), place(trace, new Position.End()));
        assertThatThrownBy(() -> search.find(0, 5000, 0))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("5000,0")
                .hasMessageContaining(" x ");
        assertThatThrownBy(() -> search.find(1, 0, 0))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("no scanout 1");
    }
}
