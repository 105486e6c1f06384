package dev.semblance.harness.golden.png;

/** Makes opaque pixels of the samples in a PNG file. */
final class PngPixels {

    private static final int OPAQUE = 0xff00_0000;

    private final int samples;
    private final int[] colours;

    PngPixels(PngLayout layout) {
        samples = layout.samples();
        colours = layout.colours();
    }

    /** Converts as many pixels as there is room for, from {@code from} on; returns false if one is not in the palette. */
    boolean convert(byte[] line, int from, int[] pixels) {
        switch (samples) {
            case 3 -> {
                for (int x = 0, i = from; x < pixels.length; x++, i += 3) {
                    pixels[x] = OPAQUE | (line[i] & 0xff) << 16 | (line[i + 1] & 0xff) << 8 | line[i + 2] & 0xff;
                }
            }
            case 4 -> {
                for (int x = 0, i = from; x < pixels.length; x++, i += 4) {
                    pixels[x] = OPAQUE | (line[i] & 0xff) << 16 | (line[i + 1] & 0xff) << 8 | line[i + 2] & 0xff;
                }
            }
            default -> {
                for (int x = 0; x < pixels.length; x++) {
                    int sample = line[from + x] & 0xff;
                    if (sample >= colours.length) {
                        return false;
                    }
                    pixels[x] = colours[sample];
                }
            }
        }
        return true;
    }
}
