package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Runs the script of a trace on our device and compares all that the device does with the trace. */
final class ScriptedTrace {

    private ScriptedTrace() {}

    /** Notes what a device publishes as a recorder does. */
    private static final class Shown implements FrameSink {
        private final List<TraceEvent> events = new ArrayList<>();

        @Override
        public void flushed(int scanout, Frame frame) {
            events.add(new TraceEvent.Flush(scanout, frame.width(), frame.height(), frame.digest()));
        }

        @Override
        public void disabled(int scanout) {
            events.add(new TraceEvent.ScanoutDisabled(scanout));
        }

        @Override
        public void cursorChanged(int scanout, CursorPlane cursor) {
            OptionalLong image = cursor.image().isPresent()
                    ? OptionalLong.of(cursor.image().get().digest())
                    : OptionalLong.empty();
            events.add(new TraceEvent.Cursor(scanout, image, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY()));
        }
    }

    static TraceScript of(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return TraceScript.of(reader);
        }
    }

    /** Returns how many commands were compared. */
    static int assertSame(Path trace) throws IOException {
        TraceScript script = of(trace);
        Shown shown = new Shown();
        try (DeviceRig rig = DeviceRig.of(script.settings(), BuiltinDevice.ours(), shown)) {
            ScriptRunner runner = new ScriptRunner(rig);
            shown.events.clear();
            int commands = 0;
            for (TraceStep step : script.steps()) {
                ScriptAnswer answer = runner.run(step.line());
                if (answer instanceof ScriptAnswer.Submitted submitted) {
                    commands += submitted.commands().size();
                    assertThat(submitted.commands()).hasSameSizeAs(step.answers());
                    for (int i = 0; i < step.answers().size(); i++) {
                        assertThat(step.answers()
                                        .get(i)
                                        .matches(submitted.commands().get(i)))
                                .as("command %d of %s: %s", i, step, submitted)
                                .isTrue();
                    }
                }
                if (answer instanceof ScriptAnswer.Picture picture) {
                    Frame composed = rig.picture(picture.head());
                    assertThat(step.shown())
                            .singleElement()
                            .isInstanceOfSatisfying(
                                    TraceEvent.Snapshot.class,
                                    snapshot -> assertThat(composed.digest()).isEqualTo(snapshot.digest()));
                } else {
                    assertThat(shown.events).as("%s", step).isEqualTo(step.shown());
                }
                shown.events.clear();
            }
            return commands;
        }
    }
}
