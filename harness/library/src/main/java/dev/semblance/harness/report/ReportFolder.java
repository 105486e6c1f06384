package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.FileNames;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A folder with what somebody needs to judge a failure: {@code index.html}, {@code summary.txt}, and for each picture that is
 * not as it should be {@code NAME/LABEL.actual.png}, {@code NAME/LABEL.expected.png} and {@code NAME/LABEL.diff.png}. A list
 * in it says which files these are, so that the next replay can remove them, and nothing else.
 *
 * <p>Several threads may keep pictures in it at once.
 */
public final class ReportFolder {

    /** The name of the summary in the folder. */
    public static final String SUMMARY = "summary.txt";

    /** The name of the report as a page in the folder. */
    public static final String HTML = "index.html";

    /** The list of what was written to the folder. */
    static final String LIST = ".semblance-report";

    private static final String HEAD = "Files of a Semblance report; the next replay removes them.";
    private static final int MAX_LIST_BYTES = 64 << 20;
    private static final String EXPECTED = "expected";
    private static final String ACTUAL = "actual";
    private static final String DIFF = "diff";
    private static final Pattern PICTURE = Pattern.compile("(?:[^/]+/)+[^/]+\\.(?:expected|actual|diff)\\.png");

    /** What is a file in the folder can be no folder of pictures, in capital letters neither. */
    private static final Pattern RESERVED = Pattern.compile(
            Stream.of(SUMMARY, HTML, LIST).map(Pattern::quote).collect(Collectors.joining("|"))
                    + "|.+\\.(?:expected|actual|diff)\\.png",
            Pattern.CASE_INSENSITIVE);

    private final Path folder;
    private final Map<Path, String> places = new HashMap<>();
    private final Map<Path, List<Written>> written = new HashMap<>();
    private final Set<String> listed = new HashSet<>();

    /**
     * A picture in the folder.
     *
     * @param label the snapshot that it is of
     */
    public record Written(String label, Path file) {}

    /**
     * Makes a report in a folder, which need not exist yet.
     *
     * @param traces all that it may be about; those of the same name get places of their own, in this order
     */
    public ReportFolder(Path folder, List<TraceFile> traces) {
        this.folder = folder;
        Set<String> taken = new HashSet<>();
        for (TraceFile trace : traces) {
            String name = place(trace);
            String place = name;
            // Not every file system tells capital letters from small ones.
            for (int i = 2; !taken.add(place.toLowerCase(Locale.ROOT)); i++) {
                place = Text.format("%s (%d)", name, i);
            }
            places.putIfAbsent(trace.path(), place);
        }
    }

    /** {@return where the pictures of a trace would lie if it were alone: a relative path that this locale has} */
    public static String place(TraceFile trace) {
        return Arrays.stream(sayable(trace).split("/", -1))
                .map(ReportFolder::safe)
                .collect(Collectors.joining("/"));
    }

    /** A file called {@code ...trace} has a name that would lead out of the folder; others are those of the report's files. */
    private static String safe(String part) {
        String plain = part.replaceAll("\\p{Cntrl}", "_");
        if (plain.isEmpty() || plain.equals(".") || plain.equals("..")) {
            return "_";
        }
        return RESERVED.matcher(plain).matches() ? plain + "_" : plain;
    }

    /** {@return the name of a trace, with the bytes in hexadecimal digits where the locale lacks its characters} */
    private static String sayable(TraceFile trace) {
        try {
            return FileNames.divided(Path.of(trace.name()));
        } catch (InvalidPathException e) {
            Path path = trace.path();
            int parts = Math.min(trace.name().split("/", -1).length, path.getNameCount());
            Path below = path.subpath(path.getNameCount() - parts, path.getNameCount());
            return TraceFile.nameOf(Path.of(StreamSupport.stream(below.spliterator(), false)
                    .map(ReportFolder::sayable)
                    .collect(Collectors.joining("/"))));
        }
    }

    private static String sayable(Path part) {
        try {
            return Path.of(part.toString()).toString();
        } catch (InvalidPathException e) {
            String path = part.toUri().getRawPath();
            String file = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return file.substring(file.lastIndexOf('/') + 1);
        }
    }

    /**
     * Removes what earlier reports have left in a folder, so that nobody takes it for today's. A folder that bears no list of
     * a report is left alone, and so is every file that is not in it.
     */
    public static void removeOld(Path folder) throws IOException {
        Path list = folder.resolve(LIST);
        Optional<List<String>> listed = listed(list);
        if (listed.isEmpty()) {
            return;
        }
        Path root = folder.toRealPath();
        Set<Path> folders = new TreeSet<>();
        List<String> kept = new ArrayList<>();
        for (String name : listed.get()) {
            try {
                if (isOurs(name)) {
                    remove(root, name, folders);
                }
            } catch (InvalidPathException e) {
                kept.add(name); // For a replay in the locale that the name was written in.
            }
        }
        if (kept.isEmpty()) {
            Files.delete(list);
        } else {
            OutputFile.write(
                    list, HEAD + "\n" + kept.stream().map(name -> name + "\n").collect(Collectors.joining()));
        }
        // The deepest first.
        for (Path empty : new ArrayList<>(folders).reversed()) {
            removeIfEmpty(empty);
        }
        removeIfEmpty(root);
    }

