package dev.semblance.harness.target.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TARGETS.md, protocol 1, by programs of a few lines of shell. */
@Timeout(120)
class PipeDeviceTests {

    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final RigSettings SETTINGS = new RigSettings(16L << 20, DisplayConfig.single(8, 4));
    private static final String GREETING = "echo '{\"semblance\":1,\"capabilities\":[\"screendump\"]}'; ";

    /** The first three lines are device, reset and reset; the fourth is the first command. */
    private static final String START =
            GREETING + "for i in 1 2 3; do read -r l; echo \"{\\\"id\\\":$i}\"; done; read -r l; ";

    private static final ScriptLine INFO =
            ScriptReader.parse("{\"command\":{\"type\":\"GET_DISPLAY_INFO\"},\"resp_len\":24}");

    /** Long, since this machine may be busy; short where it is waited for in vain. */
    private Duration timeout = Duration.ofSeconds(60);

    private DeviceRig rig(String command) {
        return DeviceRig.of(SETTINGS, PipeDevice.of(command, timeout), new NoFrames());
    }

    private Optional<TargetFailure> afterOneCommand(String program) {
        try (DeviceRig rig = rig(program)) {
            rig.start();
            CommandAnswer answer =
                    rig.submit(List.of((ScriptLine.Command) INFO)).getFirst();
            assertThat(answer.used()).isEqualTo(rig.failure().isEmpty());
            return rig.failure();
        }
    }

    @Test
    void anAnswerIsWhatTheProgramWrote() {
        try (DeviceRig rig =
                rig(START + "echo '{\"id\":4,\"response_hex\":\"0012\",\"used_len\":7}'; cat > /dev/null")) {
            rig.start();
            CommandAnswer answer =
                    rig.submit(List.of((ScriptLine.Command) INFO)).getFirst();
            assertThat(rig.failure()).isEmpty();
            assertThat(answer.used()).isTrue();
            assertThat(answer.usedLength()).isEqualTo(7);
            assertThat(HexFormat.of().formatHex(answer.response())).startsWith("0012aaaa");
            assertThat(rig.capabilities()).contains(Capability.PICTURES).doesNotContain(Capability.CURSOR);
            assertThat(rig.finish()).isEmpty();
        }
    }

    @Test
    void aProgramReadsAndWritesGuestMemoryWhileALineIsOpen() {
        String program = START
                + "echo '{\"op\":\"mem_read\",\"addr\":\"0x1000\",\"len\":3}'; read -r m;"
                + "echo '{\"op\":\"mem_write\",\"addr\":8192,\"hex\":\"beef\"}'; read -r w;"
                + "echo '{\"op\":\"mem_read\",\"addr\":\"0xffffffffffffffff\",\"len\":2}'; read -r o;"
                + "h=$(printf '%s|%s|%s' \"$m\" \"$w\" \"$o\" | od -An -v -tx1 | tr -d ' \\n');"
                + "echo \"{\\\"id\\\":4,\\\"response_hex\\\":\\\"$h\\\"}\"; cat > /dev/null";
        ScriptLine.Command command =
                (ScriptLine.Command) ScriptReader.parse("{\"request_hex\":\"00\",\"resp_len\":200,\"resp_fill\":0}");
        try (DeviceRig rig = rig(program)) {
            rig.start();
            rig.poke(new ScriptLine.MemoryWrite(0x1000, new byte[] {1, 2, (byte) 0xff}));
            CommandAnswer answer = rig.submit(List.of(command)).getFirst();
            String said = new String(answer.response(), 0, (int) answer.usedLength(), StandardCharsets.UTF_8);
            assertThat(said)
                    .isEqualTo("{\"hex\":\"0102ff\"}|{\"written\":2}|"
                            + "{\"error\":\"2 bytes at 0xffffffffffffffff are outside RAM\"}");
            assertThat(rig.peek(8192, 2)).containsExactly(0xbe, 0xef);
        }
    }

