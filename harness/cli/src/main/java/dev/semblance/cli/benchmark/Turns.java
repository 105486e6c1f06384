package dev.semblance.cli.benchmark;

import java.util.Optional;
import java.util.OptionalDouble;

/** What one of those that take turns measured; nothing as soon as a turn failed, since then there is nothing to compare. */
final class Turns {

    private final double[] values;
    private int count;

    Turns(int turns) {
        values = new double[turns];
    }

    void add(OptionalDouble value) {
        value.ifPresent(there -> values[count++] = there);
    }

    /** Returns all turns, or nothing if one of them failed. */
    Optional<Spread> all() {
        return count == values.length ? Optional.of(new Spread(values)) : Optional.empty();
    }
}
