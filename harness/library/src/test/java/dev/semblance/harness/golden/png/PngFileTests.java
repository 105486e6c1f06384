package dev.semblance.harness.golden.png;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PNG, third edition: 5.3 (chunk layout), 5.4 (naming), 5.6 (ordering), 13.1 and 13.2 (errors). */
class PngFileTests {

    private static byte[] sound() throws IOException {
        return PngEncoder.encode(Frame.solid(5, 3, 0xff12_3456));
    }

    /** Returns where the chunk of a type begins. */
    private static int chunk(byte[] file, String type) {
        byte[] letters = type.getBytes(StandardCharsets.US_ASCII);
        for (int at = 8; at < file.length; at += ByteBuffer.wrap(file).getInt(at) + 12) {
            if (Arrays.equals(file, at + 4, at + 8, letters, 0, 4)) {
                return at;
            }
        }
        throw new AssertionError("no chunk " + type);
    }

    private static byte[] with(String type, byte[] body) throws IOException {
        byte[] file = sound();
        int end = chunk(file, "IEND");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, end);
        new PngChunks(out).write(type, body);
        out.write(file, end, file.length - end);
        return out.toByteArray();
    }

    @Test
    void aSoundFileHasNoDamageAndWhatIsNoPngIsNotJudged() throws IOException {
        assertThat(PngFile.damage(sound())).isEmpty();
        assertThat(PngFile.damage("P6 1 1 255 abc".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(PngFile.damage(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"IHDR", "IDAT", "IEND"})
    void aCriticalChunkWhoseChecksumDoesNotFitIsDamage(String type) throws IOException {
        byte[] file = sound();
        int at = chunk(file, type);
        file[at + 8 + ByteBuffer.wrap(file).getInt(at)] ^= 1;
        assertThat(PngFile.damage(file)).contains("the checksum of its " + type + " chunk does not fit");
    }

    @Test
    void aChangedPaletteIsDamage() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PngChunks chunks = new PngChunks(out);
        chunks.signature();
        chunks.header(1, 1, 8, PngChunks.PALETTE);
        chunks.write("PLTE", new byte[] {1, 2, 3});
        chunks.write("IDAT", new byte[] {0});
        chunks.end();
        byte[] file = out.toByteArray();
        assertThat(PngFile.damage(file)).isEmpty();
        file[chunk(file, "PLTE") + 9] ^= 0x40;
        assertThat(PngFile.damage(file)).contains("the checksum of its PLTE chunk does not fit");
    }

    @Test
    void aCriticalChunkThatNobodyKnowsIsDamageAndAnAncillaryOneIsNot() throws IOException {
        assertThat(PngFile.damage(with("ABCD", new byte[3])))
                .contains("it has a critical chunk of the unknown type ABCD");
        assertThat(PngFile.damage(with("abCD", new byte[3]))).isEmpty();
    }

    @Test
    void aWrongChecksumOfAnAncillaryChunkIsIgnored() throws IOException {
        byte[] file = with("tEXt", new byte[] {'a', 0, 'b'});
        file[chunk(file, "tEXt") + 8] ^= 1;
        assertThat(PngFile.damage(file)).isEmpty();
    }

    @Test
    void aTypeThatIsNoTextIsShownInDigits() throws IOException {
        byte[] file = with("ABCD", new byte[0]);
        int at = chunk(file, "ABCD");
        file[at + 4] = 0x1b;
        ByteBuffer.wrap(file).putInt(at + 8, 0);
        assertThat(PngFile.damage(file))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("0x1b424344").doesNotContain("\u001b"));
    }

    @Test
    void everyCutIsDamage() throws IOException {
        byte[] file = sound();
        for (int length = 8; length < file.length; length++) {
            assertThat(PngFile.damage(Arrays.copyOf(file, length)))
                    .as("%d bytes", length)
                    .isPresent();
        }
    }

    @Test
    void aFileWithoutPixelsOrWithTwoHeadersIsDamage() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PngChunks chunks = new PngChunks(out);
        chunks.signature();
        chunks.header(1, 1, 8, PngChunks.RGB);
        chunks.end();
        assertThat(PngFile.damage(out.toByteArray())).contains("it has no pixels");
        assertThat(PngFile.damage(with("IHDR", new byte[13]))).contains("it has a second header");
    }
}