    /**
     * Checks that the summary and the page of a report would replace nobody's files: where they are, a list has to say that
     * they are of an earlier report.
     *
     * @throws UnwritableException if one of them is there that no replay has written
     */
    public static void checkIsFree(Path folder) throws IOException {
        List<String> ours = listed(folder.resolve(LIST)).orElse(List.of());
        for (String name : List.of(HTML, SUMMARY)) {
            Path file = folder.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !ours.contains(name)) {
                throw UnwritableException.of(file, "it was not written by a replay; name another folder with --report");
            }
        }
    }

    /** {@return what an earlier report says that it has written; empty if it has left no list} */
    private static Optional<List<String>> listed(Path list) throws IOException {
        if (!Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        List<String> lines = new String(WholeFile.bytes(list, MAX_LIST_BYTES), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return lines.isEmpty() || !lines.getFirst().equals(HEAD)
                ? Optional.empty()
                : Optional.of(lines.subList(1, lines.size()));
    }

    /** Removes a file, unless a link leads to it: then it is not in this folder. Notes the folders that it was in. */
    private static void remove(Path root, String name, Set<Path> folders) throws IOException {
        Path file = root.resolve(name);
        List<Path> within = new ArrayList<>();
        Path up = root;
        for (Path part : root.relativize(file)) {
            up = up.resolve(part);
            within.add(up);
        }
        within.removeLast();
        if (within.stream().allMatch(parent -> Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS))) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(file);
            }
            folders.addAll(within);
        }
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            // Somebody else's files are in it.
        }
    }

    private static boolean isOurs(String name) {
        return name.equals(SUMMARY)
                || name.equals(HTML)
                || PICTURE.matcher(name).matches()
                        && Arrays.stream(name.split("/", -1))
                                .noneMatch(part -> part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0);
    }

    /**
     * {@return what keeps pictures of failing snapshots of a trace where they belong in the report}
     *
     * @param others keeps the other pictures
     */
    public PictureKeeper keeper(TraceFile trace, PictureKeeper others) {
        return (label, fails, picture) ->
                fails ? write(trace, label, ACTUAL, picture) : others.keep(label, fails, picture);
    }

    /** Writes the pictures of one trace that are not there yet; returns them all. */
    public List<Written> writePictures(TraceVerdict verdict) throws IOException {
        Optional<List<Written>> before =
                Optional.ofNullable(written.get(verdict.trace().path()));
        if (before.isPresent()) {
            return before.get();
        }
        List<Written> files = new ArrayList<>();
        if (verdict instanceof TraceVerdict.Replayed replayed) {
            for (SnapshotVerdict snapshot : replayed.snapshots()) {
                if (!snapshot.passes()) {
                    write(replayed.trace(), snapshot.label(), snapshot.pictures(), files);
                }
            }
        }
        written.put(verdict.trace().path(), List.copyOf(files));
        return files;
    }

    private void write(TraceFile trace, String label, SnapshotVerdict.Pictures pictures, List<Written> files)
            throws IOException {
        if (pictures.actual().isEmpty()) {
            return;
        }
        Path file = file(trace, label, ACTUAL);
        Optional<Frame> expected = pictures.expected().isEmpty()
                ? Optional.empty()
                : Optional.of(new KeptPicture.InFile(pictures.expected().get()).frame());
        if (expected.isPresent()) {
            write(trace, label, EXPECTED, expected.get());
            files.add(new Written(label, file(trace, label, EXPECTED)));
        }
        KeptPicture actual = pictures.actual().get();
        if (!actual.equals(new KeptPicture.InFile(file))) {
            write(trace, label, ACTUAL, actual.frame());
        }
        files.add(new Written(label, file));
        if (expected.isPresent()) {
            write(trace, label, DIFF, FrameComparator.diffImage(expected.get(), actual.frame()));
            files.add(new Written(label, file(trace, label, DIFF)));
        }
    }

    private KeptPicture write(TraceFile trace, String label, String what, Frame picture) throws IOException {
        Path file = file(trace, label, what);
        list(file);
        return PictureKeeper.write(picture, file);
    }

    private Path file(TraceFile trace, String label, String what) {
        return ofTrace(trace).resolve(label + "." + what + ".png");
    }

    private Path ofTrace(TraceFile trace) {
        return folder.resolve(places.getOrDefault(trace.path(), place(trace)));
    }

    /** Notes a file before it is written: whatever ends the process then, the next one knows it. */
    private void list(Path file) throws IOException {
        String name = FileNames.divided(folder.relativize(file));
        synchronized (listed) {
            Path list = folder.resolve(LIST);
            if (!Files.exists(list)) {
                OutputFile.write(list, HEAD + "\n");
                listed.clear();
            }
            if (listed.add(name)) {
                OutputFile.append(list, name + "\n");
            }
        }
    }

    /** {@return where the page goes, and notes that it is there} */
    public Path page() throws IOException {
        Path page = folder.resolve(HTML);
        list(page);
        return page;
    }

    /** Writes the summary; returns the file. */
    public Path writeSummary(List<String> lines) throws IOException {
        Path file = folder.resolve(SUMMARY);
        list(file);
        OutputFile.write(
                file, lines.stream().map(line -> Printable.line(line) + "\n").collect(Collectors.joining()));
        return file;
    }
}
