package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/LINT.md: the verb. */
class LintTests {

    /** A driver that destroys what it shows seven times, and once uses a resource that is not there. */
    private static final String SCRIPT =
            """
            {"command":{"type":"RESOURCE_CREATE_2D","resourceId":1,"format":"B8G8R8X8","width":4,"height":2}}
            {"command":{"type":"SET_SCANOUT","rect":{"x":0,"y":0,"width":4,"height":2},"scanoutId":0,"resourceId":1}}
            {"command":{"type":"RESOURCE_FLUSH","rect":{"x":0,"y":0,"width":4,"height":2},"resourceId":1}}
            {"command":{"type":"RESOURCE_UNREF","resourceId":1}}
            """.repeat(7) + "{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":9}}\n";

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path trace = Path.of("");

    @BeforeEach
    void record() {
        trace = folder.resolve("driver.trace");
        new ExecCommand(Environments.of(
                        new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false),
                        new ByteArrayInputStream(SCRIPT.getBytes(StandardCharsets.UTF_8))))
                .run(new ExecCommand.Request(Optional.empty(), Optional.of(trace), false, false, false));
    }

    private int lint(String... options) {
        out.getBuffer().setLength(0);
        String[] words = new String[options.length + 1];
        words[0] = "lint";
        System.arraycopy(options, 0, words, 1, options.length);
        return Semblance.run(Environments.of(new Terminal(new PrintWriter(out), new PrintWriter(err), false)), words);
    }

    @Test
    void theFirstFindingsOfEachRuleAreShownTheOthersCounted() {
        assertThat(lint(trace.toString())).isEqualTo(ExitCode.MISMATCH.code());
        assertThat(out.toString().lines()).first().isEqualTo(trace.toString());
        assertThat(out.toString())
                .contains("suspicious unwritten-pixels-shown: of resource 1, pixels in 4x2+0+0 are shown, and nothing"
                        + " was ever written to them (VIRTIO 1.2, 5.7.6.8)")
                .contains("  and 2 more of unref-while-shown")
                .contains("illegal command-refused: RESOURCE_UNREF is refused with ERR_INVALID_RESOURCE_ID")
                .endsWith(System.lineSeparator() + "  1 illegal, 14 suspicious" + System.lineSeparator());
    }

    @Test
    void jsonHasAllOfThemAndTheCounts() {
        assertThat(lint("--json", trace.toString())).isEqualTo(ExitCode.MISMATCH.code());
        JsonNode node = JsonMapper.builder()
                .build()
                .readTree(out.toString())
                .get("traces")
                .get(0);
        assertThat(node.get("trace").stringValue()).isEqualTo(trace.toString());
        assertThat(node.get("complete").booleanValue()).isTrue();
        assertThat(node.get("counts").get("unref-while-shown").intValue()).isEqualTo(7);
        assertThat(node.get("findings")).hasSize(15);
        JsonNode last = node.get("findings").get(14);
        assertThat(last.get("rule").stringValue()).isEqualTo("command-refused");
        assertThat(last.get("severity").stringValue()).isEqualTo("illegal");
        assertThat(last.get("section").stringValue()).isEqualTo("5.7.6.7");
        assertThat(last.get("sequence").longValue()).isPositive();
    }

    @Test
    void aRuleThatIsDisabledIsNotAsked() {
        assertThat(lint(
                        "--disable",
                        "command-refused,unref-while-shown",
                        "--disable",
                        "unwritten-pixels-shown",
                        trace.toString()))
                .isZero();
        assertThat(out.toString()).endsWith("  nothing found" + System.lineSeparator());
    }

    @Test
    void aRuleThatIsNotThereIsToldWithTheNearestOne() {
        assertThat(lint("--disable", "cursor-sise", trace.toString())).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("there is no rule \"cursor-sise\"; did you mean cursor-size?");
    }

    @Test
    void aRuleWithoutANameIsAskedFor() {
        assertThat(lint("--disable", "", trace.toString())).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString())
                .contains("--disable wants the names of rules, with commas between them; --list shows them")
                .doesNotContain("there is no rule");
    }

    @Test
    void theRulesAreListedWithoutATrace() {
        assertThat(lint("--list")).isZero();
        assertThat(out.toString()).contains("transfer-offset").contains("5.7.6.8");
        assertThat(lint("--list", "--json")).isZero();
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(out.toString())
                        .get("rules")
                        .size())
                .isGreaterThan(30);
        assertThat(lint("--list", trace.toString())).isEqualTo(ExitCode.USAGE.code());
        assertThat(lint()).isEqualTo(ExitCode.USAGE.code());
    }

    @Test
    void onTheRecordingsThatShipNothingIsFound() {
        assertThat(lint("--json", Path.of("..", "..", "recordings").toString()))
                .as(out.toString())
                .isZero();
        assertThat(JsonMapper.builder().build().readTree(out.toString()).get("traces"))
                .hasSize(25);
    }
}
