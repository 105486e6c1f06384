package dev.semblance.harness.edit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/SCENARIOS.md, "From a session to a test": what a scenario waits for of what the guest wrote. */
class TextWaitsTests {

    private final ConsoleLog console = new ConsoleLog();
    private long cycle;

    /** Returns the cycle behind it. */
    private long writes(String text) {
        for (byte value : text.getBytes(StandardCharsets.ISO_8859_1)) {
            console.add(++cycle, value);
        }
        return cycle + 1;
    }

    private TextWaits waits() {
        console.close();
        return new TextWaits(console);
    }

    private static String after(TextWaits waits, long from, long to, String typed) {
        return waits.next(from, to, Optional.of(typed.getBytes(StandardCharsets.ISO_8859_1)))
                .map(awaited -> awaited.times() + " " + awaited.text())
                .orElse("nothing");
    }

    private String awaited(String written) {
        long from = cycle;
        long end = writes(written);
        return after(waits(), from, end, "");
    }

    @Test
    void theLastPieceOfALineIsWaitedFor() {
        assertThat(awaited("one\r\ntwo three\r\n$ ")).isEqualTo("1 \"$ \"");
    }

    @Test
    void theEchoOfWhatWasTypedIsNot() {
        long end = writes("ls");
        assertThat(after(waits(), 0, end, "ls")).isEqualTo("nothing");
    }

    @Test
    void behindTheEchoTheNextTextIs() {
        long end = writes("ls\r\nbin\r\n");
        assertThat(after(waits(), 0, end, "ls\n")).isEqualTo("1 \"bin\"");
    }

    @Test
    void aTextThatStoodThereBeforeIsMadeLongerOrWaitedForSeveralTimes() {
        assertThat(awaited("echo done\r\ndone")).isEqualTo("1 \"\\ndone\"");
        console.close();
        long from = cycle;
        long end = writes("$ $ ");
        assertThat(after(waits(), from, end, "")).isEqualTo("1 \"$ $ \"");
    }

    @Test
    void numbersThatMayBeOthersTheNextTimeAreLeftOut() {
        assertThat(awaited("[    1.234567] Run /init as init")).isEqualTo("1 \"] Run /init as init\"");
        assertThat(awaited("\r\nframes 60 sum 8449c714")).isEqualTo("1 \"frames 60 sum \"");
        assertThat(awaited("\r\nmode 1024x768")).isEqualTo("1 \"mode 1024x768\"");
    }

    @Test
    void whatATerminalObeysIsLeftOut() {
        assertThat(awaited("~ # \u001b[6n")).isEqualTo("1 \"~ # \"");
        assertThat(awaited("\u001b[32mready")).isEqualTo("1 \"ready\"");
    }

    @Test
    void aTextThatCameBeforeTheLastStepEndedIsNotWaitedFor() {
        long end = writes("early");
        assertThat(after(waits(), end, end + 10, "")).isEqualTo("nothing");
    }
}
