package dev.semblance.harness.target.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTests {

    private static final String GOOD = """
            [[deviation]]
            aspect = "answer"
            commands = "SET_SCANOUT RESOURCE_*"
            expected = "INVALID_PARAMETER"
            actual = "OK_NODATA"
            reason = "empty rectangles are taken"
            link = "https://example.org/bugs/1"
            """;

    @Test
    void theDialectsOfThisProgramCanBeReadAndEveryRowHasItsReasonAndLink() {
        for (String name : Dialect.NAMES) {
            Dialect dialect = Dialect.of(name);
            assertThat(dialect.deviations()).allSatisfy(deviation -> {
                assertThat(deviation.reason()).isNotBlank();
                assertThat(deviation.link()).startsWith("https://");
                assertThat(deviation.place()).startsWith(name + ".toml:");
            });
            assertThat(dialect.allowing(Aspect.ANSWER, "GET_DISPLAY_INFO", "OK_DISPLAY_INFO", "unused"))
                    .as(name)
                    .isEmpty();
            assertThat(dialect.findings()).allSatisfy(finding -> {
                assertThat(finding.reason()).isNotBlank();
                assertThat(finding.link()).startsWith("https://");
                assertThat(finding.place()).startsWith(name + ".toml:");
            });
        }
    }

    @Test
    void bugsAreInDialectsOfTheirOwnSoThatTheyAreFoundWithoutThose() {
        for (String name : List.of("qemu", "qemu-vhost-user-gpu", "semu")) {
            assertThat(Dialect.of(name).findings()).as(name).isEmpty();
            assertThat(Dialect.of(name).deviations()).as(name).hasSizeGreaterThanOrEqualTo(3);
            assertThat(Dialect.of(name).allowing(Aspect.ANSWER, "UPDATE_CURSOR", "OK_NODATA", "none"))
                    .as(name)
                    .isPresent();
        }
        TargetFailure abort = new TargetFailure(
                new Cause.Died(134),
                List.of("qemu-system-riscv32: ../../util/iov.c:58: iov_to_buf_full: Assertion `offset == 0' failed."));
        Dialect both = Dialect.of("qemu").and(Dialect.of("qemu-bugs"));
        assertThat(both.known(abort, List.of("TRANSFER_TO_HOST_2D"))).isPresent();
        assertThat(both.known(abort, List.of("RESOURCE_FLUSH"))).isEmpty();
        assertThat(both.deviations()).isEqualTo(Dialect.of("qemu").deviations());
        TargetFailure exit = new TargetFailure(
                new Cause.Died(1),
                List.of(
                        "** (vhost-user-gpu:9): CRITICAL **: 21:08:58.918: vg_ctrl_response: response size incorrect 23 vs 24",
                        "** (vhost-user-gpu:9): CRITICAL **: 21:04:02.490: virtio: zero sized buffers are not allowed"));
        assertThat(Dialect.of("qemu-vhost-user-gpu-bugs").known(exit, List.of("GET_EDID")))
                .isPresent();
        assertThat(Dialect.of("qemu-vhost-user-gpu-bugs")
                        .known(new TargetFailure(new Cause.Died(1), List.of("ERROR: AddressSanitizer")), List.of("x")))
                .isEmpty();
    }

    private static final String FINDING = """
            [[finding]]
            what = "exit 1"
            commands = "TRANSFER_* RESOURCE_FLUSH"
            says = "gpu: * failed"
            reason = "it gives up"
            link = "https://example.org/bugs/2"
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "what = \"exit 1\" | # | mine.toml, line 1: what is missing",
                "what = \"exit 1\" | what = \"exit 0\" | mine.toml, line 2: what is \"exit 0\", and must be exit STATUS",
                "what = \"exit 1\" | what = \"exit 256\" | mine.toml, line 2: what is \"exit 256\", and must be",
                "what = \"exit 1\" | what = \"signal 65\" | mine.toml, line 2: what is \"signal 65\", and must be",
                "what = \"exit 1\" | what = \"dies\" | mine.toml, line 2: what is \"dies\", and must be",
                "says = \"gpu: * failed\" | # | mine.toml, line 1: says is missing",
                "says = \"gpu: * failed\" | says = \"**\" | mine.toml, line 4: says must be a line of at most 240 characters",
                "commands = \"TRANSFER_* RESOURCE_FLUSH\" | commands = \"a/../b\" | mine.toml, line 3: commands can match no name",
                "reason = \"it gives up\" | # | mine.toml, line 1: reason is missing",
                "link = \"https://example.org/bugs/2\" | link = \"x\" | mine.toml, line 6: link must be a link",
                "says = | said = | mine.toml, line 4: said is no key here",
                "[[finding]] | [[findings]] | mine.toml, line 1: findings is no key here"
            })
    void aMistakeInAFindingIsToldWithFileLineAndKey(String line, String other, String problem) {
        assertThatThrownBy(() -> DialectParser.parse("mine", "mine.toml", FINDING.replace(line, other)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageStartingWith(problem);
    }

    @Test
    void aFindingIsKnownByWhatTheProgramDidByWhichCommandsAndByWhatItSaid() {
        Dialect dialect = DialectParser.parse("mine", "mine.toml", FINDING);
        TargetFailure failure = new TargetFailure(new Cause.Died(1), List.of("first", "gpu: check failed"));
        assertThat(dialect.known(failure, List.of("GET_EDID", "TRANSFER_TO_HOST_2D")))
                .isPresent();
        assertThat(dialect.known(failure, List.of("GET_EDID"))).isEmpty();
        assertThat(dialect.known(failure, List.of())).isEmpty();
        for (String what : List.of("signal 11", "hang")) {
            String text = FINDING.replace("exit 1", what)
                    .replace("says = \"gpu: * failed\"\n", "")
                    .replace("commands = \"TRANSFER_* RESOURCE_FLUSH\"\n", "");
            Dialect silent = DialectParser.parse("mine", "mine.toml", text);
            assertThat(silent.known(new TargetFailure(new Cause.Died(139), List.of()), List.of()))
                    .as(what)
                    .matches(known -> known.isPresent() == what.equals("signal 11"));
            assertThat(silent.known(
                            new TargetFailure(new Cause.Hung("its answer", Duration.ofSeconds(3)), List.of()),
                            List.of()))
                    .as(what)
                    .matches(known -> known.isPresent() == what.equals("hang"));
        }
        Dialect breach = DialectParser.parse("mine", "mine.toml", FINDING.replace("exit 1", "protocol"));
        assertThat(breach.known(
                        new TargetFailure(new Cause.BrokeProtocol("gpu: line 7 failed"), List.of()),
                        List.of("RESOURCE_FLUSH")))
                .isPresent();
    }

    @Test
    void onlyWhatARowNamesIsAllowed() {
        Dialect dialect = DialectParser.parse("mine", "mine.toml", GOOD);
        assertThat(dialect.allowing(Aspect.ANSWER, "RESOURCE_FLUSH", "INVALID_PARAMETER", "OK_NODATA"))
                .hasValueSatisfying(deviation -> assertThat(deviation.place()).isEqualTo("mine.toml:1"));
        assertThat(dialect.allowing(Aspect.ANSWER, "UPDATE_CURSOR", "INVALID_PARAMETER", "OK_NODATA"))
                .isEmpty();
        assertThat(dialect.allowing(Aspect.ANSWER, "SET_SCANOUT", "UNSPEC", "OK_NODATA"))
                .isEmpty();
        assertThat(dialect.allowing(Aspect.CONTENT, "SET_SCANOUT", "INVALID_PARAMETER", "OK_NODATA"))
                .isEmpty();
        assertThat(Dialect.STANDARD.allowing(Aspect.ANSWER, "SET_SCANOUT", "INVALID_PARAMETER", "OK_NODATA"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aspect = \"answer\" | aspect = \"taste\" | mine.toml, line 2: aspect is \"taste\", and must be one of answer, content",
                "reason = \"empty rectangles are taken\" | # | mine.toml, line 1: reason is missing",
                "link = \"https://example.org/bugs/1\" | # | mine.toml, line 1: link is missing",
                "link = \"https://example.org/bugs/1\" | link = \"javascript:x\" | mine.toml, line 7: link must be a link",
                "actual = \"OK_NODATA\" | # | mine.toml, line 1: actual is missing",
                "commands = \"SET_SCANOUT RESOURCE_*\" | commands = \"a/../b\" | mine.toml, line 3: commands can match no name",
                "[[deviation]] | [[deviations]] | mine.toml, line 1: deviations is no key here",
                "aspect = \"answer\" | aspect = \"answer\" = | mine.toml, line 2, column 19: this is no TOML"
            })
    void aMistakeIsToldWithFileLineAndKey(String line, String other, String problem) {
        assertThatThrownBy(() -> DialectParser.parse("mine", "mine.toml", GOOD.replace(line, other)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageStartingWith(problem);
    }

    @Test
    void aProgramMayWriteTheLinesThatItsDialectHas() {
        Dialect dialect = DialectParser.parse("mine", "mine.toml", """
                [[standard-error]]
                line = "* (gpu:*): WARNING: ctrl.10a [x]"
                reason = "it says so of every command that it has not"
                link = "https://example.org/bugs/1"
                """);
        assertThat(dialect.deviations()).isEmpty();
        assertThat(dialect.allowsLine("** (gpu:4711): WARNING: ctrl.10a [x]")).isTrue();
        assertThat(dialect.allowsLine(" ** (gpu:1): WARNING: ctrl.10a [x] ")).isTrue();
        assertThat(dialect.allowsLine("** (gpu:1): WARNING: ctrl-10a [x]")).isFalse();
        assertThat(dialect.allowsLine("** (gpu:1): WARNING: ctrl.10a [x] ==1==ERROR: AddressSanitizer"))
                .isFalse();
        assertThat(Dialect.STANDARD.allowsLine("anything")).isFalse();
        assertThat(Dialect.of("qemu-vhost-user-gpu")
                        .allowsLine("** (vhost-user-gpu:13066): WARNING **: 19:22:54.664: TODO handle ctrl 10a"))
                .isTrue();
        for (String line : List.of("*", " x", "a*b*c*d*e*f*g*h", "x".repeat(241))) {
            assertThatThrownBy(() -> DialectParser.parse(
                            "mine",
                            "mine.toml",
                            "[[standard-error]]\nline = \"" + line
                                    + "\"\nreason = \"r\"\nlink = \"https://example.org\"\n"))
                    .hasMessageStartingWith("mine.toml, line 2: line must be a line of at most 240 characters");
        }
    }

    @Test
    void aFileIsNamedByAPathAndAWordByItself(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("d.toml"), GOOD);
        assertThat(Dialect.of(file.toString()).deviations()).hasSize(1);
        assertThatThrownBy(() -> Dialect.of("qemuu"))
                .hasMessageContaining(
                        "there is no dialect \"qemuu\": say qemu, qemu-bugs, qemu-vhost-user-gpu, qemu-vhost-user-gpu-bugs, semu");
        assertThatThrownBy(() -> Dialect.of(folder + "/none.toml")).hasMessageContaining("does not exist");
    }
}
