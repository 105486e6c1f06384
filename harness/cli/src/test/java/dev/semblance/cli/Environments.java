package dev.semblance.cli;

import dev.semblance.harness.guest.images.GuestImages;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What verbs have from outside, in tests. */
final class Environments {

    private static final AtomicInteger MADE = new AtomicInteger();

    private Environments() {}

    /** Returns an environment for verbs that need no guest images. */
    static CliEnvironment of(Terminal terminal) {
        return of(terminal, InputStream.nullInputStream());
    }

    static CliEnvironment of(Terminal terminal, InputStream input) {
        return new CliEnvironment(
                terminal, unused -> none(), () -> LocalDate.EPOCH, () -> 0, Map.of(), input, report());
    }

    /** Returns an environment with the real clock and calendar. */
    static CliEnvironment of(Terminal terminal, Supplier<GuestImages> images) {
        return of(terminal, images, Map.of());
    }

    static CliEnvironment of(Terminal terminal, Supplier<GuestImages> images, Map<String, String> variables) {
        return new CliEnvironment(
                terminal,
                unused -> images.get(),
                () -> LocalDate.now(ZoneOffset.UTC),
                System::nanoTime,
                variables,
                InputStream.nullInputStream(),
                report());
    }

    /** Returns an environment in which no time passes. */
    static CliEnvironment timeless(Terminal terminal, Supplier<GuestImages> images) {
        return new CliEnvironment(
                terminal,
                unused -> images.get(),
                () -> LocalDate.EPOCH,
                () -> 0,
                Map.of(),
                InputStream.nullInputStream(),
                report());
    }

    /** Returns a folder of this environment's alone: tests run side by side, and others in the same working folder. */
    private static Path report() {
        return Path.of("target", "semblance-report-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet());
    }

    private static GuestImages none() {
        throw new IllegalStateException("this verb is to need no images");
    }
}
