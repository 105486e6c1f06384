package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ProjectHome;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/GUESTS.md: the guest of 64 bits that ships, recorded, and replayed both ways. */
class VirtGuestTests {

    @TempDir
    Path folder;

    /**
     * What a verb ended with.
     *
     * @param said what it printed, on standard output and on standard error
     */
    private record Ran(int code, String said) {}

    /** Runs a verb in this JVM, where most of the code has been compiled before; names of files are in {@link #folder}. */
    private Ran program(String... words) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        CliEnvironment environment = Environments.of(
                new Terminal(out, out, false),
                () -> new GuestImages(ProjectHome.guestFolder(), new ImageCache(folder.resolve("cache"))));
        String[] there = Arrays.stream(words)
                .map(word -> word.matches("(bars|end)[.](scenario|trace)|golden.*")
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        int code = Semblance.run(environment, there);
        return new Ran(code, said.toString());
    }

    @Test
    void modetestsPatternIsRecordedAndReplayedOnTheMachineAndOnTheDeviceAlone() throws IOException {
        Files.writeString(folder.resolve("bars.scenario"), """
                profile virt
                ram 96M
                mode 640x480
                append "earlycon=sbi console=ttyS0 quiet t=modetest"
                wait "READY"
                settle 100ms
                snapshot bars
                """);
        Ran recorded = program("record", "--scenario", "bars.scenario", "-o", "bars.trace");
        assertThat(recorded.code()).as(recorded.said()).isZero();
        program("render", "bars.trace", "-o", "golden");
        BufferedImage bars = ImageIO.read(folder.resolve("golden/bars-bars.png").toFile());
        assertThat(bars.getWidth()).isEqualTo(640);
        int[] colours = {0xffc0c0c0, 0xffc0c000, 0xff00c0c0, 0xff00c000, 0xffc000c0, 0xffc00000, 0xff0000c0};
        for (int bar = 0; bar < colours.length; bar++) {
            assertThat(bars.getRGB(bar * 640 / 7 + 40, 100)).as("bar %d", bar).isEqualTo(colours[bar]);
        }
        Ran replayed = program("replay", "bars.trace", "--golden", "golden-of-nothing");
        assertThat(replayed.said()).contains("machine agrees").contains("device agrees");
        // Its RAM begins at 2 GiB, and its queues have event indices: what was known of memory there is told again.
        for (int flush = 1; flush < 6; flush++) {
            Ran trimmed = program("trim", "bars.trace", "--from", "flush:" + flush, "-o", "end.trace");
            assertThat(trimmed.said())
                    .contains("with a state made up")
                    .contains("its device replay passes")
                    .doesNotContain("does not replay");
        }
    }
}
