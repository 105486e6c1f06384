package dev.semblance.harness.golden.png;

import dev.semblance.gpu.frame.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Pictures as PNG files, fast rather than small: 8-bit palette where 256 colours do, which desktops often have, 8-bit RGB
 * otherwise. Alpha is dropped.
 */
public final class PngEncoder {

    private static final int RGB = 0xff_ffff;
    private static final int BLOCK = 1 << 15;

    private PngEncoder() {}

    /** {@return a picture as a PNG file} */
    public static byte[] encode(Frame picture) {
        Palette palette = Palette.of(picture);
        return palette.isFull() ? rgb(picture) : indexed(picture, palette);
    }

    private static byte[] rgb(Frame picture) {
        return file(picture.width(), picture.height(), 8, PngChunks.RGB, chunks -> {}, data -> {
            RgbScanlines lines = new RgbScanlines(picture.width(), data);
            int[] row = new int[picture.width()];
            for (int y = 0; y < picture.height(); y++) {
                picture.copyRow(y, row, 0);
                lines.write(row, 0);
            }
        });
    }

    private static byte[] indexed(Frame picture, Palette palette) {
        return file(
                picture.width(),
                picture.height(),
                8,
                PngChunks.PALETTE,
                chunks -> chunks.write("PLTE", palette.bytes()),
                data -> {
                    int[] row = new int[picture.width()];
                    byte[] line = new byte[1 + picture.width()];
                    for (int y = 0; y < picture.height(); y++) {
                        picture.copyRow(y, row, 0);
                        palette.indices(row, line, 1);
                        data.write(line);
                    }
                });
    }

    /**
     * {@return where two pictures differ as a PNG file: those pixels in one colour, all others transparent} Where the sizes
     * differ it holds both, and what only one of them covers differs.
     *
     * @param rgb the colour
     */
    public static byte[] difference(Frame expected, Frame actual, int rgb) {
        int width = Math.max(expected.width(), actual.width());
        int height = Math.max(expected.height(), actual.height());
        byte[] colours = {0, 0, 0, (byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb};
        return file(
                width,
                height,
                1,
                PngChunks.PALETTE,
                chunks -> {
                    chunks.write("PLTE", colours);
                    chunks.write("tRNS", new byte[] {0});
                },
                data -> {
                    byte[] line = new byte[1 + (width + 7) / 8];
                    for (int y = 0; y < height; y++) {
                        differences(expected, actual, y, width, line);
                        data.write(line);
                    }
                });
    }

    private static void differences(Frame expected, Frame actual, int y, int width, byte[] line) {
        Arrays.fill(line, (byte) 0);
        boolean rowInBoth = y < expected.height() && y < actual.height();
        if (rowInBoth && expected.width() == actual.width() && expected.sameRow(actual, y)) {
            return;
        }
        for (int x = 0; x < width; x++) {
            boolean inBoth = rowInBoth && x < expected.width() && x < actual.width();
            if (!inBoth || ((expected.argb(x, y) ^ actual.argb(x, y)) & RGB) != 0) {
                line[1 + (x >> 3)] |= (byte) (0x80 >> (x & 7));
            }
        }
    }

    /** Writes something that can only fail if the stream does. */
    @FunctionalInterface
    private interface Part<T> {
        void write(T to) throws IOException;
    }

    private static byte[] file(
            int width, int height, int depth, int colourType, Part<PngChunks> before, Part<OutputStream> image) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(BLOCK);
        ByteArrayOutputStream data = new ByteArrayOutputStream(BLOCK);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            PngChunks chunks = new PngChunks(file);
            chunks.signature();
            chunks.header(width, height, depth, colourType);
            before.write(chunks);
            try (DeflaterOutputStream compressed = new DeflaterOutputStream(data, deflater, BLOCK)) {
                image.write(compressed);
            }
            chunks.write("IDAT", data.toByteArray());
            chunks.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return file.toByteArray();
    }
}
