package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.semblance.harness.files.CacheFolder;
import dev.semblance.harness.util.Sha256;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

/** docs/DEBUGGING.md, "States on the disk": losing them costs nothing but time. */
class StateCacheTests {

    private static final String SHA = "0a".repeat(32);

    @TempDir
    private Path temporary = Path.of("");

    private Path states = Path.of("");
    private StateCache cache = cache("program", Long.MAX_VALUE);

    private StateCache cache(String program, long most) {
        return new StateCache(new CacheFolder(temporary.resolve("cache")), () -> Optional.of(program), most);
    }

    @BeforeEach
    void makeCache() {
        cache = cache("program", Long.MAX_VALUE);
        states = temporary.resolve("cache").resolve("states");
    }

    private static StateStore.Key key(int cycle) {
        return new StateStore.Key(SHA, SHA, cycle, 3);
    }

    private static StateStore.Kept kept(int seed) {
        Ram ram = new Ram(1 << 20);
        byte[] noise = new byte[1 << 16];
        new Random(seed).nextBytes(noise);
        ram.write(0x4000, noise, 0, noise.length);
        return new StateStore.Kept(SavedState.of(ram), Sha256.of(noise));
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(states)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(states)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aStateIsFoundByAllThatLeadsToIt() throws IOException {
        assertThat(cache.find(key(1))).isEmpty();
        cache.keep(key(1), kept(1));
        cache.keep(key(2), kept(2));
        assertThat(cache.find(key(1))).contains(kept(1));
        assertThat(cache.find(key(2))).contains(kept(2));
        assertThat(cache("program", Long.MAX_VALUE).find(key(1)))
                .as("by another process")
                .contains(kept(1));
        for (StateStore.Key other : List.of(
                key(3),
                new StateStore.Key("0b".repeat(32), SHA, 1, 3),
                new StateStore.Key(SHA, "0b".repeat(32), 1, 3),
                new StateStore.Key(SHA, SHA, 1, 4))) {
            assertThat(cache.find(other)).isEmpty();
        }
        assertThat(cache("another build", Long.MAX_VALUE).find(key(1)))
                .as("its machine may come to another state")
                .isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(states)))
                .isEqualTo("rwx------");
    }

    /** Archives that are built reproducibly all have the same time, and what differs in them may leave their sizes as they are. */
    @Test
    void anotherBuildIsOneWhoseArchivesHaveOtherContents() throws IOException {
        Path first = Files.writeString(temporary.resolve("first.jar"), "one build");
        Path other = Files.writeString(temporary.resolve("other.jar"), "two build");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(first));
        Optional<String> build = StateCache.contents(List.of(first));
        assertThat(StateCache.contents(List.of(other))).isPresent().isNotEqualTo(build);
        assertThat(StateCache.contents(List.of(Files.copy(first, temporary.resolve("moved.jar")))))
                .isEqualTo(build);
        Optional<String> unknown = StateCache.contents(List.of(first, temporary.resolve("none.jar")));
        assertThat(unknown).isEmpty();
        StateCache nothing = new StateCache(new CacheFolder(temporary.resolve("cache")), () -> unknown, 1);
        nothing.keep(key(1), kept(1));
        assertThat(nothing.find(key(1))).isEmpty();
        assertThat(states).doesNotExist();
    }

    @Test
    void whatIsDamagedCountsForNothingAndIsMadeAgain() throws IOException {
        cache.keep(key(1), kept(1));
        Path file = files().getFirst();
        byte[] sound = Files.readAllBytes(file);
        for (int at : new int[] {0, 20, 60, sound.length / 2, sound.length - 1}) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThat(cache.find(key(1))).as("byte %d", at).isEmpty();
            assertThat(files()).as("thrown away").isEmpty();
            cache.keep(key(1), kept(1));
            assertThat(cache.find(key(1))).contains(kept(1));
        }
        Files.write(file, new byte[0]);
        assertThat(cache.find(key(1))).isEmpty();
        Files.write(file, Arrays.copyOf(sound, sound.length / 2));
        assertThat(cache.find(key(1))).isEmpty();
    }

    @Test
    void statesThatWereUsedLeastRecentlyGoFirst() throws IOException {
        cache.keep(key(0), kept(0));
        long size = Files.size(files().getFirst());
        StateCache three = cache("program", 3 * size + size / 2);
        for (int i = 1; i < 3; i++) {
            three.keep(key(i), kept(i));
        }
        Instant before = Instant.now().minus(Duration.ofHours(1));
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.from(before));
        }
        assertThat(three.find(key(0))).isPresent();
        assertThat(three.find(key(2))).isPresent();
        three.keep(key(3), kept(3));
        assertThat(IntStream.range(0, 4).mapToObj(i -> three.find(key(i)).isPresent()))
                .containsExactly(true, false, true, true);
        StateCache none = cache("program", 1);
        none.keep(key(4), kept(4));
        assertThat(files()).as("the newest stays").hasSize(1);
        assertThat(none.find(key(4))).isPresent();
    }

    /** Two recorders of children, perhaps, which play the same parent. */
    @Test
    void severalWritersAtOnceLeaveOneWholeState() throws Exception {
        List<Thread> writers = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform()
                        .start(() -> cache("program", Long.MAX_VALUE).keep(key(1), kept(1))))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(files()).hasSize(1);
        assertThat(cache.find(key(1))).contains(kept(1));
    }

    /** What kill -9 leaves behind has a name of its own, and goes when it is old. */
    @Test
    void whatAKilledWriterLeftIsNoStateAndGoes() throws IOException {
        cache.keep(key(1), kept(1));
        String name = String.valueOf(files().getFirst().getFileName());
        Path fresh = Files.write(states.resolve("." + name.substring(0, 40) + ".1.new"), new byte[9]);
        Path old = Files.write(states.resolve("." + name.substring(0, 40) + ".2.new"), new byte[9]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        assertThat(cache.find(key(1))).contains(kept(1));
        cache.keep(key(2), kept(2));
        assertThat(old).doesNotExist();
        assertThat(fresh).as("somebody may be writing it").exists();
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    @DisabledIf("isRoot")
    void aFolderThatCannotBeWrittenKeepsNothingAndNobodyIsTold() throws IOException {
        cache.keep(key(1), kept(1));
        Files.setPosixFilePermissions(states, PosixFilePermissions.fromString("r-x------"));
        cache.keep(key(2), kept(2));
        assertThat(cache.find(key(2))).isEmpty();
        assertThat(cache.find(key(1))).as("what is there is used").contains(kept(1));
        Files.setPosixFilePermissions(states, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aCacheThatCannotBeMadeKeepsNothingAndNobodyIsTold() throws IOException {
        Files.write(temporary.resolve("cache"), new byte[1]);
        cache.keep(key(1), kept(1));
        assertThat(cache.find(key(1))).isEqualTo(Optional.empty());
    }

    /** {@code /dev/full}: every write to it says that the disk is full. */
    @Test
    void aFullDiskKeepsNothingAndNobodyIsTold() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        cache.keep(key(1), kept(1));
        Path file = files().getFirst();
        Files.delete(file);
        Files.createSymbolicLink(file, full);
        cache.keep(key(1), kept(1));
        assertThat(cache.find(key(1))).isEmpty();
    }
}
