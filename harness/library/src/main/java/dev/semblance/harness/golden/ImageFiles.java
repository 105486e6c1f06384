package dev.semblance.harness.golden;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.golden.png.PngFile;
import dev.semblance.harness.golden.png.PngImage;
import dev.semblance.harness.util.Text;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Frames from picture files and back. Samples are taken as they are stored: no colour profile and no gamma is ever applied,
 * and alpha is dropped, so that a picture that was written is read as the same numbers.
 */
public final class ImageFiles {

    /** The most pixels along an edge. */
    public static final int MAX_EDGE = 16_384;

    /** The most pixels in all. */
    public static final long MAX_PIXELS = 64L << 20;

    /** Four bytes a pixel and some room for what else a file may hold. */
    private static final int MAX_FILE_BYTES = Math.toIntExact(MAX_PIXELS * 4 + (1 << 20));

    /** Lossless by nature. A JPEG can never equal what was shown. */
    private static final Set<String> FORMATS =
            Set.of("png", "pnm", "pbm", "pgm", "ppm", "pam", "bmp", "tif", "tiff", "webp");

    static {
        // Reading and writing pictures needs no display, and must not look for one.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private ImageFiles() {}

    /**
     * Reads a PNG, PNM, BMP, TIFF or WebP picture, told apart by content.
     *
     * @param file the file
     * @return its pixels
     * @throws NoSuchFileException if there is no such file
     * @throws ImageException if it is not such a picture, damaged, too large, or not 8 bits a channel
     */
    public static Frame read(Path file) throws IOException {
        return read(file, bytes(file));
    }

    /**
     * Reads a picture of a display, as of {@link #read(Path)}. A display shows opaque pixels: a picture with others was made by
     * something else, and what it hides must not count as seen.
     *
     * @param file the file
     * @return the picture
     * @throws ImageException if some pixel is not opaque
     */
    public static Frame readOpaque(Path file) throws IOException {
        byte[] bytes = bytes(file);
        Frame frame = read(file, bytes);
        Optional<String> transparency = transparency(file, bytes);
        if (transparency.isPresent()) {
            throw new ImageException(
                    file,
                    Text.format(
                            "the image is not damaged, but unusable: the golden has transparency (%s), and what a display shows has none",
                            transparency.get()));
        }
        return frame;
    }

    private static Optional<String> transparency(Path file, byte[] bytes) throws IOException {
        if (PngFile.hasTransparentColours(bytes)) {
            return Optional.of("its tRNS chunk");
        }
        if (PngFile.isPng(bytes) && !PngFile.hasAlphaChannel(bytes)) {
            return Optional.empty();
        }
        Optional<PngImage> png = PngImage.decode(bytes, MAX_EDGE, MAX_PIXELS);
        if (png.isPresent()) {
            return png.get().firstTransparent();
        }
        try (ImageInputStream in = new ImageFileInput(bytes)) {
            ImageReader reader = readerOf(file, in);
            try {
                reader.setInput(in, true, true);
                return Samples.firstTransparent(reader.read(0));
            } finally {
                reader.dispose();
            }
        }
    }

    /** {@return the bytes of a file that may hold a picture; exceptions as of {@link #read(Path)}} */
    static byte[] bytes(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new ImageException(file, "this is not a regular file");
        }
        try {
            return WholeFile.bytes(file, MAX_FILE_BYTES);
        } catch (WholeFile.TooLargeException e) {
            throw new ImageException(
                    file, Text.format("the file is larger than any image of %d pixels", MAX_PIXELS), e);
        }
    }

    /** Reads the picture in the bytes of a file. */
    static Frame read(Path file, byte[] bytes) throws IOException {
        // Nearly every golden is such a file. All others, and what is wrong with them, are for ImageIO.
        Optional<Frame> plain = PngImage.decode(bytes, MAX_EDGE, MAX_PIXELS).map(PngImage::toFrame);
        if (plain.isPresent()) {
            return plain.get();
        }
        Optional<String> damage = PngFile.damage(bytes);
        if (damage.isPresent()) {
            throw new ImageException(file, "the image is damaged: " + damage.get());
        }
        try (ImageInputStream in = new ImageFileInput(bytes)) {
            ImageReader reader = readerOf(file, in);
            try {
                return read(file, reader, in);
            } finally {
                reader.dispose();
            }
        }
    }

    /**
     * Writes a PNG, so that {@code file} is never half a picture. Makes the folder. Alpha is written only where some pixel is
     * not opaque.
     *
     * @param frame the pixels
     * @param file the file
     * @throws UnwritableException if it cannot be written
     */
    public static void writePng(Frame frame, Path file) throws IOException {
        try (OutputFile out = OutputFile.createWithFolder(file)) {
            // In memory: ImageIO's own choice is a file in the folder for temporary files.
            try (ImageOutputStream png = new MemoryCacheImageOutputStream(out.stream())) {
                if (!ImageIO.write(toImage(frame), "png", png)) {
                    throw new IOException("this Java cannot write PNG");
                }
            }
            out.commit();
        } catch (IOException e) {
            throw UnwritableException.of(file, e);
        }
    }

    private static ImageReader readerOf(Path file, ImageInputStream in) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new ImageException(file, "this is not an image; it can be PNG, PNM, BMP, TIFF or WebP");
        }
        ImageReader reader = readers.next();
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!FORMATS.contains(format)) {
            reader.dispose();
            throw new ImageException(
                    file,
                    Text.format(
                            "an image of type %s cannot be compared exactly; it can be PNG, PNM, BMP, TIFF or WebP",
                            format));
        }
        return reader;
    }

    private static Frame read(Path file, ImageReader reader, ImageInputStream in) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image;
        try {
            reader.setInput(in, true, true);
            checkSize(file, reader.getWidth(0), reader.getHeight(0));
            image = reader.read(0);
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The readers answer damaged files with exceptions of many kinds.
            throw new ImageException(file, "the image is damaged" + detail(e), e);
        }
        checkSize(file, image.getWidth(), image.getHeight());
        if (!warnings.isEmpty()) {
            throw new ImageException(file, "the image is damaged: " + firstLine(warnings.getFirst()));
        }
        return Samples.frameOf(file, image);
    }

    private static void checkSize(Path file, int width, int height) throws ImageException {
        if (width < 1 || height < 1 || width > MAX_EDGE || height > MAX_EDGE || (long) width * height > MAX_PIXELS) {
            throw new ImageException(
                    file,
                    Text.format(
                            "the image is %dx%d; at most %d along an edge and %d pixels in all can be read",
                            width, height, MAX_EDGE, MAX_PIXELS));
        }
    }

    private static String detail(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? "" : ": " + firstLine(message);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static BufferedImage toImage(Frame frame) {
        int width = frame.width();
        int[] row = new int[width];
        int all = -1;
        for (int y = 0; y < frame.height(); y++) {
            frame.copyRow(y, row, 0);
            for (int argb : row) {
                all &= argb;
            }
        }
        boolean opaque = all >>> 24 == 0xff;
        BufferedImage image = new BufferedImage(
                width, frame.height(), opaque ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < frame.height(); y++) {
            frame.copyRow(y, row, 0);
            image.getRaster().setDataElements(0, y, width, 1, row);
        }
        return image;
    }
}
