package dev.semblance.harness.fuzz.matrix;

import java.util.List;

/**
 * What a target did in the cases of a row.
 *
 * @param seen what it did, as the reference first
 * @param omitted the cases that say nothing of it, with the reason
 */
public record Cell(List<Seen> seen, List<Omission> omitted) {

    /** Copies the lists. */
    public Cell {
        seen = List.copyOf(seen);
        omitted = List.copyOf(omitted);
    }

    /** {@return how many cases it tells of, those that say nothing among them} */
    public long cases() {
        return seen.stream().mapToLong(Seen::count).sum()
                + omitted.stream().mapToLong(Omission::count).sum();
    }

    /** {@return whether something differs that no dialect allows} */
    public boolean differs() {
        return seen.stream().anyMatch(way -> way.standing() == Seen.Standing.DIFFERS);
    }
}
