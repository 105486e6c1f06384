package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.FileNames;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.TraceVerdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a CI system knows a trace by. */
class TestSuiteTests {

    private static final Path ELSEWHERE = Path.of("").toAbsolutePath().resolveSibling("elsewhere");

    private static TestSuite suite(TraceFile trace) {
        return TestSuite.of(new TraceVerdict.Refused(trace, ExitCode.CORRUPT, "no trace"), ReplayTimes.NONE);
    }

    @Test
    void aTraceBelowTheWorkingFolderIsCalledByItsPathFromThere() {
        for (Path folder : new Path[] {Path.of(""), Path.of("").toAbsolutePath(), Path.of("x/..")}) {
            TestSuite suite = suite(TraceFile.of(folder.resolve("a/b.trace")));
            assertThat(suite.name()).isEqualTo("a/b");
            assertThat(suite.file()).isEqualTo("a/b.trace");
        }
    }

    /** By their files' names alone, two would be told apart by their order, and a third could rename them. */
    @Test
    void aTraceElsewhereIsCalledByItsPlaceBelowWhatTheUserNamed() {
        TestSuite suite = suite(TraceFile.below(ELSEWHERE.resolve("all/a/b.trace"), Path.of("a", "b.trace")));
        assertThat(suite.name()).isEqualTo("a/b");
        assertThat(suite.file()).isEqualTo("a/b.trace");
        assertThat(suite(TraceFile.of(ELSEWHERE.resolve("all/b.trace"))).file()).isEqualTo("b.trace");
        assertThat(suite(TraceFile.of(ELSEWHERE.resolve("b.bin"))).file()).isEqualTo("b.bin");
    }

    /** By its own name alone, a trace in one pack would be told from that in another by their order. */
    @Test
    void aTraceInAPackElsewhereIsCalledAfterThePack() {
        assertThat(suite(packed("mon.semblance")).name()).isEqualTo("mon.semblance/trace/t");
        assertThat(suite(packed("tue.semblance")).name()).isEqualTo("tue.semblance/trace/t");
        assertThat(suite(packed("tue.semblance")).file()).isEqualTo("tue.semblance/trace/t.trace");
    }

    private static TraceFile packed(String name) {
        Path pack = ELSEWHERE.resolve(name);
        Path inside = ELSEWHERE.resolveSibling("temporary").resolve("pack");
        FileNames names = FileNames.OWN.with(inside.resolve("recordings"), pack + "/trace");
        return TraceFile.packed(inside.resolve("recordings/t.trace"), pack, inside, names);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aBackslashInANameDividesNothing() {
        assertThat(suite(TraceFile.of(Path.of("a\\b.trace"))).name()).isEqualTo("a\\b");
        assertThat(suite(TraceFile.of(ELSEWHERE.resolve("a\\b.trace"))).file()).isEqualTo("a\\b.trace");
    }

    /** docs/POLICIES.md, "Outputs for CI": the pictures of a snapshot are attachments of its case, and of no other. */
    @Test
    void thePicturesOfASnapshotAreAttachedToItsCase() {
        TestCase failed = new TestCase(
                new ReplaySubject.Snapshot("start"),
                new TestCase.Failed(FailureType.IMAGE, "it differs", List.of("it differs", "by one pixel")),
                Duration.ZERO,
                List.of(Path.of("report", "a", "start.actual.png"), Path.of("report", "a", "start.diff.png")));
        TestCase passed = new TestCase(ReplaySubject.Whole.DEVICE_REPLAY, new TestCase.Passed(List.of()));
        String xml = JunitXml.text(List.of(new TestSuite("a", "a.trace", List.of(passed, failed), false)));
        assertThat(xml)
                .containsOnlyOnce("<system-out>")
                .contains("</failure>\n      <system-out>[[ATTACHMENT|report/a/start.actual.png]]\n"
                        + "[[ATTACHMENT|report/a/start.diff.png]]</system-out>\n    </testcase>");
    }
}
