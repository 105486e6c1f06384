package dev.semblance.harness.golden.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What the reader takes it reads as ImageIO does; what is damaged it leaves alone. */
class PngImageProperties {

    private static final int[] TYPES = {PngChunks.GREY, PngChunks.RGB, PngChunks.PALETTE, PngChunks.RGB_ALPHA};

    /** A file of any of the four types with every filter in it, its data cut into chunks anywhere. */
    private static byte[] file(int type, int width, int height, long seed, int chunks) throws IOException {
        Random random = new Random(seed);
        int samples = type == PngChunks.RGB ? 3 : type == PngChunks.RGB_ALPHA ? 4 : 1;
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed)) {
            byte[] line = new byte[1 + width * samples];
            for (int y = 0; y < height; y++) {
                random.nextBytes(line);
                // A palette's indices have to stay in it, which of filtered random bytes only None promises.
                line[0] = (byte) (type == PngChunks.PALETTE ? 0 : random.nextInt(5));
                out.write(line);
            }
        }
        byte[] data = compressed.toByteArray();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        PngChunks to = new PngChunks(file);
        to.signature();
        to.header(width, height, 8, type);
        to.write("tEXt", new byte[] {'a', 0, 'b'});
        if (type == PngChunks.PALETTE) {
            byte[] palette = new byte[768];
            random.nextBytes(palette);
            to.write("PLTE", palette);
        }
        for (int i = 0; i < chunks; i++) {
            int from = (int) ((long) data.length * i / chunks);
            int end = (int) ((long) data.length * (i + 1) / chunks);
            to.write("IDAT", Arrays.copyOfRange(data, from, end));
        }
        to.end();
        return file.toByteArray();
    }

    private static Optional<Frame> decode(byte[] file) {
        return PngImage.decode(file, 16_384, 1 << 26).map(PngImage::toFrame);
    }

    @Property(tries = 400)
    void itReadsWhatImageIoReads(
            @ForAll @IntRange(min = 0, max = 3) int type,
            @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll @LongRange(min = 0) long seed,
            @ForAll @IntRange(min = 1, max = 5) int chunks)
            throws IOException {
        byte[] file = file(TYPES[type], width, height, seed, chunks);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        Frame frame = decode(file).orElseThrow();
        assertThat(frame.width()).isEqualTo(width);
        assertThat(frame.height()).isEqualTo(height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int expected = TYPES[type] == PngChunks.GREY
                        // getRGB would convert it to sRGB.
                        ? image.getRaster().getSample(x, y, 0) * 0x01_0101
                        : image.getRGB(x, y) & 0xff_ffff;
                assertThat(frame.argb(x, y)).isEqualTo(0xff00_0000 | expected);
            }
        }
    }

    @Property(tries = 200)
    void aLargePictureNeedsManyPortions(@ForAll @LongRange(min = 0) long seed) throws IOException {
        Frame picture = PngEncoderProperties.picture(700, 150, 900, seed);
        assertThat(decode(PngEncoder.encode(picture))).contains(picture);
    }

    @Property(tries = 2000)
    void aFlippedBitIsNeverReadAsAPicture(
            @ForAll @IntRange(min = 0, max = 3) int type, @ForAll long seed, @ForAll @IntRange(min = 0) int where)
            throws IOException {
        byte[] file = file(TYPES[type], 9, 7, seed, 2);
        file[where % file.length] ^= (byte) (1 << (where & 7));
        assertThat(decode(file)).isEmpty();
    }

    @Property(tries = 500)
    void aCutFileIsNeverReadAsAPicture(@ForAll @IntRange(min = 0) int length) throws IOException {
        byte[] file = file(PngChunks.RGB, 9, 7, 3, 2);
        assertThat(decode(Arrays.copyOf(file, length % file.length))).isEmpty();
    }

    private static byte[] withData(int width, int height, byte[] raw, int surplus) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed)) {
            out.write(raw);
        }
        compressed.write(new byte[surplus]);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        PngChunks chunks = new PngChunks(file);
        chunks.signature();
        chunks.header(width, height, 8, PngChunks.RGB);
        chunks.write("IDAT", compressed.toByteArray());
        chunks.end();
        return file.toByteArray();
    }

    @Example
    void aSmallFileThatClaimsAHugePictureCostsNothing() throws IOException {
        assertThat(decode(withData(16_384, 4096, new byte[100], 0))).isEmpty();
        assertThat(decode(withData(16_385, 1, new byte[1 + 16_385 * 3], 0))).isEmpty();
        assertThat(PngImage.decode(withData(10, 10, new byte[310], 0), 16_384, 99))
                .isEmpty();
        assertThat(decode(withData(-1, 4, new byte[100], 0))).isEmpty();
    }

    @Example
    void theDataEndsWhereThePictureDoes() throws IOException {
        assertThat(decode(withData(2, 2, new byte[14], 0))).isPresent();
        assertThat(decode(withData(2, 2, new byte[13], 0))).isEmpty();
        assertThat(decode(withData(2, 2, new byte[15], 0))).isEmpty();
        assertThat(decode(withData(2, 2, new byte[14], 1))).isEmpty();
        assertThat(decode(withData(2, 2, new byte[] {5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0)))
                .as("there is no filter 5")
                .isEmpty();
    }

    @Example
    void kindsThatItDoesNotKnowAreLeftToOthers() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_BINARY}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(5, 4, type), "png", out);
            assertThat(decode(out.toByteArray())).isEmpty();
        }
        assertThat(decode(new byte[0])).isEmpty();
        assertThat(decode("P6 1 1 255 abc".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    }

    @Example
    void onlyWhatIsNeededIsTakenOverIntoAReport() throws IOException {
        byte[] file = file(PngChunks.RGB, 9, 7, 3, 2);
        byte[] plain = PngFile.withoutExtras(file).orElseThrow();
        assertThat(plain).hasSize(file.length - 15);
        assertThat(decode(plain)).isEqualTo(decode(file));
        assertThat(PngFile.withoutExtras(file(PngChunks.RGB_ALPHA, 9, 7, 3, 2))).isEmpty();
        assertThat(PngFile.withoutExtras(Arrays.copyOf(file, file.length - 1))).isEmpty();
        assertThat(PngFile.withoutExtras(new byte[7])).isEmpty();
    }
}
