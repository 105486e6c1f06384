package dev.semblance.junit;

import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.ReplayTimes;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.report.TestCase;
import dev.semblance.harness.report.TestSuite;
import dev.semblance.harness.report.TextReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AssertionFailureBuilder;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.TestAbortedException;

/** One test of a {@link ReplayTest}. Pictures are kept in the folder {@code report} when it fails. */
record CaseContext(ReplayCase about, TestCase.Result result, ReportFolder report)
        implements TestTemplateInvocationContext {

    /** {@return the tests of one trace: its replays, then its snapshots} */
    static List<TestTemplateInvocationContext> of(TraceVerdict verdict, ReportFolder report) {
        return TestSuite.of(verdict, ReplayTimes.NONE).cases().stream()
                .map(one -> new CaseContext(
                        new ReplayCase(verdict.trace().path(), one.subject(), verdict), one.result(), report))
                .map(TestTemplateInvocationContext.class::cast)
                .toList();
    }

    /** {@return another test of the same trace} */
    CaseContext about(ReplaySubject subject, TestCase.Result ofIt) {
        return new CaseContext(new ReplayCase(about.trace(), subject, about.verdict()), ofIt, report);
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return about.verdict().trace().name() + ": " + about.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(new Check(this), new CaseParameter(about));
    }

    /** Ends the test before its own body runs, unless the case passed. */
    private record Check(CaseContext of) implements BeforeTestExecutionCallback {
        @Override
        public void beforeTestExecution(ExtensionContext context) {
            switch (of.result()) {
                case TestCase.Passed passed -> passed.notes().forEach(note -> context.publishReportEntry("note", note));
                // That no machine replay could be done is worth to know; so is that a snapshot was compared with
                // nothing.
                case TestCase.Skipped skipped -> throw new TestAbortedException(skipped.reason());
                case TestCase.Failed failed -> fail(String.join("\n", lines(failed)) + of.kept());
                case TestCase.Errored errored -> fail(errored.message() + of.kept());
            }
        }

        /** The details of a picture begin with the message; those of a replay do not. */
        private static List<String> lines(TestCase.Failed failed) {
            List<String> lines = new ArrayList<>(failed.details());
            if (!lines.contains(failed.message())) {
                lines.addFirst(failed.message());
            }
            return lines;
        }

        private static void fail(String message) {
            AssertionFailureBuilder.assertionFailure().message(message).buildAndThrow();
        }
    }

    /** Writes the trace's pictures and the summary; returns lines that name them. */
    private String kept() {
        try {
            StringBuilder lines = new StringBuilder();
            for (ReportFolder.Written picture : report.writePictures(about.verdict())) {
                if (about.subject().equals(new ReplaySubject.Snapshot(picture.label()))) {
                    lines.append("\n  kept: ").append(picture.file());
                }
            }
            return lines + "\n  report: " + report.writeSummary(TextReport.lines(about.verdict()));
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written: " + e.getMessage(), e);
        }
    }

    private record CaseParameter(ReplayCase about) implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ReplayCase.class;
        }

        @Override
        public ReplayCase resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return about;
        }
    }
}
