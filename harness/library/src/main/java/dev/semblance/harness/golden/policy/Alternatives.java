package dev.semblance.harness.golden.policy;

import java.util.List;

/** Which pictures are accepted besides the golden. All lie in the folder of the trace's goldens. */
public sealed interface Alternatives {

    /** The golden alone. */
    record None() implements Alternatives {}

    /** Every {@code LABEL.alt-NUMBER.ENDING} beside the golden, in the order of the numbers. */
    record Numbered() implements Alternatives {}

    /**
     * The files of these names beside the golden, in this order.
     *
     * @param files names of files beside the golden
     */
    record Named(List<String> files) implements Alternatives {

        /** Copies the list. */
        public Named {
            files = List.copyOf(files);
        }
    }
}
