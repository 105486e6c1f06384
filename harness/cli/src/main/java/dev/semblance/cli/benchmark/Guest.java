package dev.semblance.cli.benchmark;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.LoadedGuest;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The guest that ships, run by small scenarios. */
final class Guest {

    /** Bootargs for a guest that talks on the serial line alone. */
    static final String QUIET = "console=ttyS0 quiet loglevel=3";

    /** Bootargs for a guest whose console is also on the screen. */
    static final String ON_SCREEN = "console=tty0 console=ttyS0";

    /** The steps up to the shell. */
    static final String SHELL = "wait \"rv32# \" within 2e9\n";

    /** Where {@link #unpackForOthers()} puts the kernel. */
    static final String KERNEL_FILE = "Image";

    /** Where {@link #unpackForOthers()} puts the initramfs. */
    static final String INITRD_FILE = "rootfs.cpio";

    private static final long MAX_CYCLES = 50_000_000_000L;
    private static final int SEED = 1;

    private final LoadedGuest images;
    private final Path folder;
    private final Core core;

    Guest(GuestImages finder, Path folder, Core core) {
        this.images = finder.load(GuestSettings.NONE);
        this.folder = folder;
        this.core = core;
    }

    /** Returns {@code ./semblance}, if this is run from the project's folder. */
    static Optional<String> launcher() {
        return ProjectHome.guestFolder()
                .flatMap(folder -> Optional.ofNullable(folder.getParent()))
                .flatMap(folder -> Optional.ofNullable(folder.getParent()))
                .map(home -> home.resolve("semblance"))
                .filter(Files::isExecutable)
                .map(Path::toString);
    }

    /** Returns what is behind {@code --core} for a process of its own. */
    String core() {
        return core.name();
    }

    /** Writes the kernel and the initramfs as files that other emulators can read. */
    void unpackForOthers() throws IOException {
        OutputFile.write(file(KERNEL_FILE), images.kernel().bytes());
        OutputFile.write(file(INITRD_FILE), images.initrd().orElseThrow().bytes());
    }

    /**
     * A finished run.
     *
     * @param seconds of the host, the trace's completion included
     * @param flipSeconds from the first line of kmsdraw to its last, 0 without
     * @param flushes recorded, 0 without a recording
     * @param traceBytes size of the trace, 0 without
     */
    record Run(RecordingRun.Outcome outcome, double seconds, double flipSeconds, long flushes, long traceBytes) {}

    Path file(String name) {
        return folder.resolve(name);
    }

    SessionConfig config(String bootargs) {
        return new SessionConfig(
                        new SessionConfig.Start.Linux(images.kernel(), images.initrd(), images.dtb(), bootargs),
                        images.disk(),
                        SEED,
                        DisplayConfig.DEFAULT)
                .translatedBy(core.translator());
    }

    /** Runs a scenario without recording it. */
    Run live(String bootargs, String steps) throws BadImageException {
        Stopwatch whole = new Stopwatch();
        KmsdrawWatch watch = new KmsdrawWatch();
        RecordingRun run =
                new RecordingRun(config(bootargs), Optional.of(scenario(steps)), Optional.empty(), watch::written);
        RecordingRun.Outcome outcome = run.run(MAX_CYCLES, cycle -> {});
        return checked(new Run(outcome, whole.seconds(), watch.seconds(), 0, 0));
    }

    /** Runs a scenario and records it. */
    Run recorded(String bootargs, String steps, Path trace) throws BadImageException, IOException {
        Stopwatch whole = new Stopwatch();
        KmsdrawWatch watch = new KmsdrawWatch();
        SessionConfig config = config(bootargs);
        FlushCounter flushes;
        RecordingRun.Outcome outcome;
        try (TraceWriter writer = TraceWriter.create(trace, config.manifest("benchmark", Optional.of(steps)))) {
            flushes = new FlushCounter(writer);
            RecordingRun run =
                    new RecordingRun(config, Optional.of(scenario(steps)), Optional.of(flushes), watch::written);
            outcome = run.run(MAX_CYCLES, cycle -> {});
            writer.complete();
        }
        return checked(new Run(outcome, whole.seconds(), watch.seconds(), flushes.count, Files.size(trace)));
    }

    private Scenario scenario(String steps) {
        return ScenarioParser.parse("benchmark", folder, steps);
    }

    private static Run checked(Run run) {
        run.outcome().failure().ifPresent(failure -> {
            throw new IllegalStateException("the benchmark's scenario fails: " + failure);
        });
        return run;
    }

    private static final class FlushCounter implements EventSink {
        private final EventSink next;
        private long count;

        FlushCounter(EventSink next) {
            this.next = next;
        }

        @Override
        public void accept(long cycle, TraceEvent event) {
            if (event instanceof TraceEvent.Flush) {
                count++;
            }
            next.accept(cycle, event);
        }
    }
}
