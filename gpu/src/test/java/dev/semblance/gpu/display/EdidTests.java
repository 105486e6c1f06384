package dev.semblance.gpu.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdidTests {

    // VESA E-EDID; the bytes are those that semu's device answers.
    @Test
    void theBlockOf1024x768IsThatOfSemuByteForByte() {
        String expected = "00ffffffffffff0052ee00000000000000210104a51a147806ee91a3544c9926"
                + "0f50540008000101010101010101010101010101010164190040410026301888"
                + "360004c310000018000000100000000000000000000000000000000000100000"
                + "00000000000000000000000000000010000000000000000000000000000000ba";
        assertThat(HexFormat.of().formatHex(Edid.of(Display.of(1024, 768)))).isEqualTo(expected);
    }

    // E-EDID 3.10.2 and 3.11; Linux takes a block whose header and checksum are good.
    @ParameterizedTest
    @CsvSource({"1,1", "640,480", "800,600", "1280,720", "1280,1024", "1366,768", "1920,1080", "2560,1600", "4095,4095"
    })
    void everyModeHasAValidBlockWithThatModeInItsFirstTiming(int width, int height) {
        byte[] block = Edid.of(Display.of(width, height));

        int sum = 0;
        for (byte b : block) {
            sum += b;
        }
        assertThat(block).hasSize(128).startsWith(0, 255, 255, 255, 255, 255, 255, 0);
        assertThat(sum & 0xff).isZero();
        assertThat(at(block, 56) | at(block, 58) >> 4 << 8).isEqualTo(width);
        assertThat(at(block, 59) | at(block, 61) >> 4 << 8).isEqualTo(height);
        assertThat(at(block, 126)).as("extensions").isZero();
    }

    // E-EDID 3.6.4 and 3.11; VESA DisplayID 1.2, type I timings: 24 bits of clock in 10 kHz and 16 of each size, less
    // one.
    @ParameterizedTest
    @CsvSource({"4096,2160", "5120,2880", "8191,4320", "4095,4096", "1,8191", "8191,8191"})
    void aModeBeyond4095IsInADisplayIdSectionBehindABlockThatEveryReaderCanDo(int width, int height) {
        byte[] blocks = Edid.of(Display.of(width, height));

        assertThat(blocks).hasSize(256);
        assertThat(sum(blocks, 0, 128) & 0xff).as("checksum of the EDID").isZero();
        assertThat(sum(blocks, 128, 256) & 0xff).as("checksum of the extension").isZero();
        assertThat(sum(blocks, 129, 255) & 0xff).as("checksum of the section").isZero();
        assertThat(at(blocks, 126)).as("extensions").isEqualTo(1);
        assertThat(at(blocks, 24) & 2)
                .as("the first timing is not the native mode")
                .isZero();
        assertThat(at(blocks, 56) | at(blocks, 58) >> 4 << 8).isEqualTo(1024);
        assertThat(at(blocks, 59) | at(blocks, 61) >> 4 << 8).isEqualTo(768);

        assertThat(at(blocks, 128)).as("DisplayID").isEqualTo(0x70);
        assertThat(at(blocks, 130)).as("bytes of the section").isEqualTo(121);
        assertThat(at(blocks, 133)).as("type I").isEqualTo(3);
        assertThat(at(blocks, 135)).as("bytes of the timing").isEqualTo(20);
        assertThat(at(blocks, 139) & 0x80).as("preferred").isNotZero();
        assertThat(1 + word(blocks, 140)).isEqualTo(width);
        assertThat(1 + word(blocks, 148)).isEqualTo(height);
        long clock = 1 + word(blocks, 136) + ((long) at(blocks, 138) << 16);
        long total = (long) (width + 1 + word(blocks, 142)) * (height + 1 + word(blocks, 150));
        assertThat(clock * 10_000.0 / total).as("frames a second").isBetween(58.0, 60.0);
    }

    private static int word(byte[] bytes, int index) {
        return at(bytes, index) | at(bytes, index + 1) << 8;
    }

    private static int sum(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += bytes[i];
        }
        return sum;
    }

    // VESA CVT 1.2 reduced blanking, as its spreadsheet gives it: clock in 10 kHz, total width, total height.
    @ParameterizedTest
    @CsvSource({"1280,720,6400,1440,741", "1920,1080,13850,2080,1111", "1280,1024,9100,1440,1054"})
    void otherModesHaveReducedBlankingTimings(int width, int height, int clock, int totalWidth, int totalHeight) {
        byte[] block = Edid.of(Display.of(width, height));

        assertThat(at(block, 54) | at(block, 55) << 8).isEqualTo(clock);
        assertThat(width + (at(block, 57) | (at(block, 58) & 0xf) << 8)).isEqualTo(totalWidth);
        assertThat(height + (at(block, 60) | (at(block, 61) & 0xf) << 8)).isEqualTo(totalHeight);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "8192,1", "1,8192", "-1,5"})
    void aModeThatLinuxDoesNotTakeIsRefused(int width, int height) {
        assertThatThrownBy(() -> Display.of(width, height))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(width + "x" + height);
    }

    @Test
    void thereAreOneToSixteenDisplays() {
        Display display = Display.of(3, 2);
        assertThatThrownBy(DisplayConfig::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DisplayConfig(Collections.nCopies(17, display), false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new DisplayConfig(Collections.nCopies(16, display), false).count())
                .isEqualTo(16);
    }

    private static int at(byte[] bytes, int index) {
        return bytes[index] & 0xff;
    }
}
