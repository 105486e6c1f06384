package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.edit.pack.PackReader;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of a command line with what is in packs in the place of the packs, in a temporary folder, until it is closed. */
final class OpenedPacks implements AutoCloseable {

    /**
     * A pack and where it was taken apart.
     *
     * @param pack as the user named it
     * @param inside an absolute path
     */
    private record Pack(Path pack, Path inside) {}

    private final List<TemporaryFolder> folders = new ArrayList<>();
    private final List<Pack> packs = new ArrayList<>();
    private final List<Path> traces = new ArrayList<>();
    private final List<Path> images = new ArrayList<>();

    private OpenedPacks() {}

    /** Opens the packs among these files. */
    static OpenedPacks of(List<Path> files) {
        OpenedPacks opened = new OpenedPacks();
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
            TemporaryFolder folder = TemporaryFolder.create();
            folders.add(folder);
            Path inside = Files.createDirectory(folder.path().resolve("pack"));
            packs.add(new Pack(pack, inside));
            PackReader.Contents contents = PackReader.extract(pack, inside);
            if (contents.traces().isEmpty()) {
                throw new UserError(ExitCode.CORRUPT, pack + " is a pack without a trace");
            }
            traces.addAll(contents.traces());
            images.add(contents.images());
        } catch (IncompatibleTraceException e) {
            throw new UserError(
                    ExitCode.INCOMPATIBLE,
                    Text.format("%s cannot be read by this version (byte %d): %s", pack, e.offset(), e.reason()),
                    e);
        } catch (TraceFormatException e) {
            throw new UserError(
                    ExitCode.CORRUPT,
                    Text.format("%s is no sound pack: at byte %d, %s", pack, e.offset(), e.reason()),
                    e);
        } catch (IOException e) {
            throw UserError.unreadable(pack, e);
        }
    }

    /** Returns the files, and the traces in packs. */
    List<Path> traces() {
        return List.copyOf(traces);
    }

    /** Returns a text with the names that files have in their packs, in the place of where they lie meanwhile. */
    String named(String text) {
        Path here = Path.of("").toAbsolutePath();
        String named = text;
        for (Pack pack : packs) {
            named = named(named, pack.inside(), pack.pack());
            if (pack.inside().startsWith(here)) {
                named = named(named, here.relativize(pack.inside()), pack.pack());
            }
        }
        return named;
    }

    private static String named(String text, Path inside, Path pack) {
        String traces = pack.resolve("trace").toString();
        return text.replace(inside.resolve("recordings").toString(), traces)
                .replace(inside.resolve("traces").toString(), traces)
                .replace(inside.toString(), pack.toString());
    }

    /** Returns the file that the user would name to have a trace replayed: its pack, if it was in one. */
    Path fileOf(Path trace) {
        return packs.stream()
                .filter(pack -> trace.startsWith(pack.inside()))
                .map(Pack::pack)
                .findFirst()
                .orElse(trace);
    }

    /** Returns the one trace. */
    Path single() {
        if (traces.size() != 1) {
            throw new UserError(
                    ExitCode.USAGE,
                    Text.format(
                            "the pack holds %d traces; take it apart with tar xf, and name one of them",
                            traces.size()));
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
