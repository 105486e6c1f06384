package dev.semblance.harness.golden.png;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/**
 * A decoder of animated PNGs for tests, strict, written from the specification (4.9, 11.3.8): each frame is made a PNG of
 * its own for ImageIO, then drawn over the canvas.
 */
final class Apng {

    /** A frame as it is seen: RGB values, and for how long. */
    record Shown(int[] rgb, int delayNumerator, int delayDenominator) {
        double seconds() {
            return (double) delayNumerator / delayDenominator;
        }
    }

    final int width;
    final int height;
    final int loops;
    final List<Shown> frames = new ArrayList<>();
    long pixelsCoded;

    private int[] canvas = new int[0];
    private ByteBuffer control = ByteBuffer.allocate(0);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    Apng(byte[] file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file);
        byte[] signature = new byte[8];
        in.get(signature);
        assertThat(signature).isEqualTo(PngChunks.SIGNATURE);
        int sequence = 0;
        int announced = -1;
        int plays = -1;
        byte[] first = new byte[0];
        boolean ended = false;
        while (in.hasRemaining()) {
            assertThat(ended).isFalse();
            byte[] body = new byte[in.getInt()];
            byte[] typeBytes = new byte[4];
            in.get(typeBytes).get(body);
            CRC32 crc = new CRC32();
            crc.update(typeBytes);
            crc.update(body);
            assertThat(in.getInt()).isEqualTo((int) crc.getValue());
            String type = new String(typeBytes, StandardCharsets.US_ASCII);
            ByteBuffer fields = ByteBuffer.wrap(body);
            switch (type) {
                case "IHDR" -> first = body;
                case "acTL" -> {
                    announced = fields.getInt();
                    plays = fields.getInt();
                }
                case "fcTL" -> {
                    draw(first);
                    assertThat(fields.getInt()).isEqualTo(sequence++);
                    control = fields;
                }
                case "IDAT" -> {
                    assertThat(frames).isEmpty();
                    data.write(body);
                }
                case "fdAT" -> {
                    assertThat(fields.getInt()).isEqualTo(sequence++);
                    data.write(body, 4, body.length - 4);
                }
                case "IEND" -> {
                    draw(first);
                    ended = true;
                }
                default -> throw new AssertionError("a chunk " + type);
            }
            if (type.equals("IHDR")) {
                canvas = new int[fields.getInt(0) * fields.getInt(4)];
            }
        }
        assertThat(ended).isTrue();
        width = ByteBuffer.wrap(first).getInt(0);
        height = ByteBuffer.wrap(first).getInt(4);
        loops = plays;
        assertThat(announced).isEqualTo(frames.size());
    }

    private void draw(byte[] ihdr) throws IOException {
        if (!control.hasRemaining()) {
            return;
        }
        int canvasWidth = ByteBuffer.wrap(ihdr).getInt(0);
        int frameWidth = control.getInt();
        int frameHeight = control.getInt();
        int left = control.getInt();
        int top = control.getInt();
        int numerator = control.getShort() & 0xffff;
        int denominator = control.getShort() & 0xffff;
        assertThat(control.get()).as("dispose: none").isZero();
        assertThat(control.get()).as("blend: source").isZero();
        pixelsCoded += (long) frameWidth * frameHeight;
        byte[] own = ihdr.clone();
        ByteBuffer.wrap(own).putInt(frameWidth).putInt(frameHeight);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        PngChunks chunks = new PngChunks(png);
        chunks.signature();
        chunks.write("IHDR", own);
        chunks.write("IDAT", data.toByteArray());
        chunks.end();
        data.reset();
        control = ByteBuffer.allocate(0);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png.toByteArray()));
        for (int y = 0; y < frameHeight; y++) {
            for (int x = 0; x < frameWidth; x++) {
                canvas[(top + y) * canvasWidth + left + x] = image.getRGB(x, y) & 0xff_ffff;
            }
        }
        frames.add(new Shown(Arrays.copyOf(canvas, canvas.length), numerator, denominator));
    }
}
