package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.guest.scenario.CycleCount;
import dev.semblance.harness.util.Text;

/**
 * Times of a guest in cycles, and how a scenario writes them.
 *
 * @param cyclesPerSecond the clock of the machine, a multiple of 1,000
 */
record Clock(long cyclesPerSecond) {

    private static final long REPEAT_MS = 240;
    private static final long STILL_MS = 300;
    private static final long LONG_CLICK_MS = 500;
    private static final long DOUBLE_CLICK_MS = 1000;
    private static final long PAUSE_IN_TEXT_MS = 1000;

    long ms(long count) {
        return count * (cyclesPerSecond / 1000);
    }

    /** {@return how long the picture must not have changed to count as still} */
    long still() {
        return ms(STILL_MS);
    }

    /** {@return how long a key is held that Linux is about to repeat, after 250 ms} */
    long repeat() {
        return ms(REPEAT_MS);
    }

    /** {@return how long a button is held that is more than clicked} */
    long longClick() {
        return ms(LONG_CLICK_MS);
    }

    /** {@return within what time a second click may be a double click} */
    long doubleClick() {
        return ms(DOUBLE_CLICK_MS);
    }

    /** {@return a pause that ends a text that is typed} */
    long pauseInText() {
        return ms(PAUSE_IN_TEXT_MS);
    }

    /** {@return the whole milliseconds in a time} */
    long wholeMs(long cycles) {
        return cycles / (cyclesPerSecond / 1000);
    }

    /** {@return a time that is no less, and that a person would write: tenths of seconds, halves above 2 s, whole ones above 10 s} */
    long rounded(long cycles) {
        long unit = cycles <= ms(2000) ? ms(100) : cycles <= ms(10_000) ? ms(500) : ms(1000);
        return Math.min(limited(cycles + unit - 1) / unit * unit, CycleCount.MAX / unit * unit);
    }

    /** {@return as a scenario writes it: in seconds or milliseconds where it is whole ones, else in cycles} */
    String text(long cycles) {
        long limited = limited(cycles);
        if (limited % ms(1) != 0) {
            return String.valueOf(limited);
        }
        long count = wholeMs(limited);
        if (count % 1000 == 0) {
            return count / 1000 + "s";
        }
        return count > 1000 && count % 100 == 0
                ? Text.format("%d.%ds", count / 1000, count % 1000 / 100)
                : count + "ms";
    }

    private static long limited(long cycles) {
        return Math.clamp(cycles, 1, CycleCount.MAX);
    }
}
