package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.ReplaySubject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What GitHub is given: annotations and the summary of a step. */
class GithubTests {

    @TempDir
    private Path folder = Path.of("");

    private static TestSuite failing(String name, int failures, String message) {
        return new TestSuite(
                name,
                name + ".trace",
                IntStream.range(0, failures)
                        .mapToObj(i -> new TestCase(
                                new ReplaySubject.Snapshot("s" + i),
                                new TestCase.Failed(FailureType.IMAGE, message, List.of())))
                        .toList(),
                false);
    }

    @Test
    void textIsEscapedAsTheToolkitDoesIt() {
        assertThat(GithubAnnotations.lines(List.of(failing("a,b:c", 1, "50%\r\n::error::x"))))
                .containsExactly(
                        "::error file=a%2Cb%3Ac.trace,title=a%2Cb%3Ac%3A snapshot s0%3A IMAGE::50%25%0D%0A::error::x");
    }

    @Test
    void thereAreNeverMoreThanTenAndTheLastSaysHowManyThereWouldBe() {
        assertThat(GithubAnnotations.lines(List.of(failing("a", 10, "m")))).hasSize(10);
        assertThat(GithubAnnotations.lines(List.of(failing("a", 10, "m"))).getLast())
                .contains("snapshot s9");
        List<String> many = GithubAnnotations.lines(List.of(failing("a", 7, "m"), failing("b", 18, "m")));
        assertThat(many).hasSize(10);
        assertThat(many.getLast())
                .isEqualTo("::error title=semblance%3A more failures::16 more failures are not shown here; the job's"
                        + " summary lists all 25.");
        assertThat(GithubAnnotations.lines(List.of(failing("a", 0, "m")))).isEmpty();
    }

    @Test
    void theSummaryIsAppendedAndListsEverything() throws IOException {
        Path file = Files.writeString(folder.resolve("summary.md"), "before\n");
        TestSuite good = new TestSuite(
                "good",
                "good.trace",
                List.of(
                        new TestCase(new ReplaySubject.Snapshot("a"), new TestCase.Passed(List.of("by the rule"))),
                        new TestCase(new ReplaySubject.Snapshot("b"), new TestCase.Passed(List.of()))),
                false);
        StepSummary.append(List.of(good, failing("bad", 12, "a|b\n<img>")), file);
        assertThat(Files.readAllLines(file, StandardCharsets.UTF_8))
                .contains(
                        "before",
                        "### Semblance: 1 of 2 traces passed",
                        "| good | 2 of 2 | pass |  |",
                        "| good | snapshot a | pass | by the rule |",
                        "| bad | 0 of 12 | **FAIL** |  |",
                        "| bad | snapshot s11 | **IMAGE** | a&#124;b &lt;img&gt; |")
                .noneMatch(line -> line.contains("snapshot b"));
    }

    @Test
    void aSummaryStaysBelowWhatGithubTakes() {
        String text = StepSummary.text(List.of(failing("bad", 300, "x".repeat(10_000))));
        assertThat(text.length()).isLessThan(1 << 20);
        assertThat(text).containsPattern("\n[0-9]+ more lines do not fit\\.\n");
    }
}
