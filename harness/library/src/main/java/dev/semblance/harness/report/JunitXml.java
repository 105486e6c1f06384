package dev.semblance.harness.report;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Results as JUnit XML, the way Surefire writes it and CI systems read it (docs/CI.md). A suite is a trace, its cases are the replays
 * and the snapshots. Names are the same in every run and on every host; there are no dates. What a case took is its own wall
 * time, and a suite's is that of its cases together; since both replays of a trace run at the same time, that is more than
 * passed on a clock.
 */
public final class JunitXml {

    /** Stand for what is escaped once all is written; XML can have neither, so that they are in no text. */
    private static final char LINE_FEED = '\ufffe';

    private static final char TAB = '\uffff';

    private JunitXml() {}

    /** Writes a file, whole or not at all. Makes its folder. */
    public static void write(List<TestSuite> suites, Path file) throws IOException {
        OutputFile.write(file, text(suites));
    }

    /** {@return the document} */
    public static String text(List<TestSuite> suites) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            newLine(xml, 0);
            xml.writeStartElement("testsuites");
            xml.writeAttribute("name", "semblance replay");
            sums(xml, suites.stream().flatMap(suite -> suite.cases().stream()).toList());
            Names names = new Names();
            for (TestSuite suite : suites) {
                suite(xml, suite, names.next(suite.name()));
            }
            newLine(xml, 0);
            xml.writeEndElement();
            newLine(xml, 0);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML in memory cannot fail", e);
        }
        return text.toString().replace(String.valueOf(LINE_FEED), "&#10;").replace(String.valueOf(TAB), "&#9;");
    }

    private static void suite(XMLStreamWriter xml, TestSuite suite, String name) throws XMLStreamException {
        newLine(xml, 1);
        xml.writeStartElement("testsuite");
        attribute(xml, "name", name);
        sums(xml, suite.cases());
        newLine(xml, 2);
        xml.writeStartElement("properties");
        newLine(xml, 3);
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", "file");
        attribute(xml, "value", suite.file());
        newLine(xml, 2);
        xml.writeEndElement();
        Names names = new Names();
        for (TestCase test : suite.cases()) {
            newLine(xml, 2);
            xml.writeStartElement("testcase");
            attribute(xml, "name", names.next(test.name()));
            attribute(xml, "classname", name);
            xml.writeAttribute("time", seconds(millis(test)));
            result(xml, test);
            xml.writeEndElement();
        }
        newLine(xml, 1);
        xml.writeEndElement();
    }

    /** Tells names apart that come more than once, for CI systems take equal names for one test. */
    private static final class Names {
        private final Map<String, Integer> seen = new TreeMap<>();

        String next(String name) {
            int times = seen.merge(name, 1, Integer::sum);
            return times == 1 ? name : Text.format("%s (%d)", name, times);
        }
    }

    private static void sums(XMLStreamWriter xml, List<TestCase> cases) throws XMLStreamException {
        xml.writeAttribute("tests", String.valueOf(cases.size()));
        xml.writeAttribute("failures", count(cases, result -> result instanceof TestCase.Failed));
        xml.writeAttribute("errors", count(cases, result -> result instanceof TestCase.Errored));
        xml.writeAttribute("skipped", count(cases, result -> result instanceof TestCase.Skipped));
        xml.writeAttribute(
                "time", seconds(cases.stream().mapToLong(JunitXml::millis).sum()));
    }

    private static String count(List<TestCase> cases, Predicate<TestCase.Result> wanted) {
        return String.valueOf(
                cases.stream().filter(test -> wanted.test(test.result())).count());
    }

    private static void result(XMLStreamWriter xml, TestCase test) throws XMLStreamException {
        List<String> lines = new ArrayList<>();
        switch (test.result()) {
            case TestCase.Passed passed -> lines.addAll(passed.notes());
            case TestCase.Skipped skipped -> {
                newLine(xml, 3);
                xml.writeEmptyElement("skipped");
                attribute(xml, "message", skipped.reason());
            }
            case TestCase.Failed failed ->
                problem(xml, "failure", failed.type().name(), failed.message(), failed.details());
            case TestCase.Errored error -> problem(xml, "error", error.type(), error.message(), List.of());
        }
        // As Jenkins and GitLab read them; anything else prints them.
        test.attachments()
                .forEach(file -> lines.add(
                        Text.format("[[ATTACHMENT|%s]]", file.isAbsolute() ? file : FileNames.divided(file))));
        if (!lines.isEmpty()) {
            newLine(xml, 3);
            xml.writeStartElement("system-out");
            xml.writeCharacters(valid(String.join("\n", lines)));
            xml.writeEndElement();
        }
        if (!lines.isEmpty() || !(test.result() instanceof TestCase.Passed)) {
            newLine(xml, 2);
        }
    }

    private static void problem(XMLStreamWriter xml, String element, String type, String message, List<String> details)
            throws XMLStreamException {
        newLine(xml, 3);
        xml.writeStartElement(element);
        attribute(xml, "type", type);
        attribute(xml, "message", message);
        xml.writeCharacters(valid(details.isEmpty() ? message : String.join("\n", details)));
        xml.writeEndElement();
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        // As they are, a parser takes them for spaces (section 3.3.3), and the writer escapes them in no way.
        xml.writeAttribute(name, valid(value).replace('\n', LINE_FEED).replace('\t', TAB));
    }

    private static void newLine(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }

    /** Whole milliseconds are all that is written, so they are all that is summed. */
    private static long millis(TestCase test) {
        return test.time().toMillis();
    }

    private static String seconds(long millis) {
        return Text.format("%d.%03d", millis / 1_000, millis % 1_000);
    }

    /** {@return a text with U+FFFD for every character that XML 1.0 cannot have at all (section 2.2), escaped or not} */
    private static String valid(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean allowed =
                    c == '\t' || c == '\n' || c >= 0x20 && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x1_0000;
            kept.appendCodePoint(allowed ? c : 0xfffd);
        });
        return kept.toString();
    }
}
