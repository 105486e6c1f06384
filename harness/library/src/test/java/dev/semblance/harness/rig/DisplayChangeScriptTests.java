package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceMaker;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/SCRIPT.md, "Displays": VIRTIO 1.2, 5.7.4 and 5.7.6.8. */
class DisplayChangeScriptTests {

    private static final String INFO = "{\"command\":{\"type\":\"GET_DISPLAY_INFO\"}}";

    private static final String EVENTS = "{\"op\":\"config_read\",\"off\":0,\"width\":4}";

    private static final String FIRST =
            "\"displays\":[{\"rect\":{\"x\":0,\"y\":0,\"width\":64,\"height\":48},\"enabled\":";

    private static final String SECOND_OFF = "},{\"rect\":{\"x\":0,\"y\":0,\"width\":0,\"height\":0},\"enabled\":0,";

    private final List<TraceEvent> events = new ArrayList<>();

    static Stream<DeviceMaker> devices() {
        return Stream.of(VirtioGpuDevice::new, ReferenceDevice::new);
    }

    private ScriptRunner runner(DeviceMaker device) {
        return new ScriptRunner(DeviceRig.recorded(
                new RigSettings(16L << 20, DisplayConfig.of(Display.of(64, 48), Display.OFF)),
                BuiltinDevice.of(device),
                new NoFrames(),
                (cycle, event) -> events.add(event)));
    }

    private static String run(ScriptRunner runner, String text) {
        ScriptLine line = ScriptReader.parse(text);
        return AnswerJson.line(line, runner.run(line), command -> true);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void aChangeInterruptsSetsTheEventAndIsInTheDisplaysFromThenOn(DeviceMaker device) {
        ScriptRunner runner = runner(device);
        assertThat(run(runner, INFO)).contains(FIRST + "1,").contains(SECOND_OFF);
        assertThat(run(runner, EVENTS)).isEqualTo("{\"value\":0}");

        assertThat(run(runner, "{\"op\":\"display\",\"head\":1,\"width\":30,\"height\":20}"))
                .startsWith("{\"status\":15,\"interrupt_status\":2,");
        assertThat(run(runner, EVENTS)).isEqualTo("{\"value\":1}");
        assertThat(run(runner, INFO)).contains("{\"x\":64,\"y\":0,\"width\":30,\"height\":20},\"enabled\":1,");
        run(runner, "{\"op\":\"config_write\",\"off\":4,\"width\":4,\"value\":1}");
        assertThat(run(runner, EVENTS)).isEqualTo("{\"value\":0}");

        run(runner, "{\"op\":\"display\",\"head\":0,\"width\":0,\"height\":0}");
        assertThat(run(runner, INFO))
                .contains("\"width\":0,\"height\":0},\"enabled\":0,\"flags\":0},"
                        + "{\"rect\":{\"x\":0,\"y\":0,\"width\":30,\"height\":20},\"enabled\":1,");
        assertThat(events)
                .contains(
                        new TraceEvent.DisplayChange(0, 1, new DisplayMode(30, 20)),
                        new TraceEvent.DisplayChange(0, 0, DisplayMode.OFF));
    }

    /** What is off and shows nothing has no picture; what is dark has a black one, in the size that it has now. */
    @Test
    void snapshotsFollowTheDisplays() {
        ScriptRunner runner = runner(VirtioGpuDevice::new);
        assertThat(run(runner, "{\"op\":\"screendump\",\"head\":0}")).contains("\"width\":64,\"height\":48");
        run(runner, "{\"op\":\"display\",\"head\":0,\"width\":5,\"height\":6}");
        assertThat(run(runner, "{\"op\":\"screendump\",\"head\":0}")).contains("\"width\":5,\"height\":6");
    }

    @Test
    void aDisplayThatIsNotThereCannotChange() {
        ScriptRunner runner = runner(VirtioGpuDevice::new);
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> run(runner, "{\"op\":\"display\",\"head\":2,\"width\":5,\"height\":6}"))
                .withMessage("there is no head 2; the device has 2");
        assertThat(events).noneMatch(TraceEvent.DisplayChange.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineIsWrittenAsItIsRead(String line) {
        assertThat(ScriptWriter.line(ScriptReader.parse(line))).isEqualTo(line);
    }

    static Stream<String> lines() {
        return Stream.of(
                "{\"id\":1,\"op\":\"display\",\"head\":1,\"width\":30,\"height\":20}",
                "{\"op\":\"display\",\"head\":15,\"width\":0,\"height\":0}",
                "{\"op\":\"config_write\",\"off\":4,\"width\":2,\"value\":65535}");
    }
}
