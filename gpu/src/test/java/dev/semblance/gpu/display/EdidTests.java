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
    @CsvSource({"0,1", "1,0", "4096,1", "1,4096", "-1,5"})
    void aModeThatNoTimingCanSayIsRefused(int width, int height) {
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
