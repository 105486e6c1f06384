package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.tukaani.xz.LZMA2Options;

/** Reading from a packed image. */
class PackedContentProperties {

    @Property(tries = 60)
    void whateverIsReadEqualsThePlainBytes(
            @ForAll @IntRange(min = 1, max = 200_000) int size,
            @ForAll @IntRange(min = 1, max = 3) int streams,
            @ForAll @IntRange(min = 1000, max = 70_000) int blockSize,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        byte[][] contents = new byte[streams][];
        int whole = 0;
        for (int i = 0; i < streams; i++) {
            contents[i] = new byte[i == 0 ? size : random.nextInt(50_000)];
            random.nextBytes(contents[i]);
            whole += contents[i].length;
        }
        byte[] plain = new byte[whole];
        int at = 0;
        for (byte[] content : contents) {
            System.arraycopy(content, 0, plain, at, content.length);
            at += content.length;
        }
        Path file = Files.createTempFile("packed", ".xz");
        try {
            XzFiles.write(file, blockSize, new LZMA2Options(0), contents);
            PackedContent content = PackedContent.open(file);
            assertThat(content.size()).isEqualTo(plain.length);
            for (int i = 0; i < 40; i++) {
                int from = random.nextInt(plain.length);
                int length = random.nextInt(plain.length - from + 1);
                byte[] read = new byte[length + 2];
                content.read(from, read, 1, length);
                assertThat(Arrays.copyOfRange(read, 1, length + 1))
                        .isEqualTo(Arrays.copyOfRange(plain, from, from + length));
                assertThat(read[0]).isZero();
                assertThat(read[length + 1]).isZero();
            }
        } finally {
            Files.delete(file);
        }
    }
}
