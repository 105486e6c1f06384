package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.semblance.bridge.serve.TestGuest;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.guest.images.GuestImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/BRIDGES.md, "Another device under your guest": {@code serve --target}, with programs. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class ServedTargetTests {

    private static final long IMAGE = TestGuest.BASE + TestGuest.SIZE / 2;
    private static final Rect ALL = new Rect(0, 0, 64, 48);
    private static final int RED = 0x00ff_0000;

    @TempDir
    private Path folder = Path.of("");

    private Path trace = Path.of("");

    @BeforeEach
    void name() {
        trace = folder.resolve("t.trace");
    }

    private int replay(StringWriter said) {
        PrintWriter printer = new PrintWriter(said);
        Terminal terminal = new Terminal(printer, printer, false);
        return Semblance.run(Environments.of(terminal, GuestImages::ofUser), "replay", "--device", trace.toString());
    }

    private ServeProcess serve(String target, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("--target", target, "--target-timeout", "60s"));
        words.addAll(List.of(options));
        return ServeProcess.start(folder, trace, words.toArray(String[]::new));
    }

    /** Shows a red picture; returns what the last command is answered with. */
    private static int showRed(TestGuest guest) throws IOException {
        guest.open();
        guest.start(TestGuest.FEATURES);
        guest.showImage(1, 64, 48, IMAGE);
        for (int i = 0; i < 64 * 48; i++) {
            guest.memory.putInt(IMAGE + 4L * i, RED);
        }
        guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
        return guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
    }

    @Test
    void aDeviceInCIsRecordedUnderAGuestAndItsTraceReplaysOnOurs() throws Exception {
        try (ServeProcess serve = serve(CDevice.build(folder));
                TestGuest guest = serve.connect()) {
            assertThat(showRed(guest)).isEqualTo(TestGuest.OK_NODATA);
            serve.tell("finish");
            serve.ends(0);
        }
        StringWriter said = new StringWriter();
        assertThat(replay(said)).as(said.toString()).isZero();
    }

    @Test
    void aDeviceInCThatShowsBlueForRedPartsFromOursAtThePicture() throws Exception {
        try (ServeProcess serve = serve(CDevice.build(folder, "-DBUG_BLUE"));
                TestGuest guest = serve.connect()) {
            assertThat(showRed(guest)).isEqualTo(TestGuest.OK_NODATA);
            serve.tell("finish");
            serve.ends(0);
        }
        StringWriter said = new StringWriter();
        assertThat(replay(said)).isEqualTo(1);
        assertThat(said.toString()).contains("flush of scanout 0, 64x48");
    }

    /** What was answered before is in the trace, and of the command that was not there is nothing. */
    @Test
    void aTargetThatGoesAwayIsAFindingAndTheTraceBeforeItReplays() throws Exception {
        String device = CDevice.build(folder).substring("pipe:".length());
        // It is there for a while after its last answer: that it ends is seen at the next command.
        try (ServeProcess serve = serve("pipe:(sed -u 5q; sleep 1) | " + device);
                TestGuest guest = serve.connect()) {
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.send(0, new GpuCommand.ResourceCreate2d(Header.NONE, 1, 2, 64, 48));
            guest.send(0, new GpuCommand.ResourceCreate2d(Header.NONE, 2, 2, 64, 48));
            guest.offer(0, new GpuCommand.ResourceCreate2d(Header.NONE, 3, 2, 64, 48));
            guest.publish(0, 1);
            serve.ends(1);
            assertThat(guest.control.receive()).isEmpty();
            assertThat(serve.said()).contains("semblance: the target ended with exit status 0");
        }
        StringWriter said = new StringWriter();
        assertThat(replay(said)).as(said.toString()).isZero();
    }

    @Test
    void aTargetThatCannotBeUsedIsSaidAndNothingIsRecorded() throws Exception {
        try (ServeProcess serve = serve("pipe:echo hello");
                TestGuest guest = serve.connect()) {
            guest.open();
            try {
                guest.start(TestGuest.FEATURES);
            } catch (IOException | RuntimeException gone) {
                // It is the server that says why.
            }
            serve.ends(5);
            assertThat(serve.said()).contains("the target pipe:echo hello cannot be used");
            assertThat(trace).doesNotExist();
        }
    }

    /** What QEMU's program does otherwise is in docs/BRIDGES.md; this guest does none of it. */
    @Test
    void theBackEndOfQemuIsRecordedUnderAGuest() throws Exception {
        Path program = Path.of("/usr/lib/qemu/vhost-user-gpu");
        assumeTrue(Files.isExecutable(program), "vhost-user-gpu of QEMU is not installed");
        try (ServeProcess serve = serve("vhost-user:" + program + " -s {socket}", "--dialect", "qemu-vhost-user-gpu");
                TestGuest guest = serve.connect()) {
            assertThat(showRed(guest)).isEqualTo(TestGuest.OK_NODATA);
            serve.tell("finish");
            serve.ends(0);
        }
        StringWriter said = new StringWriter();
        assertThat(replay(said)).as(said.toString()).isZero();
    }
}
