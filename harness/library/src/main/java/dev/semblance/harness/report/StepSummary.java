package dev.semblance.harness.report;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Results as a Markdown table for the page of a job: every trace, every failure, and everything that a rule decided. */
public final class StepSummary {

    /** GitHub drops the whole summary of a step beyond 1 MiB. */
    static final int MAX_BYTES = 1_000_000;

    private StepSummary() {}

    /** Appends the table to a file, which GitHub names in GITHUB_STEP_SUMMARY. */
    public static void append(List<TestSuite> suites, Path file) throws IOException {
        append(suites, 0, file);
    }

    /**
     * Appends the table to a file.
     *
     * @param notRun how many more traces there were, which were not replayed after one that did not pass
     */
    public static void append(List<TestSuite> suites, long notRun, Path file) throws IOException {
        OutputFile.append(file, text(suites, notRun));
    }

    /** {@return the table} */
    public static String text(List<TestSuite> suites) {
        return text(suites, 0);
    }

    private static String text(List<TestSuite> suites, long notRun) {
        long unchecked = suites.stream().filter(TestSuite::unchecked).count();
        long good = suites.stream().filter(TestSuite::isGood).count() - unchecked;
        StringBuilder text = new StringBuilder(Text.format(
                "### Semblance: %d of %s passed%s%s\n\n",
                good,
                Text.count(suites.size(), "trace"),
                unchecked == 0 ? "" : Text.format(", %d unchecked", unchecked),
                notRun == 0 ? "" : Text.format(", %d more not run", notRun)));
        List<String> rows = new ArrayList<>();
        suites.forEach(suite -> rows(suite, rows));
        if (!rows.isEmpty()) {
            text.append("| Trace | Case | Result | What |\n|---|---|---|---|\n");
        }
        int bytes = 0;
        for (int i = 0; i < rows.size(); i++) {
            bytes += rows.get(i).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                text.append(
                        Text.format("\n%s not fit.\n", Text.count(rows.size() - i, "more line does", "more lines do")));
                break;
            }
            text.append(rows.get(i));
        }
        return text.append('\n').toString();
    }

    private static void rows(TestSuite suite, List<String> rows) {
        long good = suite.cases().stream().filter(TestCase::isGood).count();
        rows.add(row(
                suite.name(),
                Text.format("%d of %d", good, suite.cases().size()),
                suite.unchecked() ? "unchecked" : suite.isGood() ? "pass" : "**FAIL**",
                ""));
        for (TestCase test : suite.cases()) {
            switch (test.result()) {
                case TestCase.Failed failed ->
                    rows.add(row(suite.name(), cell(test.name()), "**" + failed.type() + "**", cell(failed.message())));
                case TestCase.Errored error ->
                    rows.add(row(suite.name(), cell(test.name()), "**ERROR**", cell(error.message())));
                case TestCase.Skipped skipped ->
                    rows.add(row(suite.name(), cell(test.name()), "skipped", cell(skipped.reason())));
                case TestCase.Passed passed -> {
                    if (!passed.notes().isEmpty()) {
                        rows.add(row(suite.name(), cell(test.name()), "pass", cell(String.join(" ", passed.notes()))));
                    }
                }
            }
        }
    }

    private static String row(String trace, String test, String result, String what) {
        return Text.format("| %s | %s | %s | %s |\n", cell(trace), test, result, what);
    }

    /** Keeps a text in its cell, and Markdown and HTML from reading anything into it. */
    static String cell(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> kept.append("&amp;");
                case '<' -> kept.append("&lt;");
                case '>' -> kept.append("&gt;");
                case '|', '\\', '`', '*', '_', '[', ']', '~', '#', '@', '!' ->
                    kept.append("&#").append(c).append(';');
                case '\n', '\r', '\t' -> kept.append(' ');
                default -> kept.appendCodePoint(Printable.isHidden(c) ? 0xfffd : c);
            }
        });
        return kept.toString();
    }
}
