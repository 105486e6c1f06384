package dev.semblance.bridge.serve;

import com.sun.management.ThreadMXBean;
import dev.semblance.bridge.posix.Poller;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Not a test: tells what a guest of {@code serve} waits for, without a QEMU (docs/BENCHMARKS.md, "A guest on QEMU"). Pictures of
 * 1280x800 are transferred and flushed one after the other, and a thread takes what the window would show.
 */
final class ServeLoad {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int ROW = 4 * WIDTH;
    private static final long IMAGE = TestGuest.BASE + TestGuest.SIZE / 2;

    /** Repetitions that do not count. */
    private static final int WARM_UP = 3;

    private ServeLoad() {}

    /** Takes what is shown, and counts it. */
    private record Window(UnixSocket socket, AtomicLong bytes) implements Runnable {

        @Override
        public void run() {
            byte[] piece = new byte[1 << 18];
            try {
                while (true) {
                    Poller.await(List.of(new Poller.Interest(socket, Poller.READABLE)), -1);
                    int count = socket.receive(piece, 0, piece.length).bytes();
                    if (count == 0) {
                        return;
                    }
                    bytes.addAndGet(count);
                }
            } catch (PosixException closed) {
                // The guest is gone.
            }
        }
    }

    /** What a round does: so many rows are changed, transferred and flushed, so many times. */
    private record Round(String name, int rows, boolean changed, boolean waitForWindow, int count) {}

    /**
     * Prints a line for each kind of round.
     *
     * @param args how many repetitions of each count, and words of the kinds that are wanted
     */
    public static void main(String[] args) throws Exception {
        int repetitions = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        Path folder = Files.createTempDirectory("serve-load");
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            Window window = new Window(guest.connectDisplay(), new AtomicLong());
            Thread.ofPlatform().daemon().name("window").start(window);
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, WIDTH, HEIGHT, IMAGE);
            List<Round> rounds = List.of(
                    new Round("16 rows changed", 16, true, false, 500),
                    new Round("whole picture changed", HEIGHT, true, false, 50),
                    new Round("whole picture changed, seen in the window", HEIGHT, true, true, 50),
                    new Round("whole picture, nothing changed", HEIGHT, false, false, 100));
            for (Round round : rounds) {
                if (args.length < 2 || round.name.contains(args[1])) {
                    measure(round, guest, window, repetitions);
                }
            }
            test.server.command("finish");
            test.ending();
        }
        Files.delete(folder.resolve("t.trace"));
        Files.delete(folder);
    }

    private static void measure(Round round, TestGuest guest, Window window, int repetitions) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] rows = new byte[round.rows * ROW];
        double[] milliseconds = new double[repetitions];
        Map<String, Long> before = Map.of();
        int value = 0;
        for (int repetition = -WARM_UP; repetition < repetitions; repetition++) {
            if (repetition == 0) {
                before = cpuByThread();
            }
            long total = 0;
            for (int i = 0; i < round.count; i++) {
                int top = round.rows == HEIGHT ? 0 : random.nextInt(HEIGHT - round.rows);
                if (round.changed) {
                    // Each row is another than the one that was there.
                    value++;
                    Arrays.fill(rows, (byte) value);
                    guest.memory.write(IMAGE + (long) top * ROW, rows, 0, rows.length);
                }
                Rect rect = new Rect(0, top, WIDTH, round.rows);
                long shown = window.bytes.get();
                long start = System.nanoTime();
                guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, rect, (long) top * ROW, 1));
                guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, rect, 1));
                while (round.waitForWindow && window.bytes.get() < shown + rows.length) {
                    LockSupport.parkNanos(20_000);
                }
                total += System.nanoTime() - start;
            }
            if (repetition >= 0) {
                milliseconds[repetition] = total / 1e6 / round.count;
            }
        }
        Arrays.sort(milliseconds);
        System.out.println(Text.format(
                "%s: %.3f ms (%.3f to %.3f), %.0f a second",
                round.name,
                milliseconds[repetitions / 2],
                milliseconds[0],
                milliseconds[repetitions - 1],
                1000 / milliseconds[repetitions / 2]));
        Map<String, Long> start = before;
        long count = (long) repetitions * round.count;
        cpuByThread().forEach((name, nanos) -> {
            long spent = (nanos - start.getOrDefault(name, 0L)) / count;
            if (spent > 1000) {
                System.out.println(Text.format("    %s: %.3f ms of processor time", name, spent / 1e6));
            }
        });
    }

    private static Map<String, Long> cpuByThread() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Map<String, Long> spent = new TreeMap<>();
        for (long id : threads.getAllThreadIds()) {
            java.lang.management.ThreadInfo info = threads.getThreadInfo(id);
            if (info != null) {
                spent.merge(info.getThreadName(), threads.getThreadCpuTime(id), Long::sum);
            }
        }
        return spent;
    }
}
