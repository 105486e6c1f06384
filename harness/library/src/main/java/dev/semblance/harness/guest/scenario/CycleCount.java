package dev.semblance.harness.guest.scenario;

import dev.semblance.machine.profile.Profile;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a number of cycles as people write it: {@code 5000000}, {@code 5_000_000}, {@code 5e6}, {@code 2.5e6}, or guest
 * time, {@code 80ms} or {@code 1.5s}, which goes by the machine's clock.
 */
public final class CycleCount {

    /** The most cycles that can be named: half a year of guest time. */
    public static final long MAX = 1_000_000_000_000_000L;

    /** Cycles in a second of guest time on semu. */
    public static final long SEMU_CLOCK = Profile.SEMU.cyclesPerSecond();

    private static final Pattern SYNTAX =
            Pattern.compile("([0-9](?:[0-9_]{0,30}[0-9])?(?:\\.[0-9]{1,30})?(?:[eE][0-9]{1,2})?)(ms|s)?");

    private CycleCount() {}

    /**
     * {@return whether a text is a number of cycles on one machine or another}
     *
     * @param text a number with a unit, or cycles
     */
    public static boolean isCycleCount(String text) {
        return Arrays.stream(Profile.values())
                .anyMatch(profile -> parse(text, profile.cyclesPerSecond()).isPresent());
    }

    /**
     * {@return the number, or empty if the text is none, is not whole, or is not in 1 to {@link #MAX}}
     *
     * @param text a number with a unit, or cycles
     * @param cyclesPerSecond the clock of the machine, a multiple of 1,000
     */
    public static OptionalLong parse(String text, long cyclesPerSecond) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2);
        BigDecimal number = new BigDecimal(matcher.group(1).replace("_", ""));
        if (unit != null) {
            number = number.multiply(BigDecimal.valueOf(unit.equals("s") ? cyclesPerSecond : cyclesPerSecond / 1000));
        }
        boolean whole = number.stripTrailingZeros().scale() <= 0;
        if (!whole || number.signum() <= 0 || number.compareTo(BigDecimal.valueOf(MAX)) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(number.longValueExact());
    }
}
