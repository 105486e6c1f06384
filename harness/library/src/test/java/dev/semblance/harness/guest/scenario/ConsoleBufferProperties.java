package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.text.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The unread console text, against one string. */
class ConsoleBufferProperties {

    private static void append(ConsoleBuffer buffer, String text) {
        for (byte value : text.getBytes(StandardCharsets.ISO_8859_1)) {
            buffer.append(value);
        }
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Property(tries = 300)
    void aTextIsFoundWhereItIsFirstAndWhatIsBeforeItIsGone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
        Random random = new Random(seed);
        ConsoleBuffer buffer = new ConsoleBuffer();
        String model = "";
        for (int step = 0; step < steps; step++) {
            String text = letters(random, 1 + random.nextInt(5));
            switch (random.nextInt(5)) {
                case 0 -> {
                    int at = model.indexOf(text);
                    assertThat(buffer.consumeThrough(ByteText.of(text))).isEqualTo(at >= 0);
                    model = at < 0 ? model : model.substring(at + text.length());
                }
                case 1 -> {
                    boolean ends = model.endsWith(text);
                    assertThat(buffer.consumeIfAtEnd(ByteText.of(text))).isEqualTo(ends);
                    model = ends ? "" : model;
                }
                case 2 -> {
                    if (random.nextInt(8) == 0) {
                        buffer.clear();
                        model = "";
                    }
                }
                default -> {
                    String more = letters(random, random.nextInt(8) == 0 ? random.nextInt(9000) : random.nextInt(20));
                    append(buffer, more);
                    model += more;
                }
            }
            assertThat(buffer.size()).isEqualTo(model.length());
        }
    }

    @Example
    void ofEndlessTextTheEndIsKeptAndFound() {
        ConsoleBuffer buffer = new ConsoleBuffer();
        append(buffer, "early");
        String noise = "x".repeat(1 << 20);
        for (int i = 0; i < 5; i++) {
            append(buffer, noise);
        }
        append(buffer, "late");
        assertThat(buffer.size()).isBetween(ConsoleBuffer.LIMIT, 3 * ConsoleBuffer.LIMIT);
        assertThat(buffer.consumeThrough(ByteText.of("early"))).isFalse();
        assertThat(buffer.consumeThrough(ByteText.of("late"))).isTrue();
        assertThat(buffer.size()).isZero();
    }

    @Example
    void theTailIsTheLastSixLinesWithNothingThatATerminalObeys() {
        ConsoleBuffer buffer = new ConsoleBuffer();
        append(buffer, "1\n2\n3\r\n4\n5\u001b[0m\n6\n7\u0007");
        assertThat(buffer.tail()).isEqualTo("\n    | 2\n    | 3\n    | 4\n    | 5\\u{1b}[0m\n    | 6\n    | 7\\u{7}");
        buffer.clear();
        append(buffer, "y".repeat(5000));
        assertThat(buffer.tail()).isEqualTo("\n    | " + "y".repeat(480));
        assertThat(buffer.consumeThrough(ByteText.of("y".repeat(4999)))).isTrue();
        assertThat(buffer.tail()).isEqualTo("\n    | y");
    }
}
