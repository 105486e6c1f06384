package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.serve.TestGuest;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/BRIDGES.md, "While it runs": {@code serve} or its front-end dies of SIGKILL in the middle of a guest's work. Twice here,
 * 50 times in the Maven profile {@code hostile}.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class KilledServeTests {

    private static final int KILLS = Integer.getInteger("semblance.hostile.kills", 2);
    private static final int BY_SIGKILL = 128 + 9;

    private static final int SIDE = 512;
    private static final Rect ALL = new Rect(0, 0, SIDE, SIDE);
    private static final int IMAGE_BYTES = 4 * SIDE * SIDE;
    private static final long IMAGE = TestGuest.BASE + TestGuest.SIZE / 2;

    /** Some chunks of a trace: noise does not become smaller. */
    private static final long MOST_BYTES = 6L * IMAGE_BYTES;

    @TempDir
    private Path folder = Path.of("");

    /** A guest that shows noise, again and again: its front-end's process is this class. */
    private static final class Noise {

        private final TestGuest guest;
        private final SplittableRandom random;
        private final byte[] picture = new byte[IMAGE_BYTES];
        private long flushes;

        Noise(TestGuest guest, long seed) throws IOException {
            this.guest = guest;
            this.random = new SplittableRandom(seed);
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, SIDE, SIDE, IMAGE);
        }

        /** Shows the next picture twice, all at once; returns whether that was answered while there was somebody to answer. */
        boolean show(BooleanSupplier served) throws IOException {
            random.nextBytes(picture);
            guest.memory.write(IMAGE, picture, 0, picture.length);
            for (int i = 0; i < 2; i++) {
                guest.offer(0, new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
                guest.offer(0, new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
            }
            guest.publish(0, 4);
            while (!guest.await(0, 100)) {
                if (!served.getAsBoolean()) {
                    return false;
                }
            }
            flushes += 2;
            return true;
        }
    }

    /** Shows noise until it is killed; its progress is the size of a file. */
    public static void main(String[] args) throws IOException {
        try (TestGuest guest = new TestGuest(UnixSocket.connect(Path.of(args[0])))) {
            guest.open();
            Noise noise = new Noise(guest, Long.parseLong(args[1]));
            while (noise.show(() -> true)) {
                Files.write(Path.of(args[2]), new byte[(int) noise.flushes]);
            }
        }
    }

    private int run(StringWriter said, String... words) {
        PrintWriter printer = new PrintWriter(said);
        return Semblance.run(Environments.of(new Terminal(printer, printer, false), GuestImages::ofUser), words);
    }

    /** Returns how many flushes are in a trace that ends somewhere, or did not even begin. */
    private static long flushes(Path part) throws IOException {
        try (TraceReader reader = TraceReader.open(part)) {
            long flushes = 0;
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                flushes += next.get().event() instanceof TraceEvent.Flush ? 1 : 0;
            }
            assertThat(reader.status()).isInstanceOf(TraceStatus.Torn.class);
            return flushes;
        } catch (TraceFormatException e) {
            assertThat(e.reason()).containsAnyOf("the file ends inside its", "the file is empty");
            return 0;
        }
    }

    @Test
    void theFrontEndOfAKilledServeSeesAClosedPeerAndTheNextOneKeepsWhatWasRecorded() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Path trace = folder.resolve("t.trace");
        Path part = TraceWriter.partOf(trace);
        long keptFlushes = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            String which = "seed " + seed + ", kill " + kill;
            long until = random.nextLong(MOST_BYTES);
            try (ServeProcess serve = ServeProcess.start(folder, trace);
                    TestGuest guest = serve.connect()) {
                guest.open();
                UnixSocket display = guest.connectDisplay();
                Noise noise = new Noise(guest, seed);
                assertThat(serve.said().contains("is kept as")).as(which).isEqualTo(kill > 1);
                Thread killer = Thread.ofPlatform().start(() -> killAt(serve.process(), part, until));
                while (noise.show(serve.process()::isAlive)) {
                    // It is killed in the middle of one of them.
                }
                killer.join();
                assertThat(serve.process().waitFor()).as(which + serve.said()).isEqualTo(BY_SIGKILL);
                assertThat(guest.control.receive()).as(which).isEmpty();
                assertThat(isClosed(display)).as(which).isTrue();

                long flushes = flushes(part);
                keptFlushes += flushes;
                // Four commands may have been done without an answer.
                assertThat(flushes).as(which).isLessThanOrEqualTo(noise.flushes + 2);
                if (flushes > 0) {
                    StringWriter said = new StringWriter();
                    assertThat(run(said, "replay", "--device", part.toString()))
                            .as(which + said)
                            .isEqualTo(ExitCode.TORN.code());
                    assertThat(said.toString()).as(which).contains("device agrees");
                    assertThat(run(said, "dump", part.toString())).as(which).isEqualTo(ExitCode.TORN.code());
                }
            }
        }
        assertThat(keptFlushes).as("seed " + seed).isPositive();

        try (ServeProcess serve = ServeProcess.start(folder, trace);
                TestGuest guest = serve.connect()) {
            guest.open();
            assertThat(new Noise(guest, seed).show(serve.process()::isAlive)).isTrue();
            serve.tell("finish");
            serve.ends(0);
            Path aside = folder.resolve("t.trace." + KILLS + ".part");
            assertThat(serve.said())
                    .containsOnlyOnce("an earlier recording that did not come to its end is kept as " + aside);
            assertThat(aside).exists();
            assertThat(part).doesNotExist();
            StringWriter said = new StringWriter();
            assertThat(run(said, "replay", "--device", trace.toString()))
                    .as(said.toString())
                    .isZero();
        }
    }

    private static void killAt(Process process, Path part, long bytes) {
        try {
            while (process.isAlive() && (!Files.exists(part) || Files.size(part) < bytes)) {
                Thread.sleep(1);
            }
            process.destroyForcibly();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes what came until the other end was closed. */
    private static boolean isClosed(UnixSocket socket) {
        byte[] bytes = new byte[1 << 16];
        try {
            UnixSocket.Received received = socket.receive(bytes, 0, bytes.length);
            while (received.bytes() > 0) {
                received = socket.receive(bytes, 0, bytes.length);
            }
            return true;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("was closed");
        }
    }

    @Test
    void aFrontEndThatIsKilledInTheMiddleOfAChainEndsTheRecordingWhichIsWhole() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int kill = 1; kill <= KILLS; kill++) {
            String which = "seed " + seed + ", kill " + kill;
            Path trace = folder.resolve("k" + kill + ".trace");
            Path progress = folder.resolve("progress" + kill);
            try (ServeProcess serve = ServeProcess.start(folder, trace)) {
                Process front = new ProcessBuilder(ServeProcess.program(
                                KilledServeTests.class, serve.socket().toString(), "" + seed, progress.toString()))
                        .inheritIO()
                        .start();
                try {
                    int wanted = 1 + random.nextInt(20);
                    while (!Files.exists(progress) || Files.size(progress) < wanted) {
                        assertThat(front.isAlive()).as(which + serve.said()).isTrue();
                        Thread.sleep(1);
                    }
                    Thread.sleep(Duration.ofNanos(random.nextInt(20_000_000)));
                } finally {
                    front.destroyForcibly();
                }
                assertThat(front.waitFor(1, TimeUnit.MINUTES)).as(which).isTrue();
                assertThat(front.exitValue()).as(which).isEqualTo(BY_SIGKILL);
                serve.ends(0);
                assertThat(run(new StringWriter(), "replay", "--device", trace.toString()))
                        .as(which)
                        .isZero();
            }
        }
    }
}
