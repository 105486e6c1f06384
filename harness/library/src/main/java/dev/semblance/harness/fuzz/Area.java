package dev.semblance.harness.fuzz;

/** A rectangle of pixels. */
record Area(long x, long y, long width, long height) {

    static Area whole(KnownResource image) {
        return new Area(0, 0, image.width(), image.height());
    }

    /** Returns a rectangle inside another size: the whole of it, one that touches an edge, or any. */
    static Area inside(EntropySource choices, int width, int height) {
        if (choices.chance(1, 3)) {
            return new Area(0, 0, width, height);
        }
        int x = choices.below(width);
        int y = choices.below(height);
        boolean toTheEdge = choices.chance(1, 2);
        int columns = toTheEdge ? width - x : choices.between(1, width - x);
        int rows = toTheEdge ? height - y : choices.between(1, height - y);
        return new Area(x, y, columns, rows);
    }
}
