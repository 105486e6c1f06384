package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/SCENARIOS.md, "Where a tablet points" and "Held keys": what the guest that ships sees, and what is done with the traces. */
class PointerTests {

    private static final String GUEST = """
            append "console=ttyS0 quiet loglevel=3 vt.global_cursor_default=0"
            mode 800x600
            wait "rv32# " within 2e9
            type "evdump\\n"
            wait "evdump: ready" within 2e9
            settle 20e6 within 1e9
            """;

    private static final String TABLET = GUEST + """
            move-to 799 599
            click BTN_LEFT
            scroll -2
            press KEY_LEFTSHIFT
            press BTN_MIDDLE
            move-to 0 0
            release BTN_MIDDLE
            """;

    private static final String BOTH = GUEST + """
            press BTN_LEFT
            move-to 400 300 on 0
            release BTN_LEFT
            click BTN_RIGHT
            move 3 -4
            click BTN_MIDDLE
            scroll 1
            press KEY_A
            press BTN_LEFT
            """;

    @TempDir
    private static Path recorded = Path.of("");

    /** The scenarios say nothing of the pointing devices; the option does. */
    private static final Map<String, String> SCENARIOS = new TreeMap<>(Map.of("tablet", TABLET, "both", BOTH));

    @TempDir
    private Path folder = Path.of("");

    private static final class Run {
        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private final int code;

        Run(String... args) {
            Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
            code = Semblance.run(Environments.of(terminal, Recordings::images), args);
        }

        Run expect(ExitCode expected) {
            assertThat(code).as("%s%s", out, err).isEqualTo(expected.code());
            return this;
        }
    }

    @BeforeAll
    static void record() throws IOException {
        for (Map.Entry<String, String> each : SCENARIOS.entrySet()) {
            Path scenario = Files.writeString(recorded.resolve(each.getKey() + ".scenario"), each.getValue());
            new Run("record", "--pointer", each.getKey(), "--scenario", scenario.toString(), "-o", trace(each.getKey()))
                    .expect(ExitCode.PASS);
        }
    }

    private static String trace(String pointer) {
        return recorded.resolve(pointer + ".trace").toString();
    }

