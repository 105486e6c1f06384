package dev.semblance.harness.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, folders and patterns on file systems as Linux, macOS and Windows have them. */
final class InputFilesTests {

    enum Platform {
        LINUX,
        MACOS,
        WINDOWS;

        private Configuration configuration() {
            return switch (this) {
                case LINUX -> Configuration.unix();
                case MACOS -> Configuration.osX();
                case WINDOWS -> Configuration.windows();
            };
        }
    }

    private FileSystem system = Jimfs.newFileSystem();

    @AfterEach
    void close() throws IOException {
        system.close();
    }

    /** Makes the files, named with / on every system, in the working folder. */
    private void on(Platform platform, String... files) throws IOException {
        system.close();
        system = Jimfs.newFileSystem(platform.configuration());
        for (String file : files) {
            Path path = system.getPath(file);
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, "");
        }
    }

    private List<String> expand(String... names) {
        return InputFiles.expand(system, List.of(names), InputFiles.TRACE).stream()
                .map(path -> path.toString().replace('\\', '/'))
                .toList();
    }

    private void link(String link, String target) throws IOException {
        Files.createSymbolicLink(system.getPath(link), system.getPath(target));
    }

    private void refuses(String message, String... names) {
        assertThatThrownBy(() -> expand(names))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        e -> assertThat(ExitCode.of(e)).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(message);
    }

    @Test
    void aTraceKnowsItsPlaceBelowWhatWasNamed(@TempDir Path folder) throws IOException {
        Path trace = Files.createDirectories(folder.resolve("r/driver")).resolve("ok.trace");
        Files.writeString(trace, "");
        assertThat(name(folder.resolve("r"))).isEqualTo("driver/ok");
        assertThat(name(folder)).isEqualTo("r/driver/ok");
        assertThat(name(trace)).isEqualTo("ok");
        assertThat(name(folder.resolve("r/*/*.trace"))).isEqualTo("driver/ok");
        assertThat(name(folder.resolve("r/driver/o*.trace"))).isEqualTo("ok");
        TraceFile found =
                InputFiles.traces(List.of(folder.resolve("r").toString())).getFirst();
        assertThat(found.path()).isEqualTo(trace);
        assertThat(found.shownAs()).isEqualTo(trace.toString());
        assertThat(found.source()).isEqualTo(trace);
    }

    private static String name(Path named) {
        List<TraceFile> found = InputFiles.traces(List.of(named.toString()));
        assertThat(found).hasSize(1);
        return found.getFirst().name();
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsItselfWhateverItsName(Platform platform) throws IOException {
        on(platform, "b.pack", "a.trace");
        assertThat(expand("b.pack", "a.trace", "b.pack")).containsExactly("b.pack", "a.trace");
    }

    @ParameterizedTest
    @EnumSource
    void aFolderIsTheTracesInItAndBelowItInTheOrderOfTheirNames(Platform platform) throws IOException {
        on(platform, "r/b.trace", "r/a.trace", "r/a.scenario", "r/x/y/c.trace", "other.trace");
        assertThat(expand("r")).containsExactly("r/a.trace", "r/b.trace", "r/x/y/c.trace");
        assertThat(expand("r/")).containsExactly("r/a.trace", "r/b.trace", "r/x/y/c.trace");
        assertThat(expand("./r/x")).containsExactly("./r/x/y/c.trace");
    }

    @ParameterizedTest
    @EnumSource
    void howDeepAFolderIsDoesNotMatter(Platform platform) throws IOException {
        String deep = "r/1/2/3/4/5/6/7/8/9/10/11/a.trace";
        on(platform, deep);
        assertThat(expand("r")).containsExactly(deep);
        assertThat(expand("r/**/a.trace")).containsExactly(deep);
    }

    @ParameterizedTest
    @EnumSource
    void aPatternIsWhatItMatches(Platform platform) throws IOException {
        on(platform, "r/b.trace", "r/a.trace", "r/x/c.trace", "r/x/y/d.trace", "e.trace");
        assertThat(expand("r/*.trace")).containsExactly("r/a.trace", "r/b.trace");
        assertThat(expand("*/[a]*.trace")).containsExactly("r/a.trace");
        assertThat(expand("?.trace")).containsExactly("e.trace");
        assertThat(expand("r/**.trace")).hasSize(4);
        assertThat(expand("r/*/*.trace")).containsExactly("r/x/c.trace");
        assertThat(expand("r/{a,x/c}.trace")).containsExactly("r/a.trace", "r/x/c.trace");
        assertThat(expand(".//r//*.trace")).hasSize(2);
        assertThat(expand("r/*.trace", "r")).containsExactly("r/a.trace", "r/b.trace", "r/x/c.trace", "r/x/y/d.trace");
    }

    @ParameterizedTest
    @EnumSource
    void anAbsolutePatternIsUnderstood(Platform platform) throws IOException {
        on(platform, "r/b.trace", "r/a.trace");
        String here = system.getPath("").toAbsolutePath().toString();
        assertThat(InputFiles.expand(system, List.of(here + system.getSeparator() + "r/*.trace"), InputFiles.TRACE))
                .extracting(Path::getFileName)
                .extracting(Path::toString)
                .containsExactly("a.trace", "b.trace");
    }

    @ParameterizedTest
    @EnumSource(names = "WINDOWS")
    void onWindowsBackslashesDivideFoldersInPatternsToo(Platform platform) throws IOException {
        on(platform, "r/b.trace", "r/x/a.trace", "r/x/[1].trace");
        assertThat(expand("r\\*.trace")).containsExactly("r/b.trace");
        assertThat(expand("r\\x\\*.trace")).containsExactly("r/x/[1].trace", "r/x/a.trace");
        assertThat(expand("r\\**\\*.trace")).containsExactly("r/x/[1].trace", "r/x/a.trace");
        String here = system.getPath("").toAbsolutePath().toString();
        assertThat(here).startsWith("C:\\");
        assertThat(expand(here + "\\r\\*.trace")).containsExactly(here.replace('\\', '/') + "/r/b.trace");
    }

    @ParameterizedTest
    @EnumSource
    void aFileWhoseNameLooksLikeAPatternIsItself(Platform platform) throws IOException {
        on(platform, "a[1].trace", "a1.trace");
        assertThat(expand("a[1].trace")).containsExactly("a[1].trace");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkedFolderIsFollowedAndKeepsItsName(Platform platform) throws IOException {
        on(platform, "real/b.trace", "real/x/a.trace");
        link("linked", "real");
        assertThat(expand("linked")).containsExactly("linked/b.trace", "linked/x/a.trace");
        assertThat(expand("linked/*.trace")).containsExactly("linked/b.trace");
    }

    @ParameterizedTest
    @EnumSource
    void aCircleOfLinksHasAnEnd(Platform platform) throws IOException {
        on(platform, "r/a.trace");
        link("r/again", "../r");
        assertThat(expand("r")).containsExactly("r/a.trace");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatLeadsNowhereIsNotLeftOut(Platform platform) throws IOException {
        on(platform, "r/a.trace");
        link("r/lost.trace", "gone.trace");
        link("r/found.trace", "a.trace");
        link("r/lost.txt", "gone.txt");
        List<String> all = List.of("r/a.trace", "r/found.trace", "r/lost.trace");
        assertThat(expand("r")).isEqualTo(all);
        assertThat(expand("r/*.trace")).isEqualTo(all);
        assertThat(expand("r/lost.trace")).containsExactly("r/lost.trace");
        assertThatThrownBy(() -> InputFiles.single(system.getPath("r/lost.trace")))
                .hasMessageContaining("is a link to a file that does not exist");
    }

    @ParameterizedTest
    @EnumSource
    void aFolderNamedLikeATraceIsLookedInto(Platform platform) throws IOException {
        on(platform, "r/x.trace/a.trace");
        assertThat(expand("r")).containsExactly("r/x.trace/a.trace");
    }

    @ParameterizedTest
    @EnumSource
    void whatStandsForNothingIsRefused(Platform platform) throws IOException {
        on(platform, "r/a.scenario", "a.trace");
        refuses("none.trace does not exist", "none.trace");
        refuses("the folder r holds no .trace file", "r");
        refuses("no file matches r/*.trace", "r/*.trace");
        refuses("no file matches none/*.trace", "none/*.trace");
        refuses("no file matches a.trace/*", "a.trace/*");
        refuses("an empty name", "");
        refuses("is not a pattern", "r/[*.trace");
        refuses("no file", "\0*");
        refuses("cannot be the name of a file", "a\0");
    }

    static Stream<String> notOnWindows() {
        return Stream.of("a|b.trace", "a<b", "\"a.trace\"");
    }

    @ParameterizedTest
    @MethodSource("notOnWindows")
    void aNameThatWindowsCannotHaveIsRefusedAndNotACrash(String name) throws IOException {
        on(Platform.WINDOWS, "a.trace");
        refuses("cannot be the name of a file", name);
    }
}
