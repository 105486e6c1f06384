package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.util.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;

/** Images that are left in their files, and how they are known by their SHA-256. */
class LargeImageTests {

    private static final int STREAMS = 65;
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    private Path guest = Path.of("");
    private Path disk = Path.of("");
    private final List<String> hashed = new ArrayList<>();

    @BeforeEach
    void shipALargeDisk() throws IOException {
        guest = Files.createDirectories(folder.resolve("guest/rv64"));
        disk = pack(guest.resolve("desk.ext4.xz"), 0);
    }

    /** 65 MiB of one value. */
    private static Path pack(Path file, int value) throws IOException {
        byte[][] streams = XzFiles.zeros(STREAMS, 1 << 20);
        Arrays.fill(streams[0], (byte) value);
        XzFiles.write(file, 1 << 20, new LZMA2Options(0), streams);
        return Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }

    private static String sumOf(int value) throws IOException {
        var digest = Sha256.start();
        byte[] stretch = new byte[1 << 20];
        Arrays.fill(stretch, (byte) value);
        for (int i = 0; i < STREAMS; i++) {
            digest.update(stretch);
        }
        return Sha256.hex(digest);
    }

    private void manifest(String plain, String packed) throws IOException {
        Files.writeString(
                guest.resolve("MANIFEST"), "output " + plain + "  desk.ext4\noutput " + packed + "  desk.ext4.xz\n");
    }

    private GuestImages images() {
        ImageCache cache = new ImageCache(folder.resolve("cache"))
                .telling((image, done, total) -> hashed.add(image + " " + total));
        return new GuestImages(Optional.of(folder.resolve("guest")), cache);
    }

    private static String open(GuestImages images, ImageSource source) {
        GuestImage image = images.load(source, ImageKind.DISK).orElseThrow();
        assertThat(image.size()).isEqualTo((long) STREAMS << 20);
        return image.sha256();
    }

    private static final ImageSource SHIPPED = new ImageSource.Shipped("rv64/desk.ext4");

    private List<String> hashedSince() {
        List<String> since = hashed.stream().distinct().toList();
        hashed.clear();
        return since;
    }

    private static String plainBytes() {
        return "desk.ext4.xz " + ((long) STREAMS << 20);
    }

    private String packedBytes() throws IOException {
        return "desk.ext4.xz " + Files.size(disk);
    }

    @Test
    void theManifestVouchesForAShippedImageIfItsFileIsTheShippedOne() throws IOException {
        String promised = "ab".repeat(32);
        manifest(promised, Sha256.of(Files.readAllBytes(disk)));
        assertThat(open(images(), SHIPPED)).isEqualTo(promised);
        assertThat(hashedSince()).containsExactly(packedBytes());
        // And it is remembered.
        assertThat(open(images(), SHIPPED)).isEqualTo(promised);
        assertThat(hashedSince()).isEmpty();
    }

    @Test
    void aFileThatIsNotTheShippedOneIsReadAsWhatItIs() throws IOException {
        manifest("ab".repeat(32), "cd".repeat(32));
        assertThat(open(images(), SHIPPED)).isEqualTo(sumOf(0));
        assertThat(hashedSince()).containsExactly(packedBytes(), plainBytes());
    }

    @Test
    void verifyingBelievesNeitherTheManifestNorTheCache() throws IOException {
        manifest(sumOf(0), Sha256.of(Files.readAllBytes(disk)));
        open(images(), SHIPPED);
        hashed.clear();
        assertThat(open(images().verifying(), SHIPPED)).isEqualTo(sumOf(0));
        assertThat(hashedSince()).containsExactly(plainBytes());
        manifest("ab".repeat(32), Sha256.of(Files.readAllBytes(disk)));
        assertThatThrownBy(() -> open(images().verifying(), SHIPPED))
                .isInstanceOf(IncompatibleException.class)
                .hasMessage(disk + " is not the one that ships: it holds SHA-256 " + sumOf(0)
                        + ", and the MANIFEST beside it names " + "ab".repeat(32));
    }

    @Test
    void anImageOfTheUsersIsReadOnceAndAgainWhenItChanges() throws IOException {
        Path mine = pack(folder.resolve("desk.ext4.xz"), 0);
        ImageSource source = new ImageSource.File(mine);
        assertThat(open(images(), source)).isEqualTo(sumOf(0));
        assertThat(hashedSince()).containsExactly(plainBytes());
        assertThat(open(images(), source)).isEqualTo(sumOf(0));
        assertThat(hashedSince()).isEmpty();
        pack(mine, 1);
        Files.setLastModifiedTime(mine, FileTime.from(LONG_AGO.plusSeconds(1)));
        assertThat(open(images(), source)).isNotEqualTo(sumOf(0));
        assertThat(hashedSince()).containsExactly(plainBytes());
        // What was just written may be written again without a new time.
        Files.setLastModifiedTime(mine, FileTime.from(Instant.now()));
        open(images(), source);
        hashed.clear();
        open(images(), source);
        assertThat(hashedSince()).containsExactly(plainBytes());
    }

    @Test
    void aDamagedNoteIsNoNote() throws IOException {
        ImageSource source = new ImageSource.File(pack(folder.resolve("desk.ext4.xz"), 0));
        open(images(), source);
        Path note;
        try (var notes = Files.list(folder.resolve("cache/known"))) {
            note = notes.findFirst().orElseThrow();
        }
        String text = Files.readString(note);
        String another = (text.charAt(0) == '0' ? "1" : "0") + text.substring(1);
        for (String damaged : List.of("", "x", another, text.substring(0, 64), text.repeat(100))) {
            Files.writeString(note, damaged);
            hashed.clear();
            assertThat(open(images(), source)).isEqualTo(sumOf(0));
            assertThat(hashedSince()).as("%s", damaged).containsExactly(plainBytes());
        }
    }

