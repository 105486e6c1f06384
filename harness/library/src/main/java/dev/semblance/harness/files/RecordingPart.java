package dev.semblance.harness.files;

import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes {@code NAME.part} for one recorder. Who has it holds a lock on it until the process ends or the file is closed. */
final class RecordingPart {

    private static final int MAX_LOCKS = 4 << 20;

    /** Others come and go between two looks at the file; this often in a row they do not. */
    private static final int ATTEMPTS = 100;

    /** A line of proc_locks(5): the process that holds a lock, and the file's inode number. */
    private static final Pattern HOLDER = Pattern.compile("\\d+: POSIX +\\S+ +WRITE +(\\d+) +[0-9a-f:]+:(\\d+) .*");

    /** The parts of this process's recorders. */
    private static final Map<Path, FileChannel> OWN = new HashMap<>();

    private RecordingPart() {}

    /**
     * A part that is ours.
     *
     * @param setAside where the part is now that was there before
     */
    record Claimed(Path part, FileChannel channel, Optional<Path> setAside) {}

    /**
     * Takes the part of a file.
     *
     * @param place where the file shall be, no symbolic link
     * @param file how the user named it
     * @throws UnwritableException if another recorder has it
     */
    static Claimed claim(Path place, Path file) throws IOException {
        Path part = OutputFile.partOf(place);
        // To open and close a file that this process has locked would give the lock up (fcntl(2)).
        synchronized (OWN) {
            OWN.values().removeIf(channel -> !channel.isOpen());
            for (Path own : OWN.keySet()) {
                if (isSame(own, part)) {
                    throw UnwritableException.of(file, "this process is recording to it already");
                }
            }
            return claim(place, file, part);
        }
    }

    /** Either may be gone at any moment: a recording that ends gives its part its name. */
    private static boolean isSame(Path own, Path part) throws IOException {
        try {
            return Files.exists(part) && Files.isSameFile(own, part);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Claimed own(Path part, FileChannel channel, Optional<Path> setAside) {
        OWN.put(part.toAbsolutePath(), channel);
        return new Claimed(part, channel, setAside);
    }

    private static Claimed claim(Path place, Path file, Path part) throws IOException {
        Optional<Path> setAside = Optional.empty();
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                FileChannel fresh = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                return own(part, locked(file, part, fresh), setAside);
            } catch (FileAlreadyExistsException e) {
                Optional<FileChannel> left = leftBehind(file, part);
                if (left.isPresent() && left.get().size() == 0) {
                    // Whoever made it did not come to write anything. As good as new.
                    return own(part, left.get(), setAside);
                }
                if (left.isPresent()) {
                    try {
                        setAside = Optional.of(setAside(place, part));
                    } finally {
                        left.get().close();
                    }
                }
            }
        }
        throw new IOException(part + " comes and goes");
    }

    /** Opens a part that is there, locked; empty if it is there no more. */
    private static Optional<FileChannel> leftBehind(Path file, Path part) throws IOException {
        if (!Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(part + " is in the way: it is not a regular file");
            }
            return Optional.empty();
        }
        try {
            Optional<Object> before = key(part);
            FileChannel channel = locked(file, part, FileChannel.open(part, StandardOpenOption.WRITE));
            if (key(part).equals(before)) {
                return Optional.of(channel);
            }
            // Its owner has given it its name meanwhile.
            channel.close();
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> key(Path part) throws IOException {
        return Optional.ofNullable(Files.readAttributes(part, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }

    /** Locks a part, or closes it and says who has it. */
    private static FileChannel locked(Path file, Path part, FileChannel channel) throws IOException {
        Optional<FileLock> lock;
        try {
            lock = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw UnwritableException.of(file, "this process is recording to it already");
        } catch (IOException e) {
            // A file system without locks: two recorders cannot be told from one, so that the part of another is only
            // moved aside, where it grows on.
            return channel;
        }
        if (lock.isEmpty()) {
            String holder = holder(part).map(pid -> " (" + pid + ")").orElse("");
            channel.close();
            throw UnwritableException.of(
                    file,
                    Text.format("another process%s is recording to it; wait for it, or name another file", holder));
        }
        return channel;
    }

    /** {@return the number of the process that holds the lock, where the system tells} */
    private static Optional<String> holder(Path part) {
        try {
            String inode = String.valueOf(Files.getAttribute(part, "unix:ino"));
            String locks = new String(WholeFile.bytes(Path.of("/proc/locks"), MAX_LOCKS), StandardCharsets.UTF_8);
            return locks.lines()
                    .map(HOLDER::matcher)
                    .filter(Matcher::matches)
                    .filter(line -> line.group(2).equals(inode))
                    .map(line -> line.group(1))
                    .findFirst();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Moves a part that nobody owns to NAME.1.part, or the next number that is free. */
    private static Path setAside(Path place, Path part) throws IOException {
        for (int number = 1; ; number++) {
            Path aside = place.resolveSibling(Text.format("%s.%d.part", place.getFileName(), number));
            if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(part, aside);
                return aside;
            }
        }
    }
}
