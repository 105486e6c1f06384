package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.fuzz.Corpus;
import dev.semblance.harness.fuzz.Counterexample;
import dev.semblance.harness.fuzz.Fuzzer;
import dev.semblance.harness.fuzz.Fuzzer.Failure;
import dev.semblance.harness.target.DeviceUnderTest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Fuzzes a GPU and writes what it finds. */
final class FuzzAction {

    private final Terminal terminal;
    private final DeviceUnderTest.Factory device;

    FuzzAction(Terminal terminal, DeviceUnderTest.Factory device) {
        this.terminal = terminal;
        this.device = device;
    }

    ExitCode run(Actions.Fuzzing fuzzing) {
        // Seeds are to be typed again: nine digits will do.
        long seed = fuzzing.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000_000));
        line(Text.format("seed %d", seed));
        try (Interruption interruption = Interruption.listen()) {
            ExitCode code = run(fuzzing, seed, interruption);
            terminal.out().flush();
            return code;
        }
    }

    private ExitCode run(Actions.Fuzzing fuzzing, long seed, Interruption interruption) {
        Optional<Corpus> corpus = fuzzing.corpus().map(this::open);
        corpus.ifPresent(found -> line(Text.format("%d scripts in the corpus", found.size())));
        Fuzzer fuzzer = new Fuzzer(seed, device, corpus);
        long start = System.nanoTime();
        long commands = fuzzing.commands().orElse(Long.MAX_VALUE);
        long nanos = fuzzing.time().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        Optional<Failure> failure;
        try (Progress progress = Progress.start(
                terminal, "fuzzing", " commands", 1, fuzzing.commands().orElse(-1L))) {
            failure = fuzzer.run(() -> {
                progress.at(fuzzer.coverage().commands());
                return !interruption.isRequested()
                        && fuzzer.coverage().commands() < commands
                        && System.nanoTime() - start < nanos;
            });
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        fuzzer.coverage().table().forEach(this::line);
        line(Text.format(
                "%,d commands in %,d scripts, %.1f s, %,.0f commands/s",
                fuzzer.coverage().commands(),
                fuzzer.scripts(),
                seconds,
                fuzzer.coverage().commands() / seconds));
        return failure.map(found -> report(found, fuzzing, seed, fuzzer)).orElseGet(() -> {
            line("no difference");
            return ExitCode.PASS;
        });
    }

    private Corpus open(Path folder) {
        try {
            return Corpus.open(folder, VersionProvider.version(), problem -> {
                terminal.err().println("semblance: " + problem);
                terminal.err().flush();
            });
        } catch (FileAlreadyExistsException e) {
            throw new UserError(ExitCode.USAGE, folder + " cannot be used as a corpus: it is no folder", e);
        } catch (IOException e) {
            throw new UserError(ExitCode.USAGE, folder + " cannot be used as a corpus: " + e.getMessage(), e);
        }
    }

    private ExitCode report(Failure failure, Actions.Fuzzing fuzzing, long seed, Fuzzer fuzzer) {
        line(Text.format(
                "script %d fails: %s", failure.number(), failure.difference().text()));
        Counterexample counterexample = Counterexample.of(failure);
        line(Text.format(
                "cut down from %s to %s: %s",
                counterexample.before().text(),
                counterexample.after().text(),
                counterexample.difference().text()));
        Path folder = fuzzing.corpus().orElse(Path.of(""));
        Path trace = folder.resolve(Text.format("fuzz-%d-%d.trace", seed, failure.number()));
        try {
            counterexample.write(trace, VersionProvider.version());
        } catch (IOException e) {
            throw UserError.unwritable(trace, e);
        }
        line(Text.format("see it:       semblance dump %s", trace));
        line(Text.format("replay it:    semblance replay %s", trace));
        line(Text.format("run it:       semblance dump --script %s | semblance exec -", trace));
        // The commands of the failing script were not counted from the one that failed on.
        String corpus = fuzzing.corpus().isPresent() ? " --corpus, with what was in " + folder : "";
        line(Text.format(
                "find it anew: semblance fuzz --seed %d --commands %d%s",
                seed, fuzzer.coverage().commands() + 1, corpus));
        return ExitCode.MISMATCH;
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }
}
