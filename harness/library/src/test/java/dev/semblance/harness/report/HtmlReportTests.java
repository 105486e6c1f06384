package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.TraceVerdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The report as a document: whole, safe, and complete without a script. */
class HtmlReportTests {

    private static final List<String> LOADING = List.of("src", "data", "poster", "action", "srcset", "style");

    @TempDir
    private static Path folder = Path.of("");

    private static List<TraceVerdict> verdicts = List.of();

    @BeforeAll
    static void replay() throws IOException {
        ReportFixture fixture = new ReportFixture(folder);
        verdicts = List.of(
                fixture.passing(),
                fixture.differing(),
                fixture.masked(ReportFixture.HOSTILE.replace("'", "").replaceAll("\\p{Cc}", "")),
                fixture.missing(),
                fixture.diverging(),
                fixture.hostileManifest(),
                ReportFixture.hostile());
    }

    private static String title(TraceVerdict... verdicts) {
        String html = ReportFixture.report(folder.resolve("titles.html"), verdicts);
        return html.substring(html.indexOf("<h1>") + 4, html.indexOf("</h1>"));
    }

    @Test
    void theTitleSpeaksOfOthersOnlyWhereThereAreSome() throws IOException {
        TraceVerdict unchecked = new ReportFixture(Files.createDirectories(folder.resolve("titles"))).unchecked();
        TraceVerdict passing = verdicts.getFirst();
        TraceVerdict failing = verdicts.get(1);
        assertThat(title(unchecked)).isEqualTo("1 recording unchecked");
        assertThat(title(unchecked, unchecked)).isEqualTo("All 2 recordings unchecked");
        assertThat(title(unchecked, passing)).isEqualTo("1 of 2 recordings unchecked, the other passed");
        assertThat(title(unchecked, passing, passing)).isEqualTo("1 of 3 recordings unchecked, the others passed");
        assertThat(title(unchecked, failing)).isEqualTo("1 of 2 recordings unchecked, 1 failed");
        assertThat(title(passing, passing)).isEqualTo("All 2 recordings passed");
    }

    private String report() {
        return ReportFixture.report(folder.resolve("new/report.html"), verdicts.toArray(new TraceVerdict[0]));
    }

    /** Full pictures as far as there is room, then small ones with links, then links alone; the page says so. */
    @Test
    void aPageWithManyPicturesHasRoomForSomeAndLinksToTheOthers() throws IOException {
        TraceVerdict differing = verdicts.get(1);
        TraceVerdict passing = verdicts.getFirst();
        Path page = folder.resolve("r/page.html");
        ReportFolder.Written written = new ReportFolder.Written("end", folder.resolve("r/a b/end.actual.png"));
        String full = page(page, new ReportImages.Room(64 << 20, 64 << 20), differing, passing, written);
        assertThat(full).doesNotContain("at most").doesNotContain("no room").contains("class=\"compare\"");
        String small = page(page, new ReportImages.Room(0, 64 << 20), differing, passing, written);
        assertThat(small)
                .contains("This page has at most 0 MiB of pictures. Those of 2 snapshots are not in it in full")
                .contains("There was no room for its pictures in this page.")
                .contains("<a href=\"./a%20b/end.actual.png\">end.actual.png</a>")
                .contains("class=\"thumb\"")
                .doesNotContain("class=\"compare\"");
        String none = page(page, new ReportImages.Room(0, 0), differing, passing, written);
        assertThat(none).contains("end.actual.png</a>").doesNotContain("data:image");
        assertThat(small.length()).isBetween(none.length() + 1, full.length() - 1);
    }

    private static String page(
            Path page, ReportImages.Room room, TraceVerdict failing, TraceVerdict passing, ReportFolder.Written written)
            throws IOException {
        try (HtmlReport report = new HtmlReport(page, ReportFixture.ORIGIN, room)) {
            report.add(failing, Optional.empty(), List.of(written));
            report.add(passing);
            report.finish();
            return Files.readString(page);
        }
    }

