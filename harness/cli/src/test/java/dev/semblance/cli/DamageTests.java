package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.guest.images.GuestImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/LINT.md, "Seeing it": --damage of exec, render and replay. VIRTIO 1.2, 5.7.6.8. */
class DamageTests {

    private static final int RED = 0xffff_0000;
    private static final int MAGENTA = 0xffff_00ff;

    /** A driver that turns all of a picture red, and flushes its left half. */
    private static final String CARELESS = """
            {"command":{"type":"RESOURCE_CREATE_2D","resourceId":1,"format":"B8G8R8X8","width":4,"height":2}}
            {"command":{"type":"RESOURCE_ATTACH_BACKING","resourceId":1,"entries":[{"address":"0x100000","length":32}]}}
            {"command":{"type":"SET_SCANOUT","rect":{"x":0,"y":0,"width":4,"height":2},"scanoutId":0,"resourceId":1}}
            {"op":"mem_write","mem":[{"addr":"0x100000","fill":"0000ff00","len":32}]}
            {"command":{"type":"TRANSFER_TO_HOST_2D","rect":{"x":0,"y":0,"width":4,"height":2},"offset":0,"resourceId":1}}
            {"command":{"type":"RESOURCE_FLUSH","rect":{"x":0,"y":0,"width":2,"height":2},"resourceId":1}}
            {"op":"screendump","id":"red","head":0}
            """;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path trace = Path.of("");

    private int run(String... words) {
        return Semblance.run(
                Environments.of(new Terminal(new PrintWriter(out), new PrintWriter(err), false), GuestImages::ofUser),
                words);
    }

    @BeforeEach
    void recordAndApprove() throws IOException {
        trace = folder.resolve("careless.trace");
        Path script = Files.writeString(folder.resolve("careless.jsonl"), CARELESS);
        assertThat(run("exec", "-o", trace.toString(), script.toString()))
                .as(err.toString())
                .isZero();
        assertThat(run("approve", "--golden", golden(), trace.toString()))
                .as(err.toString())
                .isZero();
    }

    private String golden() {
        return folder.resolve("golden").toString();
    }

    @Test
    void aReplayOfDamageFailsWhereTheDriverFlushesTooLittle() {
        String report = folder.resolve("report").toString();
        assertThat(run("replay", "--device", "--golden", golden(), trace.toString()))
                .isZero();
        out.getBuffer().setLength(0);
        assertThat(run("replay", "--device", "--damage", "--golden", golden(), "--report", report, trace.toString()))
                .isEqualTo(ExitCode.MISMATCH.code());
        // The device does what was recorded; its pictures alone are others.
        assertThat(out.toString()).contains("device agrees").contains("red").doesNotContain("approve");
    }

    @Test
    void renderShowsWhatNoFlushBroughtInMagenta() throws IOException {
        Path pictures = folder.resolve("pictures");
        assertThat(run("render", "--damage", "-o", pictures.toString(), trace.toString()))
                .isZero();
        assertThat(ImageFiles.read(pictures.resolve("careless-red.png")))
                .isEqualTo(Frame.ofPixels(4, 2, new int[] {RED, RED, MAGENTA, MAGENTA, RED, RED, MAGENTA, MAGENTA}));
        for (String moment : new String[] {"--every-flush", "--at=flush:0", "--at=end"}) {
            Path each = folder.resolve("each" + moment.length());
            assertThat(run("render", "--damage", moment, "-o", each.toString(), trace.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(each.toFile().listFiles())
                    .hasSize(1)
                    .allSatisfy(
                            file -> assertThat(ImageFiles.read(file.toPath()).argb(3, 0))
                                    .isEqualTo(MAGENTA));
        }
    }

    @Test
    void whereItHasNoMeaningItIsRefused() {
        assertThat(run("replay", "--machine", "--damage", trace.toString())).isEqualTo(ExitCode.USAGE.code());
        assertThat(run("render", "--damage", "--apng", folder.resolve("a.png").toString(), trace.toString()))
                .isEqualTo(ExitCode.USAGE.code());
    }

    /** Linux flushes what it writes: with its rectangles alone, every golden still matches. */
    @Test
    void theRecordingsThatShipShowTheSameByTheirDamageAlone() {
        Path recordings = Path.of("..", "..", "recordings");
        for (String name : new String[] {"flips", "sdl-testsprite", "cursor"}) {
            assertThat(run(
                            "replay",
                            "--device",
                            "--damage",
                            recordings.resolve(name + ".trace").toString()))
                    .as(out.toString())
                    .isZero();
        }
    }
}
