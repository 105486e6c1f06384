package dev.semblance.harness.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.frame.Frame;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONTRIBUTING.md, "Goldens": decoded pixels are compared, never the bytes of a file. */
class ImageFilesTests {

    /** Six colours, 3x2. */
    private static final Frame SIX = Frame.ofPixels(
            3, 2, new int[] {0xffff_0000, 0xff00_ff00, 0xff00_00ff, 0xff01_0203, 0xfffa_8007, 0xff4d_4d4d});

    /** The same, as lossless WebP: there is no writer in the JDK. */
    private static final String SIX_WEBP =
            "5249464646000000574542505650384c390000002f024000002f40204051867b68931b64d236a516"
                    + "eb5fc8ae2948db80e98eb6f977b4f90ff8231e31ba5a03856c23c0a17b054ee922fa1fc30b00";

    @TempDir
    Path folder;

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static BufferedImage image(int type) {
        BufferedImage image = new BufferedImage(3, 2, type);
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                image.setRGB(x, y, SIX.argb(x, y));
            }
        }
        return image;
    }

    private static byte[] written(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    // ---- every colour comes back --------------------------------------------------------------------------------

    @Test
    void pngKeepsEveryValueOfEveryChannel() throws Exception {
        int[] pixels = new int[1 << 20];
        for (int i = 0; i < pixels.length; i++) {
            // An odd multiplier: a million different colours, spread over all 16 million.
            pixels[i] = 0xff00_0000 | i * 0x9e37_79b1 & 0xff_ffff;
        }
        Frame frame = Frame.ofPixels(1024, 1024, pixels);
        Path file = folder.resolve("a/b/c.png");
        ImageFiles.writePng(frame, file);
        assertThat(ImageFiles.read(file)).isEqualTo(frame);
    }

    @Test
    void transparencyIsWrittenAndReadAsOpaqueWithTheColourBeneath() throws Exception {
        Path file = folder.resolve("a.png");
        ImageFiles.writePng(Frame.ofPixels(2, 1, new int[] {0x0012_3456, 0x80ff_fefd}), file);
        assertThat(ImageIO.read(file.toFile()).getRGB(1, 0)).isEqualTo(0x80ff_fefd);
        assertThat(ImageFiles.read(file)).isEqualTo(Frame.ofPixels(2, 1, new int[] {0xff12_3456, 0xffff_fefd}));
    }

    /** What is hidden must not count as seen: the golden of a display is opaque. */
    @Test
    void aGoldenWithTransparencyIsUnusableWhereverItsAlphaStands() throws Exception {
        Path rgba = folder.resolve("rgba.png");
        ImageFiles.writePng(Frame.ofPixels(2, 2, new int[] {-1, -1, -1, 0xfe00_0000}), rgba);
        unusable(rgba, "first at (1, 1), where alpha is 254");
        Path opaque = folder.resolve("opaque.png");
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0xff12_3456);
        image.setRGB(1, 0, 0xff00_0000);
        ImageIO.write(image, "png", opaque.toFile());
        assertThat(ImageFiles.readOpaque(opaque)).isEqualTo(ImageFiles.read(opaque));
        Path palette = folder.resolve("palette.png");
        byte[] grey = {0, (byte) 200};
        IndexColorModel model = new IndexColorModel(8, 2, grey, grey, grey, new byte[] {(byte) 0xff, 0});
        ImageIO.write(new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, model), "png", palette.toFile());
        unusable(palette, "its tRNS chunk");
        Path tiff = folder.resolve("a.tiff");
        image.setRGB(1, 0, 0x7f00_0000);
        assertThat(ImageIO.write(image, "tiff", tiff.toFile())).isTrue();
        unusable(tiff, "first at (1, 0), where alpha is 127");
        Path plain = folder.resolve("plain.png");
        ImageFiles.writePng(Frame.solid(2, 2, 0xff00_00ff), plain);
        assertThat(ImageFiles.readOpaque(plain)).isEqualTo(Frame.solid(2, 2, 0xff00_00ff));
    }

    private static void unusable(Path file, String where) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageFiles.readOpaque(file))
                .withMessageContaining("the image is not damaged, but unusable: the golden has transparency")
                .withMessageContaining(where);
    }

    @Test
    void aScreendumpOfQemuIsAPicture() throws Exception {
        byte[] pixels = {
            (byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, 1, 2, 3, (byte) 250, (byte) 128, 7, 77, 77, 77
        };
        assertThat(ImageFiles.read(file("a.ppm", join(ascii("P6\n3 2\n255\n"), pixels))))
                .isEqualTo(SIX);
        assertThat(ImageFiles.read(file(
                        "b.ppm",
                        ascii("P3\n# a comment\n3 2 255\n255 0 0 0 255 0 0 0 255 1 2 3 250 128 7 77 77 77\n"))))
                .isEqualTo(SIX);
    }

    @Test
    void greyPnmKeepsItsNumbers() throws Exception {
        byte[] all = new byte[256];
        int[] expected = new int[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
            expected[i] = 0xff00_0000 | i * 0x01_0101;
        }
        assertThat(ImageFiles.read(file("a.pgm", join(ascii("P5\n256 1\n255\n"), all))))
                .isEqualTo(Frame.ofPixels(256, 1, expected));
    }

    @Test
    void webpIsRead() throws Exception {
        assertThat(ImageFiles.read(file("a.webp", HexFormat.of().parseHex(SIX_WEBP))))
                .isEqualTo(SIX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void everyFormatWithAWriterIsReadBack(String format) throws Exception {
        byte[] bytes = written(image(BufferedImage.TYPE_3BYTE_BGR), format);
        // Told apart by content, whatever the name says.
        assertThat(ImageFiles.read(file("a.x", bytes))).isEqualTo(SIX);
    }

    @Test
    void paletteAndGreyPngsKeepTheirColours() throws Exception {
        BufferedImage palette = new BufferedImage(
                3,
                2,
                BufferedImage.TYPE_BYTE_INDEXED,
                new java.awt.image.IndexColorModel(
                        4,
                        6,
                        new byte[] {(byte) 255, 0, 0, 1, (byte) 250, 77},
                        new byte[] {0, (byte) 255, 0, 2, (byte) 128, 77},
                        new byte[] {0, 0, (byte) 255, 3, 7, 77}));
        palette.getRaster().setPixels(0, 0, 3, 2, new int[] {0, 1, 2, 3, 4, 5});
        assertThat(ImageFiles.read(file("p.png", written(palette, "png")))).isEqualTo(SIX);
        BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        int[] expected = new int[256];
        for (int i = 0; i < 256; i++) {
            grey.getRaster().setSample(i, 0, 0, i);
            expected[i] = 0xff00_0000 | i * 0x01_0101;
        }
        assertThat(ImageFiles.read(file("g.png", written(grey, "png")))).isEqualTo(Frame.ofPixels(256, 1, expected));
        BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.getRaster().setSample(1, 0, 0, 1);
        assertThat(ImageFiles.read(file("b.png", written(bits, "png"))))
                .isEqualTo(Frame.ofPixels(2, 1, new int[] {0xff00_0000, 0xffff_ffff}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gAMA", "iCCP", "cHRM", "sRGB", "sBIT", "tRNS"})
    void colourManagementDoesNotTouchTheNumbers(String type) throws Exception {
        byte[] content = switch (type) {
            case "gAMA" -> ByteBuffer.allocate(4).putInt(100_000).array();
            case "iCCP" ->
                join(
                        ascii("linear\0\0"),
                        deflate(ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB)
                                .getData()));
            case "cHRM" -> {
                ByteBuffer primaries = ByteBuffer.allocate(32);
                for (int value : List.of(31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600)) {
                    primaries.putInt(value);
                }
                yield primaries.array();
            }
            case "sRGB" -> new byte[] {0};
            case "sBIT" -> new byte[] {5, 6, 5};
            case "tRNS" -> new byte[] {0, (byte) 255, 0, 0, 0, 0};
            default -> throw new AssertionError(type);
        };
        byte[] png = written(image(BufferedImage.TYPE_INT_RGB), "png");
        // Behind the signature (8) and IHDR (25), where these belong.
        byte[] changed = join(Arrays.copyOf(png, 33), chunk(type, content), Arrays.copyOfRange(png, 33, png.length));
        assertThat(ImageFiles.read(file("a.png", changed))).isEqualTo(SIX);
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] out = new byte[bytes.length + 100];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    private static byte[] chunk(String type, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(ascii(type));
        crc.update(content);
        return ByteBuffer.allocate(content.length + 12)
                .putInt(content.length)
                .put(ascii(type))
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    // ---- writing ------------------------------------------------------------------------------------------------

    @Test
    void writingReplacesAndLeavesNothingElseBehind() throws Exception {
        Path file = folder.resolve("a.png");
        ImageFiles.writePng(Frame.solid(4, 4, -1), file);
        ImageFiles.writePng(SIX, file);
        assertThat(ImageFiles.read(file)).isEqualTo(SIX);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whereWritingFailsTheOldFileStays() throws Exception {
        Path file = folder.resolve("a.png");
        Files.createDirectories(file.resolve("x"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ImageFiles.writePng(SIX, file));
        assertThat(file.resolve("x")).exists();
        assertThat(folder.resolve("a.png.part")).doesNotExist();
    }

    // ---- bad files ----------------------------------------------------------------------------------------------

    private void refused(Path file, String... words) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageFiles.read(file))
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(file.toString())
                        .contains(words)
                        .doesNotContain("\n"));
    }

    @Test
    void filesThatAreNoPicturesAreRefusedWithASentence() throws Exception {
        refused(file("a.png", new byte[0]), "not an image");
        refused(file("b.png", ascii("hello")), "not an image");
        refused(folder, "not a regular file");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> ImageFiles.read(folder.resolve("none.png")));
        refused(file("c.png", written(image(BufferedImage.TYPE_INT_RGB), "jpeg")), "type jpeg");
    }

    @Test
    void picturesThatCannotBeComparedExactlyAreRefused() throws Exception {
        refused(file("a.png", written(new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY), "png")), "16 bits");
    }

    @Test
    void sizesAreCheckedBeforeThePixelsAreDecoded() throws Exception {
        refused(file("a.ppm", ascii("P6\n16384 16384\n255\n")), "16384x16384", "at most");
        refused(file("b.ppm", ascii("P6\n16385 1\n255\n")), "16385x1");
        byte[] png = written(image(BufferedImage.TYPE_INT_RGB), "png");
        byte[] header = Arrays.copyOfRange(png, 16, 29);
        ByteBuffer.wrap(header).putInt(0x7fff_ffff).putInt(0x7fff_ffff);
        byte[] huge = join(Arrays.copyOf(png, 8), chunk("IHDR", header), Arrays.copyOfRange(png, 33, png.length));
        refused(file("c.png", huge), "2147483647x2147483647");
    }

    /** Takes seconds; without the guard in ImageFileInput some damaged WebP files take hours. */
    @Timeout(120)
    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff", "ppm", "webp"})
    void cutAndDamagedPicturesAreRefusedOrReadButNeverThrowAnythingElse(String format) throws Exception {
        byte[] good = switch (format) {
            case "ppm" -> join(ascii("P6\n3 2\n255\n"), new byte[18]);
            case "webp" -> HexFormat.of().parseHex(SIX_WEBP);
            default -> written(image(BufferedImage.TYPE_3BYTE_BGR), format);
        };
        for (int length = 0; length < good.length; length++) {
            readOrRefuse(file("cut", Arrays.copyOf(good, length)));
        }
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x41;
            readOrRefuse(file("bad", bad));
        }
    }

    private static void readOrRefuse(Path file) throws IOException {
        try {
            ImageFiles.read(file);
        } catch (ImageException e) {
            assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "ppm"})
    void aPictureWithoutItsLastRowsIsRefused(String format) throws Exception {
        Frame noise = noise(64, 64);
        byte[] good;
        if (format.equals("ppm")) {
            byte[] pixels = new byte[64 * 64 * 3];
            Arrays.fill(pixels, (byte) 9);
            good = join(ascii("P6\n64 64\n255\n"), pixels);
        } else {
            BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
            for (int y = 0; y < 64; y++) {
                for (int x = 0; x < 64; x++) {
                    image.setRGB(x, y, noise.argb(x, y));
                }
            }
            good = written(image, format);
        }
        refused(file("half", Arrays.copyOf(good, good.length / 2)), "damaged");
        refused(file("most", Arrays.copyOf(good, good.length - 300)), "damaged");
    }

    private static Frame noise(int width, int height) {
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 0xff00_0000 | i * 0x9e37_79b1 >>> 8;
        }
        return Frame.ofPixels(width, height, pixels);
    }
}
