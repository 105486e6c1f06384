package dev.semblance.harness.replay.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.7.6.8: a flush brings its rectangle, and nothing else counts. */
class DamageViewTests {

    private static final int RED = 0xffff_0000;
    private static final int BLUE = 0xff00_00ff;
    private static final int BLACK = 0xff00_0000;

    /** An image of 4x2, all red, shown on scanout 0; the memory behind it is at 0x100000. */
    private static final String RED_PICTURE = """
            {"command":{"type":"RESOURCE_CREATE_2D","resourceId":1,"format":"B8G8R8X8","width":4,"height":2}}
            {"command":{"type":"RESOURCE_ATTACH_BACKING","resourceId":1,"entries":[{"address":"0x100000","length":32}]}}
            {"op":"mem_write","mem":[{"addr":"0x100000","fill":"0000ff00","len":32}]}
            {"command":{"type":"TRANSFER_TO_HOST_2D","rect":{"x":0,"y":0,"width":4,"height":2},"offset":0,"resourceId":1}}
            {"command":{"type":"SET_SCANOUT","rect":{"x":0,"y":0,"width":4,"height":2},"scanoutId":0,"resourceId":1}}
            """;

    private static final String FLUSH_ALL =
            "{\"command\":{\"type\":\"RESOURCE_FLUSH\",\"rect\":{\"x\":0,\"y\":0,\"width\":4,\"height\":2},\"resourceId\":1}}\n";

    private static final String TURN_BLUE = """
            {"op":"mem_write","mem":[{"addr":"0x100000","fill":"ff000000","len":32}]}
            {"command":{"type":"TRANSFER_TO_HOST_2D","rect":{"x":0,"y":0,"width":4,"height":2},"offset":0,"resourceId":1}}
            """;

    private static String flush(int x, int y, int width, int height) {
        return "{\"command\":{\"type\":\"RESOURCE_FLUSH\",\"rect\":{\"x\":" + x + ",\"y\":" + y + ",\"width\":" + width
                + ",\"height\":" + height + "},\"resourceId\":1}}\n";
    }

    private static DamageView shown(String script) {
        DamageView damage = new DamageView(0, RigSettings.EXEC.displays());
        try (DeviceRig rig = DeviceRig.recorded(
                RigSettings.EXEC, BuiltinDevice.ours(), new NoFrames(), (cycle, event) -> damage.take(event))) {
            ScriptRunner runner = new ScriptRunner(rig);
            script.lines().forEach(line -> runner.run(ScriptReader.parse(line)));
        }
        return damage;
    }

    private static void assertPixels(String script, int... argb) {
        assertThat(shown(script).picture(0)).isEqualTo(Frame.ofPixels(4, 2, argb));
    }

    @Test
    void nothingIsShownBeforeAFlush() {
        assertThat(shown(RED_PICTURE).primary(0)).isEmpty();
        assertThat(shown(RED_PICTURE).picture(0)).isEqualTo(Frame.solid(1024, 768, BLACK));
    }

    @Test
    void whatNoFlushHasBroughtIsMagenta() {
        int none = DamageView.UNKNOWN;
        assertPixels(RED_PICTURE + flush(1, 0, 2, 1), none, RED, RED, none, none, none, none, none);
    }

    @Test
    void aLaterFlushBringsItsRectangleAndLeavesTheRestAsItWas() {
        assertPixels(RED_PICTURE + FLUSH_ALL + TURN_BLUE + flush(0, 0, 1, 2), BLUE, RED, RED, RED, BLUE, RED, RED, RED);
        assertPixels(RED_PICTURE + FLUSH_ALL + TURN_BLUE + FLUSH_ALL, BLUE, BLUE, BLUE, BLUE, BLUE, BLUE, BLUE, BLUE);
    }

    @Test
    void whatNothingWasWrittenToIsMagentaThoughItIsFlushed() {
        String partly = RED_PICTURE.replaceFirst(
                "\"width\":4,\"height\":2},\"offset\"", "\"width\":4,\"height\":1},\"offset\"");
        int none = DamageView.UNKNOWN;
        assertPixels(partly + FLUSH_ALL, RED, RED, RED, RED, none, none, none, none);
    }

    @Test
    void anotherViewOfTheSameSizeLeavesOnTheScreenWhatIsThere() {
        String other = (RED_PICTURE + TURN_BLUE)
                .replace("\"resourceId\":1", "\"resourceId\":2")
                .replace("0x1000", "0x2000");
        assertPixels(
                RED_PICTURE + FLUSH_ALL + other + flush(3, 1, 1, 1).replace("\"resourceId\":1", "\"resourceId\":2"),
                RED,
                RED,
                RED,
                RED,
                RED,
                RED,
                RED,
                BLUE);
    }

    @Test
    void aRefusedFlushBringsNothing() {
        assertThat(shown(RED_PICTURE + flush(0, 0, 5, 2)).primary(0)).isEmpty();
    }

    @Test
    void aScanoutThatIsSwitchedOffOrLosesItsImageIsDark() {
        String off =
                "{\"command\":{\"type\":\"SET_SCANOUT\",\"rect\":{\"x\":0,\"y\":0,\"width\":0,\"height\":0},\"scanoutId\":0,\"resourceId\":0}}";
        assertThat(shown(RED_PICTURE + FLUSH_ALL + off).primary(0)).isEmpty();
        assertThat(shown(RED_PICTURE + FLUSH_ALL + "{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":1}}")
                        .primary(0))
                .isEmpty();
        assertThat(shown(RED_PICTURE + FLUSH_ALL + "{\"op\":\"reset\"}").primary(0))
                .isEmpty();
    }
}
