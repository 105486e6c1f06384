package dev.semblance.harness.rig;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.pixels.DamageView;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Does on a rig what the lines of a script say, one after the other. The device is negotiated before the first.
 *
 * <p>As a driver's interrupt handler would, it acknowledges what the device interrupted for before each submission: what
 * the interrupt status shows after a line is that line's.
 */
public final class ScriptRunner {

    private static final int MAX_SCREENDUMP_PIXELS = 1 << 16;

    private final DeviceRig rig;
    private final Consumer<Path> beforeWriting;
    private final Optional<DamageView> damage;
    private final Set<String> labels = new HashSet<>();
    private int screendumps;

    /**
     * Makes a runner, and starts the device.
     *
     * @param rig what it runs on
     */
    public ScriptRunner(DeviceRig rig) {
        this(rig, file -> {});
    }

    /**
     * Makes a runner, and starts the device.
     *
     * @param rig what it runs on
     * @param beforeWriting told of each picture file before it is written; throws a {@link ScriptException} to forbid it
     */
    public ScriptRunner(DeviceRig rig, Consumer<Path> beforeWriting) {
        this(rig, beforeWriting, Optional.empty());
    }

    /**
     * Makes a runner, and starts the device.
     *
     * @param rig what it runs on
     * @param beforeWriting told of each picture file before it is written; throws a {@link ScriptException} to forbid it
     * @param damage what screendumps look at, given the rig's events; empty for what the device shows
     */
    @SuppressWarnings("exports") // For the command line.
    public ScriptRunner(DeviceRig rig, Consumer<Path> beforeWriting, Optional<DamageView> damage) {
        this.rig = rig;
        this.beforeWriting = beforeWriting;
        this.damage = damage;
        rig.start();
    }

    /**
     * Runs a line.
     *
     * @param line the line of the script
     * @return what came of it
     * @throws ScriptException if no rig can do what it says; nothing of it has reached the device then
     */
    public ScriptAnswer run(ScriptLine line) {
        return switch (line) {
            case ScriptLine.Command command -> submit(List.of(command));
            case ScriptLine.Batch batch -> submit(batch.commands());
            case ScriptLine.Act act -> perform(act);
            case ScriptLine.Screendump dump -> screendump(dump);
            case ScriptLine.Status status -> state();
            case ScriptLine.MemoryRead read ->
                new ScriptAnswer.Contents(read.address(), rig.peek(read.address(), read.length()));
            case ScriptLine.ConfigRead read -> config(read);
        };
    }

    /** Ends the recording, if there is one. */
    public void end() {
        rig.end();
    }

    /**
     * Ends the recording, if there is one, and says why.
     *
     * @param reason why it ends
     */
    public void end(TraceEvent.End.Reason reason) {
        rig.end(reason);
    }

    private ScriptAnswer submit(List<ScriptLine.Command> commands) {
        rig.acknowledgeInterrupts();
        return new ScriptAnswer.Submitted(rig.submit(commands), rig.hasTables());
    }

    private ScriptAnswer perform(ScriptLine.Act act) {
        if (act instanceof ScriptLine.DisplayChange) {
            rig.acknowledgeInterrupts();
        }
        rig.perform(act);
        return switch (act) {
            case ScriptLine.Poke poke ->
                new ScriptAnswer.Written(poke.memory().stream()
                        .mapToLong(write -> write.bytes().length)
                        .sum());
            case ScriptLine.Reset reset -> new ScriptAnswer.Restarted(rig.status());
            case ScriptLine.QueueReset reset -> new ScriptAnswer.Restarted(rig.status());
            case ScriptLine.DisplayChange change -> state();
            case ScriptLine.ConfigWrite write -> state();
        };
    }

    private ScriptAnswer state() {
        return new ScriptAnswer.State(
                rig.status(), rig.interruptStatus(), rig.usedIndex(Queue.CONTROL), rig.usedIndex(Queue.CURSOR));
    }

    private ScriptAnswer config(ScriptLine.ConfigRead read) {
        long mask = -1L >>> (Long.SIZE - Byte.SIZE * read.width());
        return new ScriptAnswer.Config(rig.readConfig(read.offset(), read.width()) & mask);
    }

    private ScriptAnswer screendump(ScriptLine.Screendump dump) {
        int head = dump.head();
        if (head < 0 || head >= rig.heads()) {
            throw new ScriptException(Text.format("there is no head %d; the device has %d", head, rig.heads()));
        }
        if (dump.pixels().size() > MAX_SCREENDUMP_PIXELS) {
            throw new ScriptException(Text.format("more than %d pixels to tell the colours of", MAX_SCREENDUMP_PIXELS));
        }
        Optional<Frame> brought = damage.flatMap(view -> view.primary(head));
        boolean dark = damage.isPresent() ? brought.isEmpty() : rig.isDark(head);
        Frame picture = brought.orElseGet(() -> damage.isPresent() ? rig.black(head) : rig.primary(head));
        for (Point pixel : dump.pixels()) {
            if (pixel.x() < 0 || pixel.y() < 0 || pixel.x() >= picture.width() || pixel.y() >= picture.height()) {
                throw new ScriptException(Text.format(
                        "there is no pixel [%d,%d] in a picture of %dx%d",
                        pixel.x(), pixel.y(), picture.width(), picture.height()));
            }
        }
        if (dump.png().isPresent()) {
            try {
                Path file = Path.of(dump.png().get());
                beforeWriting.accept(file);
                ImageFiles.writePng(picture, file);
            } catch (InvalidPathException e) {
                throw new ScriptException(
                        String.valueOf(UnusableInputException.noFileName(e).getMessage()), e);
            } catch (IOException e) {
                throw new ScriptException(String.valueOf(e.getMessage()), e);
            }
        }
        label(dump).ifPresent(label -> rig.snapshot(label, head));
        return new ScriptAnswer.Picture(head, picture, dark, dump.pixels());
    }

    /**
     * {@return the name of a screendump's snapshot: its id, where that is a name and still free} The last snapshot of a
     * recording is taken anyway.
     */
    private Optional<String> label(ScriptLine.Screendump dump) {
        screendumps++;
        String id = dump.id().orElse("");
        String name = id.length() > 2 && id.startsWith("\"") ? id.substring(1, id.length() - 1) : "";
        String suffix = "@" + dump.head();
        String plain =
                dump.head() > 0 && name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        if (plain.equals(TraceEvent.Snapshot.END)) {
            return Optional.empty();
        }
        String label = SnapshotLabel.isPlain(plain) ? plain : "screendump-" + screendumps;
        for (int n = 2; !labels.add(label + suffix); n++) {
            label = "screendump-" + screendumps + (n == 2 ? "" : "-" + n);
        }
        return Optional.of(label);
    }
}