    @Test
    void notesAreBoundedAndTheirUsersAlone() throws IOException {
        ImageCache cache = new ImageCache(folder.resolve("cache"));
        KnownFiles known = new KnownFiles(cache);
        for (int i = 0; i < 300; i++) {
            Path file = Files.createFile(folder.resolve("file" + i));
            Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
            known.note(file, "ab".repeat(32));
        }
        assertThat(cache.shared().files("known")).hasSize(256);
        assertThat(known.find(folder.resolve("file299"))).contains("ab".repeat(32));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("cache"))))
                .isEqualTo("rwx------");
    }

    @Test
    void withoutACacheItIsReadEachTime() throws IOException {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file, not a folder");
        GuestImages images = new GuestImages(Optional.empty(), new ImageCache(blocked.resolve("cache")));
        ImageSource source = new ImageSource.File(disk);
        assertThat(open(images, source)).isEqualTo(sumOf(0));
        assertThat(open(images, source)).isEqualTo(sumOf(0));
    }

    @Test
    void aTraceFindsALargeImageByItsSha256AmongTheShippedOnes() throws IOException {
        GuestImage image = images().find(sumOf(0), "another", List.of()).orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        image.copyTo(out);
        assertThat(out.size()).isEqualTo(STREAMS << 20);
        assertThat(folder.resolve("cache/images")).doesNotExist();
    }

    private List<Path> cached() throws IOException {
        try (var files = Files.list(folder.resolve("cache/images"))) {
            return files.toList();
        }
    }

    /** What a recording keeps for its replays: docs/GUESTS.md, "Large disks". */
    @Test
    void anImageThatIsLeftPackedIsKeptPackedAndFoundAgain() throws IOException {
        GuestImage image = images().load(SHIPPED, ImageKind.DISK).orElseThrow();
        assertThat(images().cache().store(image)).isTrue();
        assertThat(images().cache().store(image)).isTrue();
        assertThat(cached())
                .singleElement()
                .satisfies(
                        file -> assertThat(file).hasFileName(sumOf(0) + ".xz").hasSameBinaryContentAs(disk));
        Files.delete(disk);
        hashed.clear();
        for (int i = 0; i < 2; i++) {
            GuestImage found = images().find(sumOf(0), "desk.ext4", List.of()).orElseThrow();
            assertThat(found.name()).isEqualTo("desk.ext4");
            assertThat(found.sha256()).isEqualTo(sumOf(0));
            assertThat(found.size()).isEqualTo((long) STREAMS << 20);
        }
        // Read once, and not for every trace.
        assertThat(hashed.stream().filter("desk.ext4 68157440"::equals)).hasSize(3);
    }

    @Test
    void aPackedImageOfTheCacheThatIsDamagedOrAnotherIsThrownAway() throws IOException {
        GuestImage image = images().load(SHIPPED, ImageKind.DISK).orElseThrow();
        images().cache().store(image);
        Path kept = cached().getFirst();
        byte[] sound = Files.readAllBytes(kept);
        byte[] damaged = sound.clone();
        damaged[sound.length / 3] ^= 1;
        for (byte[] wrong : List.of(damaged, Arrays.copyOf(sound, 100), new byte[0])) {
            Files.write(kept, wrong);
            assertThat(images().cache().find(sumOf(0), "desk.ext4")).isEmpty();
            assertThat(kept).doesNotExist();
        }
        pack(kept, 1);
        assertThat(images().cache().find(sumOf(0), "desk.ext4")).isEmpty();
        assertThat(kept).doesNotExist();
    }

    @Test
    void packedImagesOfTheCacheAreBoundedWithTheOthers() throws IOException {
        ImageCache small = new ImageCache(folder.resolve("small"), Files.size(disk));
        GuestImage old = GuestImage.of("old", new byte[(int) Files.size(disk) / 2]);
        small.store(old);
        Files.setLastModifiedTime(folder.resolve("small/images").resolve(old.sha256()), FileTime.from(LONG_AGO));
        GuestImage packed = images().load(SHIPPED, ImageKind.DISK).orElseThrow();
        small.store(packed);
        assertThat(small.find(old.sha256(), "old")).isEmpty();
        assertThat(small.find(sumOf(0), "desk.ext4")).isPresent();
        assertThat(folder.resolve("small/checked").resolve(sumOf(0))).exists();
        small.store(GuestImage.of("new", new byte[(int) Files.size(disk) - 1]));
        assertThat(small.find(sumOf(0), "desk.ext4")).isEmpty();
        assertThat(folder.resolve("small/checked").resolve(sumOf(0))).doesNotExist();
    }

    @Test
    void anImageThatShipsInAFolderIsNamedWithIt() {
        assertThatThrownBy(() -> images().load(new ImageSource.Shipped("rv64/desk"), ImageKind.DISK))
                .hasMessage(
                        "no image named shipped:rv64/desk ships with the project; there are: shipped:rv64/desk.ext4");
        assertThatThrownBy(() -> images().load(new ImageSource.Shipped("rv64/../rv64/desk.ext4"), ImageKind.DISK))
                .hasMessageContaining("no image named");
    }
}
