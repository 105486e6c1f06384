package dev.semblance.harness.edit.scenario;

import java.util.Set;

/** The keys that do nothing by themselves, and change what others do. */
final class Modifiers {

    private static final Set<Integer> SHIFTS = Set.of(42, 54);
    private static final Set<Integer> OTHERS = Set.of(29, 97, 56, 100);

    private Modifiers() {}

    static boolean isShift(int code) {
        return SHIFTS.contains(code);
    }

    static boolean has(int code) {
        return SHIFTS.contains(code) || OTHERS.contains(code);
    }
}
