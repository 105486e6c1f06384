package dev.semblance.harness.fuzz;

import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Makes scripts by which a driver sees that a device has miscounted its image memory: what should be left is asked for, to the
 * last pixel, and one pixel more. A trace can tell of these, and not of a counter inside a device.
 */
final class UsageProbe {

    private static final int HEADER = 24;
    private static final int ANSWER = 24;

    /** An id that scripts do not give to an image by themselves. */
    private static final int FREE_ID = 0x7eed_beef;

    private UsageProbe() {}

    /** {@return scripts that begin with these lines; each shows another miscount} */
    static List<List<ScriptLine>> scripts(RigSettings settings, List<ScriptLine> head) {
        List<ScriptLine> empty = new ArrayList<>(head);
        created(head).forEach(id -> empty.add(command(CommandType.RESOURCE_UNREF, id, 0)));
        List<List<ScriptLine>> scripts = new ArrayList<>();
        ask(scripts, empty, ResourceSizes.QUOTA);
        // Whoever counts too much of one image and gives as much back only shows it as long as there is the image.
        ask(scripts, head, ResourceSizes.QUOTA - imageBytes(settings, head));
        return scripts;
    }

    private static void ask(List<List<ScriptLine>> scripts, List<ScriptLine> head, long left) {
        int pixels = (int) (left / PixelFormat.BYTES_PER_PIXEL);
        for (int width : new int[] {pixels, pixels + 1}) {
            List<ScriptLine> script = new ArrayList<>(head);
            script.add(command(CommandType.RESOURCE_CREATE_2D, FREE_ID, PixelFormat.B8G8R8A8.number(), width, 1));
            scripts.add(script);
        }
    }

    private static ScriptLine command(CommandType type, int... words) {
        ByteBuffer request = ByteBuffer.allocate(HEADER + words.length * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type.number())
                .position(HEADER);
        for (int word : words) {
            request.putInt(word);
        }
        return Command.of(Queue.CONTROL, request.array(), ANSWER);
    }

    /** {@return the ids that were ever asked for, in order} */
    private static SequencedSet<Integer> created(List<ScriptLine> lines) {
        SequencedSet<Integer> ids = new LinkedHashSet<>();
        for (ScriptLine line : lines) {
            switch (line) {
                case Command command -> addCreated(ids, command);
                case Batch batch -> batch.commands().forEach(command -> addCreated(ids, command));
                default -> {}
            }
        }
        return ids;
    }

    private static void addCreated(SequencedSet<Integer> ids, Command command) {
        ByteBuffer request = ByteBuffer.wrap(command.request()).order(ByteOrder.LITTLE_ENDIAN);
        if (request.limit() > HEADER + Integer.BYTES && request.getInt(0) == CommandType.RESOURCE_CREATE_2D.number()) {
            ids.add(request.getInt(HEADER));
        }
    }

    private static long imageBytes(RigSettings settings, List<ScriptLine> head) {
        try (DeviceRig rig = DeviceRig.of(settings, BuiltinDevice.of(ReferenceDevice::new), new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            head.forEach(runner::run);
            return rig.resourceUsage().map(ResourceUsage::imageBytes).orElseThrow();
        }
    }
}
