package dev.semblance.cli;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.report.Browser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The pixels of a page of recordings beside those that they should be: sizes and SHA-256 digests, or "dark". */
final class ShownPixels {

    static final Path RECORDINGS = Path.of("..", "..", "recordings");

    private static final String DIGEST = """
            (async stage => {
              if (stage.width === 0) {
                return 'dark';
              }
              const copy = new OffscreenCanvas(stage.width, stage.height);
              const pen = copy.getContext('2d', { willReadFrequently: true });
              pen.drawImage(stage.canvas, 0, 0);
              const data = pen.getImageData(0, 0, stage.width, stage.height).data;
              const digest = await crypto.subtle.digest('SHA-256', data);
              return stage.width + 'x' + stage.height + ' '
                  + [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
            })(semblance.stages()[%d])""";

    private ShownPixels() {}

    /** Returns what the canvas of a scanout shows in the page that is open. */
    static String of(Browser browser, int scanout) throws IOException, InterruptedException {
        return browser.evaluate(DIGEST.replace("%d", Integer.toString(scanout)));
    }

    /** Returns what a scanout shows where a playback is. */
    static String of(DevicePlayback playback, int scanout) throws NoSuchAlgorithmException {
        if (playback.primary(scanout).isEmpty()) {
            return "dark";
        }
        Frame frame = playback.picture(scanout).orElseThrow();
        ByteBuffer bytes = ByteBuffer.allocate(4 * frame.width() * frame.height());
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                bytes.putInt(frame.argb(x, y) << 8 | 0xff);
            }
        }
        return frame.width() + "x" + frame.height() + " "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }

    /** Returns the recordings that ship, in order. */
    static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            return files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
        }
    }
}
