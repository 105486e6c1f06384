package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ChildJvm;
import dev.semblance.harness.DamagedImageException;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.LZMA2Options;

/** The .xz file format, version 1.2.1: streams (2.1), their blocks (3) and index (4). */
class PackedContentTests {

    private static final int BLOCK = 1 << 16;

    @TempDir
    private Path folder = Path.of("");

    private Path packed(byte[]... streams) throws IOException {
        return XzFiles.write(folder.resolve("disk.ext4.xz"), BLOCK, new LZMA2Options(1), streams);
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] all(PackedContent content) {
        byte[] bytes = new byte[(int) content.size()];
        content.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void theSizeIsKnownBeforeAnythingIsUnpacked() throws IOException {
        Path file = packed(noise(3 * BLOCK + 5));
        byte[] damaged = Files.readAllBytes(file);
        Arrays.fill(damaged, 100, 2 * BLOCK, (byte) 0);
        Files.write(file, damaged);
        assertThat(PackedContent.open(file).size()).isEqualTo(3 * BLOCK + 5);
    }

    @Test
    void streamsOneAfterAnotherAreOneImage() throws IOException {
        byte[] first = noise(BLOCK + 1);
        byte[] second = noise(2 * BLOCK);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertThat(all(PackedContent.open(packed(first, second)))).isEqualTo(both);
    }

    @Test
    void aDamagedBlockIsNamedWithItsPlaceAndTheOthersCanStillBeRead() throws IOException {
        byte[] plain = noise(3 * BLOCK);
        Path file = packed(plain);
        byte[] bytes = Files.readAllBytes(file);
        // Noise does not get smaller, so the second block is where it would be unpacked.
        bytes[BLOCK + BLOCK / 2] ^= 1;
        Files.write(file, bytes);
        PackedContent content = PackedContent.open(file);
        byte[] third = new byte[BLOCK];
        content.read(2 * BLOCK, third, 0, BLOCK);
        assertThat(third).isEqualTo(Arrays.copyOfRange(plain, 2 * BLOCK, 3 * BLOCK));
        assertThatThrownBy(() -> content.read(BLOCK + 1, new byte[1], 0, 1))
                .isInstanceOfSatisfying(
                        DamagedImageException.class,
                        e -> assertThat(ExitCode.of(e)).isEqualTo(ExitCode.INCOMPATIBLE))
                .hasMessageStartingWith(file + " is damaged: what it has at byte 65,")
                .hasMessageContaining("a block of 65,536 bytes that the guest reads is lost");
        content.read(0, third, 0, BLOCK);
        assertThat(third).isEqualTo(Arrays.copyOf(plain, BLOCK));
    }

    @Test
    void aFileThatIsCutIsNotOpened() throws IOException {
        Path file = packed(noise(2 * BLOCK));
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 11, 12, 31, BLOCK, bytes.length - 4, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> PackedContent.open(file))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aBlockTooLargeToBeUnpackedForAByteIsRefusedWithWhatToDo() throws IOException {
        Path file = folder.resolve("giant.img.xz");
        int size = PackedContent.MAX_BLOCK + (1 << 20);
        XzFiles.write(file, size, new LZMA2Options(0), new byte[size]);
        PackedContent content = PackedContent.open(file);
        assertThatThrownBy(content::checked)
                .isInstanceOf(IncompatibleException.class)
                .hasMessage(file
                        + " has a block of 33 MiB, too large to be unpacked whenever a byte of it is read; unpack it,"
                        + " or pack it again in blocks that can be read one by one: xz -T1 --block-size=1MiB");
        XzFiles.write(file, 1 << 20, new LZMA2Options(0), new byte[size]);
        assertThat(PackedContent.open(file).checked().size()).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "37, MiB of memory to be unpacked; unpack it",
        "40, is packed in a way that cannot be unpacked here (Unsupported"
    })
    void aDictionaryThatFillsTheMemoryIsRefusedWithWhatToDo(int dictionary, String sentence) throws IOException {
        Path file = folder.resolve("wide.img.xz");
        LZMA2Options options = new LZMA2Options(0);
        XzFiles.write(file, BLOCK, options, new byte[BLOCK]);
        byte[] bytes = Files.readAllBytes(file);
        // 3.1 and 5.3.1: the block header begins at 12; its filter flags have the size of the dictionary in
        // one byte: 37 is 1.5 GiB, 40 is 4 GiB - 1.
        int size = (bytes[12] + 1) * 4;
        int at = 12 + 2;
        while (bytes[at] != 0x21) {
            at++;
        }
        bytes[at + 2] = (byte) dictionary;
        XzFiles.putCrc32(bytes, 12, size - 4);
        Files.write(file, bytes);
        PackedContent content = PackedContent.open(file);
        assertThatThrownBy(() -> content.read(0, new byte[1], 0, 1))
                .isInstanceOf(IncompatibleException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("xz -T1 --block-size=1MiB");
    }

    /** Reads a byte of every MiB of a file, and then of every MiB again, while all that it has read is still to be had. */
    static final class Reader {
        private Reader() {}

        /** Takes the file. */
        public static void main(String[] args) throws IOException {
            PackedContent content = PackedContent.open(Path.of(args[0])).checked();
            byte[] one = new byte[1];
            long sum = 0;
            for (int round = 0; round < 2; round++) {
                for (long at = 0; at < content.size(); at += 1 << 20) {
                    content.read(at, one, 0, 1);
                    sum += one[0];
                }
            }
            System.out.print(content.size() + " bytes, " + sum);
        }
    }

    @Test
    void whatIsHeldDoesNotGrowWithTheImage() throws IOException, InterruptedException {
        // 300 MiB of zeros, in 45 KB, for a heap of 48 MiB.
        Path file = folder.resolve("large.img.xz");
        XzFiles.write(file, 1 << 20, new LZMA2Options(0), XzFiles.zeros(300, 1 << 20));
        assertThat(ChildJvm.run(Reader.class, 48, file.toString()))
                .isEqualTo(new ChildJvm.Ended(0, (300L << 20) + " bytes, 0"));
    }
}
