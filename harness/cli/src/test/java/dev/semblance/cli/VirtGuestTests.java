package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.guest.images.ProjectHome;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/GUESTS.md: the guest of 64 bits that ships, recorded, and replayed both ways. */
class VirtGuestTests {

    @TempDir
    Path folder;

    private ProgramProcess.Ran program(String... words) throws IOException, InterruptedException {
        Path home = ProjectHome.guestFolder().orElseThrow().resolve("../..").normalize();
        Map<String, String> ownCache =
                Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString());
        return ProgramProcess.run(
                folder, ownCache, List.of("-Xmx512m", "-XX:TieredStopAtLevel=4", "-Dsemblance.home=" + home), words);
    }

    @Test
    void modetestsPatternIsRecordedAndReplayedOnTheMachineAndOnTheDeviceAlone()
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("bars.scenario"), """
                profile virt
                ram 96M
                mode 640x480
                append "earlycon=sbi console=ttyS0 quiet t=modetest"
                wait "READY"
                settle 100ms
                snapshot bars
                """);
        ProgramProcess.Ran recorded = program("record", "--scenario", "bars.scenario", "-o", "bars.trace");
        assertThat(recorded.code()).as(recorded.said()).isZero();
        program("render", "bars.trace", "-o", "golden");
        BufferedImage bars = ImageIO.read(folder.resolve("golden/bars-bars.png").toFile());
        assertThat(bars.getWidth()).isEqualTo(640);
        int[] colours = {0xffc0c0c0, 0xffc0c000, 0xff00c0c0, 0xff00c000, 0xffc000c0, 0xffc00000, 0xff0000c0};
        for (int bar = 0; bar < colours.length; bar++) {
            assertThat(bars.getRGB(bar * 640 / 7 + 40, 100)).as("bar %d", bar).isEqualTo(colours[bar]);
        }
        ProgramProcess.Ran replayed = program("replay", "bars.trace", "--golden", "golden-of-nothing");
        assertThat(replayed.said()).contains("machine agrees").contains("device agrees");
        // Its RAM begins at 2 GiB, and its queues have event indices: what was known of memory there is told again.
        for (int flush = 1; flush < 6; flush++) {
            ProgramProcess.Ran trimmed = program("trim", "bars.trace", "--from", "flush:" + flush, "-o", "end.trace");
            assertThat(trimmed.said())
                    .contains("with a state made up")
                    .contains("its device replay passes")
                    .doesNotContain("does not replay");
        }
    }
}
