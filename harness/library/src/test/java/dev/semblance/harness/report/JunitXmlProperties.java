package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.ReplaySubject;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** JUnit XML: every text makes a document that parsers accept, and the shape is the one that CI systems know. */
class JunitXmlProperties {

    private static Document parse(String text) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(text)));
    }

    private static String document(String text) {
        return JunitXml.text(List.of(new TestSuite(
                text,
                text,
                List.of(
                        new TestCase(
                                new ReplaySubject.Snapshot(text),
                                new TestCase.Failed(FailureType.IMAGE, text, List.of(text, text))),
                        new TestCase(new ReplaySubject.Snapshot(text), new TestCase.Errored(text, text)),
                        new TestCase(new ReplaySubject.Snapshot(text), new TestCase.Skipped(text)),
                        new TestCase(new ReplaySubject.Snapshot(text), new TestCase.Passed(List.of(text)))),
                Duration.ofMillis(1234),
                false)));
    }

    @Property
    void everyTextMakesAWellFormedDocument(@ForAll String text) throws Exception {
        assertThat(parse(document(text)).getElementsByTagName("testcase").getLength())
                .isEqualTo(4);
    }

    @Example
    void textThatLooksLikeMarkupStaysText() throws Exception {
        String hostile = "]]></failure><x a=\"'&lt;\u0000\u001b\ud800 \ufffe";
        Document document = parse(document(hostile));
        String kept = "]]></failure><x a=\"'&lt;\ufffd\ufffd\ufffd \ufffd";
        Element failure = (Element) document.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo(kept);
        assertThat(failure.getTextContent()).isEqualTo(kept + "\n" + kept);
        assertThat(document.getElementsByTagName("x").getLength()).isZero();
    }

    /** A parser makes a space of each that is not escaped in an attribute (XML 1.0, 3.3.3). */
    @Example
    void lineFeedsAndTabsInAttributesAreStillThereForWhoReadsThem() throws Exception {
        String text = document("a\n\tb");
        assertThat(text).contains("message=\"a&#10;&#9;b\"");
        Element failure = (Element) parse(text).getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("a\n\tb");
        assertThat(failure.getTextContent()).isEqualTo("a\n\tb\na\n\tb");
    }

    @Example
    void theCountsAreThoseOfTheCases() throws Exception {
        Document document = parse(document("t"));
        for (String element : List.of("testsuites", "testsuite")) {
            Element counted = (Element) document.getElementsByTagName(element).item(0);
            assertThat(List.of("tests", "failures", "errors", "skipped", "time"))
                    .extracting(counted::getAttribute)
                    .containsExactly("4", "1", "1", "1", "1.234");
        }
        Element first = (Element) document.getElementsByTagName("testcase").item(0);
        assertThat(first.getAttribute("classname")).isEqualTo("t");
        assertThat(first.getAttribute("time")).isEqualTo("1.234");
    }

    @Example
    void namesThatComeTwiceAreToldApart() throws Exception {
        TestSuite suite = new TestSuite(
                "a",
                "a.trace",
                List.of(
                        new TestCase(new ReplaySubject.Snapshot("x"), new TestCase.Passed(List.of())),
                        new TestCase(new ReplaySubject.Snapshot("x"), new TestCase.Passed(List.of()))),
                Duration.ZERO,
                false);
        String text = JunitXml.text(List.of(suite, suite));
        assertThat(text).contains("testsuite name=\"a\"", "testsuite name=\"a (2)\"");
        assertThat(text).contains("name=\"snapshot x\" classname=\"a\"", "name=\"snapshot x (2)\" classname=\"a\"");
        assertThat(text).contains("name=\"snapshot x (2)\" classname=\"a (2)\"");
    }

    @Example
    void noTracesMakeADocumentToo() throws Exception {
        assertThat(parse(JunitXml.text(List.of())).getDocumentElement().getAttribute("tests"))
                .isEqualTo("0");
    }
}
