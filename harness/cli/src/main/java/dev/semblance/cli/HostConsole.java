package dev.semblance.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The terminal as a guest's serial line: keys go to the guest one by one and unchanged, Ctrl-C among them. Ctrl-A then x
 * leaves, Ctrl-A twice sends one, as on other machines of this kind. In a pipe, bytes are simply passed on.
 */
final class HostConsole implements AutoCloseable {

    private static final int ESCAPE = 1;

    private final OutputStream out;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final TypedInput typed = new TypedInput();
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    /** The terminal's settings before; empty where there is no terminal to take over. */
    private final Optional<String> settings;

    private final boolean raw;

    private HostConsole(Terminal terminal, InputStream input) {
        this.out = terminal.standard();
        boolean interactive =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        this.settings = interactive ? stty("-g") : Optional.empty();
        this.raw = settings.isPresent() && stty("raw", "-echo").isPresent();
        if (raw) {
            terminal.err().printlnRaw("semblance: Ctrl-A x leaves");
            Runtime.getRuntime().addShutdownHook(new Thread(this::restore, "restore-terminal"));
        }
        if (interactive && !raw) {
            // Where there is no stty, as on Windows.
            terminal.err().println("semblance: what you type goes to the guest line by line; Ctrl-C ends the run");
        }
        Thread.ofPlatform().daemon().name("console-input").start(() -> readKeys(input));
    }

    /** Takes over the terminal, and reads the keys of an input: the only one that does from then on. */
    static HostConsole open(Terminal terminal, InputStream input) {
        return new HostConsole(terminal, input);
    }

    private void restore() {
        settings.ifPresent(before -> stty(before));
    }

    /** Runs stty on the terminal; returns what it printed, or empty if it failed. */
    private static Optional<String> stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst("stty");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.waitFor() == 0 ? Optional.of(output.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private void readKeys(InputStream input) {
        try (InputStream in = input) {
            boolean escaped = false;
            int key = in.read();
            while (key >= 0 && !left.get()) {
                if (raw && !escaped && key == ESCAPE) {
                    escaped = true;
                } else if (escaped && (key == 'x' || key == 'X')) {
                    left.set(true);
                } else {
                    escaped = false;
                    typed.add((byte) key);
                }
                key = in.read();
            }
            ended.set(true);
        } catch (IOException e) {
            // The terminal is gone; the guest hears nothing more, like from a cable that was pulled.
            ended.set(true);
            left.set(raw);
        }
    }

    /** Returns what was typed and has not reached the guest. */
    TypedInput typed() {
        return typed;
    }

    /** Tells whether the person wants to leave. */
    boolean left() {
        return left.get();
    }

    /** Tells whether nothing will be typed any more. */
    boolean ended() {
        return ended.get();
    }

    /** Takes a byte for the terminal; {@link #flush} shows it. */
    void write(byte value) {
        pending.write(value);
    }

    /** Shows what was written. Where nobody reads it any more, as behind {@code | head}, that is a reason to leave. */
    void flush() {
        try {
            pending.writeTo(out);
            out.flush();
        } catch (IOException e) {
            left.set(true);
        }
        pending.reset();
    }

    @Override
    public void close() {
        flush();
        if (raw) {
            restore();
        }
    }
}
