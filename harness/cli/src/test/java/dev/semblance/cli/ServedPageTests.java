package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.serve.TestGuest;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.live.PageClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/LIVE.md, "A guest on QEMU": serve --live, with a front-end and a page of these tests. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ServedPageTests {

    private static final long IMAGE = TestGuest.BASE + TestGuest.SIZE / 2;
    private static final Rect ALL = new Rect(0, 0, 64, 48);

    @TempDir
    private Path folder = Path.of("");

    private LiveProgram serve(Path trace, String... more) {
        return LiveProgram.start(Stream.concat(
                        Stream.of(
                                "serve",
                                "--vhost-user",
                                folder.resolve("gpu.sock").toString(),
                                "-o",
                                trace.toString(),
                                "--live",
                                "--no-open"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private TestGuest connect() throws IOException {
        TestGuest guest = new TestGuest(UnixSocket.connect(folder.resolve("gpu.sock")));
        guest.open();
        return guest;
    }

    private static void show(TestGuest guest, int value) throws IOException {
        byte[] bytes = new byte[64 * 48 * 4];
        Arrays.fill(bytes, (byte) value);
        guest.memory.write(IMAGE, bytes, 0, bytes.length);
        guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
        guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
    }

    private static void showCursor(TestGuest guest) throws IOException {
        guest.send(0, new GpuCommand.ResourceCreate2d(Header.NONE, 2, 1, 64, 64));
        guest.send(
                0,
                new GpuCommand.ResourceAttachBacking(Header.NONE, 2, 1, List.of(new MemoryEntry(IMAGE, 64 * 64 * 4))));
        guest.send(1, new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 5, 6), 2, 1, 1));
    }

    private static int run(StringWriter said, String... words) {
        PrintWriter printer = new PrintWriter(said);
        return Semblance.run(Environments.of(new Terminal(printer, printer, false), GuestImages::ofUser), words);
    }

    private static void click(PageClient page, String type) {
        page.say("{\"type\":\"" + type + "\"}");
    }

    private static void snapshot(PageClient page, String label) {
        page.say("{\"type\":\"snapshot\",\"label\":\"" + label + "\"}");
    }

    @Test
    void theGuestIsSeenSnapshotsAreTakenAndTheTraceReplays() throws Exception {
        Path trace = folder.resolve("t.trace");
        LiveProgram program = serve(trace, "--display", "64x48,off");
        URI url = URI.create(program.url());
        PageClient first = PageClient.connect(url);
        assertThat(first.await("hello"))
                .contains("\"title\":\"t.trace\"", "\"records\":true", "\"scanouts\":2", "\"keys\":[]")
                .contains("\"keyboard\":false", "\"mouse\":false", "\"tablet\":false", "\"console\":false")
                .contains("\"time\":false", "\"displays\":false", "\"power\":false");
        first.awaitText("\"displays\":[\"64x48\",\"off\"]");
        snapshot(first, "early");
        assertThat(first.await("refused")).contains("no driver has started");
        try (TestGuest guest = connect()) {
            guest.start(TestGuest.FEATURES);
            first.awaitText("\"phase\":\"RUNNING\"");
            guest.showImage(1, 64, 48, IMAGE);
            showCursor(guest);
            show(guest, 0x11);
            assertThat(first.awaitText("\"flushes\":1")).contains("\"events\":");
            assertThat(first.received(1)).isPositive();
            snapshot(first, "../../etc");
            assertThat(first.await("refused")).contains("a label is ");
            snapshot(first, "mine");
            first.awaitText("\"snapshots\":1");
            snapshot(first, "mine");
            assertThat(first.await("refused")).contains("already");
            first.say("{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true}");
            assertThat(first.await("refused")).contains("QEMU has");
            // Closed in the middle of something.
            first.say("{\"type\":\"snapshot\",\"lab");
            first.abort();
            show(guest, 0x22);
            try (PageClient second = PageClient.connect(url)) {
                second.awaitText("\"control\":\"you\"");
                second.awaitText("\"flushes\":2");
                snapshot(second, "again");
                second.awaitText("\"snapshots\":2");
                click(second, "finish");
                assertThat(second.await("ended")).contains("t.trace", "identity");
            }
            assertThat(program.ended()).as(program.said()).isZero();
        }
        List<TraceEvent> events =
                Recordings.events(trace).stream().map(Stamped::event).toList();
        List<TraceEvent.Snapshot> snapshots = events.stream()
                .filter(TraceEvent.Snapshot.class::isInstance)
                .map(TraceEvent.Snapshot.class::cast)
                .toList();
        assertThat(snapshots.stream().map(TraceEvent.Snapshot::label)).containsExactly("mine", "again", "end");
        assertThat(snapshots.get(0).digest()).isNotEqualTo(snapshots.get(1).digest());
        assertThat(events).noneMatch(TraceEvent.Input.class::isInstance);
        StringWriter said = new StringWriter();
        assertThat(run(said, "replay", "--device", trace.toString()))
                .as(said.toString())
                .isZero();
        assertThat(said.toString()).contains("device agrees");
    }

    private List<TraceEvent> recorded(String name, boolean watched) throws Exception {
        Path trace = folder.resolve(name + ".trace");
        LiveProgram program = serve(trace);
        URI url = URI.create(program.url());
        Optional<PageClient> page = watched ? Optional.of(PageClient.connect(url)) : Optional.empty();
        try (TestGuest guest = connect()) {
            for (long features : new long[] {TestGuest.FEATURES, 1L << 32 | 1L << 1}) {
                guest.start(features);
                guest.showImage(1, 64, 48, IMAGE);
                showCursor(guest);
                for (int i = 0; i < 20; i++) {
                    show(guest, i);
                    if (watched && i % 10 == 0) {
                        // Looked at, refused, and let go of, while it draws.
                        snapshot(page.orElseThrow(), "no/label");
                        click(page.orElseThrow(), "pause");
                        try (PageClient other = PageClient.connect(url)) {
                            other.await("hello");
                        }
                    }
                }
                guest.send(0, new GpuCommand.SetScanout(Header.NONE, ALL, 0, 0));
                guest.stop();
            }
        }
        assertThat(program.ended()).as(program.said()).isZero();
        page.ifPresent(open -> {
            assertThat(open.received(1)).isPositive();
            open.close();
        });
        // How often a queue is looked at in vain depends on who is faster.
        return Recordings.events(trace).stream()
                .map(Stamped::event)
                .filter(event -> !(event instanceof TraceEvent.Notify))
                .toList();
    }

    @Test
    void aGuestThatIsWatchedIsRecordedAsOneThatIsNot() throws Exception {
        List<TraceEvent> alone = recorded("alone", false);
        assertThat(alone).hasSizeGreaterThan(80);
        assertThat(recorded("watched", true)).isEqualTo(alone);
    }

    @Test
    void aPageThatCannotBeHadIsSaidBeforeAnybodyConnects() throws Exception {
        String socket = folder.resolve("gpu.sock").toString();
        String trace = folder.resolve("t.trace").toString();
        StringWriter said = new StringWriter();
        assertThat(run(said, "serve", "--vhost-user", socket, "-o", trace, "--no-open"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(said.toString()).contains("--port and --no-open are about the page of --live");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(run(said, "serve", "--vhost-user", socket, "-o", trace, "--live", "--no-open", "--port", port))
                    .isEqualTo(ExitCode.USAGE.code());
            assertThat(said.toString()).contains("port " + port + " is taken");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
