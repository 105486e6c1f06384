package dev.semblance.harness.record.session;

import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.harness.files.CacheFolder;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.StateFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Machine;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * States in the user's cache, for other runs of the program: {@code states/NAME}, where the name is the SHA-256 of all that leads to the
 * state, the program among it. What is damaged counts for nothing, and is thrown away; where nothing can be written, nothing is
 * kept. It is bounded: those that were used least recently go first.
 */
public final class StateCache implements StateStore {

    private static final String FOLDER = "states";

    /** What all states together may take on the disk, in bytes. */
    private static final long MAX_BYTES = 2L << 30;

    /** What one state may take in memory: that of the largest machine, twice, and its disk's overlay. */
    private static final long MAX_STATE_BYTES = 8L << 30;

    /** The name of the file: of what leads to the state, and of the machine's state in it. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}-[0-9a-f]{64}");

    private final CacheFolder folder;
    private final String program;
    private final long maxBytes;

    /**
     * Makes a cache in a folder.
     *
     * @param folder of the user's caches
     * @param program tells the program from others, whose machines may come to other states
     * @param maxBytes what all states together may take; the last one stays, whatever its size
     */
    StateCache(CacheFolder folder, String program, long maxBytes) {
        this.folder = folder;
        this.program = program;
        this.maxBytes = maxBytes;
    }

    /**
     * {@return a store that keeps states in a folder, and the last ones in memory} Only a program that is in archives keeps them in the
     * folder: one that is being worked on is another each time.
     *
     * @param folder of the user's caches
     */
    public static StateStore in(Path folder) {
        StateStore memory = RecentStates.inHeap();
        return program()
                .<StateStore>map(
                        program -> new StoreBehind(memory, new StateCache(new CacheFolder(folder), program, MAX_BYTES)))
                .orElse(memory);
    }

    /** {@return what tells the machine of this program from that of another build; empty if it may change at any time} */
    private static Optional<String> program() {
        StringBuilder builds = new StringBuilder();
        for (Class<?> part : List.of(Machine.class, Gpu2d.class, StateCache.class)) {
            Optional<String> build = archive(part).flatMap(StateCache::looks);
            if (build.isEmpty()) {
                return Optional.empty();
            }
            builds.append(build.get()).append(' ');
        }
        return Optional.of(builds.toString());
    }

    private static Optional<Path> archive(Class<?> part) {
        try {
            Optional<CodeSource> source =
                    Optional.ofNullable(part.getProtectionDomain().getCodeSource());
            return source.isPresent() && source.get().getLocation() != null
                    ? Optional.of(Path.of(source.get().getLocation().toURI()))
                    : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> looks(Path archive) {
        try {
            return Files.isRegularFile(archive)
                    ? Optional.of(Text.format(
                            "%s %d %s",
                            archive,
                            Files.size(archive),
                            Files.getLastModifiedTime(archive).toInstant()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@return the start of the name of a file: what leads to the state} */
    private String prefix(Key key) {
        String all = String.join(
                "\n",
                program,
                Integer.toString(SavedState.LAYOUT),
                key.machine(),
                key.trace(),
                Long.toString(key.cycle()),
                Long.toString(key.passed()));
        return Sha256.of(all.getBytes(StandardCharsets.UTF_8)) + "-";
    }

    @Override
    public Optional<Kept> find(Key key) {
        String prefix = prefix(key);
        try {
            for (Path file : folder.files(FOLDER)) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(prefix) && NAME.matcher(name).matches()) {
                    return read(file, name.substring(prefix.length()));
                }
            }
        } catch (IOException e) {
            // As good as not there.
        }
        return Optional.empty();
    }

    private static Optional<Kept> read(Path file, String stateDigest) throws IOException {
        try {
            Kept kept = new Kept(StateFile.read(file, MAX_STATE_BYTES), stateDigest);
            CacheFolder.use(file);
            return Optional.of(kept);
        } catch (IOException e) {
            // Damaged, or of a computer with other codecs: it is made again.
            Files.deleteIfExists(file);
            return Optional.empty();
        }
    }

    @Override
    public void keep(Key key, Kept kept) {
        String name = prefix(key) + kept.stateDigest();
        Path file = folder.resolve(FOLDER).resolve(name);
        try {
            folder.make(FOLDER);
            try (OutputFile fresh = OutputFile.create(file)) {
                StateFile.write(kept.state(), fresh.stream());
                fresh.commit();
            }
            folder.sweep();
            makeRoom(name);
        } catch (IOException e) {
            // A full disk, or one that cannot be written: the next run plays it again.
        }
    }

    private void makeRoom(String newest) throws IOException {
        record Stored(Path file, long bytes, FileTime used) {}
        List<Stored> states = new ArrayList<>();
        for (Path file : folder.files(FOLDER)) {
            if (NAME.matcher(String.valueOf(file.getFileName())).matches()) {
                states.add(new Stored(file, Files.size(file), Files.getLastModifiedTime(file)));
            }
        }
        long bytes = states.stream().mapToLong(Stored::bytes).sum();
        states.sort(Comparator.comparing(Stored::used));
        for (Stored oldest : states) {
            if (bytes > maxBytes && !newest.equals(String.valueOf(oldest.file().getFileName()))) {
                Files.deleteIfExists(oldest.file());
                bytes -= oldest.bytes();
            }
        }
    }

    /** A store, and a larger and slower one that is asked where it has not. */
    private record StoreBehind(StateStore near, StateStore far) implements StateStore {

        @Override
        public Optional<Kept> find(Key key) {
            Optional<Kept> found = near.find(key);
            if (found.isPresent()) {
                return found;
            }
            Optional<Kept> other = far.find(key);
            other.ifPresent(kept -> near.keep(key, kept));
            return other;
        }

        @Override
        public void keep(Key key, Kept kept) {
            near.keep(key, kept);
            far.keep(key, kept);
        }
    }
}