    private static List<String> console(String pointer) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (Stamped event : Recordings.events(Path.of(trace(pointer)))) {
            if (event.event() instanceof TraceEvent.ConsoleOutput output) {
                written.write(output.value());
            }
        }
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .toList();
    }

    /** Numbers of devices, types and codes as evdump prints them; without the reports' ends. */
    private static List<String> seen(String pointer) {
        return console(pointer).stream()
                .filter(line -> line.matches("[0-9]: type [1-9].*"))
                .toList();
    }

    @Test
    void theGuestSeesWhereTheTabletWasPointed() {
        assertThat(console("tablet"))
                .contains("/dev/input/event0: VirtIO Keyboard", "/dev/input/event1: VirtIO Tablet")
                .noneMatch(line -> line.contains("VirtIO Mouse"));
        List<String> seen = seen("tablet");
        assertThat(seen)
                .containsExactly(
                        "1: type 3 code 0 value 32747",
                        "1: type 3 code 1 value 32740",
                        "1: type 1 code 272 value 1",
                        "1: type 1 code 272 value 0",
                        "1: type 2 code 8 value -2",
                        "0: type 1 code 42 value 1",
                        "1: type 1 code 274 value 1",
                        "1: type 3 code 0 value 20",
                        "1: type 3 code 1 value 27",
                        "1: type 1 code 274 value 0",
                        "0: type 1 code 42 value 0");
        assertThat(32747 * 800 / 32768).isEqualTo(799);
        assertThat(32740 * 600 / 32768).isEqualTo(599);
    }

    @Test
    void withBothEachButtonComesFromTheDeviceOnWhichItWasPressed() {
        assertThat(console("both"))
                .contains(
                        "/dev/input/event0: VirtIO Keyboard",
                        "/dev/input/event1: VirtIO Mouse",
                        "/dev/input/event2: VirtIO Tablet");
        assertThat(seen("both"))
                .containsExactly(
                        "1: type 1 code 272 value 1",
                        "2: type 3 code 0 value 16404",
                        "2: type 3 code 1 value 16411",
                        "1: type 1 code 272 value 0",
                        "2: type 1 code 273 value 1",
                        "2: type 1 code 273 value 0",
                        "1: type 2 code 0 value 3",
                        "1: type 2 code 1 value -4",
                        "1: type 1 code 274 value 1",
                        "1: type 1 code 274 value 0",
                        "1: type 2 code 8 value 1",
                        "0: type 1 code 30 value 1",
                        "1: type 1 code 272 value 1",
                        "1: type 1 code 272 value 0",
                        "0: type 1 code 30 value 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tablet", "both"})
    void bothReplaysPass(String pointer) {
        Run run = new Run("replay", "--no-require-goldens", trace(pointer)).expect(ExitCode.PASS);
        assertThat(run.out.toString()).contains("machine agrees in", "device agrees in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tablet", "both"})
    void recordingAgainGivesTheSameFile(String pointer) throws IOException {
        Path scenario =
                Files.writeString(folder.resolve("t.scenario"), "pointer " + pointer + "\n" + SCENARIOS.get(pointer));
        Path again = folder.resolve("t.trace");
        new Run("record", "--scenario", scenario.toString(), "-o", again.toString()).expect(ExitCode.PASS);
        assertThat(Recordings.events(again)).isEqualTo(Recordings.events(Path.of(trace(pointer))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tablet", "both"})
    void whatIsMadeOfSuchATraceHasItsDevices(String pointer) throws IOException {
        Path made = folder.resolve("made.trace");
        String out = made.toString();
        List<Stamped> events = Recordings.events(Path.of(trace(pointer)));

        Path lines = folder.resolve("lines.jsonl");
        Files.writeString(
                lines,
                new Run("dump", "--json", trace(pointer))
                        .expect(ExitCode.PASS)
                        .out
                        .toString());
        new Run("asm", lines.toString(), "-o", out).expect(ExitCode.PASS);
        assertThat(made).hasSameBinaryContentAs(Path.of(trace(pointer)));

        assertVersionThreeAndReplays(new Run("redact", trace(pointer), "-o", out), made);
        assertThat(inputs(made, pointer)).isEqualTo(inputs(Path.of(trace(pointer)), pointer));
        assertVersionThreeAndReplays(
                new Run("trim", trace(pointer), "--from", "event:" + events.size() / 2, "-o", out), made);

        byte[] bytes = Files.readAllBytes(Path.of(trace(pointer)));
        Path torn = Files.write(folder.resolve("torn.trace.part"), Arrays.copyOf(bytes, bytes.length - 16));
        assertVersionThreeAndReplays(new Run("repair", torn.toString(), "-o", out), made);
        new Run("diff", trace(pointer), out).expect(ExitCode.PASS);
        new Run("lint", trace(pointer)).expect(ExitCode.PASS);
    }

    /** The reports of the pointing device that points at pixels. */
    private static List<TraceEvent.Input> inputs(Path trace, String pointer) {
        int tablet = pointer.equals("both") ? 5 : 3;
        List<TraceEvent.Input> inputs = Recordings.events(trace).stream()
                .map(Stamped::event)
                .filter(TraceEvent.Input.class::isInstance)
                .map(TraceEvent.Input.class::cast)
                .filter(input -> input.device() == tablet)
                .toList();
        assertThat(inputs).isNotEmpty();
        return inputs;
    }

    private static void assertVersionThreeAndReplays(Run made, Path trace) {
        made.expect(ExitCode.PASS);
        assertThat(new Run("info", trace.toString()).expect(ExitCode.PASS).out.toString())
                .contains("version 3", "tablet at 0xf4c00000, interrupt 10");
        new Run("replay", "--device", "--no-require-goldens", trace.toString()).expect(ExitCode.PASS);
    }

    @Test
    void peopleReadWhereItPoints() {
        assertThat(new Run("dump", trace("tablet")).expect(ExitCode.PASS).out.toString())
                .contains("tablet report ABS_X 32747, ABS_Y 32740", "tablet report REL_WHEEL -2");
    }

    @Test
    void aScenarioThatNeedsOtherDevicesIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path output = folder.resolve("t.trace");
        Run run = new Run(
                        "record",
                        "--scenario",
                        recorded.resolve("both.scenario").toString(),
                        "-o",
                        output.toString())
                .expect(ExitCode.USAGE);
        assertThat(run.err.toString()).contains("both.scenario:8:1: only a tablet can be moved to a place");
        Run other = new Run(
                        "record",
                        "--pointer=tablet",
                        "--mode=64x64",
                        "--scenario",
                        recorded.resolve("tablet.scenario").toString(),
                        "-o",
                        output.toString())
                .expect(ExitCode.USAGE);
        assertThat(other.err.toString())
                .contains("tablet.scenario:7:1: display 0 has no pixel 799 599: it has 64x64, counted from 0");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPointingDeviceThatIsNoneIsAMistakeWithASuggestion() {
        for (String verb : List.of("boot", "record")) {
            assertThat(new Run(verb, "--pointer=talbet")
                            .expect(ExitCode.USAGE)
                            .err
                            .toString())
                    .contains("a pointer is mouse, tablet, both, not 'talbet'; did you mean tablet?");
        }
    }

    @AfterAll
    static void forget() throws IOException {
        for (String pointer : SCENARIOS.keySet()) {
            Files.deleteIfExists(Path.of(trace(pointer)));
        }
    }
}
