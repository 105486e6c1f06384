package dev.semblance.machine.differential;

import dev.semblance.machine.profile.Isa;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The page of doublewords that a program loads from by tp. When the room for a sort of them is spent, those that are there are used
 * again.
 */
final class Constants {

    /** What constants are for, and how many there may be. */
    enum Sort {
        INTEGER(72),
        FLOAT(88),
        POINTER(110),
        PHYSICAL_POINTER(40),
        TARGET(28),
        PHYSICAL_TARGET(10),
        ENTRY(56),
        LANDING_ENTRY(20),
        SUPERPAGE_ENTRY(16),
        OTHER(40);

        private final int room;

        Sort(int room) {
            this.room = room;
        }
    }

    /** Values near which arithmetic changes. */
    private static final long[] INTEGERS = {
        0,
        1,
        -1,
        2,
        31,
        32,
        63,
        64,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0x8000_0000L,
        0xffff_ffffL,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        0x1_0000_0000L
    };

    private static final double[] FLOATS = {
        0,
        1,
        -1,
        1.5,
        0.5,
        2.5,
        -2.5,
        3,
        1e-310,
        Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        2147483647.5,
        -2147483648.5,
        4294967295.5,
        9.2e18,
        -9.3e18,
        1.8e19,
        1.9e19,
        -0.75,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN,
        1e300,
        1e-300,
        3e38,
        4e38,
        1.2e-38,
        1e-45
    };

    private static final long BOX = 0xffff_ffff_0000_0000L;

    private final Isa isa;
    private final ByteBuffer page;
    private final List<Long> values = new ArrayList<>();
    private final Map<Sort, List<Integer>> slots = new EnumMap<>(Sort.class);

    /** Takes the image, whose page of constants is written. */
    Constants(Isa isa, ByteBuffer image) {
        this.isa = isa;
        page = image.duplicate().order(image.order()).position(Layout.CONSTANTS);
        for (Sort sort : Sort.values()) {
            slots.put(sort, new ArrayList<>());
        }
    }

    private List<Integer> of(Sort sort) {
        return slots.getOrDefault(sort, List.of());
    }

    boolean hasRoom(Sort sort) {
        return of(sort).size() < sort.room;
    }

    /** Returns the offset from tp of a value, or of another of its sort if there is no room for it. */
    int offset(Sort sort, long value, Random random) {
        List<Integer> mine = of(sort);
        for (int slot : mine) {
            if (values.get(slot) == value) {
                return offset(slot);
            }
        }
        return hasRoom(sort) ? require(sort, value) : offset(mine.get(random.nextInt(mine.size())));
    }

    /** Returns the offset from tp of a value that must be this one. */
    int require(Sort sort, long value) {
        int known = values.indexOf(value);
        if (known >= 0) {
            return offset(known);
        }
        if (values.size() == Layout.PAGE / Long.BYTES) {
            throw new IllegalStateException("too many constants");
        }
        int slot = values.size();
        of(sort).add(slot);
        values.add(value);
        page.putLong(value);
        return offset(slot);
    }

    private static int offset(int slot) {
        return Long.BYTES * slot - Layout.PAGE / 2;
    }

    int integer(Random random) {
        long value = random.nextInt(3) == 0
                ? INTEGERS[random.nextInt(INTEGERS.length)] + random.nextInt(3) - 1
                : random.nextLong() >> random.nextInt(64);
        return offset(Sort.INTEGER, isa.canonical(value), random);
    }

    int floating(Random random) {
        return offset(Sort.FLOAT, floatBits(random), random);
    }

    private static long floatBits(Random random) {
        double value = FLOATS[random.nextInt(FLOATS.length)];
        return switch (random.nextInt(8)) {
            case 0 -> Double.doubleToRawLongBits(value);
            case 1 -> Double.doubleToRawLongBits(value) + random.nextInt(5) - 2;
            case 2 -> BOX | Float.floatToRawIntBits((float) value) & 0xffff_ffffL;
            case 3 -> BOX | Float.floatToRawIntBits((float) value) + random.nextInt(5) - 2 & 0xffff_ffffL;
            case 4 -> BOX | random.nextInt() & 0xffff_ffffL;
            case 5 -> Double.doubleToRawLongBits(Math.scalb(random.nextDouble() - 0.5, random.nextInt(63)));
            case 6 ->
                BOX | Float.floatToRawIntBits(Math.scalb(random.nextFloat() - 0.5f, random.nextInt(40))) & 0xffff_ffffL;
            default -> random.nextLong();
        };
    }
}
