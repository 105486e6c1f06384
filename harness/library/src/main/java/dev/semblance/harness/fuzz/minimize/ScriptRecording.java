package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RecordedAnswer;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Act;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.ConfigRead;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Query;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a script as a trace that says how it ought to go: as it goes on a device that is taken to be right, but for
 * outcomes that are known better.
 */
final class ScriptRecording implements AutoCloseable {

    private final List<TraceEvent> events = new ArrayList<>();
    private final TraceWriter writer;
    private final DeviceRig rig;
    private final RecordedOutcomes patches;
    private long cycle;
    private int snapshots;

    private ScriptRecording(
            RigSettings settings, DeviceUnderTest.Factory device, RecordedOutcomes patches, TraceWriter writer) {
        this.writer = writer;
        this.patches = patches;
        rig = DeviceRig.recorded(settings, device, new NoFrames(), (now, event) -> {
            cycle = now;
            events.add(event);
        });
    }

    @Override
    public void close() {
        rig.close();
    }

    /**
     * Writes a trace.
     *
     * @param device makes the device that is right
     * @param patches what is known better, by the ids of the script's commands
     */
    static void write(
            Path path,
            RigSettings settings,
            String toolVersion,
            DeviceUnderTest.Factory device,
            List<ScriptLine> script,
            RecordedOutcomes patches)
            throws IOException {
        try (OutputFile file = OutputFile.create(path);
                TraceWriter writer = TraceWriter.into(file, settings.manifest(toolVersion));
                ScriptRecording recording = new ScriptRecording(settings, device, patches, writer)) {
            recording.rig.start();
            recording.pass(new Poke(List.of()));
            for (ScriptLine line : script) {
                recording.run(line);
                recording.pass(line);
            }
            recording.rig.end();
            recording.pass(new Poke(List.of()));
            writer.complete();
        }
    }

    private void run(ScriptLine line) {
        switch (line) {
            case Command command -> rig.submit(List.of(command));
            case Batch batch -> rig.submit(batch.commands());
            case Act act -> rig.perform(act);
            case ConfigRead read -> rig.readConfig(read.offset(), read.width());
            case Screendump dump -> snapshot(dump);
            case Query query -> {
                // It asks what the driver's side has.
            }
        }
    }

    private void snapshot(Screendump dump) {
        Optional<List<TraceEvent>> known = patches.shown(dump);
        if (known.isPresent()) {
            events.addAll(known.get());
        } else {
            rig.snapshot("shot" + snapshots);
            snapshots++;
        }
    }

    /** Hands on what a line led to. */
    private void pass(ScriptLine line) {
        Optional<List<TraceEvent>> shown = line instanceof Screendump ? Optional.empty() : patches.shown(line);
        List<Command> commands = ScriptEdits.commands(line);
        int last = -1;
        for (int i = 0; i < events.size(); i++) {
            last = events.get(i) instanceof TraceEvent.Command ? i : last;
        }
        int command = 0;
        for (int i = 0; i < events.size(); i++) {
            TraceEvent event = events.get(i);
            if (i == last) {
                shown.ifPresent(known -> known.forEach(each -> writer.accept(cycle, each)));
            }
            if (event instanceof TraceEvent.Command answered && command < commands.size()) {
                writer.accept(cycle, patched(answered, patches.answer(commands.get(command))));
                command++;
            } else if (shown.isEmpty() || !DisplayEventRecorder.isShown(event)) {
                writer.accept(cycle, event);
            }
        }
        events.clear();
    }

    private static TraceEvent patched(TraceEvent.Command command, Optional<RecordedAnswer> answer) {
        if (answer.isEmpty() || !answer.get().used() || !(command.payload() instanceof Payload.Full full)) {
            return command;
        }
        return new TraceEvent.Command(
                command.device(),
                command.queue(),
                command.head(),
                command.descriptors(),
                new Payload.Full(full.request(), answer.get().response()),
                answer.get().usedLength(),
                command.notification());
    }
}
