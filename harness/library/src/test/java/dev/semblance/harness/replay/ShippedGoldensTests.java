package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.TraceEvent.Snapshot;
import dev.semblance.harness.trace.TraceReader;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/GUESTS.md, "What they are seen to do": a recording of the desktop whose pictures were all the same would show nothing. */
class ShippedGoldensTests {

    private static final Path ROOT = Path.of("..", "..");

    static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("recordings/desktop"))) {
            List<Path> traces = files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
            assertThat(traces).hasSizeGreaterThanOrEqualTo(8);
            return traces;
        }
    }

    private static List<String> labels(Path trace) throws IOException {
        List<String> labels = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            reader.readAll((cycle, event) -> {
                if (event instanceof Snapshot snapshot) {
                    labels.add(snapshot.label());
                }
            });
        }
        return labels;
    }

    private static int[] pixels(File golden) throws IOException {
        BufferedImage image = ImageIO.read(golden);
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void everySnapshotHasAGoldenThatDiffersFromTheOneBefore(Path trace) throws IOException {
        String name = trace.getFileName().toString().replace(".trace", "");
        Path goldens = ROOT.resolve("golden/desktop").resolve(name);
        int[] before = new int[0];
        for (String label : labels(trace)) {
            File golden = goldens.resolve(label + ".png").toFile();
            assertThat(golden).exists();
            int[] pixels = pixels(golden);
            assertThat(pixels).as("%s of %s", label, name).isNotEqualTo(before);
            before = pixels;
        }
    }
}
