package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.Display;

/** Makes up how wide and how high images are. */
final class ResourceSizes {

    /** What a device may have of images, all together. */
    static final long QUOTA = 256L << 20;

    /** Pixels of 64 KiB and of a page. */
    private static final int STEP_PIXELS = 1 << 14;

    private static final int PAGE_PIXELS = 1 << 10;
    private static final int MOST_PAGES = 24;

    private final EntropySource choices;
    private final Display display;
    private final SwarmSettings.Sizes sizes;

    /** A size in pixels. */
    record Size(int width, int height) {}

    ResourceSizes(EntropySource choices, Display display, SwarmSettings.Sizes sizes) {
        this.choices = choices;
        this.display = display;
        this.sizes = sizes;
    }

    /** {@return the size of another image} */
    Size next() {
        int width = side(display.width());
        int height = side(display.height());
        if (choices.chance(1, 5)) {
            width = KnownResource.CURSOR_SIZE;
            height = KnownResource.CURSOR_SIZE + (choices.chance(1, 8) ? choices.between(-1, 1) : 0);
        }
        return switch (sizes) {
            case SMALL -> new Size(width, height);
            case HUGE -> huge();
            case WIDE -> choices.chance(1, 6) ? new Size(width, height) : wide();
            case PAGES -> choices.chance(1, 6) ? new Size(width, height) : pages();
        };
    }

    /** Mostly a few pixels, now and then as many as a display has, or one more. */
    private int side(int ofDisplay) {
        int most = Math.min(ofDisplay, 12);
        return switch (choices.below(12)) {
            case 0 -> Math.min(ofDisplay, 64);
            case 1 -> Math.min(ofDisplay, 64) + 1;
            case 2 -> 1;
            default -> choices.between(1, most);
        };
    }

    private Size huge() {
        int width = 4096 << choices.below(3);
        int height = (int) (QUOTA / 4 / width / choices.pick(1, 1, 2, 4));
        return new Size(width, height + (choices.chance(1, 3) ? choices.between(-1, 1) : 0));
    }

    /** Rows that are as long as 64 KiB, or a little longer, once or a few times. */
    private Size wide() {
        int width = STEP_PIXELS * choices.pick(1, 1, 1, 2, 4) + choices.pick(-1, 0, 1, 4, choices.below(4000));
        return new Size(width, choices.between(1, 3));
    }

    private Size pages() {
        int pixels = PAGE_PIXELS * choices.between(1, choices.pick(3, 6, MOST_PAGES));
        int width = choices.pick(8, 32, 64, 100, 256, 1000, 1024);
        return new Size(width, Math.ceilDiv(pixels, width));
    }
}
