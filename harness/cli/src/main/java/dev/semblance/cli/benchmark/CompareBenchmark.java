package dev.semblance.cli.benchmark;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.golden.ImageFileComparator;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.png.PngEncoder;
import dev.semblance.harness.util.Text;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Comparing two PNG files, decoding included, against odiff. Both work in one process that has warmed up, odiff as the
 * server that it has for this, take turns, and do the same: read both files, here on two threads at once, compare exactly,
 * and, if the pictures differ, write a picture of that. Files with the same picture are not the same files: each is decoded.
 */
final class CompareBenchmark {

    private static final int MAGENTA = 0xff_00ff;

    private final Path folder;
    private final int repeat;
    private final Consumer<String> progress;

    /** A size to compare at, and how often, so that the whole takes a second or two. */
    private record Size(String name, int width, int height, int times) {}

    CompareBenchmark(Path folder, int repeat, Consumer<String> progress) {
        this.folder = folder;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        List<Figure> figures = new ArrayList<>();
        try (OdiffServer odiff = OdiffServer.start()) {
            for (Size size : List.of(new Size("1024x768", 1024, 768, 20), new Size("4K", 3840, 2160, 4))) {
                Path one = folder.resolve(size.name() + "-one.png");
                Path same = folder.resolve(size.name() + "-same.png");
                Path other = folder.resolve(size.name() + "-other.png");
                int[] pixels = DesktopFrame.pixels(size.width(), size.height(), 1);
                ImageFiles.writePng(Frame.ofPixels(size.width(), size.height(), pixels), one);
                writeDifferently(size.width(), size.height(), pixels, same);
                DesktopFrame.change(pixels, size.width(), size.width() / 3, size.height() / 3);
                ImageFiles.writePng(Frame.ofPixels(size.width(), size.height(), pixels), other);
                measure("the same", size, one, same, odiff, figures);
                measure("that differ", size, one, other, odiff, figures);
            }
        }
        return figures;
    }

    private void measure(String what, Size size, Path one, Path other, OdiffServer odiff, List<Figure> figures)
            throws IOException {
        String name = Text.format("two PNGs of %s %s", size.name(), what);
        int times = repeat * size.times();
        double[] ours = new double[times];
        double[] theirs = new double[times];
        boolean both = odiff.runs();
        for (int i = -times; i < times; i++) {
            if (i % size.times() == 0) {
                progress.accept(Text.format("compare: %s, %d of %d", name, i + times, 2 * times));
            }
            Stopwatch watch = new Stopwatch();
            boolean match = compare(one, other);
            double mine = watch.seconds() * 1000;
            Stopwatch peer = new Stopwatch();
            Optional<Boolean> answer = both ? odiff.compare(one, other, folder.resolve("odiff.png")) : Optional.empty();
            double yours = peer.seconds() * 1000;
            both &= answer.isPresent();
            if (answer.isPresent() && answer.get() != match) {
                throw new IllegalStateException("odiff does not agree about " + name);
            }
            if (i >= 0) {
                ours[i] = mine;
                theirs[i] = yours;
            }
        }
        double median = Stopwatch.median(ours);
        figures.add(Figure.of(name, Text.format("%.1f ms", median)));
        if (both) {
            double peer = Stopwatch.median(theirs);
            figures.add(Figure.of("the same in odiff", Text.format("%.1f ms", peer)));
            figures.add(Figure.of("ratio of the two, speed", Text.format("%.2f", peer / median))
                    .atLeast(peer / median, 1, "1"));
        } else {
            figures.add(Figure.of("ratio to odiff", "not measured: it is not on the PATH, or has no server"));
        }
    }

    private boolean compare(Path one, Path other) throws IOException {
        Optional<ImageFileComparator.Differing> differing = ImageFileComparator.compare(one, other);
        if (differing.isEmpty()) {
            return true;
        }
        OutputFile.write(
                folder.resolve("ours.png"),
                PngEncoder.difference(
                        differing.get().expected(), differing.get().actual(), MAGENTA));
        return false;
    }

    /** Writes the same picture into another file: compressed less, so that hardly a byte of the data is the same. */
    private static void writeDifferently(int width, int height, int[] pixels, Path file) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(0.7f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, List.of(), null), how);
        } finally {
            writer.dispose();
        }
    }
}
