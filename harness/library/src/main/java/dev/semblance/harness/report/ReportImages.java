package dev.semblance.harness.report;

import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.png.PngEncoder;
import dev.semblance.harness.golden.png.PngFile;
import dev.semblance.harness.report.SnapshotEncoder.Pictures;
import dev.semblance.harness.util.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The pictures of a report: each is written once, where it is first needed, and then used by its name. There is room for so
 * many bytes of them: what no longer fits has a small picture, and when there is no room for these either, none.
 */
final class ReportImages implements AutoCloseable {

    /** A golden larger than this is encoded again rather than taken as it is: it may hold more than its picture. */
    private static final int MAX_FILE_BYTES = 32 << 20;

    /**
     * How many bytes there may be of pictures.
     *
     * @param full of full pictures as PNG files; half of them for snapshots that nobody has to look at
     * @param small of small ones
     */
    record Room(long full, long small) {

        /** What a browser opens without pain. */
        static final Room USUAL = new Room(64 << 20, 16 << 20);
    }

    /**
     * A picture that stands in the report.
     *
     * @param id the name of its element
     */
    record Embedded(String id, int width, int height) {}

    private final Map<String, Embedded> byContent = new TreeMap<>();
    private final SnapshotEncoder encoder = new SnapshotEncoder();
    private final Room room;
    private long full;
    private long small;
    private boolean fullForFailures = true;
    private boolean fullForOthers = true;
    private long left;

    ReportImages(Room room) {
        this.room = room;
    }

    /** Encodes the pictures of snapshots, each while those before it are written. */
    Pictures encode(List<SnapshotView> snapshots) {
        return encoder.encode(snapshots, snapshot -> snapshot.isLarge() ? fullForFailures : fullForOthers);
    }

    /**
     * {@return whether the full pictures of a snapshot are to stand in the report} Once those of one do not fit, no later ones
     * do: so what stands in a report does not depend on how far ahead the encoder is.
     */
    boolean hasRoom(SnapshotView snapshot, EncodedSnapshot encoded) {
        boolean large = snapshot.isLarge();
        boolean fits = (large ? fullForFailures : fullForOthers)
                && full + encoded.bytes() <= (large ? room.full() : room.full() / 2);
        if (fits) {
            full += encoded.bytes();
        } else {
            fullForOthers = false;
            fullForFailures &= !large;
            left++;
        }
        return fits;
    }

    /** {@return whether a small picture is to stand in the report} */
    boolean hasRoomForSmall(byte[] png) {
        if (small + png.length > room.small()) {
            return false;
        }
        small += png.length;
        return true;
    }

    /** {@return how many snapshots have no full pictures in the report for lack of room} */
    long left() {
        return left;
    }

    /** {@return how much room there is} */
    Room room() {
        return room;
    }

    /** Embeds a PNG file. */
    Embedded embed(HtmlWriter html, byte[] png) throws IOException {
        String digest = Sha256.of(png);
        Embedded known = byContent.get(digest);
        if (known != null) {
            return known;
        }
        // Its header comes first (PNG, 11.2.1).
        int width = ByteBuffer.wrap(png).getInt(16);
        int height = ByteBuffer.wrap(png).getInt(20);
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

    /** {@return a picture file as PNG; its own bytes will do if they show what was compared} */
    static byte[] png(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) <= MAX_FILE_BYTES) {
            Optional<byte[]> plain = PngFile.withoutExtras(WholeFile.bytes(file, MAX_FILE_BYTES));
            if (plain.isPresent()) {
                return plain.get();
            }
        }
        return PngEncoder.encode(ImageFiles.read(file));
    }

    @Override
    public void close() {
        encoder.close();
    }
}
