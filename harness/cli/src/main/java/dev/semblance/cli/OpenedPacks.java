package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.FileNames;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.pack.PackReader;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of a command line with what is in packs in the place of the packs, in a temporary folder, until it is closed. */
final class OpenedPacks implements AutoCloseable {

    private final List<TemporaryFolder> folders = new ArrayList<>();
    private final List<TraceFile> traces = new ArrayList<>();
    private final List<Path> images = new ArrayList<>();

    private OpenedPacks() {}

    /** Opens the packs among these files. */
    static OpenedPacks of(List<TraceFile> files) {
        OpenedPacks opened = new OpenedPacks();
        try {
            for (TraceFile file : files) {
                if (PackReader.isPack(file.path())) {
                    opened.open(file.path());
                } else {
                    opened.traces.add(file);
                }
            }
            return opened;
        } catch (SemblanceException e) {
            opened.close();
            throw e;
        }
    }

    private void open(Path pack) {
        try {
            TemporaryFolder folder = TemporaryFolder.create();
            folders.add(folder);
            Path inside = Files.createDirectory(folder.path().resolve("pack"));
            PackReader.Contents contents = PackReader.extract(pack, inside);
            if (contents.traces().isEmpty()) {
                throw new CommandException(ExitCode.CORRUPT, pack + " is a pack without a trace");
            }
            FileNames names = FileNames.OWN
                    .with(inside.resolve("recordings"), pack + "/trace")
                    .with(inside.resolve("traces"), pack + "/trace")
                    .with(inside, pack.toString());
            contents.traces().forEach(trace -> traces.add(TraceFile.packed(trace, pack, inside, names)));
            images.add(contents.images());
        } catch (IncompatibleTraceException e) {
            throw new CommandException(
                    ExitCode.INCOMPATIBLE,
                    Text.format("%s cannot be read by this version (byte %d): %s", pack, e.offset(), e.reason()),
                    e);
        } catch (TraceFormatException e) {
            throw new CommandException(
                    ExitCode.CORRUPT,
                    Text.format("%s is not a valid pack: at byte %d, %s", pack, e.offset(), e.reason()),
                    e);
        } catch (IOException e) {
            throw UnusableInputException.unreadable(pack, e);
        }
    }

    /** Returns the files, and the traces in packs. */
    List<TraceFile> traces() {
        return List.copyOf(traces);
    }

    /** Returns the one trace. */
    TraceFile single() {
        if (traces.size() != 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format(
                            "the pack holds %s; take it apart with tar xf, and name one of them",
                            Text.count(traces.size(), "trace")));
        }
        return traces.getFirst();
    }

    /** Returns the folders of images that were in packs. */
    List<Path> images() {
        return List.copyOf(images);
    }

    @Override
    public void close() {
        folders.forEach(TemporaryFolder::close);
    }
}
