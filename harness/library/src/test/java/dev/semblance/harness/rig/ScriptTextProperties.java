package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ScriptTextProperties {

    @Provide
    Arbitrary<ScriptLine> lines() {
        return ScriptArbitraries.lines();
    }

    @Property(tries = 500)
    void everyLineIsReadAsItWasWritten(@ForAll("lines") ScriptLine line) {
        String text = ScriptWriter.line(line);
        assertThat(text).doesNotContain("\n");
        assertThat(ScriptReader.parse(text)).isEqualTo(line);
        assertThat(ScriptWriter.line(ScriptReader.parse(text))).isEqualTo(text);
    }

    private static QueueFeatures queues(boolean indirect, boolean ringReset) {
        return new QueueFeatures(
                (indirect ? VirtioFeatures.INDIRECT_DESC : 0) | (ringReset ? VirtioFeatures.RING_RESET : 0));
    }

    @Property(tries = 50)
    void theSettingsAreReadAsTheyWereWritten(
            @ForAll @IntRange(min = 2048, max = 524288) int pages,
            @ForAll @IntRange(min = 1, max = 16) int heads,
            @ForAll boolean indirect,
            @ForAll boolean ringReset,
            @ForAll boolean largerViews)
            throws IOException {
        Display[] displays = new Display[heads];
        for (int i = 0; i < heads; i++) {
            displays[i] = Display.of(640 + 8 * i, 480);
        }
        RigSettings settings = new RigSettings(
                pages * 4096L, new DisplayConfig(List.of(displays), largerViews), queues(indirect, ringReset));
        byte[] text = ScriptWriter.settings(settings).orElseThrow().getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader = new ScriptReader(new ByteArrayInputStream(text))) {
            assertThat(reader.settings()).isEqualTo(settings);
            assertThat(reader.next()).isEmpty();
        }
    }

    @Property(tries = 500)
    void aDamagedLineIsReadOrRefusedInOneSentence(
            @ForAll("lines") ScriptLine line, @ForAll @IntRange(min = 0, max = 5000) int at, @ForAll char put) {
        String text = ScriptWriter.line(line);
        int place = at % text.length();
        String damaged = text.substring(0, place) + put + text.substring(place + 1);
        try {
            ScriptReader.parse(damaged);
        } catch (ScriptException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(400);
        }
    }

    @Property(tries = 300)
    void anyLineRunsOrIsRefusedAndTheDeviceGoesOn(@ForAll("lines") ScriptLine line) {
        try (DeviceRig rig = DeviceRig.of(RigSettings.EXEC, BuiltinDevice.ours(), new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            try {
                if (!(line instanceof ScriptLine.Screendump)) {
                    assertThat(AnswerJson.line(line, runner.run(line))).startsWith("{");
                }
            } catch (ScriptException e) {
                assertThat(e.getMessage()).isNotBlank();
                assertThat(rig.usedIndex(ScriptLine.Queue.CONTROL)).isZero();
            }
            assertThatCode(() -> runner.run(new ScriptLine.Reset(Optional.empty(), false)))
                    .doesNotThrowAnyException();
            assertThat(runner.run(new ScriptLine.Status(Optional.empty())))
                    .isEqualTo(new ScriptAnswer.State(15, 0, 0, 0));
        }
    }
}
