package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.text.JsonEvents;
import dev.semblance.harness.text.LineBytes;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes a trace of the lines that {@code dump --json} printed. */
final class AsmAction {

    private final Terminal terminal;

    AsmAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Assembly assembly) {
        try (InputStream in = open(assembly.lines())) {
            return assemble(new LineBytes(in, JsonEvents.MAX_LINE_BYTES), assembly);
        } catch (IOException e) {
            throw new UserError(ExitCode.USAGE, "%s cannot be read: %s".formatted(name(assembly), e.getMessage()), e);
        }
    }

    private static InputStream open(Optional<Path> lines) throws IOException {
        return lines.isPresent() ? Files.newInputStream(lines.get()) : System.in;
    }

    private static String name(Actions.Assembly assembly) {
        return assembly.lines().map(Path::toString).orElse("standard input");
    }

    private ExitCode assemble(LineBytes lines, Actions.Assembly assembly) throws IOException {
        try {
            byte[] first = lines.next()
                    .orElseThrow(() -> new IllegalArgumentException("there is nothing; a manifest was expected"));
            TraceManifest manifest = JsonEvents.manifest(first);
            try (FreshTrace fresh = FreshTrace.create(assembly.output(), manifest)) {
                events(lines, fresh);
                TraceTotals totals = fresh.complete();
                terminal.out()
                        .printf("%s: %,d events, identity %s%n", assembly.output(), totals.events(), totals.identity());
                return ExitCode.PASS;
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    ExitCode.CORRUPT,
                    "%s, line %d (from byte %d on): %s"
                            .formatted(name(assembly), lines.number(), lines.offset(), e.getMessage()),
                    e);
        } catch (UncheckedIOException e) {
            throw FreshTrace.unwritable(assembly.output(), new IOException(e.getMessage(), e));
        }
    }

    private static void events(LineBytes lines, FreshTrace fresh) throws IOException {
        long count = 0;
        long cycle = 0;
        boolean ended = false;
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (ended) {
                throw new IllegalArgumentException("something follows the end event");
            }
            JsonEvents.Placed event = JsonEvents.event(line.get());
            if (event.sequence().isPresent() && event.sequence().get() != count) {
                throw new IllegalArgumentException(
                        "\"sequence\" is %d, and this is event %d; put it right, or leave \"sequence\" out of all lines"
                                .formatted(event.sequence().get(), count));
            }
            if (event.cycle() < cycle) {
                throw new IllegalArgumentException(
                        "\"cycle\" is %d, before the %d of the event before".formatted(event.cycle(), cycle));
            }
            fresh.writer().accept(event.cycle(), event.event());
            cycle = event.cycle();
            count++;
            ended = event.event() instanceof TraceEvent.End;
        }
        if (!ended) {
            throw new IllegalArgumentException(
                    "the lines stop without an end event; those of a torn trace do: repair it before dumping it");
        }
    }
}
