package dev.semblance.harness.trace.position;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.text.EventKinds;

/**
 * A moment of a trace, as people write it wherever a program takes one. All but the first of these is right after an event,
 * and all numbers count from 0:
 *
 * <ul>
 *   <li>{@code start}: before the first event;
 *   <li>{@code event:N}, {@code sequence:N} or {@code N} alone: the event of that sequence number;
 *   <li>{@code flush:N}: a flush of any scanout;
 *   <li>{@code snapshot:LABEL}: the first snapshot of that label, which beyond scanout 0 ends with {@code @SCANOUT};
 *       {@code snapshot:LABEL:N}, one of several, as a trace that was made by hand may have them;
 *   <li>{@code command:NAME:N}: a command by its name in {@code dump --json}, or a request to a disk by its type;
 *       {@code command:NAME}, the first;
 *   <li>{@code end}: the last event;
 *   <li>{@code cycle:N}: not after an event, but before the instruction at that cycle: all events of earlier cycles have
 *       happened, and none of this.
 * </ul>
 *
 * <p>Digits may be divided by {@code _} or {@code ,}; the words before the first colon and names of commands may be in upper
 * or lower case.
 */
public sealed interface Position {

    /** The notation in words, for messages. */
    String NOTATION = "event:N (or N alone), cycle:N, flush:N, snapshot:LABEL, command:NAME:N, start or end,"
            + " with N counted from 0";

    /** {@return the position as it is written: the text that gives an equal one when read} */
    @Override
    String toString();

    /** Before the first event. */
    record Start() implements Position {
        @Override
        public String toString() {
            return "start";
        }
    }

    /** After the last event. */
    record End() implements Position {
        @Override
        public String toString() {
            return "end";
        }
    }

    /**
     * After an event.
     *
     * @param sequence its number in the trace, from 0
     */
    record OfEvent(long sequence) implements Position {

        /** Checks the number. */
        public OfEvent {
            check(sequence);
        }

        @Override
        public String toString() {
            return "event:" + sequence;
        }
    }

    /**
     * Before the instruction at a cycle.
     *
     * @param cycle from 0
     */
    record OfCycle(long cycle) implements Position {

        /** Checks the number. */
        public OfCycle {
            check(cycle);
        }

        @Override
        public String toString() {
            return "cycle:" + cycle;
        }
    }

    /**
     * After a flush.
     *
     * @param number from 0
     */
    record OfFlush(long number) implements Position {

        /** Checks the number. */
        public OfFlush {
            check(number);
        }

        @Override
        public String toString() {
            return "flush:" + number;
        }
    }

    /**
     * After a snapshot.
     *
     * @param label as the trace has it
     * @param number from 0, among those of the label
     */
    record OfSnapshot(String label, long number) implements Position {

        /** Checks the label and the number. */
        public OfSnapshot {
            if (!SnapshotLabel.isLabel(label)) {
                throw new IllegalArgumentException("no label of a snapshot: " + label);
            }
            check(number);
        }

        @Override
        public String toString() {
            return "snapshot:" + label + (number == 0 ? "" : ":" + number);
        }
    }

    /**
     * After a command.
     *
     * @param name as {@link EventKinds#commandNames} has it
     * @param number from 0, among those of the name
     */
    record OfCommand(String name, long number) implements Position {

        /** Checks the name and the number. */
        public OfCommand {
            if (!EventKinds.commandNames().contains(name)) {
                throw new IllegalArgumentException("no name of a command: " + name);
            }
            check(number);
        }

        @Override
        public String toString() {
            return "command:" + name + ":" + number;
        }
    }

    /**
     * {@return the position that a text says}
     *
     * @param text as described above
     * @throws UnusableInputException if it is none
     */
    static Position parse(String text) {
        return PositionParser.parse(text);
    }

    private static void check(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a negative number in a position: " + number);
        }
    }
}
