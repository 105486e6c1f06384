package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.replay.PictureKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report leaves in its folder, and what the next one removes of that. */
class ReportFolderTests {

    private static final Frame RED = Frame.solid(2, 2, 0xffff_0000);

    @TempDir
    private Path temporary = Path.of("");

    private Path folder() {
        return temporary.resolve("report");
    }

    private static TraceFile trace(String path) {
        return TraceFile.of(Path.of(path));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(temporary)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> temporary.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private Path report(TraceFile... traces) throws IOException {
        ReportFolder report = new ReportFolder(folder(), List.of(traces));
        for (TraceFile trace : traces) {
            report.keeper(trace, PictureKeeper.IN_MEMORY).keep("end", true, RED);
        }
        Files.writeString(report.page(), "page");
        return report.writeSummary(List.of("FAIL"));
    }

    @Test
    void whatAReportLeftIsRemovedWithItsFolders() throws IOException {
        report(trace("t.trace"));
        assertThat(left())
                .containsExactly(
                        "report/" + ReportFolder.LIST,
                        "report/index.html",
                        "report/summary.txt",
                        "report/t/end.actual.png");
        ReportFolder.removeOld(folder());
        assertThat(folder()).doesNotExist();
        ReportFolder.removeOld(folder());
    }

    @Test
    void filesOfOthersStay() throws IOException {
        report(trace("t.trace"));
        Files.writeString(folder().resolve("notes.txt"), "mine");
        Files.writeString(folder().resolve("t/other.actual.png"), "mine");
        ReportFolder.removeOld(folder());
        assertThat(left()).containsExactly("report/notes.txt", "report/t/other.actual.png");
    }

    @Test
    void aFolderWithoutTheListIsLeftAlone() throws IOException {
        report(trace("t.trace"));
        Files.delete(folder().resolve(ReportFolder.LIST));
        List<String> before = left();
        ReportFolder.removeOld(folder());
        assertThat(left()).isEqualTo(before).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../victim.actual.png",
                "t/../../victim.actual.png",
                "/victim.actual.png",
                "./index.html",
                "t//x.actual.png",
                "link/victim.actual.png",
                "notes.txt",
                "golden/t/end.png",
                "t/end.actual.png\0",
                ""
            })
    void aListThatNamesWhatNoReportWritesRemovesNoneOfIt(String name) throws IOException {
        Path victim = Files.createDirectories(temporary.resolve("victims")).resolve("victim.actual.png");
        Files.writeString(victim, "mine");
        Files.writeString(temporary.resolve("victim.actual.png"), "mine");
        Files.createDirectories(folder().resolve("golden/t"));
        Files.writeString(folder().resolve("golden/t/end.png"), "mine");
        Files.writeString(folder().resolve("notes.txt"), "mine");
        Files.createSymbolicLink(folder().resolve("link"), victim.getParent());
        List<String> before = left();
        Files.writeString(
                folder().resolve(ReportFolder.LIST),
                "Files of a Semblance report; the next replay removes them.\n" + name + "\n");
        ReportFolder.removeOld(folder());
        assertThat(left()).isEqualTo(before);
    }

    @Test
    void tracesOfTheSameNameHavePlacesOfTheirOwn() throws IOException {
        report(trace("a/t.trace"), trace("b/t.trace"), trace("...trace"));
        assertThat(left())
                .contains("report/t/end.actual.png", "report/t (2)/end.actual.png", "report/_/end.actual.png")
                .allMatch(file -> file.startsWith("report/"));
    }

    /** In no case may a folder of pictures have the place of a file that the report writes, or the report cannot be written. */
    @ParameterizedTest
    @ValueSource(strings = {"summary.txt", "index.html", "Index.HTML", ".semblance-report", "t/end.actual.png"})
    void aTraceCalledLikeAFileOfTheReportTakesNoPlaceFromIt(String name) throws IOException {
        Path all = Path.of("traces");
        report(
                TraceFile.of(Path.of("t.trace")),
                TraceFile.below(all.resolve(name + ".trace"), Path.of(name + ".trace")),
                TraceFile.below(all.resolve(name + "/x.trace"), Path.of(name + "/x.trace")));
        assertThat(left())
                .containsExactlyInAnyOrder(
                        "report/" + ReportFolder.LIST,
                        "report/index.html",
                        "report/summary.txt",
                        "report/t/end.actual.png",
                        "report/" + name + "_/end.actual.png",
                        "report/" + name + "_/x/end.actual.png");
        ReportFolder.removeOld(folder());
        assertThat(folder()).doesNotExist();
    }

    @Test
    void namesThatDifferInCapitalLettersAloneHavePlacesOfTheirOwn() throws IOException {
        report(trace("a/t.trace"), trace("b/T.trace"));
        assertThat(left()).contains("report/t/end.actual.png", "report/T (2)/end.actual.png");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void picturesOfATraceWithABackslashInItsNameAreRemovedToo() throws IOException {
        report(trace("a\\b.trace"));
        assertThat(left()).contains("report/a\\b/end.actual.png");
        ReportFolder.removeOld(folder());
        assertThat(folder()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {ReportFolder.SUMMARY, ReportFolder.HTML})
    void aFileOfSomebodyElseIsNotTakenForTheReports(String name) throws IOException {
        ReportFolder.checkIsFree(folder());
        Path theirs = Files.writeString(Files.createDirectories(folder()).resolve(name), "mine");
        assertThatThrownBy(() -> ReportFolder.checkIsFree(folder()))
                .isInstanceOf(UnwritableException.class)
                .hasMessageContainingAll(theirs.toString(), "it was not written by a replay; name another folder");
        Files.writeString(folder().resolve(ReportFolder.LIST), "a list of something else\n" + name + "\n");
        assertThatThrownBy(() -> ReportFolder.checkIsFree(folder())).isInstanceOf(UnwritableException.class);
        assertThat(theirs).content().isEqualTo("mine");
    }

    @Test
    void whatAReportLeftIsFreeForTheNext() throws IOException {
        report(trace("t.trace"));
        ReportFolder.checkIsFree(folder());
    }

    @Test
    void aPictureOfASnapshotThatPassesIsNobodysToLookAt() throws IOException {
        KeptPicture kept = new ReportFolder(folder(), List.of())
                .keeper(trace("t.trace"), PictureKeeper.IN_MEMORY)
                .keep("end", false, RED);
        assertThat(kept).isEqualTo(new KeptPicture.InMemory(RED));
        assertThat(left()).isEmpty();
    }
}
