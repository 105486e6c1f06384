package dev.semblance.harness.target.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            assertThat(dialect.deviations()).as(name).hasSizeGreaterThanOrEqualTo(3);
            assertThat(dialect.deviations()).allSatisfy(deviation -> {
                assertThat(deviation.reason()).isNotBlank();
                assertThat(deviation.link()).startsWith("https://");
                assertThat(deviation.place()).startsWith(name + ".toml:");
            });
            assertThat(dialect.allowing(Aspect.ANSWER, "UPDATE_CURSOR", "OK_NODATA", "none"))
                    .as(name)
                    .isPresent();
            assertThat(dialect.allowing(Aspect.ANSWER, "GET_DISPLAY_INFO", "OK_DISPLAY_INFO", "unused"))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void onlyWhatARowNamesIsAllowed() {
        Dialect dialect = Dialect.parse("mine", "mine.toml", GOOD);
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
        assertThatThrownBy(() -> Dialect.parse("mine", "mine.toml", GOOD.replace(line, other)))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageStartingWith(problem);
    }

    @Test
    void aProgramMayWriteTheLinesThatItsDialectHas() {
        Dialect dialect = Dialect.parse("mine", "mine.toml", """
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
        for (String line : List.of("*", " x", "a*b*c*d*e*f", "x".repeat(241))) {
            assertThatThrownBy(() -> Dialect.parse(
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
                .hasMessageContaining("there is no dialect \"qemuu\": say qemu, qemu-vhost-user-gpu, semu");
        assertThatThrownBy(() -> Dialect.of(folder + "/none.toml")).hasMessageContaining("does not exist");
    }
}
