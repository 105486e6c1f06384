package dev.semblance.harness.edit.scenario;

import java.util.Arrays;

/** Cycles, none less than the one before. */
final class CycleList {

    private long[] cycles = new long[1024];
    private int size;

    void add(long cycle) {
        if (size == cycles.length) {
            cycles = Arrays.copyOf(cycles, 2 * size);
        }
        cycles[size++] = cycle;
    }

    int size() {
        return size;
    }

    long at(int index) {
        return cycles[index];
    }

    /** {@return how many are less than {@code cycle}} */
    int before(long cycle) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cycles[middle] < cycle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
