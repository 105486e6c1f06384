package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Sha256;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.png.PngEncoder;
import dev.semblance.harness.golden.png.PngFile;
import dev.semblance.harness.replay.SnapshotVerdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pictures of a report: each is written once, where it is first needed, and then used by its name. */
final class ReportImages implements AutoCloseable {

    /** A golden larger than this is encoded again rather than taken as it is: it may hold more than its picture. */
    private static final long MAX_FILE_BYTES = 32 << 20;

    /**
     * A picture that stands in the report.
     *
     * @param id the name of its element
     */
    record Embedded(String id, int width, int height) {}

    private final Map<String, Embedded> byContent = new TreeMap<>();
    private final SnapshotEncoder encoder = new SnapshotEncoder();

    /** Encodes the pictures of snapshots that are in no file yet, each while those before it are written. */
    Iterator<EncodedSnapshot> encode(List<SnapshotView> snapshots) {
        return encoder.encode(snapshots);
    }

    /** Embeds a picture; its file's bytes will do if they show what was compared. */
    Embedded embed(HtmlWriter html, SnapshotVerdict.Picture picture) throws IOException {
        Optional<byte[]> stored = stored(picture.file());
        if (stored.isPresent()) {
            int width = picture.frame().map(Frame::width).orElseGet(() -> number(stored.get(), 16));
            int height = picture.frame().map(Frame::height).orElseGet(() -> number(stored.get(), 20));
            return embed(html, stored.get(), width, height);
        }
        Frame frame = picture.frame().isPresent() ? picture.frame().get() : ImageFiles.read(picture.file());
        return embed(html, frame);
    }

    private Embedded embed(HtmlWriter html, Frame picture) throws IOException {
        return embed(html, PngEncoder.encode(picture), picture.width(), picture.height());
    }

    /** Embeds a PNG file. */
    Embedded embed(HtmlWriter html, byte[] png, int width, int height) throws IOException {
        String digest = Sha256.of(png);
        Embedded known = byContent.get(digest);
        if (known != null) {
            return known;
        }
        Embedded embedded = new Embedded("p" + (byContent.size() + 1), width, height);
        html.open("svg", "class", "store", "width", "0", "height", "0", "aria-hidden", "true", "focusable", "false");
        html.picture(
                "image",
                png,
                "id",
                embedded.id(),
                "width",
                Integer.toString(width),
                "height",
                Integer.toString(height),
                "preserveAspectRatio",
                "none");
        html.close("svg").line();
        byContent.put(digest, embedded);
        return embedded;
    }

    private static Optional<byte[]> stored(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) <= MAX_FILE_BYTES
                ? PngFile.withoutExtras(Files.readAllBytes(file))
                : Optional.empty();
    }

    private static int number(byte[] png, int at) {
        return ByteBuffer.wrap(png).getInt(at);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
