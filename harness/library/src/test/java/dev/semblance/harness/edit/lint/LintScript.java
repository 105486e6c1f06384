package dev.semblance.harness.edit.lint;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a driver says to a device of one display of 1024x768, and what lint finds in the trace of it. */
final class LintScript {

    /** Where memory behind images begins; each image has 16 MiB. */
    private static final long BACKING = 16 << 20;

    private final List<ScriptLine> lines = new ArrayList<>();
    private Header header = Header.NONE;

    static LintScript script() {
        return new LintScript();
    }

    /** Returns a driver that shows an image of 64x32 on scanout 0, in the right order. */
    static LintScript picture() {
        return script().image(1, 64, 32)
                .scanout(0, 1, 0, 0, 64, 32)
                .transfer(1, 0, 0, 64, 32)
                .flush(1, 0, 0, 64, 32);
    }

    LintScript image(long id, long width, long height) {
        return create(id, width, height).attach(id, new MemoryEntry(BACKING * id, width * height * 4));
    }

    LintScript create(long id, long width, long height) {
        return control(new GpuCommand.ResourceCreate2d(header, id, 2, width, height));
    }

    LintScript attach(long id, MemoryEntry... entries) {
        return control(new GpuCommand.ResourceAttachBacking(header, id, entries.length, List.of(entries)));
    }

    LintScript detach(long id) {
        return control(new GpuCommand.ResourceDetachBacking(header, id));
    }

    LintScript unref(long id) {
        return control(new GpuCommand.ResourceUnref(header, id));
    }

    LintScript scanout(long scanout, long id, long x, long y, long width, long height) {
        return control(new GpuCommand.SetScanout(header, new Rect(x, y, width, height), scanout, id));
    }

    /** Transfers a rectangle of an image that is 64 pixels wide from where it belongs. */
    LintScript transfer(long id, long x, long y, long width, long height) {
        return transferFrom((y * 64 + x) * 4, id, x, y, width, height);
    }

    LintScript transferFrom(long offset, long id, long x, long y, long width, long height) {
        return control(new GpuCommand.TransferToHost2d(header, new Rect(x, y, width, height), offset, id));
    }

    LintScript flush(long id, long x, long y, long width, long height) {
        return control(new GpuCommand.ResourceFlush(header, new Rect(x, y, width, height), id));
    }

    LintScript cursor(long id, long hotX, long hotY) {
        return command(Queue.CURSOR, new GpuCommand.UpdateCursor(header, new CursorPosition(0, 5, 5), id, hotX, hotY));
    }

    LintScript control(GpuCommand command) {
        return command(Queue.CONTROL, command);
    }

    LintScript command(Queue queue, GpuCommand command) {
        return line(Command.of(queue, CommandCodec.encode(command), ResponseCodec.bytes(command)));
    }

    /** The header of the commands that follow. */
    LintScript with(Header next) {
        header = next;
        return this;
    }

    LintScript reset() {
        return line(new ScriptLine.Reset(Optional.empty(), false));
    }

    LintScript line(ScriptLine line) {
        lines.add(line);
        return this;
    }

    /** Puts the last lines, which are commands, into one batch. */
    LintScript batch(int count) {
        List<ScriptLine> last = lines.subList(lines.size() - count, lines.size());
        ScriptLine.Batch batch = new ScriptLine.Batch(
                Optional.empty(), last.stream().map(Command.class::cast).toList());
        last.clear();
        return line(batch);
    }

    List<ScriptLine> lines() {
        return List.copyOf(lines);
    }

    List<LintRule> rules() throws IncompatibleTraceException {
        return lint(lines, BuiltinDevice.ours()).findings().stream()
                .map(LintFinding::rule)
                .toList();
    }

    List<LintFinding> findings() throws IncompatibleTraceException {
        return lint(lines, BuiltinDevice.ours()).findings();
    }

    static TraceLint lint(List<ScriptLine> lines, DeviceUnderTest.Factory device) throws IncompatibleTraceException {
        TraceLint lint = new TraceLint(RigSettings.EXEC.manifest("test"), Set.of());
        long[] next = {0};
        try (DeviceRig rig = DeviceRig.recorded(
                RigSettings.EXEC,
                device,
                new NoFrames(),
                (cycle, event) -> lint.take(new Stamped(next[0]++, cycle, event)))) {
            ScriptRunner runner = new ScriptRunner(rig);
            lines.forEach(runner::run);
            runner.end();
        }
        return lint;
    }
}
