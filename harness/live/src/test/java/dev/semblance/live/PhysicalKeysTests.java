package dev.semblance.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.text.EvdevCodes;
import org.junit.jupiter.api.Test;

/** UI Events KeyboardEvent code Values (W3C), against Linux's input-event-codes.h. */
class PhysicalKeysTests {

    @Test
    void everyKeyOfTheGuestsKeyboardHasItsPlace() {
        assertThat(PhysicalKeys.all().values())
                .containsExactlyInAnyOrderElementsOf(EvdevCodes.keys().values());
    }

    @Test
    void placesAreNamedAsTheKeysOfAnAmericanKeyboard() {
        PhysicalKeys.all().forEach((place, code) -> {
            String name = EvdevCodes.nameOf(code).substring("KEY_".length());
            if (place.matches("Key[A-Z]")) {
                assertThat(name).isEqualTo(place.substring("Key".length()));
            } else if (place.matches("Digit[0-9]")) {
                assertThat(name).isEqualTo(place.substring("Digit".length()));
            } else if (place.matches("F[0-9]+")) {
                assertThat(name).isEqualTo(place);
            } else if (place.matches("Numpad[0-9]")) {
                assertThat(name).isEqualTo("KP" + place.substring("Numpad".length()));
            } else if (place.startsWith("Arrow")) {
                assertThat("Arrow" + name).isEqualToIgnoringCase(place);
            }
        });
        assertThat(PhysicalKeys.code("ControlRight")).contains(97);
        assertThat(PhysicalKeys.code("AltRight")).contains(100);
        assertThat(PhysicalKeys.code("Backslash")).contains(43);
        assertThat(PhysicalKeys.code("NumpadMultiply")).contains(55);
        assertThat(PhysicalKeys.code("PageDown")).contains(109);
        assertThat(PhysicalKeys.code("IntlBackslash")).isEmpty();
    }
}
