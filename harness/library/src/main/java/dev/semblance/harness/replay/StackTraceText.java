package dev.semblance.harness.replay;

import java.util.ArrayList;
import java.util.List;

/** A mistake of ours as lines for a bug report. */
final class StackTraceText {

    private static final int MAX_FRAMES = 12;

    private StackTraceText() {}

    /** {@return the innermost places of what led to the problem, its first cause last} */
    static List<String> lines(Throwable problem) {
        List<String> lines = new ArrayList<>();
        Throwable at = problem;
        // A chain of causes may be a circle.
        for (int depth = 0; depth < 4; depth++) {
            StackTraceElement[] frames = at.getStackTrace();
            for (int i = 0; i < frames.length && i < MAX_FRAMES; i++) {
                lines.add("at " + frames[i]);
            }
            Throwable cause = at.getCause();
            if (cause == null) {
                break;
            }
            lines.add("caused by " + cause);
            at = cause;
        }
        return lines;
    }
}
