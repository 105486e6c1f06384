package dev.semblance.harness.target.pipe;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.util.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The pictures of a program, which is asked for each once, until something may have changed it. */
final class PipePictures implements Pictures.Screendump {

    private static final int OPAQUE = 0xff00_0000;
    private static final int MAX_SIDE = 1 << 15;

    /** Bytes of a pixel: red, green, blue. */
    private static final int PIXEL = 3;

    private final PipeConnection program;
    private final PipeMemory memory;
    private final Map<Integer, Optional<Frame>> known = new HashMap<>();
    private final Map<Integer, Optional<Frame>> last = new HashMap<>();

    PipePictures(PipeConnection program, PipeMemory memory) {
        this.program = program;
        this.memory = memory;
    }

    /** Notes that what is shown may be another from now on. */
    void changed() {
        known.clear();
    }

    @Override
    public boolean showsCursor() {
        return program.can(PipeDevice.CURSOR);
    }

    @Override
    public Optional<Frame> primary(int scanout) {
        if (!program.can(PipeDevice.SCREENDUMP)) {
            return Optional.empty();
        }
        return known.computeIfAbsent(scanout, this::dump);
    }

    private Optional<Frame> dump(int scanout) {
        Optional<Optional<Frame>> shown = program.ask(
                PipeConnection.line().put("op", "screendump").put("head", scanout), memory, PipePictures::picture);
        // One that has failed shows what it showed.
        Optional<Frame> picture = shown.orElseGet(() -> last.getOrDefault(scanout, Optional.empty()));
        last.put(scanout, picture);
        return picture;
    }

    private static Optional<Frame> picture(JsonFields fields) {
        if (fields.flag("dark").orElse(false)) {
            return Optional.empty();
        }
        int width = side(fields, "width");
        int height = side(fields, "height");
        byte[] rgb = fields.bytes("rgb_hex", Hex.ANY_CASE).orElseThrow(() -> JsonFields.missing("rgb_hex"));
        long wanted = (long) PIXEL * width * height;
        if (width == 0 || height == 0 || rgb.length != wanted) {
            throw new IllegalArgumentException(Text.format(
                    "a picture of %dx%d has %d bytes in \"rgb_hex\", not %d", width, height, wanted, rgb.length));
        }
        Frame.Row[] rows = new Frame.Row[height];
        for (int y = 0; y < height; y++) {
            int[] row = new int[width];
            for (int x = 0; x < width; x++) {
                int at = PIXEL * (y * width + x);
                row[x] = OPAQUE | (rgb[at] & 255) << 16 | (rgb[at + 1] & 255) << 8 | rgb[at + 2] & 255;
            }
            rows[y] = new Frame.Row(row);
        }
        return Optional.of(Frame.of(width, rows));
    }

    private static int side(JsonFields fields, String name) {
        return fields.number(name, Range.upTo(MAX_SIDE))
                .orElseThrow(() -> JsonFields.missing(name))
                .intValue();
    }
}
