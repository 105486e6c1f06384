package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.MachineSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioParserTests {
    private static final int LAST_PIXEL = Display.MAX_SIZE - 1;

    private static final Path FOLDER = Path.of("/scenarios");

    private static Scenario parse(String text) {
        return ScenarioParser.parse("t.scenario", FOLDER, text);
    }

    private static Step only(String line) {
        return parse(line).steps().getFirst();
    }

    private static ScenarioException rejected(String text) {
        return catchThrowableOfType(ScenarioException.class, () -> parse(text));
    }

    @Test
    void everyVerbBecomesAStepWithItsLine() {
        Scenario scenario = parse("""
                # what this is about
                wait "login:" within 2e9

                type "root\\n"     # no password
                key KEY_LEFTCTRL+KEY_C
                keys "ls -l\\n"
                move 10 -5
                click BTN_LEFT
                sleep 5_000_000
                settle 5e6 within 1e9
                snapshot desk-top.1
                poweroff
                """);
        assertThat(scenario.steps())
                .containsExactly(
                        new Step.Wait(2, ByteText.of("login:"), 2_000_000_000L),
                        new Step.Type(4, ByteText.of("root\n")),
                        new Step.Key(5, List.of(29, 46)),
                        new Step.Keys(6, "ls -l\n"),
                        new Step.Move(7, 10, -5),
                        new Step.Click(8, 0x110),
                        new Step.Sleep(9, 5_000_000),
                        new Step.Settle(10, 5_000_000, 1_000_000_000),
                        new Step.Snapshot(11, "desk-top.1"),
                        new Step.PowerOff(12));
    }

    @Test
    void manifestLinesDescribeTheGuestWithPathsRelativeToTheScenario() {
        Scenario scenario = parse("""
                kernel ../images/Image
                initrd none
                disk "shipped:rootfs.ext4"
                dtb "with blank.dtb"
                append "console=ttyS0 root=/dev/vda"
                seed -7
                mode 640x480
                virtqueue event-idx,indirect
                pointer both
                profile virt
                isa rv32gc
                ram 96M
                snapshot one
                """);
        assertThat(scenario.guest())
                .isEqualTo(new GuestSettings(
                        Optional.of(new ImageSource.File(FOLDER.resolve("../images/Image"))),
                        Optional.of(new ImageSource.None()),
                        Optional.of(new ImageSource.Shipped("rootfs.ext4")),
                        Optional.of(new ImageSource.File(FOLDER.resolve("with blank.dtb"))),
                        Optional.of("console=ttyS0 root=/dev/vda"),
                        OptionalLong.of(-7),
                        Optional.of(DisplayConfig.single(640, 480)),
                        QueueFeatures.parse("indirect,event-idx"),
                        Optional.of(Pointer.BOTH),
                        new MachineSettings(
                                Optional.of(Profile.VIRT), Optional.of(Isa.RV32GC), OptionalLong.of(96L << 20))));
        assertThat(scenario.steps()).containsExactly(new Step.Snapshot(13, "one"));
    }

    @Test
    void nothingSaidLeavesEverythingOpen() {
        assertThat(parse("# empty\r\n\r\n"))
                .isEqualTo(new Scenario(
                        "t.scenario", FOLDER, GuestSettings.NONE, Optional.empty(), List.of(), "# empty\r\n\r\n"));
    }

    @Test
    void aScenarioMayGoOnFromARecording() {
        assertThat(parse("from desk.trace at snapshot:ready\nsleep 1\n").from())
                .contains(new ParentPosition(FOLDER.resolve("desk.trace"), Position.parse("snapshot:ready")));
        assertThat(parse("from \"../a b.trace\" at cycle:71_000_000\n").from())
                .contains(new ParentPosition(FOLDER.resolve("../a b.trace"), new Position.OfCycle(71_000_000)));
        assertThat(parse("from desk.trace\n").from())
                .contains(new ParentPosition(FOLDER.resolve("desk.trace"), new Position.End()));
    }

    @Test
    void escapesAndUtf8BecomeBytes() {
        assertThat(only("type \"\\n\\r\\t\\\"\\\\\\x1b\\xFFä#\"")).isEqualTo(new Step.Type(1, ByteText.of(new byte[] {
            10, 13, 9, '"', '\\', 0x1b, (byte) 0xff, (byte) 0xc3, (byte) 0xa4, '#'
        })));
    }

    @Test
    void waitAndSettleHaveABoundEvenIfNoneIsWritten() {
        assertThat(only("wait \"x\"")).isEqualTo(new Step.Wait(1, ByteText.of("x"), Step.DEFAULT_WITHIN));
        assertThat(only("flush 3")).isEqualTo(new Step.Flush(1, 3, Step.DEFAULT_WITHIN));
        assertThat(only("flush 12 within 1e6")).isEqualTo(new Step.Flush(1, 12, 1_000_000));
        assertThat(only("settle 80ms")).isEqualTo(new Step.Settle(1, 5_200_000, Step.DEFAULT_WITHIN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wiat `\"x\"`          | 1 | there is no verb \"wiat\"; did you mean wait?",
                "snapshoot a           | 1 | there is no verb \"snapshoot\"; did you mean snapshot?",
                "from                  | 5 | \"from\" takes a trace, as in: from desk.trace at snapshot:ready",
                "from \"\"               | 6 | this is not the path of a file",
                "from a.trace at       | 16 | \"from\" takes a position, as in: from desk.trace at snapshot:ready",
                "from a.trace at x:1   | 17 | \"x:1\" is no position: write event:N (or N alone), cycle:N, flush:N, snapshot:LABEL, command:NAME:N, start or end, with N counted from 0",
                "from a.trace on x:1   | 14 | \"from\" takes nothing more",
                "frobnicate            | 1 | there is no verb \"frobnicate\"; the verbs are wait, type, key, keys, move, move-to, point, click, scroll, press, release, display, sleep, flush, settle, snapshot, poweroff, kernel, initrd, disk, dtb, append, seed, mode, virtqueue, pointer, profile, isa, ram and from",
                "Wait \"x\"            | 1 | there is no verb \"Wait\"; did you mean wait?",
                "\"wait\" x            | 1 | a line starts with a verb, not with a text",
                "wait login            | 6 | a text stands in double quotes, as in: wait \"login:\" within 2e9",
                "wait                  | 5 | \"wait\" takes a text in double quotes, as in: wait \"login:\" within 2e9",
                "wait \"\"             | 6 | this text is empty",
                "wait \"x              | 6 | this text has no closing quote",
                "wait \"x\" wihtin 5   | 10 | \"wait\" takes nothing more; did you mean within?",
                "wait \"x\" within     | 16 | \"wait\" takes a number of cycles, as in: wait \"login:\" within 2e9",
                "wait \"x\" within 2,5 | 17 | \"2,5\" is not a number of cycles from 1 to 1e15; write 5000000, 5_000_000, 5e6, 80ms or 1.5s",
                "type \"a\\q\"         | 8 | there is no such escape; there are \\n \\r \\t \\\" \\\\ and \\xNN",
                "type \"\\x1g\"        | 7 | \\x takes two hexadecimal digits, as in \\x1b",
                "key KEY_LEFTCTL+KEY_C | 5 | there is no key KEY_LEFTCTL; did you mean KEY_LEFTCTRL?",
                "key KEY_A+KEY_LFET    | 11 | there is no key KEY_LFET; did you mean KEY_LEFT?",
                "key KEY_A+            | 11 | a key's name is missing here",
                "key KEY_A+KEY_A       | 11 | KEY_A is pressed already",
                "key BTN_LEFT          | 5 | there is no key BTN_LEFT",
                "keys \"aé\"           | 8 | a US keyboard has no key for this character; try \"type\" or \"key\"",
                "move 1                | 7 | \"move\" takes the way down, as in: move 10 -5",
                "move 1 99999          | 8 | the way down is a whole number from -32767 to 32767, not \"99999\"",
                "move 0 0              | 1 | \"move 0 0\" does nothing: a mouse does not report it",
                "move-to 1            | 10 | \"move-to\" takes the pixel from the top, as in: move-to 512 384 on 0",
                "move-to -1 0          | 9 | the pixel from the left is a whole number from 0 to " + LAST_PIXEL
                        + ", not \"-1\"",
                "move-to 0 99999999999999999999 | 11 | the pixel from the top is a whole number from 0 to " + LAST_PIXEL
                        + ", not \"99999999999999999999\"",
                "move-to 0 0 on 16     | 16 | the number of the display is a whole number from 0 to 15, not \"16\"",
                "move-to 0 0 on        | 15 | \"move-to\" takes the number of the display, as in: move-to 512 384 on 0",
                "move-to 0 0 at 1      | 13 | \"move-to\" takes nothing more",
                "scroll 0              | 1 | \"scroll 0\" does nothing: a wheel does not report it",
                "scroll 32768          | 8 | the number of notches is a whole number from -32767 to 32767, not \"32768\"",
                "scroll                | 7 | \"scroll\" takes the number of notches, as in: scroll -3",
                "press KEY_LEFTSHFIT   | 7 | there is no key or button KEY_LEFTSHFIT; did you mean KEY_LEFTSHIFT?",
                "press BTN_LEFFT       | 7 | there is no key or button BTN_LEFFT; did you mean BTN_LEFT?",
                "press                 | 6 | \"press\" takes a key or a button, as in: press KEY_LEFTCTRL",
                "press KEY_A+KEY_B     | 7 | there is no key or button KEY_A+KEY_B",
                "release KEY_A         | 9 | KEY_A is not held",
                "release BTN_LEFFT     | 9 | there is no key or button BTN_LEFFT; did you mean BTN_LEFT?",
                "pointer mice          | 9 | a pointer is mouse, tablet, both, not \"mice\"",
                "pointer talbet        | 9 | a pointer is mouse, tablet, both, not \"talbet\"; did you mean tablet?",
                "pointer               | 8 | \"pointer\" takes the pointing devices, as in: pointer tablet",
                "click BTN_LEFFT       | 7 | there is no button BTN_LEFFT; did you mean BTN_LEFT?",
                "sleep 0               | 7 | \"0\" is not a number of cycles from 1 to 1e15; write 5000000, 5_000_000, 5e6, 80ms or 1.5s",
                "flush 0               | 7 | how many flushes is a whole number from 1 to 1000000000, not \"0\"",
                "settle 5e6 within 1e6 | 19 | the picture cannot be still for 5000000 cycles within 1000000",
                "snapshot ../x         | 10 | a label is the name of a file: 1 to 64 letters, digits, dots, underscores or hyphens, first a letter or digit, last no dot",
                "snapshot _x           | 10 | a label is the name of a file: 1 to 64 letters, digits, dots, underscores or hyphens, first a letter or digit, last no dot",
                "snapshot First-Line   | 10 | there is a snapshot of this name already",
                "snapshot End          | 10 | the snapshot \"end\" is taken at the end of every run by itself",
                "poweroff now          | 10 | \"poweroff\" takes nothing more",
                "display 16 640x480    | 9 | the number of a display is a whole number from 0 to 15, not \"16\"",
                "display 0 640X480     | 11 | a mode is WIDTHxHEIGHT, each from 1 to 8191, or off",
                "display 0             | 10 | \"display\" takes a mode, as in: display 1 800x600",
                "display 0 off off     | 15 | \"display\" takes nothing more",
                "mode 1024             | 6 | a mode is WIDTHxHEIGHT, each from 1 to 8191, or off; for several displays with commas between them, at most 16",
                "mode 9000x9000        | 6 | a mode is WIDTHxHEIGHT, each from 1 to 8191, or off; for several displays with commas between them, at most 16",
                "seed x                | 6 | a seed is a whole number of 64 bits, not \"x\"",
                "append quiet          | 8 | a text stands in double quotes, as in: append \"console=ttyS0 quiet\"",
                "kernel \"\"           | 8 | this is not the path of a file",
            })
    void aMistakeIsNamedWithItsColumn(String line, int column, String problem) {
        String written = line.replace("`", "");
        ScenarioException e = rejected("snapshot first-line\n".repeat(isManifest(written) ? 0 : 1) + written);
        assertThat(e.column()).isEqualTo(column);
        assertThat(e.line()).isEqualTo(isManifest(written) ? 1 : 2);
        assertThat(ExitCode.of(e)).isEqualTo(ExitCode.USAGE);
        assertThat(e).hasMessageStartingWith(Text.format("t.scenario:%d:%d: %s\n", e.line(), column, problem));
    }

    private static boolean isManifest(String line) {
        return line.matches("(mode|seed|append|kernel|pointer|from).*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "press KEY_A           | 7 | KEY_A is held since line 1",
                "key KEY_LEFTALT+KEY_A | 17 | KEY_A is held since line 1",
                "keys `\"ba\"`        | 8 | KEY_A is held since line 1",
                "keys `\"b!\"`        | 8 | KEY_LEFTSHIFT is held since line 2",
                "press BTN_MIDDLE      | 7 | BTN_MIDDLE is held since line 3",
                "click BTN_MIDDLE      | 7 | BTN_MIDDLE is held since line 3",
                "release BTN_LEFT      | 9 | BTN_LEFT is not held",
                "release KEY_B         | 9 | KEY_B is not held",
            })
    void whatIsHeldCannotBePressedAndWhatIsNotCannotBeReleased(String line, int column, String problem) {
        ScenarioException e = rejected("press KEY_A\npress KEY_LEFTSHIFT\npress BTN_MIDDLE\n" + line.replace("`", ""));
        assertThat(e.line()).isEqualTo(4);
        assertThat(e.column()).isEqualTo(column);
        assertThat(e).hasMessageStartingWith("t.scenario:4:" + column + ": " + problem + "\n");
        assertThat(ExitCode.of(e)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatWasReleasedCanBePressedAgain() {
        assertThat(parse("press KEY_A\nrelease KEY_A\nkey KEY_A\npress KEY_A\nrelease KEY_A\n")
                        .steps())
                .containsExactly(
                        new Step.Press(1, 30),
                        new Step.Release(2, 30),
                        new Step.Key(3, List.of(30)),
                        new Step.Press(4, 30),
                        new Step.Release(5, 30));
    }

    @Test
    void whatIsHeldAtTheEndOrBeforeThePlugIsPulledIsReleasedLastPressedFirst() {
        String held = "press KEY_A\npress BTN_RIGHT\npress KEY_B\nrelease KEY_A\npress KEY_A\n";
        Step.LetGo atTheEnd = new Step.LetGo(5, List.of(30, 48, 0x111));
        assertThat(parse(held).steps().getLast()).isEqualTo(atTheEnd);
        List<Step> unplugged = parse(held + "# off\npoweroff\n").steps();
        assertThat(unplugged.subList(5, unplugged.size()))
                .containsExactly(new Step.LetGo(7, List.of(30, 48, 0x111)), new Step.PowerOff(7));
    }

    @Test
    void noMoreThanEightKeysAreDownAtOnceHeldOnesIncluded() {
        StringBuilder seven = new StringBuilder("press BTN_LEFT\n");
        for (int i = 1; i <= 7; i++) {
            seven.append("press KEY_F").append(i).append('\n');
        }
        assertThat(parse(seven + "key KEY_A\nkeys \"a\"\npress KEY_F8\npress BTN_RIGHT\n")
                        .steps())
                .hasSize(13);
        for (String line : List.of("key KEY_A+KEY_B", "keys \"aB\"", "press KEY_F8\npress KEY_F9")) {
            assertThat(rejected(seven + line)).hasMessageContaining("no more than 8 keys can be pressed at once");
        }
    }

    @Test
    void displaysChangeAmongThoseThatTheMachineHas() {
        Scenario scenario = parse("display 1 800x600\nmove-to 799 599 on 1\n");
        scenario.check(Pointer.TABLET, DisplayConfig.of(Display.of(640, 480), Display.OFF));
        assertThatThrownBy(() -> scenario.check(Pointer.TABLET, DisplayConfig.DEFAULT))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith(
                        "t.scenario:1:1: there is no display 1; the machine has 1 display. How many there"
                                + " are is fixed by mode, or by --mode, which goes before it");
        assertThatThrownBy(() -> parse("display 0 off\nmove-to 0 0\n").check(Pointer.TABLET, DisplayConfig.DEFAULT))
                .hasMessageStartingWith("t.scenario:2:1: display 0 is off\n");
    }

    @Test
    void aScenarioIsCheckedAgainstTheDevicesThatTheMachineHas() {
        Scenario scenario = parse("sleep 5\n\tmove-to 639 479\n");
        scenario.check(Pointer.TABLET, DisplayConfig.single(640, 480));
        scenario.check(Pointer.BOTH, DisplayConfig.DEFAULT);
        assertThatThrownBy(() -> scenario.check(Pointer.MOUSE, DisplayConfig.DEFAULT))
                .isInstanceOf(ScenarioException.class)
                .hasMessage("""
                        t.scenario:2:2: only a tablet can be moved to a place: pointer is mouse; write pointer tablet, or \
                        pointer both, before the first step
                             move-to 639 479
                             ^""");
        assertThatThrownBy(() -> scenario.check(Pointer.TABLET, DisplayConfig.single(639, 480)))
                .hasMessageStartingWith(
                        "t.scenario:2:2: display 0 has no pixel 639 479: it has 639x480, counted from 0\n");
        assertThatThrownBy(() -> parse("move-to 0 0 on 1").check(Pointer.TABLET, DisplayConfig.DEFAULT))
                .hasMessageStartingWith("t.scenario:1:1: there is no display 1; the last one is 0\n");
        assertThatThrownBy(() -> parse("move-to 0 0 on 1")
                        .check(Pointer.TABLET, DisplayConfig.of(Display.of(640, 480), new Display(640, 480, false))))
                .hasMessageStartingWith("t.scenario:1:1: display 1 is off\n");
        Scenario relative = parse("move 1 1\n");
        relative.check(Pointer.BOTH, DisplayConfig.DEFAULT);
        assertThatThrownBy(() -> relative.check(Pointer.TABLET, DisplayConfig.DEFAULT))
                .hasMessageStartingWith(
                        "t.scenario:1:1: there is no mouse to move: pointer is tablet; write move-to, or pointer both\n");
    }

    @Test
    void theMessageShowsTheLineWithACaretEvenBehindTabs() {
        assertThat(rejected("sleep 5\n\tkey KEY_ENTR\n").getMessage()).isEqualTo("""
                        t.scenario:2:6: there is no key KEY_ENTR; did you mean KEY_ENTER?
                             key KEY_ENTR
                                 ^""");
    }

    @Test
    void controlCharactersOfTheFileDoNotReachTheTerminal() {
        assertThat(rejected("slep \u001b[31m").getMessage()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep 1\nseed 4", "seed 4\nseed 4", "snapshot a\nsnapshot A", "poweroff\nsleep 1"})
    void linesThatContradictEarlierOnesAreRejectedAtTheLaterLine(String text) {
        assertThat(rejected(text).line()).isEqualTo(2);
    }

    @Test
    void filesAreReadRelativeToTheirFolder(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.scenario"), "disk d.img\n");
        assertThat(ScenarioParser.read(file).guest().disk())
                .hasValue(new ImageSource.File(folder.toAbsolutePath().resolve("d.img")));
    }

    @Test
    void aByteOrderMarkAndTheLineEndsOfWindowsAreNoPartOfTheScenario(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.scenario"), "\ufeffmode 800x600\r\nsleep 1000\r\n");
        Scenario scenario = ScenarioParser.read(file);
        assertThat(scenario.steps()).hasSize(1);
        assertThat(scenario.text()).startsWith("mode");
    }

    @Test
    void aFileThatIsMissingOrNoTextIsAUserError(@TempDir Path folder) throws IOException {
        Path binary = Files.write(folder.resolve("binary.scenario"), new byte[] {(byte) 0xc0, 0});
        assertThatThrownBy(() -> ScenarioParser.read(binary))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> ScenarioParser.read(folder.resolve("none")))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> ScenarioParser.read(folder))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("is a folder, not a scenario");
        Path large = Files.write(folder.resolve("large.scenario"), new byte[(1 << 18) + 1]);
        assertThatThrownBy(() -> ScenarioParser.read(large))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("256 KiB");
    }

    @Test
    void theManualsExampleIsAScenario() throws IOException {
        String manual = Files.readString(Path.of("..", "..", "docs", "SCENARIOS.md"));
        String example = manual.split("```\n", -1)[1];
        assertThat(parse(example).steps()).hasSize(10);
    }
}
