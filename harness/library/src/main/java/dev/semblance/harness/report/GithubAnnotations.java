package dev.semblance.harness.report;

import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Failures as workflow commands, which GitHub shows beside the files they name. It shows ten of a kind for each step and
 * drops the others silently, so there are never more, and the last one says how many there would be.
 */
public final class GithubAnnotations {

    /** How many annotations GitHub shows. */
    static final int MAX = 10;

    private static final int MAX_MESSAGE = 2000;

    private GithubAnnotations() {}

    /** {@return the lines to write to standard output} */
    public static List<String> lines(List<TestSuite> suites) {
        List<String> all = new ArrayList<>();
        for (TestSuite suite : suites) {
            for (TestCase test : suite.cases()) {
                switch (test.result()) {
                    case TestCase.Failed failed ->
                        all.add(error(suite, test, failed.type().name(), failed.message()));
                    case TestCase.Errored error -> all.add(error(suite, test, error.type(), error.message()));
                    case TestCase.Passed passed -> {}
                    case TestCase.Skipped skipped -> {}
                }
            }
        }
        if (all.size() <= MAX) {
            return all;
        }
        List<String> shown = new ArrayList<>(all.subList(0, MAX - 1));
        shown.add(Text.format(
                "::error title=%s::%s",
                property("semblance: more failures"),
                data(Text.format(
                        "%d more failures are not shown here; the job's summary lists all %d.",
                        all.size() - shown.size(), all.size()))));
        return shown;
    }

    private static String error(TestSuite suite, TestCase test, String type, String message) {
        String told = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + " ...";
        return Text.format(
                "::error file=%s,title=%s::%s",
                property(suite.file()),
                property(Text.format("%s: %s: %s", suite.name(), test.name(), type)),
                data(told));
    }

    /** Escapes a message, as actions/toolkit does it. */
    static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    /** Escapes the value of a property, as actions/toolkit does it. */
    static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
