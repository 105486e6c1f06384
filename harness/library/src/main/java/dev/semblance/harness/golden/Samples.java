package dev.semblance.harness.golden;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.util.Text;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The stored samples of a decoded picture. {@link BufferedImage#getRGB} is no way to get at them: it converts grey and
 * profiled pictures to sRGB, which changes their numbers.
 */
final class Samples {

    private static final int OPAQUE = 0xff00_0000;

    private Samples() {}

    static Frame frameOf(Path file, BufferedImage image) throws ImageException {
        ColorModel model = image.getColorModel();
        if (!(model instanceof IndexColorModel)) {
            check(file, model);
        }
        int width = image.getWidth();
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int[] samples = new int[width * bands];
        Frame.Row[] rows = new Frame.Row[image.getHeight()];
        for (int y = 0; y < rows.length; y++) {
            raster.getPixels(0, y, width, 1, samples);
            int[] row = new int[width];
            for (int x = 0; x < width; x++) {
                row[x] = OPAQUE | rgb(model, samples, x * bands, bands);
            }
            rows[y] = new Frame.Row(row);
        }
        return Frame.of(width, rows);
    }

    /** {@return the first pixel that is not opaque, row by row from the top left, in words} */
    static Optional<String> firstTransparent(BufferedImage image) {
        if (!image.getColorModel().hasAlpha()) {
            return Optional.empty();
        }
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int alpha = model.getAlpha(raster.getDataElements(x, y, null));
                if (alpha != 0xff) {
                    return Optional.of(Text.format("first at (%d, %d), where alpha is %d", x, y, alpha));
                }
            }
        }
        return Optional.empty();
    }

    private static int rgb(ColorModel model, int[] samples, int at, int bands) {
        if (model instanceof IndexColorModel palette) {
            return palette.getRGB(samples[at]) & 0xff_ffff;
        }
        return bands < 3 ? samples[at] * 0x01_0101 : samples[at] << 16 | samples[at + 1] << 8 | samples[at + 2];
    }

    private static void check(Path file, ColorModel model) throws ImageException {
        for (int i = 0; i < model.getNumColorComponents(); i++) {
            if (model.getComponentSize(i) != 8) {
                throw new ImageException(
                        file,
                        Text.format(
                                "the picture has %d bits a channel; only 8 can be compared exactly",
                                model.getComponentSize(i)));
            }
        }
        int type = model.getColorSpace().getType();
        boolean rgb = type == ColorSpace.TYPE_RGB && model.getNumColorComponents() == 3;
        boolean grey = type == ColorSpace.TYPE_GRAY && model.getNumColorComponents() == 1;
        if (!rgb && !grey) {
            throw new ImageException(file, "the picture's colours are neither RGB nor grey");
        }
        if (model.hasAlpha() && model.isAlphaPremultiplied()) {
            throw new ImageException(file, "the picture's colours are multiplied with its alpha");
        }
    }
}
