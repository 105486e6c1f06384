package dev.semblance.harness.golden;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of golden images: {@code NAME/LABEL.png} for the snapshot LABEL of the trace NAME, LABEL with {@code @SCANOUT}
 * beyond scanout 0. NAME may have several parts, {@code FOLDER/NAME}, for traces in folders. A golden may also be a PNM, BMP, TIFF or WebP file, such as a screenshot from elsewhere.
 *
 * <p>Labels and the parts of names follow {@link SnapshotLabel}, so that neither can lead out of the folder; any other is an
 * IllegalArgumentException.
 */
public final class GoldenStore {

    private static final String PNG = ".png";

    /** The endings in the order in which they are looked for. */
    private static final List<String> ENDINGS = List.of(PNG, ".ppm", ".pnm", ".bmp", ".tif", ".tiff", ".webp");

    private static final Pattern PICTURE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
    private static final Pattern ALTERNATIVE = Pattern.compile("(.+)\\.alt-([1-9][0-9]{0,3})\\.[a-z]+");

    private final Path folder;

    /**
     * Opens the store in a folder, which need not exist yet.
     *
     * @param folder the folder of goldens, with a folder for each trace in it
     */
    public GoldenStore(Path folder) {
        this.folder = folder;
    }

    /**
     * {@return where the golden of a snapshot is, or empty if it has none}
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     */
    public Optional<Path> find(String trace, String label) {
        return candidates(trace, label).filter(Files::isRegularFile).findFirst();
    }

    /**
     * Reads the golden of a snapshot, or empty if it has none.
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     * @return the golden, or empty if there is none
     * @throws IOException if it has one that cannot be read ({@link ImageFiles#read})
     */
    public Optional<Frame> read(String trace, String label) throws IOException {
        Optional<Path> file = find(trace, label);
        return file.isEmpty() ? Optional.empty() : Optional.of(ImageFiles.read(file.get()));
    }

    /**
     * Makes a picture the golden of a snapshot, in place of the one it had, whatever its format; returns the file.
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     * @param frame what is written
     * @return the file that was written
     * @throws IOException if it cannot be read or written
     */
    public Path write(String trace, String label, Frame frame) throws IOException {
        Path file = pngOf(trace, label);
        ImageFiles.writePng(frame, file);
        for (Path other : candidates(trace, label).toList()) {
            if (!other.equals(file)) {
                Files.deleteIfExists(other);
            }
        }
        return file;
    }

    /**
     * {@return where {@link #write} puts the golden of a snapshot}
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     */
    public Path pngOf(String trace, String label) {
        return file(trace, label, PNG);
    }

    /**
     * {@return the labels for which a trace has goldens, sorted; alternatives do not count}
     *
     * @param trace the name of the trace
     * @throws IOException if it cannot be read or written
     */
    public List<String> labels(String trace) throws IOException {
        Path traceFolder = traceFolder(trace);
        if (!Files.isDirectory(traceFolder)) {
            return List.of();
        }
        TreeSet<String> labels = new TreeSet<>();
        try (Stream<Path> files = Files.list(traceFolder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (!ALTERNATIVE.matcher(name).matches()) {
                    labelOf(name).ifPresent(labels::add);
                }
            }
        }
        return List.copyOf(labels);
    }

    /**
     * {@return the goldens of a trace that are of none of these snapshots, sorted by label}
     *
     * @param trace the name of the trace
     * @param snapshots the labels of the trace
     * @throws IOException if it cannot be read or written
     */
    public List<Path> unused(String trace, Collection<String> snapshots) throws IOException {
        return labels(trace).stream()
                .filter(label -> !snapshots.contains(label))
                .flatMap(label -> find(trace, label).stream())
                .toList();
    }

    /**
     * {@return whether a text is the plain name of a picture file: letters, digits and {@code . _ - @} and one of the endings
     * that goldens have} Such a name cannot lead out of a folder.
     *
     * @param name the name of a file
     */
    public static boolean isPictureName(String name) {
        return PICTURE.matcher(name).matches() && ENDINGS.stream().anyMatch(name::endsWith);
    }

    /**
     * {@return where a picture of this name beside the goldens of a trace is, whether it is there or not}
     *
     * @param trace the name of the trace
     * @param name the name of a file
     * @throws IllegalArgumentException if {@link #isPictureName} refuses the name
     */
    public Path beside(String trace, String name) {
        if (!isPictureName(name)) {
            throw new IllegalArgumentException(Text.format("\"%s\" is no name of a picture", name));
        }
        return traceFolder(trace).resolve(name);
    }

    /**
     * {@return the files {@code LABEL.alt-NUMBER.ENDING} of a snapshot, in the order of the numbers}
     *
     * @param trace the name of the trace
     * @param label the label of the snapshot
     * @throws IOException if it cannot be read or written
     */
    public List<Path> alternatives(String trace, String label) throws IOException {
        Path traceFolder = traceFolder(trace);
        if (!Files.isDirectory(traceFolder)) {
            return List.of();
        }
        TreeMap<Integer, Path> numbered = new TreeMap<>();
        try (Stream<Path> files = Files.list(traceFolder)) {
            for (Path file : files.sorted().toList()) {
                Matcher name = ALTERNATIVE.matcher(String.valueOf(file.getFileName()));
                if (name.matches()
                        && name.group(1).equals(label)
                        && isPictureName(name.group())
                        && Files.isRegularFile(file)) {
                    numbered.putIfAbsent(Integer.valueOf(name.group(2)), file);
                }
            }
        }
        return List.copyOf(numbered.values());
    }

    private static Optional<String> labelOf(String fileName) {
        return ENDINGS.stream()
                .filter(fileName::endsWith)
                .map(ending -> fileName.substring(0, fileName.length() - ending.length()))
                .filter(SnapshotLabel::isLabel)
                .findFirst();
    }

    private Stream<Path> candidates(String trace, String label) {
        return ENDINGS.stream().map(ending -> file(trace, label, ending));
    }

    private Path file(String trace, String label, String ending) {
        if (!SnapshotLabel.isLabel(label)) {
            throw new IllegalArgumentException(
                    Text.format("\"%s\" is not a snapshot label: %s", label, SnapshotLabel.RULE));
        }
        return traceFolder(trace).resolve(label + ending);
    }

    private Path traceFolder(String trace) {
        if (!isTraceName(trace)) {
            throw new IllegalArgumentException(
                    Text.format("\"%s\" is not a valid name for a recording: %s", trace, SnapshotLabel.RULE));
        }
        return folder.resolve(trace);
    }

    /**
     * {@return whether a trace of this name can have goldens: whether each part of it is a plain {@link SnapshotLabel}}
     *
     * @param name the name of a file
     */
    public static boolean isTraceName(String name) {
        return Arrays.stream(name.split("/", -1)).allMatch(SnapshotLabel::isPlain);
    }
}
