package dev.semblance.cli;

import dev.semblance.harness.Recordings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command line that runs on a thread of its own, with the real clock and the shipped guest. */
final class LiveProgram {

    private static final long PATIENCE_SECONDS = 120;
    private static final String ADDRESS = "live: ";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    private LiveProgram() {}

    static LiveProgram start(String... words) {
        LiveProgram program = new LiveProgram();
        Terminal terminal = new Terminal(new PrintWriter(program.out, true), new PrintWriter(program.err, true), false);
        CliEnvironment environment = Environments.of(terminal, Recordings::images);
        Thread.ofPlatform().daemon().name("program").start(() -> {
            try {
                program.code.complete(Semblance.run(environment, words));
            } catch (Throwable e) {
                program.code.completeExceptionally(e);
            }
        });
        return program;
    }

    /** Returns the address of its page, once it has told it. */
    String url() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Optional<String> line = err.toString()
                    .lines()
                    .filter(said -> said.startsWith(ADDRESS))
                    .findFirst();
            if (line.isPresent() && err.toString().contains("\n")) {
                return line.get().substring(ADDRESS.length());
            }
            if (code.isDone() || System.nanoTime() > deadline) {
                throw new AssertionError(said());
            }
            Thread.sleep(5);
        }
    }

    /** Returns its exit code, once it has ended. */
    int ended() throws InterruptedException {
        try {
            return code.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(said(), e);
        }
    }

    String said() {
        return out.toString() + err;
    }
}
