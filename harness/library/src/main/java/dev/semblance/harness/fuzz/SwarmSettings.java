package dev.semblance.harness.fuzz;

import java.util.List;

/**
 * What one script makes much of, and what it leaves out: "swarm testing" (Groce and others, ISSTA 2012). A script that could do
 * everything seldom does one thing long enough to come to a limit, so some scripts have hundreds of images, some have rows
 * that are wider than any step that a device copies in, some have backing as drivers send it, page by page.
 *
 * @param sizes how large images are
 * @param layout how backing is cut into entries
 * @param mostImages how many ids there are
 * @param idStep the difference of one id to the next
 * @param life how many times as many commands as were asked for the script has
 * @param weights how often each command comes, in the order of {@link Kind}
 */
record SwarmSettings(Sizes sizes, Layout layout, int mostImages, int idStep, int life, int[] weights) {

    /** How large images are. */
    enum Sizes {
        /** A few pixels, now and then as many as a display has, or one more. */
        SMALL,
        /** All of the image memory together. */
        HUGE,
        /** Rows of more than 64 KiB, a few of them. */
        WIDE,
        /** Some pages each, wide or high. */
        PAGES
    }

    /** How backing is cut into entries. */
    enum Layout {
        /** One to six pieces of any length, in any order. */
        PIECES,
        /** Whole pages at page boundaries, in runs with gaps: what drivers send. */
        PAGES,
        /** Hundreds of entries of a few bytes, up to as many as there may be. */
        CRUMBS
    }

    /** The requests that a script is made of. */
    enum Kind {
        CREATE(4),
        ATTACH(3),
        TRANSFER(24),
        FLUSH(26),
        SET_SCANOUT(11),
        UPDATE_CURSOR(9),
        MOVE_CURSOR(7),
        DETACH(4),
        UNREF(4),
        DISPLAY_INFO(3),
        EDID(3),
        ODD(2);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int FEW_IMAGES = 6;

    /** Most scripts, and the kind of those that have to be like one another. */
    static final SwarmSettings PLAIN = plain(Sizes.SMALL);

    /** Scripts with images as large as there can be. */
    static final SwarmSettings HUGE = plain(Sizes.HUGE);

    private static SwarmSettings plain(Sizes sizes) {
        return new SwarmSettings(sizes, Layout.PIECES, FEW_IMAGES, 1, 1, usual());
    }

    /** {@return where the weight of a kind is} */
    private static int placeOf(Kind kind) {
        return List.of(KINDS).indexOf(kind);
    }

    private static int[] usual() {
        int[] weights = new int[KINDS.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = KINDS[i].weight;
        }
        return weights;
    }

    /** {@return the settings of a script: three in four are plain} */
    static SwarmSettings of(EntropySource choices) {
        int roll = choices.below(256);
        if (roll >= 64) {
            return PLAIN;
        }
        // The costly ones are rare; each takes a tenth of the time.
        if (roll < 2) {
            return many(choices);
        }
        if (roll < 4) {
            return new SwarmSettings(Sizes.WIDE, Layout.PAGES, FEW_IMAGES, 1, 1, usual());
        }
        if (roll < 12) {
            return new SwarmSettings(Sizes.PAGES, Layout.PAGES, FEW_IMAGES, 1, 1, usual());
        }
        if (roll < 20) {
            return new SwarmSettings(Sizes.SMALL, Layout.CRUMBS, FEW_IMAGES, 1, 1, usual());
        }
        int step = choices.pick(1, 1, 0x100, 0x1_0000, 0x101_0001);
        int life = choices.pick(1, 1, 1, 8);
        return new SwarmSettings(Sizes.SMALL, Layout.PIECES, FEW_IMAGES, step, life, uneven(choices));
    }

    /** Hundreds of images, most of which stay. */
    private static SwarmSettings many(EntropySource choices) {
        int[] weights = usual();
        weights[placeOf(Kind.CREATE)] = 80;
        weights[placeOf(Kind.UNREF)] = choices.pick(1, 4, 12);
        return new SwarmSettings(
                Sizes.SMALL,
                Layout.PIECES,
                choices.pick(40, 150, 600),
                choices.pick(1, 0x100, 0x1_0000, 0x1_0001),
                choices.pick(5, 15, 30),
                weights);
    }

    /** Some commands not at all, some often: what the others would undo stays. */
    private static int[] uneven(EntropySource choices) {
        int[] weights = usual();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= choices.pick(0, 1, 1, 1, 5);
        }
        weights[placeOf(Kind.CREATE)] += 1;
        return weights;
    }

    /** {@return what comes next} */
    Kind next(EntropySource choices) {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int roll = choices.below(total);
        for (int i = 0; i < weights.length; i++) {
            roll -= weights[i];
            if (roll < 0) {
                return KINDS[i];
            }
        }
        throw new IllegalStateException("weights that do not add up");
    }

    /** {@return the id of an image by its number, from 1} */
    int id(int number) {
        return number * idStep;
    }

    /** {@return any id that an image may have} */
    int anyId(EntropySource choices) {
        return id(choices.between(1, mostImages));
    }
}
