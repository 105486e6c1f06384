package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.guest.scenario.UsKeyboard;
import dev.semblance.machine.virtio.input.InputProfile;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvdevCodesTests {

    /** The end of every stretch of the table, so that a name too many or too few in one shows. */
    @Test
    void codesAreThoseOfLinux() {
        assertThat(EvdevCodes.keys())
                .containsAllEntriesOf(Map.ofEntries(
                        Map.entry("KEY_ESC", 1),
                        Map.entry("KEY_0", 11),
                        Map.entry("KEY_P", 25),
                        Map.entry("KEY_ENTER", 28),
                        Map.entry("KEY_LEFTCTRL", 29),
                        Map.entry("KEY_L", 38),
                        Map.entry("KEY_LEFTSHIFT", 42),
                        Map.entry("KEY_Z", 44),
                        Map.entry("KEY_M", 50),
                        Map.entry("KEY_RIGHTSHIFT", 54),
                        Map.entry("KEY_SPACE", 57),
                        Map.entry("KEY_F10", 68),
                        Map.entry("KEY_KP7", 71),
                        Map.entry("KEY_KPDOT", 83),
                        Map.entry("KEY_F12", 88),
                        Map.entry("KEY_KPENTER", 96),
                        Map.entry("KEY_KPSLASH", 98),
                        Map.entry("KEY_RIGHTALT", 100),
                        Map.entry("KEY_HOME", 102),
                        Map.entry("KEY_DELETE", 111)));
        assertThat(EvdevCodes.buttons())
                .containsExactlyInAnyOrderEntriesOf(Map.of("BTN_LEFT", 0x110, "BTN_RIGHT", 0x111, "BTN_MIDDLE", 0x112));
    }

    /** The 99 keys of semu's keyboard: linux/input-event-codes.h has the numbers. */
    @Test
    void theKeyboardHas99KeysAndEachCodeOneName() {
        assertThat(EvdevCodes.keys()).hasSize(99);
        EvdevCodes.keys()
                .forEach((name, code) -> assertThat(EvdevCodes.name(code)).hasValue(name));
        EvdevCodes.buttons()
                .forEach((name, code) -> assertThat(EvdevCodes.name(code)).hasValue(name));
        assertThat(EvdevCodes.name(99)).isEmpty();
        assertThat(EvdevCodes.key("KEY_SYSRQ")).isEmpty();
        assertThat(EvdevCodes.key("BTN_LEFT")).isEmpty();
    }

    /** A scenario can press what the virtio keyboard and mouse have, no more and no less. */
    @Test
    void theNamesAreThoseOfTheKeysThatTheDevicesHave() {
        assertThat(EvdevCodes.keys().values())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(InputProfile.keyboardKeys()).boxed().toList());
    }

    @Test
    void aUsKeyboardPutsCharactersOnTheKeysThatBearThem() {
        assertThat(UsKeyboard.stroke('a')).hasValue(new UsKeyboard.Stroke(30, false));
        assertThat(UsKeyboard.stroke('A')).hasValue(new UsKeyboard.Stroke(30, true));
        assertThat(UsKeyboard.stroke('\n')).hasValue(new UsKeyboard.Stroke(28, false));
        assertThat(UsKeyboard.stroke('\t')).hasValue(new UsKeyboard.Stroke(15, false));
        assertThat(UsKeyboard.stroke(' ')).hasValue(new UsKeyboard.Stroke(57, false));
        assertThat(UsKeyboard.stroke('|')).hasValue(new UsKeyboard.Stroke(43, true));
        assertThat(UsKeyboard.stroke('~')).hasValue(new UsKeyboard.Stroke(41, true));
        assertThat(UsKeyboard.stroke('"')).hasValue(new UsKeyboard.Stroke(40, true));
        assertThat(UsKeyboard.stroke('?')).hasValue(new UsKeyboard.Stroke(53, true));
        assertThat(UsKeyboard.stroke('\r')).isEmpty();
    }
}
