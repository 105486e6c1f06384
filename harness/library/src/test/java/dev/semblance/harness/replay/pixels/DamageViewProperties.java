package dev.semblance.harness.replay.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.fuzz.ScriptGenerator;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptAnswer;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** VIRTIO 1.2, 5.7.6.8: where every flush is of the whole image, damage shows what the device shows. */
class DamageViewProperties {

    private static final int BLACK = 0xff00_0000;

    /** The sizes of the images that the device made, the last one of each id. */
    private final Map<Long, Rect> images = new TreeMap<>();

    @Property(tries = 300)
    void withFlushesOfWholeImagesEveryPictureIsTheDevices(@ForAll long seed) {
        images.clear();
        DamageView damage = new DamageView(0, RigSettings.EXEC.displays());
        try (DeviceRig rig = DeviceRig.recorded(
                RigSettings.EXEC, BuiltinDevice.ours(), new NoFrames(), (cycle, event) -> damage.take(event))) {
            ScriptRunner runner = new ScriptRunner(rig);
            for (ScriptLine line : ScriptGenerator.tame(seed, RigSettings.EXEC, 80)) {
                List<ScriptLine> one = line instanceof Batch batch ? List.copyOf(batch.commands()) : List.of(line);
                for (ScriptLine each : one) {
                    run(runner, each);
                    // Without the cursor: of one that is not written, nothing is on the device and magenta here.
                    assertThat(damage.primary(0).isEmpty()).isEqualTo(rig.isDark(0));
                    damage.primary(0).ifPresent(primary -> assertSame(primary, rig.primary(0)));
                }
            }
        }
    }

    private void run(ScriptRunner runner, ScriptLine line) {
        if (!(line instanceof Command command)) {
            runner.run(line);
            return;
        }
        GpuCommand decoded = CommandCodec.decode(command.request());
        Command sent = command;
        if (decoded instanceof GpuCommand.ResourceFlush flush && images.containsKey(flush.resourceId())) {
            Rect all = images.getOrDefault(flush.resourceId(), flush.rect());
            sent = command.withRequest(
                    CommandCodec.encode(new GpuCommand.ResourceFlush(Header.NONE, all, flush.resourceId())));
        }
        CommandAnswer answer =
                ((ScriptAnswer.Submitted) runner.run(sent)).commands().getFirst();
        if (decoded instanceof GpuCommand.ResourceCreate2d create
                && !(ResponseCodec.decode(answer.response()) instanceof GpuResponse.Refused)) {
            images.put(create.resourceId(), new Rect(0, 0, create.width(), create.height()));
        }
    }

    /** Pixels that nothing was written to are zeros on the device. */
    private static void assertSame(Frame damage, Frame shown) {
        assertThat(damage.width()).isEqualTo(shown.width());
        assertThat(damage.height()).isEqualTo(shown.height());
        for (int y = 0; y < shown.height(); y++) {
            for (int x = 0; x < shown.width(); x++) {
                int pixel = damage.argb(x, y);
                if (pixel != shown.argb(x, y) && (pixel != DamageView.UNKNOWN || shown.argb(x, y) != BLACK)) {
                    assertThat(Integer.toHexString(pixel))
                            .as("the pixel at %d,%d", x, y)
                            .isEqualTo(Integer.toHexString(shown.argb(x, y)));
                }
            }
        }
    }
}
