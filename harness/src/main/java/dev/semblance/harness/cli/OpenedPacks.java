package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.pack.PackReader;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** Files of a command line with what is in packs in the place of the packs, in a temporary folder, until it is closed. */
final class OpenedPacks implements AutoCloseable {

    private final List<Path> folders = new ArrayList<>();
    private final List<Path> traces = new ArrayList<>();
    private final List<Path> images = new ArrayList<>();
    private final Thread atExit = new Thread(this::delete);

    private OpenedPacks() {}

    /** Opens the packs among these files. */
    static OpenedPacks of(List<Path> files) {
        OpenedPacks opened = new OpenedPacks();
        Runtime.getRuntime().addShutdownHook(opened.atExit);
        try {
            for (Path file : files) {
                if (PackReader.isPack(file)) {
                    opened.open(file);
                } else {
                    opened.traces.add(file);
                }
            }
            return opened;
        } catch (UserError e) {
            opened.close();
            throw e;
        }
    }

    private void open(Path pack) {
        try {
            Path folder = Files.createTempDirectory("semblance");
            folders.add(folder);
            // Named as the pack, because messages name the traces in it by their paths.
            Path inside = Files.createDirectory(folder.resolve(String.valueOf(pack.getFileName())));
            PackReader.Contents contents = PackReader.extract(pack, inside);
            if (contents.traces().isEmpty()) {
                throw new UserError(ExitCode.CORRUPT, pack + " is a pack without a trace");
            }
            traces.addAll(contents.traces());
            images.add(contents.images());
        } catch (IncompatibleTraceException e) {
            throw new UserError(
                    ExitCode.INCOMPATIBLE,
                    "%s cannot be read by this version (byte %d): %s".formatted(pack, e.offset(), e.reason()),
                    e);
        } catch (TraceFormatException e) {
            throw new UserError(
                    ExitCode.CORRUPT, "%s is no sound pack: at byte %d, %s".formatted(pack, e.offset(), e.reason()), e);
        } catch (IOException e) {
            throw new UserError(ExitCode.USAGE, "%s cannot be opened: %s".formatted(pack, e.getMessage()), e);
        }
    }

    /** Returns the files, and the traces in packs. */
    List<Path> traces() {
        return List.copyOf(traces);
    }

    /** Returns the one trace. */
    Path single() {
        if (traces.size() != 1) {
            throw new UserError(
                    ExitCode.USAGE,
                    "the pack holds %d traces; take it apart with tar xf, and name one of them"
                            .formatted(traces.size()));
        }
        return traces.getFirst();
    }

    /** Returns the folders of images that were in packs, behind those given. */
    List<Path> images(List<Path> given) {
        List<Path> all = new ArrayList<>(given);
        all.addAll(images);
        return List.copyOf(all);
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is ending.
        }
    }

    private void delete() {
        folders.forEach(folder -> FileUtils.deleteQuietly(folder.toFile()));
    }
}
