package dev.semblance.harness.record.session;

import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.harness.files.CacheFolder;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.StateFile;
import dev.semblance.harness.util.Sha256;
import dev.semblance.machine.Machine;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
    private final Supplier<Optional<String>> program;
    private final long maxBytes;

    /**
     * Makes a cache in a folder.
     *
     * @param folder of the user's caches
     * @param program tells the program from others, whose machines may come to other states; nothing is kept by one that cannot be told
     *     from others
     * @param maxBytes what all states together may take; the last one stays, whatever its size
     */
    StateCache(CacheFolder folder, Supplier<Optional<String>> program, long maxBytes) {
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
        return archives().isEmpty()
                ? memory
                : new StoreBehind(
                        memory, new StateCache(new CacheFolder(folder), () -> ThisProgram.CONTENTS, MAX_BYTES));
    }

    /** Read once, by who needs it first: it takes some hundredths of a second. */
    private static final class ThisProgram {

        private static final Optional<String> CONTENTS = contents(archives());

        private ThisProgram() {}
    }

    /** {@return the files that the machine of this program is in; none if it is not in archives, and may change at any time} */
    private static Set<Path> archives() {
        Set<Path> archives = new LinkedHashSet<>();
        for (Class<?> part : List.of(Machine.class, Gpu2d.class, StateCache.class)) {
            Optional<Path> archive = archive(part).filter(Files::isRegularFile);
            if (archive.isEmpty()) {
                return Set.of();
            }
            archives.add(archive.get());
        }
        return archives;
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

    /**
     * {@return what tells archives from others: the SHA-256 of each; their times and sizes may be those of another build}
     *
     * @param archives the files
     */
    static Optional<String> contents(Collection<Path> archives) {
        StringBuilder contents = new StringBuilder();
        for (Path archive : archives) {
            MessageDigest digest = Sha256.start();
            try (OutputStream all = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                Files.copy(archive, all);
            } catch (IOException e) {
                return Optional.empty();
            }
            contents.append(Sha256.hex(digest)).append(' ');
        }
        return Optional.of(contents.toString());
    }

    /** {@return the start of the name of a file: what leads to the state} */
    private Optional<String> prefix(Key key) {
        return program.get().map(contents -> prefix(contents, key));
    }

    private static String prefix(String program, Key key) {
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
        Optional<String> prefix = prefix(key);
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (Path file : folder.files(FOLDER)) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(prefix.get()) && NAME.matcher(name).matches()) {
                    return read(file, name.substring(prefix.get().length()));
                }
            }
        } catch (IOException e) {
            // As good as not there.
        }
        return Optional.empty();
    }

    private static Optional<Kept> read(Path file, String stateDigest) throws IOException {
        Kept kept;
        try {
            kept = new Kept(StateFile.read(file, MAX_STATE_BYTES), stateDigest);
        } catch (IOException e) {
            // Damaged, or of a computer with other codecs: it is made again.
            Files.deleteIfExists(file);
            return Optional.empty();
        }
        try {
            CacheFolder.use(file);
        } catch (IOException e) {
            // Where nothing can be written, what is there is sound all the same.
        }
        return Optional.of(kept);
    }

    @Override
    public void keep(Key key, Kept kept) {
        Optional<String> prefix = prefix(key);
        if (prefix.isEmpty()) {
            return;
        }
        String name = prefix.get() + kept.stateDigest();
        Path file = folder.resolve(FOLDER).resolve(name);
        try {
            folder.make(FOLDER);
            try (OutputFile fresh = OutputFile.create(file)) {
                StateFile.write(kept.state(), fresh.stream());
                fresh.commit();
            }
            makeRoom(name);
            folder.sweep();
        } catch (IOException e) {
            // A full disk, or one that cannot be written: the next run plays it again.
        }
    }

    private record Stored(Path file, long bytes, FileTime used) {}

    private void makeRoom(String newest) throws IOException {
        List<Stored> states = new ArrayList<>();
        for (Path file : folder.files(FOLDER)) {
            if (NAME.matcher(String.valueOf(file.getFileName())).matches()) {
                stored(file).ifPresent(states::add);
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

    private static Optional<Stored> stored(Path file) {
        try {
            return Optional.of(new Stored(file, Files.size(file), Files.getLastModifiedTime(file)));
        } catch (IOException e) {
            // Another process has just thrown it away.
            return Optional.empty();
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
