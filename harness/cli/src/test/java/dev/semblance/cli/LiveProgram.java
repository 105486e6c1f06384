package dev.semblance.cli;

import dev.semblance.harness.Recordings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line that runs on a thread of its own, with the real clock and the shipped guest. */
final class LiveProgram {

    private static final long PATIENCE_SECONDS = 120;
    private static final Pattern ADDRESS = Pattern.compile("^(?:live|view): (http:\\S+)\\R", Pattern.MULTILINE);

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
            Matcher line = ADDRESS.matcher(err.toString());
            if (line.find()) {
                return line.group(1);
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
