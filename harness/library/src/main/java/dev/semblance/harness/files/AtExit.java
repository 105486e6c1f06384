package dev.semblance.harness.files;

import dev.semblance.harness.util.ProcessTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What is done when the process ends before its work does, by Ctrl-C or SIGTERM: first whoever asked for it ends its work
 * properly ({@link Interruption}), then the temporary files of all others are removed, and the programs that still run for it
 * are killed.
 */
public final class AtExit {

    private static final Set<Path> TEMPORARY = ConcurrentHashMap.newKeySet();
    private static final Set<Interruption> LISTENING = ConcurrentHashMap.newKeySet();
    private static final Set<ProcessHandle> PROCESSES = ConcurrentHashMap.newKeySet();
    private static volatile boolean removing;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(AtExit::end, "at-exit"));
        } catch (IllegalStateException e) {
            // The process ends already, and nothing has been begun that would have to be ended.
            removing = true;
        }
    }

    private AtExit() {}

    /**
     * {@return whether temporary files are being removed because the process ends: what goes wrong from now on is no news
     * for anybody}
     */
    public static boolean isRemoving() {
        return removing;
    }

    static void remove(Path file) {
        TEMPORARY.add(file);
    }

    static void keep(Path file) {
        TEMPORARY.remove(file);
    }

    /**
     * Has a program that was started for this process not outlive it.
     *
     * @param program to be killed with its children, unless it is forgotten before
     */
    public static void kill(ProcessHandle program) {
        PROCESSES.add(program);
    }

    /**
     * Forgets a program that has been ended.
     *
     * @param program what {@link #kill} was told of
     */
    public static void forget(ProcessHandle program) {
        PROCESSES.remove(program);
    }

    static void listen(Interruption interruption) {
        LISTENING.add(interruption);
    }

    static void forget(Interruption interruption) {
        LISTENING.remove(interruption);
    }

    private static void end() {
        List.copyOf(LISTENING).forEach(Interruption::interrupt);
        removing = true;
        List.copyOf(PROCESSES).forEach(ProcessTree::kill);
        List.copyOf(TEMPORARY).forEach(AtExit::delete);
    }

    /** Removes a file, or a folder with what is in it, as far as that is possible. */
    static void delete(Path path) {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> inside = Files.walk(path)) {
            inside.sorted(Comparator.reverseOrder()).forEach(all::add);
        } catch (IOException | UncheckedIOException e) {
            all.add(path);
        }
        for (Path each : all) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                // Whoever can remove it will find it by its name.
            }
        }
    }
}
