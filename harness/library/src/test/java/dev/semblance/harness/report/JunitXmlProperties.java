package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.semblance.harness.replay.ReplaySubject;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** JUnit XML: every text makes a document that parsers accept, and the shape is the one that CI systems know. */
class JunitXmlProperties {

    private static Document parse(String text) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(text)));
    }

    private static TestCase timed(String text, TestCase.Result result, long micros) {
        return new TestCase(
                new ReplaySubject.Snapshot(text), result, Duration.ofNanos(1_000 * micros), List.of(Path.of("a.png")));
    }

    private static String document(String text) {
        TestSuite suite = new TestSuite(
                text,
                text,
                List.of(
                        timed(text, new TestCase.Failed(FailureType.IMAGE, text, List.of(text, text)), 1_234_567),
                        timed(text, new TestCase.Errored(text, text), 999),
                        timed(text, new TestCase.Skipped(text), 0),
                        timed(text, new TestCase.Passed(List.of(text)), 3_600_000_999L)),
                false);
        return JunitXml.text(List.of(suite, suite));
    }

    /**
     * What docs/CI.md promises of each suite, in words of our own: all that Maven Surefire's schema of reports, version 3.0, demands
     * of what stands in our files, and less than it allows.
     */
    private static final String SCHEMA = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
              <xs:simpleType name="seconds">
                <xs:restriction base="xs:string"><xs:pattern value="[0-9]+\\.[0-9]{3}"/></xs:restriction>
              </xs:simpleType>
              <xs:complexType name="problem">
                <xs:simpleContent>
                  <xs:extension base="xs:string">
                    <xs:attribute name="type" type="xs:string" use="required"/>
                    <xs:attribute name="message" type="xs:string" use="required"/>
                  </xs:extension>
                </xs:simpleContent>
              </xs:complexType>
              <xs:complexType name="skipped">
                <xs:attribute name="message" type="xs:string" use="required"/>
              </xs:complexType>
              <xs:complexType name="property">
                <xs:attribute name="name" type="xs:string" use="required"/>
                <xs:attribute name="value" type="xs:string" use="required"/>
              </xs:complexType>
              <xs:complexType name="properties">
                <xs:sequence><xs:element name="property" type="property"/></xs:sequence>
              </xs:complexType>
              <xs:complexType name="testcase">
                <xs:sequence>
                  <xs:element name="failure" type="problem" minOccurs="0"/>
                  <xs:element name="skipped" type="skipped" minOccurs="0"/>
                  <xs:element name="error" type="problem" minOccurs="0"/>
                  <xs:element name="system-out" type="xs:string" minOccurs="0"/>
                </xs:sequence>
                <xs:attribute name="name" type="xs:string" use="required"/>
                <xs:attribute name="classname" type="xs:string" use="required"/>
                <xs:attribute name="time" type="seconds" use="required"/>
              </xs:complexType>
              <xs:element name="testsuite">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="properties" type="properties"/>
                    <xs:element name="testcase" type="testcase" minOccurs="0" maxOccurs="unbounded"/>
                  </xs:sequence>
                  <xs:attribute name="name" type="xs:string" use="required"/>
                  <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
                  <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
                  <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
                  <xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/>
                  <xs:attribute name="time" type="seconds" use="required"/>
                </xs:complexType>
              </xs:element>
            </xs:schema>
            """;

    @Property(tries = 200)
    void eachSuiteIsValidByItself(@ForAll String text) throws Exception {
        Schema schema = SchemaFactory.newDefaultInstance().newSchema(new StreamSource(new StringReader(SCHEMA)));
        NodeList suites = parse(document(text)).getElementsByTagName("testsuite");
        assertThat(suites.getLength()).isEqualTo(2);
        for (int i = 0; i < suites.getLength(); i++) {
            Node suite = suites.item(i);
            assertThatCode(() -> schema.newValidator().validate(new DOMSource(suite)))
                    .doesNotThrowAnyException();
        }
    }

    private static long millis(Element element) {
        return Long.parseLong(element.getAttribute("time").replace(".", ""));
    }

    /** Added up by whoever reads them, the times of the cases are those of the suites, to the last digit. */
    @Example
    void eachCaseHasItsOwnTimeAndASuiteThatOfItsCases() throws Exception {
        Document document = parse(document("t"));
        NodeList cases = document.getElementsByTagName("testcase");
        List<Long> times = IntStream.range(0, 4)
                .mapToObj(i -> millis((Element) cases.item(i)))
                .toList();
        assertThat(times).containsExactly(1_234L, 0L, 0L, 3_600_000L);
        Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("time")).isEqualTo("3601.234");
        assertThat(document.getDocumentElement().getAttribute("time")).isEqualTo("7202.468");
    }

    @Property
    void everyTextMakesAWellFormedDocument(@ForAll String text) throws Exception {
        assertThat(parse(document(text)).getElementsByTagName("testcase").getLength())
                .isEqualTo(8);
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
        Element all = document.getDocumentElement();
        Element one = (Element) document.getElementsByTagName("testsuite").item(0);
        List<String> counts = List.of("tests", "failures", "errors", "skipped");
        assertThat(counts).extracting(all::getAttribute).containsExactly("8", "2", "2", "2");
        assertThat(counts).extracting(one::getAttribute).containsExactly("4", "1", "1", "1");
        Element first = (Element) document.getElementsByTagName("testcase").item(0);
        assertThat(first.getAttribute("classname")).isEqualTo("t");
        Element file = (Element) document.getElementsByTagName("property").item(0);
        assertThat(file.getAttribute("name")).isEqualTo("file");
        assertThat(file.getAttribute("value")).isEqualTo("t");
    }

    @Example
    void namesThatComeTwiceAreToldApart() throws Exception {
        TestSuite suite = new TestSuite(
                "a",
                "a.trace",
                List.of(
                        new TestCase(new ReplaySubject.Snapshot("x"), new TestCase.Passed(List.of())),
                        new TestCase(new ReplaySubject.Snapshot("x"), new TestCase.Passed(List.of()))),
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
