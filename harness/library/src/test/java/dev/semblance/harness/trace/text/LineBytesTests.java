package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LineBytesTests {

    private static LineBytes lines(String text, int maximum) {
        return new LineBytes(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), maximum);
    }

    private static Optional<String> next(LineBytes lines) throws IOException {
        return lines.next().map(line -> new String(line, StandardCharsets.US_ASCII));
    }

    @Test
    void linesAreTakenWithoutTheirEndsAndKnowWhereTheyBegan() throws IOException {
        LineBytes lines = lines("one\r\n\ntwo\rand\nlast", 10);
        for (String expected : new String[] {"1@0 one", "2@5 ", "3@6 two\rand", "4@14 last"}) {
            String line = next(lines).orElseThrow();
            assertThat(lines.number() + "@" + lines.offset() + " " + line).isEqualTo(expected);
        }
        assertThat(next(lines)).isEmpty();
        assertThat(next(lines)).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndTheNextOneIsTheLineBehindIt() throws IOException {
        for (int length : new int[] {5, 100, 1 << 16, (1 << 16) + 1, 200_000}) {
            LineBytes lines = lines("a".repeat(length) + "\nnext\n" + "b".repeat(length), 4);
            assertThatIllegalArgumentException().isThrownBy(lines::next).withMessageContaining("longer than 4 bytes");
            assertThat(lines.number()).isEqualTo(1);
            assertThat(next(lines)).contains("next");
            assertThat(lines.number()).isEqualTo(2);
            assertThat(lines.offset()).isEqualTo(length + 1);
            assertThatIllegalArgumentException().isThrownBy(lines::next);
            assertThat(next(lines)).isEmpty();
        }
        assertThat(next(lines("full\n", 4))).contains("full");
    }

    @Test
    @Timeout(60)
    void aLineWithoutEndIsRefusedAsSoonAsItIsTooLong() {
        InputStream zeros = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                Arrays.fill(bytes, offset, offset + length, (byte) 0);
                return length;
            }
        };
        LineBytes lines = new LineBytes(zeros, 1 << 20);
        assertThatIllegalArgumentException().isThrownBy(lines::next);
    }
}
