package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;

/** Sessions of a driver that obeys the rules: images made, filled, shown and destroyed, in batches and alone. */
public final class Sessions {

    private static final int IMAGES = 12;

    private final Random random;
    private final List<ScriptLine> script = new ArrayList<>();
    private final int[] widths = new int[IMAGES];
    private final int[] heights = new int[IMAGES];

    private Sessions(long seed) {
        random = new Random(seed);
    }

    /** Makes a session of at least so many commands. */
    public static List<ScriptLine> session(long seed, int commands) {
        Sessions sessions = new Sessions(seed);
        while (sessions.script.size() < commands) {
            sessions.step();
        }
        return sessions.script;
    }

    static Command command(GpuCommand command) {
        boolean cursor = CommandCodec.typeOf(command)
                .filter(type -> type.isForCursorQueue())
                .isPresent();
        return Command.of(cursor ? Queue.CURSOR : Queue.CONTROL, CommandCodec.encode(command), 24);
    }

    /** Runs a script on a device. */
    static void run(
            List<ScriptLine> script,
            DeviceUnderTest.Factory maker,
            FrameSink pictures,
            BiConsumer<Command, CommandAnswer> answers) {
        try (DeviceRig rig = DeviceRig.of(RigSettings.EXEC, maker, pictures)) {
            rig.start();
            for (ScriptLine line : script) {
                run(rig, line, answers);
            }
        }
    }

    static void run(DeviceRig rig, ScriptLine line, BiConsumer<Command, CommandAnswer> answers) {
        switch (line) {
            case Poke poke -> poke.memory().forEach(rig::poke);
            case Command command ->
                answers.accept(command, rig.submit(List.of(command)).getFirst());
            case Batch batch -> {
                List<CommandAnswer> all = rig.submit(batch.commands());
                for (int i = 0; i < all.size(); i++) {
                    answers.accept(batch.commands().get(i), all.get(i));
                }
            }
            default -> rig.start();
        }
    }

    static void run(List<ScriptLine> script, FrameSink pictures) {
        run(script, BuiltinDevice.ours(), pictures, (command, answer) -> {});
    }

    static void run(List<ScriptLine> script) {
        run(script, new NoFrames());
    }

    /** Records a script with our device. */
    public static void record(Path trace, List<ScriptLine> script, FrameSink pictures) throws IOException {
        record(trace, script, BuiltinDevice.ours(), pictures);
    }

    /** Records a script with any device. */
    public static void record(Path trace, List<ScriptLine> script, DeviceUnderTest.Factory maker, FrameSink pictures)
            throws IOException {
        record(trace, RigSettings.EXEC, script, maker, pictures);
    }

    /** Records a script with any device in any rig. */
    static void record(
            Path trace,
            RigSettings settings,
            List<ScriptLine> script,
            DeviceUnderTest.Factory maker,
            FrameSink pictures)
            throws IOException {
        try (TraceWriter writer = TraceWriter.create(trace, settings.manifest("test"));
                DeviceRig rig = DeviceRig.recorded(settings, maker, pictures, writer)) {
            rig.start();
            for (ScriptLine line : script) {
                run(rig, line, (command, answer) -> {});
            }
            rig.end();
            writer.complete();
        }
    }

    private void step() {
        int image = random.nextInt(IMAGES);
        if (widths[image] == 0) {
            create(image);
            return;
        }
        int id = image + 1;
        int width = widths[image];
        int height = heights[image];
        switch (random.nextInt(13)) {
            case 0 -> {
                add(new GpuCommand.ResourceUnref(header(), id));
                widths[image] = 0;
            }
            case 1 -> add(new GpuCommand.GetDisplayInfo(header()));
            case 2 ->
                add(new GpuCommand.UpdateCursor(
                        header(),
                        new CursorPosition(0, random.nextInt(64), random.nextInt(64)),
                        random.nextBoolean() ? id : 0,
                        1,
                        2));
            case 3 ->
                add(new GpuCommand.MoveCursor(
                        header(), new CursorPosition(0, random.nextInt(64), random.nextInt(64)), 0, 0, 0));
            case 4, 5 -> add(new GpuCommand.SetScanout(header(), new Rect(0, 0, width, height), 0, id));
            case 6, 7, 8 -> {
                byte[] bytes = new byte[random.nextInt(4 * width * height) + 1];
                random.nextBytes(bytes);
                script.add(new Poke(List.of(new MemoryWrite(memory(image), bytes))));
                int y = random.nextInt(height);
                Rect rect = new Rect(0, y, width, height - y);
                add(new GpuCommand.TransferToHost2d(header(), rect, (long) y * width * 4, id));
            }
            case 9 ->
                script.add(new Batch(
                        Optional.empty(),
                        List.of(
                                command(new GpuCommand.SetScanout(header(), new Rect(0, 0, width, height), 0, id)),
                                command(new GpuCommand.ResourceFlush(header(), new Rect(0, 0, width, height), id)))));
            case 10 -> {
                add(new GpuCommand.ResourceDetachBacking(header(), id));
                add(new GpuCommand.ResourceFlush(header(), new Rect(0, 0, width, height), id));
                if (random.nextBoolean()) {
                    attach(image);
                }
            }
            default -> add(new GpuCommand.ResourceFlush(header(), new Rect(0, 0, width, height), id));
        }
    }

    private void create(int image) {
        int id = image + 1;
        boolean cursor = random.nextInt(3) == 0;
        widths[image] = cursor ? 64 : 8 + random.nextInt(40);
        heights[image] = cursor ? 64 : 8 + random.nextInt(40);
        add(new GpuCommand.ResourceCreate2d(header(), id, 1, widths[image], heights[image]));
        attach(image);
    }

    private void attach(int image) {
        int bytes = widths[image] * heights[image] * 4;
        List<MemoryEntry> entries = new ArrayList<>();
        for (int done = 0; done < bytes; done += 4096) {
            entries.add(new MemoryEntry(memory(image) + done, Math.min(4096, bytes - done)));
        }
        add(new GpuCommand.ResourceAttachBacking(header(), image + 1, entries.size(), entries));
    }

    private static long memory(int image) {
        return 0x10_0000L * (image + 1);
    }

    private Header header() {
        return random.nextInt(3) == 0 ? Header.fenced(random.nextInt(1000)) : Header.NONE;
    }

    private void add(GpuCommand command) {
        Command plain = command(command);
        script.add(
                random.nextInt(8) == 0
                        ? plain.withSplits(List.of(1 + random.nextInt(23)), List.of(random.nextInt(20)))
                        : plain);
    }
}
