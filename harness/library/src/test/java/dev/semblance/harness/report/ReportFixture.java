package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verdicts of all kinds over small traces, made in a folder, and reports of them. */
final class ReportFixture {

    static final HtmlReport.Origin ORIGIN = new HtmlReport.Origin(
            "1.2.3",
            "Java 25 on Test",
            trace -> List.of("./semblance", "replay", "--device", trace.source().toString()),
            trace -> List.of("./semblance", "approve", trace.source().toString()));

    /** A name that does harm wherever it is taken for markup or for a shell's words. */
    static final String HOSTILE = "\"><img src=x onerror=alert(1)>'$(id)\u202e\u0007&amp;";

    private final Path folder;
    private final Path trace;
    private final Frame shown;
    private final GoldenStore store;

    ReportFixture(Path folder) throws IOException {
        this.folder = folder;
        this.trace = folder.resolve("box.trace");
        this.store = new GoldenStore(folder.resolve("golden"));
        DisplayWorkload.damage(trace, 3);
        shown = picture();
    }

    private Frame picture() throws IOException {
        List<Frame> pictures = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), new FrameObserver() {
                        @Override
                        public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
                            pictures.add(picture);
                        }
                    })
                    .run(cycle -> {});
        }
        return pictures.getFirst();
    }

    /** Returns the picture of the snapshot with some pixels of row 5 in their opposite colours. */
    Frame changed(int from, int count) {
        int[] argb = new int[shown.width() * shown.height()];
        for (int y = 0; y < shown.height(); y++) {
            shown.copyRow(y, argb, y * shown.width());
        }
        for (int x = from; x < from + count; x++) {
            argb[5 * shown.width() + x] ^= 0x00ff_ffff;
        }
        return Frame.ofPixels(shown.width(), shown.height(), argb);
    }

    private TraceVerdict replay(String name, Path of, String policy) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".toml"), policy);
        return new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                .replay(of, new Goldens(name, Optional.of(store), PolicyFile.read(file, LocalDate.EPOCH)), cycle -> {});
    }

    TraceVerdict passing() throws IOException {
        store.write("pass", "end", shown);
        return replay("pass", trace, "");
    }

    TraceVerdict differing() throws IOException {
        store.write("differs", "end", changed(40, 3));
        return replay("differs", trace, "");
    }

    TraceVerdict masked(String reason) throws IOException {
        store.write("masked", "end", changed(40, 3));
        return replay("masked", trace, Text.format("""
                [[snapshot]]
                trace = "masked"
                label = "end"
                reason = '%s'
                bug = "https://example.org/bugs/17"
                masks = [{ x = 30, y = 2, width = 60, height = 10 }]
                """, reason));
    }

    TraceVerdict missing() throws IOException {
        return replay("missing", trace, "");
    }

    /** A trace that is compared with no goldens, for there is no place for them. */
    TraceVerdict unchecked() {
        return new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                .replay(
                        TraceFile.of(trace),
                        new Goldens("unchecked", Optional.empty()),
                        PictureKeeper.IN_MEMORY,
                        cycle -> {});
    }

    /** A trace whose eighth command on the GPU is told to have failed, which it does not. */
    TraceVerdict diverging() throws IOException {
        List<Stamped> events = new ArrayList<>(Recordings.events(trace));
        int commands = 0;
        for (int i = 0; i < events.size(); i++) {
            Stamped event = events.get(i);
            if (event.event() instanceof Command command
                    && command.payload() instanceof Payload.Full full
                    && ++commands == 8) {
                byte[] response = full.response().clone();
                response[0] = 3;
                response[1] = 0x12;
                events.set(
                        i,
                        new Stamped(
                                event.sequence(),
                                event.cycle(),
                                new Command(
                                        command.device(),
                                        command.queue(),
                                        command.head(),
                                        command.descriptors(),
                                        new Payload.Full(full.request(), response),
                                        command.usedLength(),
                                        command.notification())));
            }
        }
        store.write("diverging", "end", shown);
        return replay(
                "diverging",
                Recordings.write(folder.resolve("diverging.trace"), Recordings.manifest(trace), events),
                "");
    }

    static TraceVerdict hostile() {
        return new TraceVerdict.Refused(TraceFile.of(Path.of(HOSTILE + ".trace")), ExitCode.CORRUPT, "no: " + HOSTILE);
    }

    /** A verdict over a trace that says hostile things of itself. */
    TraceVerdict hostileManifest() throws IOException {
        TraceManifest sound = Recordings.manifest(trace);
        TraceManifest manifest = TraceManifest.builder(TraceManifest.Kind.MACHINE)
                .toolVersion(HOSTILE)
                .profile(HOSTILE)
                .isa(HOSTILE)
                .harts(1)
                .ramBytes(sound.ramBytes())
                .timebaseHz(sound.timebaseHz())
                .bootargs(HOSTILE)
                .seed(1)
                .devices(sound.devices())
                .displayModes(sound.displayModes())
                .edid(sound.edid())
                .images(List.of(new TraceManifest.Image(
                        TraceManifest.Image.Role.KERNEL, HOSTILE.replace("/", ""), 1, "0".repeat(64))))
                .scenario(Optional.of(HOSTILE))
                .build();
        TraceVerdict.Replayed replayed = (TraceVerdict.Replayed) diverging();
        return new TraceVerdict.Replayed(
                replayed.trace(),
                manifest,
                replayed.device(),
                replayed.machine(),
                Optional.of(HOSTILE),
                replayed.goldens(),
                List.of(),
                List.of());
    }

    /** Writes a report; returns its text. */
    static String report(Path file, TraceVerdict... verdicts) {
        try (HtmlReport report = new HtmlReport(file, ORIGIN)) {
            for (TraceVerdict verdict : verdicts) {
                report.add(verdict);
            }
            report.finish();
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
