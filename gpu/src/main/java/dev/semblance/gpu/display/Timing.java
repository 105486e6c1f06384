package dev.semblance.gpu.display;

/**
 * When a display's lines and frames begin, as an EDID describes it.
 *
 * @param pixelClock in units of 10 kHz
 * @param hBlank horizontal blanking in pixels
 * @param hFront horizontal front porch in pixels
 * @param hSync horizontal sync pulse in pixels
 * @param vBlank vertical blanking in lines
 * @param vFront vertical front porch in lines
 * @param vSync vertical sync pulse in lines
 * @param flags the last byte of a detailed timing descriptor: kind and polarity of the sync signals
 */
record Timing(int pixelClock, int hBlank, int hFront, int hSync, int vBlank, int vFront, int vSync, int flags) {

    /** 1024x768 at 60 Hz as in VESA DMT 1.0: 65 MHz, both syncs negative. */
    private static final Timing XGA = new Timing(6500, 320, 24, 136, 38, 3, 6, 0x18);

    /** CVT reduced blanking: horizontal sync positive, vertical sync negative. */
    private static final int REDUCED_BLANKING_FLAGS = 0x1a;

    /** What an EDID's detailed timing has 16 bits for, and a DisplayID's 24. */
    private static final int MAX_PIXEL_CLOCK = 0xffff;

    private static final int MAX_LARGE_PIXEL_CLOCK = 1 << 24;
    private static final int REFRESH_HZ = 60;

    /** The clock goes in steps of 250 kHz. */
    private static final int CLOCK_STEP = 25;

    /** {@return the timing of a display: DMT where it is 1024x768, VESA CVT 1.2 with reduced blanking elsewhere} */
    static Timing of(Display display) {
        return display.width() == 1024 && display.height() == 768
                ? XGA
                : reducedBlanking(display.width(), display.height(), MAX_PIXEL_CLOCK);
    }

    /** {@return the timing of a display that a DisplayID section describes: VESA CVT 1.2 with reduced blanking} */
    static Timing large(Display display) {
        return reducedBlanking(display.width(), display.height(), MAX_LARGE_PIXEL_CLOCK);
    }

    /** CVT 1.2, 3.4.3, at 60 Hz; slower where the clock would leave the bits that it has. */
    private static Timing reducedBlanking(int width, int height, int maxClock) {
        int hBlank = 160;
        int vFront = 3;
        int vSync = verticalSync(width, height);
        // At least 460 us of vertical blanking: 460 / ((1e6 / 60 - 460) / height) lines, in thirds of a microsecond.
        int blankLines = 3 * 460 * height / (1_000_000 / 20 - 3 * 460) + 1;
        int vBlank = Math.max(blankLines, vFront + vSync + 6);
        long clock = (long) REFRESH_HZ * (width + hBlank) * (height + vBlank) / 10_000;
        clock = Math.clamp(clock / CLOCK_STEP * CLOCK_STEP, CLOCK_STEP, maxClock);
        return new Timing((int) clock, hBlank, 48, 32, vBlank, vFront, vSync, REDUCED_BLANKING_FLAGS);
    }

    /** CVT 1.2, table 3-2: the width of the vertical sync tells the aspect ratio. */
    private static int verticalSync(int width, int height) {
        if (width * 3 == height * 4) {
            return 4;
        }
        if (width * 9 == height * 16) {
            return 5;
        }
        if (width * 10 == height * 16) {
            return 6;
        }
        if (width * 4 == height * 5 || width * 9 == height * 15) {
            return 7;
        }
        return 10;
    }
}
