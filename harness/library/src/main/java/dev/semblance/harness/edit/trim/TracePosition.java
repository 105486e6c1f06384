package dev.semblance.harness.edit.trim;

import java.util.Locale;
import java.util.Optional;

/**
 * One end of a range of a trace: {@code sequence:N}, {@code cycle:N} or {@code flush:N}; a number alone is a sequence
 * number. Everything counts from 0, as {@code dump} does.
 */
public record TracePosition(Unit unit, long number) {

    /** What is counted. */
    public enum Unit {
        /** Events. */
        SEQUENCE,
        /** Cycles. */
        CYCLE,
        /** Flush events, of any scanout. */
        FLUSH
    }

    /** Reads a bound; empty if the text is none. */
    public static Optional<TracePosition> parse(String text) {
        int colon = text.indexOf(':');
        String unit = colon < 0 ? "SEQUENCE" : text.substring(0, colon).toUpperCase(Locale.ROOT);
        String number = text.substring(colon + 1).replace(",", "");
        if (!number.matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        for (Unit each : Unit.values()) {
            if (each.name().equals(unit)) {
                return Optional.of(new TracePosition(each, Long.parseLong(number)));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return unit.name().toLowerCase(Locale.ROOT) + ":" + number;
    }
}
