package dev.semblance.cli.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A program in a process of its own, which is talked to over its standard streams, and timed. */
final class TimedProcess {

    private static final int TIMEOUT_SECONDS = 120;

    /** How much of what it prints is kept: more than any program here prints. */
    private static final int KEPT = 1 << 20;

    private static final int SAMPLE_MILLIS = 5;

    /**
     * What is typed when a text has been printed behind the one of the step before.
     *
     * @param typed nothing if empty
     */
    record Step(String printed, String typed) {}

    /**
     * How a run went.
     *
     * @param ended whether it ended by itself, in time
     * @param code its exit code, -1 if it did not end
     * @param steps how many of the steps were come to
     * @param seconds from its start to its end, or to the last step for a run that is over then
     * @param processorSeconds its processor time, as far as the system tells, to about a hundredth
     * @param printed what it printed, on standard output and on standard error
     */
    record Ran(boolean ended, int code, int steps, double seconds, double processorSeconds, String printed) {}

    private TimedProcess() {}

    /** Runs a program to its end. */
    static Ran toEnd(List<String> command, List<Step> steps) throws IOException {
        return toEnd(command, steps, TIMEOUT_SECONDS);
    }

    /** Runs a program to its end, or for some seconds. */
    static Ran toEnd(List<String> command, List<Step> steps, int timeout) throws IOException {
        return run(command, steps, false, timeout);
    }

    /** Runs a program until it has come to the last step, and kills it then. */
    static Ran toLastStep(List<String> command, List<Step> steps) throws IOException {
        return run(command, steps, true, TIMEOUT_SECONDS);
    }

    private static Ran run(List<String> command, List<Step> steps, boolean untilLastStep, int timeout)
            throws IOException {
        Stopwatch watch = new Stopwatch();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Executor later = CompletableFuture.delayedExecutor(timeout, TimeUnit.SECONDS);
        CompletableFuture<Void> deadline = CompletableFuture.runAsync(process::destroyForcibly, later);
        AtomicLong processorNanos = new AtomicLong();
        Thread sampler = Thread.ofVirtual().start(() -> sample(process.toHandle(), processorNanos));
        StringBuilder printed = new StringBuilder();
        try {
            int done = talk(process, steps, untilLastStep, printed);
            if (untilLastStep && done == steps.size()) {
                return new Ran(false, -1, done, watch.seconds(), processorNanos.get() / 1e9, printed.toString());
            }
            int code = process.waitFor();
            double seconds = watch.seconds();
            sampler.join();
            boolean inTime = !deadline.isDone();
            return new Ran(inTime, code, done, seconds, processorNanos.get() / 1e9, printed.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            deadline.cancel(false);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Reads what the program prints, and types; returns how many steps were come to when it ended, or at the last one. */
    private static int talk(Process process, List<Step> steps, boolean untilLastStep, StringBuilder printed)
            throws IOException {
        int done = 0;
        int from = 0;
        byte[] buffer = new byte[8192];
        OutputStream typed = process.getOutputStream();
        if (steps.isEmpty()) {
            typed.close();
        }
        InputStream in = process.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            int room = Math.min(count, KEPT - printed.length());
            printed.append(new String(buffer, 0, room, StandardCharsets.ISO_8859_1));
            while (done < steps.size()) {
                int at = printed.indexOf(steps.get(done).printed(), from);
                if (at < 0) {
                    break;
                }
                from = at + steps.get(done).printed().length();
                if (!steps.get(done).typed().isEmpty()) {
                    typed.write(steps.get(done).typed().getBytes(StandardCharsets.US_ASCII));
                    typed.flush();
                }
                done++;
            }
            if (untilLastStep && done == steps.size()) {
                return done;
            }
        }
        return done;
    }

    /** Looks at the processor time until the program is gone: the system does not tell it afterwards. */
    private static void sample(ProcessHandle process, AtomicLong nanos) {
        while (process.isAlive()) {
            long used = Stream.concat(Stream.of(process), process.descendants())
                    .map(one -> one.info().totalCpuDuration())
                    .flatMap(Optional::stream)
                    .mapToLong(Duration::toNanos)
                    .sum();
            nanos.accumulateAndGet(used, Math::max);
            try {
                Thread.sleep(SAMPLE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
