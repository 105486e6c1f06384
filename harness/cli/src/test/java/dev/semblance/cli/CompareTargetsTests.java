package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/TARGETS.md, "Compare targets": the verb. */
@Timeout(240)
class CompareTargetsTests {

    private static final String CURSOR =
            Path.of("..", "..").resolve("recordings/cursor.trace").toString();

    /** Greets, shows nothing, and has no answer to any command. */
    private static final String MUTE =
            "printf '%s\\n' '{\"semblance\":1,\"capabilities\":[]}'; exec sed -un 's/.*\"id\":\\([0-9]*\\)}.*/{\"id\":\\1}/p";

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("compare-targets"));
        all.addAll(List.of(words));
        if (!all.contains("--target-timeout")) {
            // A busy machine is no reason for a device to have hung.
            all.addAll(List.of("--target-timeout", "60s"));
        }
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        return Semblance.run(Environments.of(terminal), all.toArray(String[]::new));
    }

    private void assertUsage(String sentence, String... words) {
        assertThat(run(words)).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains(sentence);
        assertThat(out.toString()).isEmpty();
    }

    /** Returns what was printed without the ends of lines, at which long ones are wrapped. */
    private String words() {
        return out.toString().replaceAll("\\s+", " ");
    }

    private static String mute() {
        return "mute=pipe:" + MUTE + "'";
    }

    /** Ends before it has taken so many lines. */
    private static String ending(int lines) {
        return "ending=pipe:" + MUTE + ";" + lines + "q5'";
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode cell(JsonNode all, String command, String expected, String target) {
        return stream(all.get("commands"))
                .filter(row -> row.get("command").stringValue().equals(command)
                        && Optional.ofNullable(row.get("expected"))
                                .filter(name -> name.stringValue().equals(expected))
                                .isPresent())
                .flatMap(row -> stream(row.get("cells")))
                .filter(each -> each.get("target").stringValue().equals(target))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oursConformsAndItsEveryCellIsTheReferences() {
        assertThat(run("builtin", "--scripts", "8", CURSOR)).isZero();
        assertThat(out.toString())
                .contains("pass: 5 pictures; 48")
                .contains("The target does as the reference: 1 recording, 8 scripts")
                .doesNotContain("! ", "~ ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aProgramWithoutAnswersStandsInEachCellBesideOurs() {
        assertThat(run("--json", "--scripts", "8", "builtin", mute(), CURSOR)).isEqualTo(1);
        JsonNode all = json();
        JsonNode flush = cell(all, "RESOURCE_FLUSH", "OK_NODATA", "mute");
        assertThat(flush.get("outcomes").get(0).get("outcome").stringValue()).isEqualTo("none");
        assertThat(flush.get("outcomes").get(0).get("standing").stringValue()).isEqualTo("differs");
        assertThat(cell(all, "RESOURCE_FLUSH", "OK_NODATA", "builtin")
                        .get("outcomes")
                        .get(0)
                        .get("standing")
                        .stringValue())
                .isEqualTo("same");
        assertThat(stream(all.get("pictures"))
                        .map(row -> row.get("cells")
                                .get(1)
                                .get("notCompared")
                                .get(0)
                                .get("reason"))
                        .map(JsonNode::stringValue)
                        .distinct())
                .containsExactly("shows none");
        assertThat(all.get("recordings").get(0).get("cells").get(1).get("text").stringValue())
                .isEqualTo("shows no pictures; 42 of 48 answers differ");
        assertThat(all.get("targets").get(0).get("conforms").booleanValue()).isTrue();
        assertThat(all.get("targets").get(1).get("conforms").booleanValue()).isFalse();
    }

    @Test
    void whatAProgramDiedOfStandsInTheCellsBehindThat() {
        assertThat(run("--scripts", "4", ending(9))).isEqualTo(1);
        assertThat(words())
                .contains("not reached: ended with exit")
                .contains("finding 1: the target ended with exit status 5: 4 times, first in script 0, line ");
    }

    @Test
    void aProgramThatHangsIsGivenUpAfterThreeTimes() {
        assertThat(run("--scripts", "6", "--target-timeout", "300ms", "slow=pipe:" + MUTE + ";9{s/.*//;h;:a;ba}'"))
                .isEqualTo(1);
        assertThat(words())
                .contains("not run: it hung 3 times")
                .contains("finding 1: the target hung: ")
                .contains("3 times, first in script ");
    }

    @Test
    void aPlantedFaultIsInTheRowOfItsCommandAlone() throws IOException, InterruptedException {
        String right = "right=" + CDevice.build(folder);
        String blue = "blue=" + CDevice.build(folder, "-DBUG_BLUE");
        assertThat(run("--json", "--scripts", "24", right, blue, CURSOR)).isEqualTo(1);
        JsonNode all = json();
        // The toy has faults of its own; what was planted is a picture, so the answers of the two are the same.
        for (JsonNode row : all.get("commands")) {
            assertThat(row.get("cells").get(1).get("outcomes"))
                    .as(row.toString())
                    .isEqualTo(row.get("cells").get(0).get("outcomes"));
        }
        assertThat(all.get("recordings").get(0).get("cells").get(0).get("text").stringValue())
                .isEqualTo("5 pictures; 1 of 48 answers differs");
        // An answer that differs is a difference, whatever is shown.
        assertThat(all.get("recordings")
                        .get(0)
                        .get("cells")
                        .get(0)
                        .get("standing")
                        .stringValue())
                .isEqualTo("fail");
        assertThat(all.get("recordings").get(0).get("cells").get(1).get("text").stringValue())
                .contains("4 of 5 pictures not as the golden");
        assertThat(differing(all, 1)).isGreaterThan(differing(all, 0));
    }

    private static long differing(JsonNode all, int column) {
        return stream(all.get("pictures"))
                .filter(row -> row.get("command").stringValue().equals("RESOURCE_FLUSH"))
                .flatMap(row -> stream(row.get("cells").get(column).get("outcomes")))
                .filter(outcome -> outcome.get("standing").stringValue().equals("differs"))
                .mapToLong(outcome -> outcome.get("count").longValue())
                .sum();
    }

    @Test
    void aDialectIsOfItsTargetAlone() throws IOException {
        Path dialect = Files.writeString(folder.resolve("mute.toml"), """
                [[deviation]]
                aspect = "answer"
                commands = "*"
                expected = "*"
                actual = "none"
                reason = "it never answers"
                link = "https://example.org/mute"
                """);
        String other = mute().replaceFirst("mute=", "other=");
        assertThat(run("--scripts", "4", "--dialect", "mute=" + dialect, mute(), other))
                .isEqualTo(1);
        assertThat(words())
                .contains("~ none ")
                .contains("! none ")
                .contains("allowed: it never answers (" + dialect + ":1)")
                .contains("1 of 2 targets differs from the reference");
        assertThat(run("--scripts", "4", "--dialect", dialect.toString(), mute(), other))
                .isZero();
    }

    /** Elsewhere a word on standard error ends the test; here answers behind it count, and it is a finding. */
    @Test
    void aWordOnStandardErrorIsAFindingAndEndsNothing() throws IOException {
        String talking = "talking=pipe:echo harmless >&2; echo odd 17 >&2; " + MUTE + "'";
        run("--json", "--scripts", "4", mute());
        JsonNode quiet = json();
        run("--json", "--scripts", "4", talking, CURSOR);
        JsonNode findings = json().get("targets").get(0).get("findings");
        assertThat(stream(findings).map(finding -> finding.get("text").stringValue()))
                .containsExactly(
                        "the target wrote to standard error: harmless", "the target wrote to standard error: odd 17");
        assertThat(findings.get(0).get("count").longValue())
                .as("four scripts and a recording")
                .isEqualTo(5);
        assertThat(json().get("recordings")
                        .get(0)
                        .get("cells")
                        .get(0)
                        .get("text")
                        .stringValue())
                .endsWith("complained (finding 1); complained (finding 2)");
        run("--json", "--scripts", "4", talking);
        assertThat(json().get("targets").get(0).get("compared"))
                .isEqualTo(quiet.get("targets").get(0).get("compared"));

        Path dialect = Files.writeString(folder.resolve("talking.toml"), """
                [[standard-error]]
                line = "harm*"
                reason = "it greets"
                link = "https://example.org/talking"
                """);
        run("--json", "--scripts", "4", "--dialect", dialect.toString(), talking);
        assertThat(stream(json().get("targets").get(0).get("findings"))
                        .map(finding -> finding.get("text").stringValue()))
                .containsExactly("the target wrote to standard error: odd 17");
    }

    @Test
    void twoRunsPrintTheSame() {
        assertThat(run("--scripts", "6", "builtin", mute())).isEqualTo(1);
        String first = out.toString();
        assertThat(run("--scripts", "6", "builtin", mute())).isEqualTo(1);
        assertThat(out.toString()).isEqualTo(first);
        assertThat(first.lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void aScriptRunByItselfDoesWhatItDidAmongTheOthers() {
        run("--json", "--scripts", "4", mute());
        JsonNode among = cell(json(), "RESOURCE_CREATE_2D", "OK_NODATA", "mute").get("outcomes");
        long sum = 0;
        for (int number = 0; number < 4; number++) {
            run("--json", "--script", Integer.toString(number), mute());
            assertThat(json().get("scripts").longValue()).isEqualTo(1);
            sum += stream(json().get("commands"))
                    .filter(row -> row.get("command").stringValue().equals("RESOURCE_CREATE_2D"))
                    .filter(row -> row.has("expected")
                            && row.get("expected").stringValue().equals("OK_NODATA"))
                    .mapToLong(row -> row.get("cells")
                            .get(0)
                            .get("outcomes")
                            .get(0)
                            .get("count")
                            .longValue())
                    .sum();
        }
        assertThat(among.get(0).get("count").longValue()).isEqualTo(sum);
    }

    @Test
    void aScriptIsPrintedForExec() throws IOException {
        for (int number = 0; number < 8; number++) {
            assertThat(run("--script", Integer.toString(number), "--print")).isZero();
            Path script = Files.writeString(folder.resolve("script.jsonl"), out.toString());
            assertThat(out.toString()).startsWith("{\"op\":\"device\",");
            run("--json", "--script", Integer.toString(number), "builtin");
            long cases = stream(json().get("commands"))
                    .mapToLong(row -> row.get("cases").longValue())
                    .sum();
            out.getBuffer().setLength(0);
            Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
            assertThat(Semblance.run(Environments.of(terminal), "exec", script.toString()))
                    .isZero();
            assertThat(Stream.of(out.toString().split("\"used\":", -1)).skip(1)).hasSize((int) cases);
        }
    }

    @Test
    void wordsThatMakeNoSenseAreToldWhatWouldMakeSome() {
        assertUsage("which targets? Name one or more", CURSOR);
        assertUsage("there is no target \"pip:./gpu\": say builtin, vhost-user:COMMAND", "pip:./gpu");
        assertUsage("a recording of that name is ./pip:./gpu", "pip:./gpu");
        assertUsage(
                "two targets are called gpu; give one another name: other=pipe:../gpu", "pipe:./gpu", "pipe:../gpu");
        assertUsage("no target is called tay", "--dialect", "tay=qemu", "toy=pipe:./gpu");
        assertUsage("--scripts is 0 to 1,000,000, not -1", "--scripts", "-1", "builtin");
        assertUsage("say one of them", "--scripts", "3", "--script", "1", "builtin");
        assertUsage(
                "there are 17 targets, and at most 16 can be compared",
                Stream.iterate(1, number -> number + 1)
                        .limit(17)
                        .map(number -> "t" + number + "=builtin")
                        .toArray(String[]::new));
        assertUsage("--print prints one script: say which", "--print", "builtin");
        assertUsage("there is nothing to compare", "--scripts", "0", "builtin");
    }

    @Test
    void aTargetThatCannotBeUsedEndsItBeforeAnythingIsCompared() {
        assertThat(run("--scripts", "2", "builtin", "gone=pipe:./there-is-no-such-program"))
                .isEqualTo(ExitCode.INCOMPATIBLE.code());
        assertThat(err.toString()).startsWith("semblance: gone: the target ");
        assertThat(out.toString()).isEmpty();
    }

    /** What a program says is shown as text, on a page that loads and runs nothing. */
    @Test
    void aPageShowsHostileWordsAsText() throws IOException, ParserConfigurationException, SAXException {
        Path report = folder.resolve("out");
        String evil = "<script>alert(1)</script>\\033[31m\\342\\200\\256&";
        String talking = "bad=pipe:printf '" + evil + "\\n' >&2; " + MUTE + "'";
        assertThat(run("--scripts", "2", "--report", report.toString(), talking, CURSOR))
                .isEqualTo(1);
        String page = Files.readString(report.resolve("index.html"));
        assertThat(page)
                .contains("Content-Security-Policy", "script-src &#39;none&#39;", "&lt;script&gt;alert(1)")
                .doesNotContain("<script", "\u001b", "\u202e", "src=", "@import", "url(");
        // Well-formed, so nothing of it is markup that was not meant.
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);
        assertThat(factory.newDocumentBuilder()
                        .parse(new InputSource(new StringReader(page.replace("<!DOCTYPE html>", ""))))
                        .getElementsByTagName("table")
                        .getLength())
                .isEqualTo(4);
        assertThat(page)
                .contains("<span class=\"badge fail\">Differs</span></td><th scope=\"row\">bad</th>")
                .contains("compare-targets --seed 1 --script 0 --target-timeout 60000ms")
                .contains("replay --target &#39;pipe:printf");
        assertThat(out.toString()).doesNotContain("\u001b").contains("report: " + report.resolve("index.html"));
        assertThat(Files.readAllLines(report.resolve("summary.txt")).getLast()).contains("differs from the reference");
        // It replaces its own page, and nobody else's.
        assertThat(run("--scripts", "0", "--report", report.toString(), "builtin", CURSOR))
                .isZero();
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("index.html"), "mine");
        assertThat(run("--scripts", "2", "--report", mine.toString(), "builtin"))
                .isEqualTo(2);
        assertThat(Files.readString(mine.resolve("index.html"))).isEqualTo("mine");
    }
}
