package dev.semblance.harness.guest.scenario;

import dev.semblance.machine.boot.SemuPlatform;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a number of cycles as people write it: {@code 5000000}, {@code 5_000_000}, {@code 5e6}, {@code 2.5e6}, or guest
 * time at 65 MHz, {@code 80ms} or {@code 1.5s}.
 */
public final class CycleCount {

    /** The most cycles that can be named: half a year of guest time. */
    public static final long MAX = 1_000_000_000_000_000L;

    /** Cycles in a second of guest time. */
    public static final long PER_SECOND = SemuPlatform.TIMEBASE_FREQUENCY;

    private static final Pattern SYNTAX =
            Pattern.compile("([0-9](?:[0-9_]{0,30}[0-9])?(?:\\.[0-9]{1,30})?(?:[eE][0-9]{1,2})?)(ms|s)?");

    private CycleCount() {}

    /**
     * {@return the number, or empty if the text is none, is not whole, or is not in 1 to {@link #MAX}}
     *
     * @param text a number with a unit, or cycles
     */
    public static OptionalLong parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2);
        BigDecimal number = new BigDecimal(matcher.group(1).replace("_", ""));
        if (unit != null) {
            number = number.multiply(BigDecimal.valueOf(unit.equals("s") ? PER_SECOND : PER_SECOND / 1000));
        }
        boolean whole = number.stripTrailingZeros().scale() <= 0;
        if (!whole || number.signum() <= 0 || number.compareTo(BigDecimal.valueOf(MAX)) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(number.longValueExact());
    }
}
