package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.util.Text;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Where something was seen. */
public sealed interface Place {

    /** {@return the same for people: {@code recordings/boot.trace #720}} */
    String text();

    /**
     * In a recording.
     *
     * @param trace the recording
     * @param sequence the number of the event, if that is known
     */
    record InRecording(TraceFile trace, OptionalLong sequence) implements Place {

        /** At an event. */
        InRecording(TraceFile trace, long sequence) {
            this(trace, OptionalLong.of(sequence));
        }

        @Override
        public String text() {
            return sequence.isPresent()
                    ? Text.format("%s #%,d", trace.shownAs(), sequence.getAsLong())
                    : trace.shownAs();
        }
    }

    /**
     * In a script of the battery.
     *
     * @param number the script's number, from 0
     * @param line the number of the line, from 1, if that is known
     */
    record InScript(long number, OptionalInt line) implements Place {

        /** At a line by its index. */
        static InScript at(long number, int index) {
            return new InScript(number, OptionalInt.of(index + 1));
        }

        @Override
        public String text() {
            return line.isPresent()
                    ? Text.format("script %d, line %d", number, line.getAsInt())
                    : Text.format("script %d", number);
        }
    }
}