    @Test
    void whatWasNotReplayedIsSaidOnce() {
        // The hostile reason, which says on its own why there was no machine replay.
        assertThat(report()).contains(" events; &quot;").doesNotContain("not done: ");
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.replaceFirst("<!DOCTYPE html>", ""))));
    }

    private static List<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void itIsWellFormedAndEveryReferenceIsMet() throws Exception {
        Document document = parse(report());
        List<String> ids = elements(document, "*").stream()
                .map(element -> element.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        for (Element element : elements(document, "*")) {
            for (String attribute : List.of("for", "aria-labelledby")) {
                if (element.hasAttribute(attribute)) {
                    assertThat(ids).contains(element.getAttribute(attribute));
                }
            }
            if (element.getAttribute("href").startsWith("#")) {
                assertThat(ids).contains(element.getAttribute("href").substring(1));
            }
        }
    }

    @Test
    void itLoadsNothing() throws Exception {
        Document document = parse(report());
        for (Element element : elements(document, "*")) {
            for (String attribute : LOADING) {
                assertThat(element.hasAttribute(attribute))
                        .as("%s %s", element.getTagName(), attribute)
                        .isFalse();
            }
            String href = element.getAttribute("href");
            if (!href.isEmpty()) {
                assertThat(href)
                        .matches(
                                element.getTagName().equals("image")
                                        ? "data:image/png;base64,[A-Za-z0-9+/=]+"
                                        : "#[a-z0-9-]+|https://example.org/bugs/17");
            }
        }
        assertThat(elements(document, "link")).isEmpty();
        assertThat(elements(document, "style").getFirst().getTextContent()).doesNotContain("url(", "@import");
    }

    @Test
    void thePolicyForContentAllowsItsOwnStyleAndScriptAndNothingElse() throws Exception {
        Document document = parse(report());
        String policy = elements(document, "meta").stream()
                .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .map(meta -> meta.getAttribute("content"))
                .findFirst()
                .orElseThrow();
        assertThat(policy)
                .isEqualTo(
                        "default-src 'none'; img-src data:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
                        hash(elements(document, "style")), hash(elements(document, "script")));
    }

    private static String hash(List<Element> only) throws Exception {
        assertThat(only).hasSize(1);
        byte[] code = only.getFirst().getTextContent().getBytes(StandardCharsets.UTF_8);
        return "sha256-"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(code));
    }

    @Test
    void whatTracesAndFilesSayIsNeverMarkup() throws Exception {
        String html = report();
        assertThat(html).doesNotContain("<img", "\u202e", "\u0007", "&amp;amp;amp;");
        Document document = parse(html);
        assertThat(elements(document, "img")).isEmpty();
        assertThat(elements(document, "script")).hasSize(1);
        assertThat(document.getDocumentElement().getTextContent())
                .contains("\"><img src=x onerror=alert(1)>'$(id)\\u{202e}\\u{7}&amp;");
        for (Element element : elements(document, "*")) {
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                assertThat(element.getAttributes().item(i).getNodeName()).doesNotStartWith("on");
            }
        }
    }

    @Test
    void theFindingsStandInItWithoutAScript() throws Exception {
        String text = parse(report()).getDocumentElement().getTextContent();
        assertThat(text)
                .contains("5 of 7 recordings failed", "semblance 1.2.3", "Java 25 on Test")
                .contains("3 of 786432 pixels differ, within 3x1 at (40, 5)")
                .contains("(40, 5) expected", "Decided by: every pixel has to be as in the golden")
                .contains("which allows 1 mask", "Not compared: 60x10 at (30, 2)", "https://example.org/bugs/17")
                .contains("has no golden")
                .contains("Device replay: first difference at event ")
                .contains("ERR_INVALID_RESOURCE_ID", "decoded.response.type first difference")
                .contains("./semblance replay --device " + folder.resolve("diverging.trace"))
                .contains("It was not replayed: no: ");
    }

    @Test
    void theTimelineHasWhatCameBeforeAndAfter() throws Exception {
        Document document = parse(report());
        List<String> kinds = elements(document, "li").stream()
                .filter(line -> line.getParentNode().getNodeName().equals("ol"))
                .filter(line -> ((Element) line.getParentNode().getParentNode())
                        .getAttribute("class")
                        .equals("divergence"))
                .map(line -> line.getAttribute("class"))
                .toList();
        // Two of the recordings diverge.
        assertThat(String.join(" ", kinds).split("after (?=before)", -1))
                .hasSize(2)
                .allMatch(line -> line.trim().matches("(before ){8,24}expected actual( after){4,6}"));
    }

    @Test
    void everyPictureIsInItOnceAndIsWhatWasCompared() throws Exception {
        String html = report();
        Matcher matcher =
                Pattern.compile("href=\"data:image/png;base64,([^\"]+)\"").matcher(html);
        List<String> pictures = new ArrayList<>();
        while (matcher.find()) {
            pictures.add(matcher.group(1));
        }
        // The golden and the actual picture, each of which several recordings have, and where they differ.
        assertThat(pictures).doesNotHaveDuplicates();
        for (String picture : pictures) {
            assertThat(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(picture))))
                    .isNotNull();
        }
        assertThat(pictures).hasSizeBetween(3, 4);
    }

    @Test
    void theSameVerdictsGiveTheSameBytesAndNothingElseIsLeft() throws IOException {
        assertThat(report()).isEqualTo(report());
        try (Stream<Path> files = Files.list(folder.resolve("new"))) {
            assertThat(files).extracting(Path::getFileName).containsExactly(Path.of("report.html"));
        }
    }

    /** What is measured is said where it is known, and nowhere else. */
    @Test
    void howLongItTookIsSaidOfEachRecordingAndOfAll() throws Exception {
        Path file = folder.resolve("times/report.html");
        ReplayTimes times = new ReplayTimes(
                Duration.ofMillis(12_345),
                Map.of(
                        ReplaySubject.Whole.DEVICE_REPLAY,
                        Duration.ofMillis(59_949),
                        ReplaySubject.Whole.MACHINE_REPLAY,
                        Duration.ofMillis(59_950),
                        new ReplaySubject.Snapshot("a"),
                        Duration.ofMillis(30),
                        new ReplaySubject.Snapshot("b"),
                        Duration.ofMillis(8)));
        try (HtmlReport report = new HtmlReport(file, ReportFixture.ORIGIN)) {
            report.add(verdicts.getFirst(), Optional.of(times), List.of());
            report.add(verdicts.get(1));
            report.finish(0, Optional.of(Duration.ofSeconds(3_725)));
        }
        String html = Files.readString(file);
        assertThat(html)
                .contains(" · replayed in 62 min 5 s</p>")
                .contains(
                        "It took 12.3 s: device replay 59.9 s, machine replay 1 min 0 s, comparison with goldens 38 ms.")
                .containsOnlyOnce("It took ");
        assertThat(elements(parse(html), "td").stream()
                        .filter(cell -> cell.getAttribute("class").equals("time"))
                        .map(Element::getTextContent))
                .containsExactly("12.3 s", "");
        assertThat(report()).doesNotContain("It took ", "replayed in ", "class=\"time\"", ">Time<");
    }

    @Test
    void aReportThatIsNotFinishedLeavesNothing() throws IOException {
        Path file = folder.resolve("half/report.html");
        try (HtmlReport report = new HtmlReport(file, ReportFixture.ORIGIN)) {
            report.add(verdicts.getFirst());
        }
        assertThat(folder.resolve("half")).doesNotExist();
    }

    @Test
    void whatPassedIsSaidToHavePassed() throws Exception {
        String html = ReportFixture.report(folder.resolve("pass.html"), verdicts.getFirst());
        assertThat(parse(html).getElementsByTagName("h1").item(0).getTextContent())
                .isEqualTo("1 recording passed");
        assertThat(html).contains("class=\"thumb\"", "1 passed");
    }
}
