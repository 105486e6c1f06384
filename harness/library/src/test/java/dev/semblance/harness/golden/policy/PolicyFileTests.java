package dev.semblance.harness.golden.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.SemblanceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/POLICIES.md: what a policy can say, and the sentence for everything that it cannot. */
class PolicyFileTests {

    private static final LocalDate TODAY = LocalDate.of(2027, 1, 31);

    private static final String HEAD = """
            [[snapshot]]
            trace = "boot"
            label = "end"
            reason = "why"
            """;

    @TempDir
    private Path folder = Path.of("");

    private static Policy parse(String text) {
        return PolicyFile.parse("p.toml", text, TODAY);
    }

    private static Rule only(String text) {
        return parse(text).rules().getFirst();
    }

    @Test
    void everyKeyHasItsPlace() {
        Policy policy = parse("""
                # What differs, and why.
                [[snapshot]]
                trace = "b*"
                label = "end"
                reason = "the blinking cursor"
                tolerance = { max-channel-delta = 2, max-pixels = 40 }
                masks = [
                  { x = 0, y = 16, width = 8, height = 4 },
                  { x = 9, y = 0, width = 1, height = 1 },
                ]
                alternatives = ["end.alt-1.png", "old.ppm"]
                expires = 2027-01-31

                [[snapshot]]
                trace = "flips"
                label = "?"
                reason = "tears"
                alternatives = true
                bug = "https://example.org/2"

                [[snapshot]]
                trace = "typing"
                label = "*"
                reason = "wrong colours"
                expected-failure = "https://example.org/1"
                """);
        assertThat(policy.today()).isEqualTo(TODAY);
        assertThat(policy.rules())
                .containsExactly(
                        new Rule(
                                "p.toml",
                                2,
                                new Glob("b*"),
                                new Glob("end"),
                                "the blinking cursor",
                                Optional.of(new Tolerance(2, 40)),
                                List.of(new PixelRect(0, 16, 8, 4), new PixelRect(9, 0, 1, 1)),
                                new Alternatives.Named(List.of("end.alt-1.png", "old.ppm")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(TODAY)),
                        new Rule(
                                "p.toml",
                                14,
                                new Glob("flips"),
                                new Glob("?"),
                                "tears",
                                Optional.empty(),
                                List.of(),
                                new Alternatives.Numbered(),
                                Optional.empty(),
                                Optional.of("https://example.org/2"),
                                Optional.empty()),
                        new Rule(
                                "p.toml",
                                21,
                                new Glob("typing"),
                                new Glob("*"),
                                "wrong colours",
                                Optional.empty(),
                                List.of(),
                                new Alternatives.None(),
                                Optional.of("https://example.org/1"),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void anEmptyFileAsksForExactPictures() {
        assertThat(parse("").rules()).isEmpty();
        assertThat(parse("# nothing\n").isExact("boot")).isTrue();
    }

    @Test
    void aRuleAppliesOnItsLastDayAndNoLonger() {
        Rule rule = only(HEAD + "alternatives = true\nexpires = 2027-01-31\n");
        assertThat(rule.isExpired(TODAY)).isFalse();
        assertThat(rule.isExpired(TODAY.plusDays(1))).isTrue();
    }

    @Test
    void theFirstRuleThatHasNotExpiredDecides() {
        Policy policy = parse(HEAD + "alternatives = true\nexpires = 2027-01-30\n" + HEAD.replace("boot", "*")
                + "expected-failure = \"https://a.b/1\"\n" + HEAD + "alternatives = true\n");
        assertThat(policy.ruleFor("boot", "end")).contains(policy.rules().get(1));
        assertThat(policy.expiredFor("boot", "end"))
                .containsExactly(policy.rules().getFirst());
        assertThat(policy.expiredFor("other", "end")).isEmpty();
        assertThat(policy.ruleFor("boot", "start")).isEmpty();
        assertThat(policy.isExact("boot")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    alternatives = true\\nfuzz = 1            | line 6: fuzz is no key here; known are trace, label, reason
                    tolerance = 3                             | line 5: tolerance must be a table such as
                    tolerance = { max-pixels = 3 }            | line 5: tolerance.max-channel-delta is missing
                    tolerance = { max-channel-delta = 1 }     | line 5: tolerance.max-pixels is missing
                    tolerance = { max-channel-delta = 0, max-pixels = 1 } | line 5: tolerance.max-channel-delta is 0, but must be a whole number from 1 to 255
                    tolerance = { max-channel-delta = 1, max-pixels = 1.5 } | line 5: tolerance.max-pixels must be a whole number
                    tolerance = { max-channel-delta = 1, max-pixels = 1, percent = 2 } | line 5: tolerance.percent is no key here
                    masks = []                                | line 5: masks must have 1 to 256 rectangles
                    masks = 4                                 | line 5: masks must be a list of tables
                    masks = [1]                               | line 5: masks must be a list of tables
                    masks = [{x=0,y=0,width=1}]               | line 5: masks[0].height is missing
                    masks = [{x=0,y=0,width=0,height=1}]      | line 5: masks[0].width is 0, but must be a whole number from 1 to 16384
                    masks = [{x=-1,y=0,width=1,height=1}]     | line 5: masks[0].x is -1, but must be
                    masks = [{x=0,y=0,width=9223372036854775807,height=1}] | line 5: masks[0].width is 9223372036854775807, but
                    alternatives = false                      | line 5: alternatives must be true, or a list
                    alternatives = 'end.alt-1.png'            | line 5: alternatives must be true, or a list
                    alternatives = []                         | line 5: alternatives must have 1 to 64 file names
                    alternatives = [1]                        | line 5: alternatives must be true, or a list
                    alternatives = ["../x.png"]               | line 5: alternatives has "../x.png", which is not the plain name
                    alternatives = ["/etc/x.png"]             | line 5: alternatives has "/etc/x.png", which is not the plain name
                    alternatives = ["x.jpg"]                  | line 5: alternatives has "x.jpg", which is not the plain name
                    expected-failure = true                   | line 5: expected-failure must be a string
                    expected-failure = "soon"                 | line 5: expected-failure must be the link of a bug report
                    alternatives = true\\nbug = "#12"         | line 6: bug must be the link of a bug report
                    alternatives = true\\nexpires = "2027-01-31" | line 6: expires must be a date such as 2027-01-31, without quotes
                    alternatives = true\\nexpires = 2027-02-31 | line 6
                    expires = 2027-01-31                      | line 1: tolerance, masks, alternatives or expected-failure is missing: without any of them the rule changes nothing
                    alternatives = [                          | this is no TOML
                    reason = "again"                          | this is no TOML
                    """)
    void whatIsWrongWithARuleIsOneSentenceWithItsLine(String lines, String message) {
        refused(HEAD + lines.replace("\\n", "\n") + "\n", message);
    }

    @Test
    void everyRuleNamesItsSnapshotsAndItsReason() {
        refused(HEAD.replace("trace = \"boot\"\n", "") + "alternatives = true\n", "line 1: trace is missing");
        refused(HEAD.replace("label = \"end\"\n", "") + "alternatives = true\n", "line 1: label is missing");
        refused(HEAD.replace("reason = \"why\"\n", "") + "alternatives = true\n", "line 1: reason is missing");
        refused(HEAD.replace("why", " ") + "alternatives = true\n", "line 4: reason is empty");
        refused(HEAD.replace("why", "\\u001b[2J") + "alternatives = true\n", "line 4: reason has control characters");
        refused(HEAD.replace("boot", "../boot") + "alternatives = true\n", "line 2: trace can match no name");
    }

    @Test
    void theFileIsAListOfSnapshots() {
        refused("version = 1\n", "line 1: version is no key here; a policy is a list of [[snapshot]] tables");
        refused("snapshot = 1\n", "line 1: snapshot must be a list of tables");
        refused("[snapshot]\ntrace = 'x'\n", "line 1: snapshot must be a list of tables");
    }

    @Test
    void nestingHasALimit() {
        refused("a = " + "[".repeat(100_000), "line 1: brackets are nested more than 32 deep");
        refused("\na = " + "{a=".repeat(100_000), "line 2: brackets are nested more than 32 deep");
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        error -> assertThat(ExitCode.of(error)).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith("p.toml, line ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        assertThatThrownBy(() -> PolicyFile.read(folder.resolve("none.toml"), TODAY))
                .hasMessageEndingWith("none.toml does not exist");
        Path binary = Files.write(folder.resolve("b.toml"), new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> PolicyFile.read(binary, TODAY)).hasMessageEndingWith("b.toml is not UTF-8 text");
        Path large = Files.write(folder.resolve("l.toml"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> PolicyFile.read(large, TODAY)).hasMessageContaining("at most 1024 KiB");
        assertThatThrownBy(() -> PolicyFile.read(folder, TODAY)).hasMessageContaining("is a folder, not a policy");
        assertThat(PolicyFile.beside(folder, TODAY).rules()).isEmpty();
    }

    @Test
    void aByteOrderMarkAndTheLineEndsOfWindowsAreNoPartOfThePolicy() throws IOException {
        String text = HEAD + "alternatives = true\n";
        Path file = Files.writeString(folder.resolve("w.toml"), "\ufeff" + text.replace("\n", "\r\n"));
        assertThat(PolicyFile.read(file, TODAY).rules()).hasSize(1);
        assertThat(PolicyFile.read(file, TODAY).rules().getFirst().line()).isEqualTo(1);
    }
}
