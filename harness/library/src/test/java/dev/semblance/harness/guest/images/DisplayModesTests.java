package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/SCENARIOS.md, "The guest": the line {@code mode}. */
class DisplayModesTests {

    @Test
    void eachDisplayHasAModeOrIsOff() {
        assertThat(DisplayModes.parse("1024x768")).hasValue(DisplayConfig.single(1024, 768));
        assertThat(DisplayModes.parse("8191x1")).hasValue(DisplayConfig.single(8191, 1));
        assertThat(DisplayModes.parse("640x480,off,4096x2160"))
                .hasValue(DisplayConfig.of(Display.of(640, 480), Display.OFF, Display.of(4096, 2160)));
        assertThat(DisplayModes.parse("off")).hasValue(DisplayConfig.of(Display.OFF));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1024x768", "640x480,off", "off,off,1x1"})
    void whatIsWrittenIsUnderstoodAgain(String text) {
        assertThat(DisplayModes.text(DisplayModes.parse(text).orElseThrow())).isEqualTo(text);
    }

    // VIRTIO 1.2, 5.7.4: at most VIRTIO_GPU_MAX_SCANOUTS, 16.
    @Test
    void thereAreAtMostSixteen() {
        assertThat(DisplayModes.parse("off" + ",off".repeat(15))).isPresent();
        assertThat(DisplayModes.parse("off" + ",off".repeat(16))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "8192x1",
                "0x1",
                "01x1",
                "1024",
                "1024X768",
                "-1x5",
                "99999x1",
                "640x480,",
                "640x480, off",
                "OFF",
                "\u0661x1"
            })
    void whatIsNoModeIsNone(String text) {
        assertThat(DisplayModes.parse(text)).isEmpty();
    }
}
