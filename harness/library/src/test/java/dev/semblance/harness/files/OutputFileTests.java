package dev.semblance.harness.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.harness.UnwritableException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTests {

    @TempDir
    private Path folder = Path.of("");

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void put(OutputFile file, String text) throws IOException {
        file.stream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileHasItsOldContentUntilTheNewIsComplete() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        try (OutputFile out = OutputFile.create(file)) {
            put(out, "new");
            out.flush();
            assertThat(file).hasContent("old");
            assertThat(out.part()).hasContent("new");
            out.commit();
            assertThat(out.length()).isEqualTo(3);
        }
        assertThat(file).hasContent("new");
        assertThat(left()).containsExactly("a");
    }

    /** A disk that fills up fails in the middle of a copy, where the input could be to blame as well. */
    @Test
    void aWriteThatFailsNamesTheFileThatIsWritten() throws IOException {
        Path file = folder.resolve("a");
        OutputFile out = OutputFile.create(file);
        OutputStream stream = out.stream();
        out.close();
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> stream.write(new byte[1 << 20]))
                .withMessageStartingWith(file + " cannot be written");
    }

    @Test
    void whatIsNotCommittedIsGoneWithTheFoldersMadeForIt() throws IOException {
        Files.createDirectory(folder.resolve("there"));
        try (OutputFile out = OutputFile.createWithFolder(folder.resolve("there/x/y/a"))) {
            put(out, "lost");
            assertThat(folder.resolve("there/x/y")).isDirectory();
        }
        assertThat(folder.resolve("there")).isEmptyDirectory();
    }

    @Test
    void aFolderThatSomebodyElseUsesMeanwhileStays() throws IOException {
        try (OutputFile out = OutputFile.createWithFolder(folder.resolve("x/a"))) {
            put(out, "lost");
            Files.writeString(folder.resolve("x/theirs"), "kept");
        }
        assertThat(folder.resolve("x/theirs")).hasContent("kept");
    }

    @Test
    void twoFilesOnTheirWayToOneNameDoNotMeet() throws IOException {
        Path file = folder.resolve("a");
        try (OutputFile one = OutputFile.create(file);
                OutputFile other = OutputFile.create(file)) {
            put(one, "one");
            put(other, "other");
            one.commit();
            assertThat(file).hasContent("one");
            other.commit();
        }
        assertThat(file).hasContent("other");
    }

    @Test
    void aSymbolicLinkIsWrittenThrough() throws IOException {
        Path real = Files.createDirectory(folder.resolve("d")).resolve("real");
        Files.writeString(real, "old");
        Path near = Files.createSymbolicLink(folder.resolve("near"), Path.of("d/real"));
        Path far = Files.createSymbolicLink(folder.resolve("far"), Path.of("near"));
        OutputFile.write(far, "new");
        assertThat(real).hasContent("new");
        assertThat(Files.readSymbolicLink(far)).isEqualTo(Path.of("near"));
        assertThat(Files.readSymbolicLink(near)).isEqualTo(Path.of("d/real"));
        assertThat(real.getParent()).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aLinkToWhatIsNotThereYetMakesIt() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("later"));
        OutputFile.write(link, "new");
        assertThat(Files.isRegularFile(folder.resolve("later"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(link).isSymbolicLink().hasContent("new");
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> OutputFile.create(folder.resolve("a")))
                .withMessageContaining("links lead in a circle");
    }

    @Test
    void aHardLinkKeepsTheOldContentForItsOtherName() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Files.createLink(folder.resolve("other"), file);
        OutputFile.write(file, "new");
        assertThat(folder.resolve("other")).hasContent("old");
    }

    @Test
    void aFileThatWasPrivateStaysPrivate() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        OutputFile.write(file, "new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    /** FIFOs stand for all that is no regular file: making a device needs to be root. */
    private Path fifo(String name) throws Exception {
        Path fifo = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    @Test
    @Timeout(60)
    void aFifoIsGivenTheCompleteFileAndStays() throws Exception {
        Path fifo = fifo("fifo");
        FutureTask<String> reader = new FutureTask<>(() -> Files.readString(fifo));
        Thread.ofPlatform().daemon().start(reader);
        try (OutputFile out = OutputFile.create(fifo)) {
            put(out, "all of it");
            out.flush();
            assertThat(reader.isDone()).isFalse();
            out.commit();
        }
        assertThat(reader.get()).isEqualTo("all of it");
        assertThat(Files.isRegularFile(fifo)).isFalse();
        assertThat(left()).containsExactly("fifo");
    }

    @Test
    @Timeout(60)
    void aFifoBehindALinkIsWrittenToAsWell() throws Exception {
        Path fifo = fifo("fifo");
        Path link = Files.createSymbolicLink(folder.resolve("link"), fifo);
        FutureTask<String> reader = new FutureTask<>(() -> Files.readString(fifo));
        Thread.ofPlatform().daemon().start(reader);
        OutputFile.write(link, "text");
        assertThat(reader.get()).isEqualTo("text");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void anOpenFileOfTheProcessIsNotReplacedByItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Object before = Files.getAttribute(file, "unix:ino");
        try (var open = Files.newByteChannel(file)) {
            assertThat(open.isOpen()).isTrue();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                Path descriptor = descriptors
                        .filter(each -> isSame(each, file))
                        .findFirst()
                        .orElseThrow();
                OutputFile.write(descriptor, "new");
            }
        }
        assertThat(file).hasContent("new");
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // The descriptor of the listing itself.
        }
    }

    @Test
    void whatCannotBeWrittenIsNamedWithTheReason() throws IOException {
        Files.writeString(folder.resolve("file"), "in the way");
        Files.createDirectory(folder.resolve("folder"));
        refused("no/a", "there is no such folder");
        refused("folder", "it is a folder");
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> OutputFile.createWithFolder(folder.resolve("file/deep/a")))
                .withMessage(folder.resolve("file/deep/a") + " cannot be written: a file is where a folder should be");
        assertThat(left()).containsExactly("file", "folder");
    }

    private void refused(String name, String reason) {
        Path file = folder.resolve(name);
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> OutputFile.create(file))
                .withMessage(file + " cannot be written: " + reason);
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> OutputFile.recording(file))
                .withMessage(file + " cannot be written: " + reason);
    }

    @Test
    void whatIsCommittedTwiceIsAMistakeOfOurs() throws IOException {
        try (OutputFile out = OutputFile.create(folder.resolve("a"))) {
            out.commit();
            assertThatIllegalStateException().isThrownBy(out::commit);
        }
    }

    @Test
    void whereTheNameIsTakenMeanwhileByAFolderTheFileIsGone() throws IOException {
        Path file = folder.resolve("a");
        try (OutputFile out = OutputFile.create(file)) {
            put(out, "text");
            Files.createDirectories(file.resolve("x"));
            assertThatExceptionOfType(UnwritableException.class)
                    .isThrownBy(out::commit)
                    .withMessageStartingWith(file + " cannot be written: ");
        }
        assertThat(left()).containsExactly("a");
    }

    @Test
    void theReasonIsThatOfTheFileThatWasWrittenNotOfTheOneRead() {
        IOException full = new IOException("No space left on device");
        UnwritableException output = UnwritableException.of(Path.of("out"), full);
        IOException deep = new IOException("while copying", new IllegalStateException(output));
        assertThat(UnwritableException.of(Path.of("in"), deep))
                .isSameAs(output)
                .hasMessage("out cannot be written: No space left on device");
        assertThat(dev.semblance.harness.UnusableInputException.unreadable("in", deep))
                .hasMessage("out cannot be written: No space left on device");
    }
}