    @Test
    void aPictureIsAskedForOnceUntilSomethingMayHaveChangedIt() {
        String program =
                START + "echo '{\"id\":4,\"width\":2,\"height\":1,\"rgb_hex\":\"ff00000000ff\"}'; cat > /dev/null";
        try (DeviceRig rig = rig(program)) {
            rig.start();
            Frame picture = rig.primary(0);
            assertThat(rig.primary(0)).isEqualTo(picture);
            assertThat(rig.isDark(0)).isFalse();
            assertThat(List.of(picture.width(), picture.height(), picture.argb(0, 0), picture.argb(1, 0)))
                    .containsExactly(2, 1, 0xffff_0000, 0xff00_00ff);
            assertThat(rig.failure()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":5,\"response_hex\":\"\"} | the line that is open has the id 4",
                "{\"response_hex\":\"\"} | \"id\" is missing",
                "{\"id\":4,\"id\":4} | Duplicate",
                "{\"id\":4,\"response_hex\":\"0\"} | pairs of hexadecimal digits",
                "{\"id\":4,\"respones_hex\":\"\"} | there is no \"respones_hex\" here",
                "{\"id\":4,\"used_len\":-1} | \"used_len\" is a whole number",
                "{\"id\":4.0} | \"id\" is a whole number",
                "{\"id\":4,\"error\":\"no such thing\"} | it says \"no such thing\"",
                "[4] | a JSON object",
                "hello | Unrecognized token",
                "{\"op\":\"reset\",\"addr\":0} | a target asks for mem_read and mem_write only",
                "{\"op\":\"mem_read\",\"addr\":0,\"len\":8388609} | \"len\" is a whole number from 0 to 8388608",
                "{\"op\":\"mem_read\",\"addr\":0,\"len\":-1} | \"len\" is a whole number",
                "[[[[[[[[[[[[]]]]]]]]]]]] | depth"
            })
    void aLineThatIsNoAnswerIsAFinding(String line, String problem) {
        TargetFailure failure =
                afterOneCommand(START + "echo '" + line + "'; cat > /dev/null").orElseThrow();
        assertThat(failure.cause()).isInstanceOf(Cause.BrokeProtocol.class);
        assertThat(failure.text()).startsWith("the target wrote \"").contains(problem);
    }

    @Test
    void aResponseLongerThanItsRoomIsAFinding() {
        String line = "{\"id\":4,\"response_hex\":\"" + "00".repeat(25) + "\"}";
        TargetFailure failure =
                afterOneCommand(START + "echo '" + line + "'; cat > /dev/null").orElseThrow();
        assertThat(failure.text()).contains("a response of 25 bytes, and there is room for 24");
    }

    @Test
    void aPictureThatHasNotAllItsPixelsIsAFinding() {
        for (String picture : List.of(
                "\"width\":2,\"height\":1,\"rgb_hex\":\"ff0000\"",
                "\"width\":0,\"height\":0,\"rgb_hex\":\"\"",
                "\"width\":32768,\"height\":32768,\"rgb_hex\":\"\"",
                "\"width\":32769,\"height\":1,\"rgb_hex\":\"\"",
                "\"width\":1,\"height\":1")) {
            try (DeviceRig rig = rig(START + "echo '{\"id\":4," + picture + "}'; cat > /dev/null")) {
                rig.start();
                assertThat(rig.isDark(0)).isTrue();
                assertThat(rig.failure().orElseThrow().cause()).isInstanceOf(Cause.BrokeProtocol.class);
            }
        }
    }

    @Test
    void aLineWithoutEndIsAFindingAndIsNotKept() {
        TargetFailure failure = afterOneCommand(START + "yes a | tr -d '\\n' | head -c 70000000; cat > /dev/null")
                .orElseThrow();
        assertThat(failure.cause())
                .isEqualTo(new Cause.BrokeProtocol(
                        "answered a command (line 4) with no line: the line is longer than 67108864 bytes"));
    }

    @Test
    void silenceIsHanging() {
        timeout = SHORT;
        assertThat(afterOneCommand(START + "cat > /dev/null").orElseThrow())
                .isEqualTo(new TargetFailure(new Cause.Hung("the answer to a command (line 4)", SHORT), List.of()));
    }

    @Test
    void whoAsksForMemoryForEverHangs() {
        timeout = SHORT;
        String loop = "while :; do echo '{\"op\":\"mem_read\",\"addr\":0,\"len\":1}'; read -r m || exit; done";
        assertThat(afterOneCommand(START + loop).orElseThrow().cause()).isInstanceOf(Cause.Hung.class);
    }

    @Test
    void whoDoesNotReadHangs() {
        timeout = SHORT;
        ScriptLine.Command large = (ScriptLine.Command)
                ScriptReader.parse("{\"request_hex\":\"" + "00".repeat(1 << 20) + "\",\"resp_len\":24}");
        try (DeviceRig rig = rig(START.substring(0, START.length() - "read -r l; ".length()) + "sleep 1000")) {
            rig.start();
            assertThat(rig.submit(List.of(large)).getFirst().used()).isFalse();
            assertThat(rig.failure().orElseThrow().cause()).isInstanceOf(Cause.Hung.class);
        }
    }

    @Test
    void deathIsToldWithItsSignalAndAfterItNothingIsAnswered() {
        try (DeviceRig rig = rig(START + "kill -SEGV $$")) {
            rig.start();
            assertThat(rig.submit(List.of((ScriptLine.Command) INFO)).getFirst().used())
                    .isFalse();
            TargetFailure failure = rig.failure().orElseThrow();
            assertThat(failure.text()).isEqualTo("the target died of signal 11 (SIGSEGV)");
            assertThat(rig.submit(List.of((ScriptLine.Command) INFO)).getFirst().used())
                    .isFalse();
            assertThat(rig.isDark(0)).isTrue();
            assertThat(rig.finish()).contains(failure);
        }
    }

    @Test
    void closingTheOutputIsAFindingToo() {
        TargetFailure failure = afterOneCommand(START + "exec >&-; sleep 1000").orElseThrow();
        assertThat(failure.text()).isEqualTo("the target closed its output while a command (line 4) was open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "exit 3",
                "no-such-program-anywhere",
                "echo hello; cat",
                "echo '{\"semblance\":2,\"capabilities\":[]}'; cat",
                "echo '{\"semblance\":1,\"capabilities\":[1]}'; cat",
                "echo '{\"capabilities\":[]}'; cat",
                "yes | tr -d '\\n'",
                "sleep 1000"
            })
    void aProgramWithoutAGreetingCannotBeUsed(String command) {
        timeout = SHORT;
        assertThatThrownBy(() -> rig(command))
                .isInstanceOf(UnusableTargetException.class)
                .hasMessageStartingWith("the target pipe:" + command + " cannot be used: ")
                .hasMessageContaining("docs/TARGETS.md");
    }

    @Test
    void whatTheShellSaysIsShownWhereAProgramCannotBeStarted() {
        assertThatThrownBy(() -> rig("no-such-program-anywhere"))
                .hasMessageContaining("exit status 127")
                .hasMessageContaining("no-such-program-anywhere: ")
                .hasMessageContaining("not found");
    }

    @Test
    void wordsThatThisVersionDoesNotKnowMeanNothing() {
        try (DeviceRig rig =
                rig("echo '{\"semblance\":1,\"capabilities\":[\"teleport\"]}'; read -r l; echo '{\"id\":1}'; cat")) {
            assertThat(rig.capabilities()).doesNotContain(Capability.PICTURES);
        }
    }
}
