package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.text.ByteText;
import java.util.List;

/** What the scripted user wants done, at the cycle at which it says so. */
public sealed interface Effect {

    /** The input device that a report goes to. */
    enum InputPort {
        /** The virtio keyboard. */
        KEYBOARD,
        /** The virtio mouse. */
        MOUSE,
        /** The virtio tablet. */
        TABLET
    }

    /**
     * Put these bytes on the console's input queue.
     *
     * @param text what is typed
     */
    record ConsoleInput(ByteText text) implements Effect {}

    /**
     * Put a whole report on an input device's port; the SYN_REPORT behind it is not among the items.
     *
     * @param port the device that reports
     * @param items events of Linux input, in their order
     */
    record Report(InputPort port, List<InputItem> items) implements Effect {
        /** Copies the list. */
        public Report {
            items = List.copyOf(items);
        }
    }

    /**
     * Change what a display offers, or plug it in or off.
     *
     * @param number of the display: that of the scanout, from 0
     * @param mode what it offers from then on
     */
    record ChangeDisplay(int number, DisplayMode mode) implements Effect {}

    /**
     * Take a snapshot under this name.
     *
     * @param label the label of the snapshot
     */
    record TakeSnapshot(String label) implements Effect {}

    /** End the run: all steps are done. Nothing follows. */
    record Finish() implements Effect {}

    /**
     * End the run: a step did not come true. Nothing follows.
     *
     * @param failure the step, and why
     */
    record Fail(StepFailure failure) implements Effect {}
}
