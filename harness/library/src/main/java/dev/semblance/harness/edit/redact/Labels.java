package dev.semblance.harness.edit.redact;

import dev.semblance.harness.trace.TraceEvent.Snapshot;
import java.util.HashMap;
import java.util.Map;

/** What becomes of the labels of snapshots: texts that somebody chose, and the names of goldens. */
public sealed interface Labels {

    /** {@return what stands for a label} The same label gets the same, another one another. */
    String apply(String label);

    /** They stay. */
    record Keep() implements Labels {
        @Override
        public String apply(String label) {
            return label;
        }
    }

    /**
     * They become {@code snapshot-1} and so on, in the order in which they come; {@code @SCANOUT} stays, and {@code end},
     * which nobody chose. For one trace; one thread at a time.
     */
    final class Numbered implements Labels {
        private final Map<String, String> names = new HashMap<>();

        @Override
        public String apply(String label) {
            int at = label.indexOf('@');
            String name = at < 0 ? label : label.substring(0, at);
            String scanout = at < 0 ? "" : label.substring(at);
            return name.equals(Snapshot.END)
                    ? label
                    : names.computeIfAbsent(name, unused -> "snapshot-" + (names.size() + 1)) + scanout;
        }
    }
}
