package dev.semblance.bridge.serve;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server on a thread of its own, and the guest that it serves. */
final class TestServer implements AutoCloseable {

    final Server server;
    final TestGuest guest;
    final List<String> snapshots = Collections.synchronizedList(new ArrayList<>());
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    final Path trace;
    private final CompletableFuture<Server.Ending> ending = new CompletableFuture<>();
    private final Map<Class<?>, Long> counts = new ConcurrentHashMap<>();
    private Optional<TraceWriter> writer = Optional.empty();
    private volatile Optional<TraceEvent> last = Optional.empty();
    volatile boolean interrupted;

    TestServer(Path folder) throws IOException {
        this(folder, Optional.empty());
    }

    TestServer(Path folder, Optional<Duration> still) throws IOException {
        this(folder, still, Optional.empty());
    }

    TestServer(Path folder, Optional<Duration> still, Optional<DeviceUnderTest.Factory> target) throws IOException {
        trace = folder.resolve("t.trace");
        List<UnixSocket> ends = UnixSocket.pair();
        DisplayConfig displays = new DisplayConfig(DisplayConfig.single(64, 48).displays(), true);
        server = new Server(
                new ServeSettings(displays, still, "test", System::nanoTime, target),
                new Server.Recording() {
                    @Override
                    public void begin(TraceManifest manifest) throws IOException {
                        writer = Optional.of(TraceWriter.create(trace, manifest));
                    }

                    @Override
                    public void rest() throws IOException {
                        writer.orElseThrow().flush();
                    }

                    @Override
                    public void accept(long cycle, TraceEvent event) {
                        note(event);
                        writer.orElseThrow().accept(cycle, event);
                    }
                },
                notices::add,
                () -> interrupted);
        guest = new TestGuest(ends.get(0));
        Thread.ofPlatform().start(() -> {
            try {
                ending.complete(server.serve(ends.get(1)));
            } catch (Throwable problem) {
                ending.completeExceptionally(problem);
            }
        });
    }

    /** Keeps no event: there may be millions. */
    private void note(TraceEvent event) {
        counts.merge(event.getClass(), 1L, Long::sum);
        last = Optional.of(event);
        if (event instanceof TraceEvent.Snapshot snapshot) {
            snapshots.add(snapshot.label());
        }
    }

    /** Returns how it ended; waits for that, and completes the trace. */
    Server.Ending ending() throws Exception {
        Server.Ending ended = ending.get(30, TimeUnit.SECONDS);
        if (writer.isPresent()) {
            writer.get().complete();
        }
        return ended;
    }

    /** Ends the recording, and replays what came of it. */
    ReplayOutcome replayed() throws Exception {
        try (TraceReader reader = TraceReader.open(trace)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE).run(cycle -> {});
        }
    }

    long count(Class<? extends TraceEvent> type) {
        return counts.getOrDefault(type, 0L);
    }

    TraceEvent last() {
        return last.orElseThrow();
    }

    @Override
    public void close() throws IOException {
        guest.close();
        try {
            ending.orTimeout(30, TimeUnit.SECONDS).join();
        } finally {
            server.close();
            if (writer.isPresent()) {
                writer.get().close();
            }
        }
    }
}
