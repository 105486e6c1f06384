package dev.semblance.harness;

import dev.semblance.harness.files.InputFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A trace that is to be read, with the names that people know it by. It is made where the words of a command line become
 * files and where packs are opened; who tells of a trace later asks it what it is called.
 *
 * @param path where it is
 * @param name its place below what the user named, divided by {@code /}, without the ending: where its goldens lie below a
 *     folder that the user names, and its pictures below the folder of a report
 * @param source the file to name to have it replayed: the trace itself, or the pack that it is in
 * @param names what it and the files that belong to it are called
 * @param enclosing the folder outside of which nothing belongs to it, if there is one: that of an opened pack
 */
public record TraceFile(Path path, String name, Path source, FileNames names, Optional<Path> enclosing) {

    /**
     * {@return a trace that the user named itself}
     *
     * @param path where it is
     */
    public static TraceFile of(Path path) {
        return below(path, Optional.ofNullable(path.getFileName()).orElse(path));
    }

    /**
     * {@return a trace that was found in a folder}
     *
     * @param path where it is
     * @param below its path as seen from the folder
     */
    public static TraceFile below(Path path, Path below) {
        return new TraceFile(path, nameOf(below), path, FileNames.OWN, Optional.empty());
    }

    /**
     * {@return a trace that was taken out of a pack}
     *
     * @param path where it is
     * @param pack the pack that it was in
     * @param inside the folder with what was in the pack
     * @param names what the files there are called
     */
    public static TraceFile packed(Path path, Path pack, Path inside, FileNames names) {
        return new TraceFile(path, TraceFile.of(path).name(), pack, names, Optional.of(inside));
    }

    /**
     * {@return the same with other names}
     *
     * @param others what files are called
     */
    public TraceFile called(FileNames others) {
        return new TraceFile(path, name, source, others, enclosing);
    }

    /**
     * {@return the paths of traces}
     *
     * @param traces any
     */
    public static List<Path> paths(List<TraceFile> traces) {
        return traces.stream().map(TraceFile::path).toList();
    }

    /**
     * {@return the name of a trace at a relative path: its parts divided by {@code /}, the last one without the ending}
     *
     * @param relative its path below a folder
     */
    public static String nameOf(Path relative) {
        String all = FileNames.divided(relative);
        return all.endsWith(InputFiles.TRACE) ? all.substring(0, all.length() - InputFiles.TRACE.length()) : all;
    }

    /** {@return what the trace is called} */
    public String shownAs() {
        return names.of(path);
    }

    /** {@return what the trace is called} */
    @Override
    public String toString() {
        return shownAs();
    }
}
