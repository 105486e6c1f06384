package dev.semblance.harness.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.target.TargetFailure.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TargetProcessTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static TargetProcess start(String command) {
        return TargetProcess.start(TargetLaunch.of(command, LONG));
    }

    private static Optional<TargetFailure> finished(String command) {
        try (TargetProcess process = start(command)) {
            return process.finish(LONG);
        }
    }

    @Test
    void aProgramThatEndsWithZeroAtTheEndOfItsInputDidNothingWrong() {
        assertThat(finished("cat")).isEmpty();
    }

    @Test
    void anExitStatusAndTheLastLinesAreTold() {
        TargetFailure failure =
                finished("cat > /dev/null; echo one >&2; echo two >&2; exit 3").orElseThrow();
        assertThat(failure.cause()).isEqualTo(new Cause.Died(3));
        assertThat(failure.lastLines()).containsExactly("one", "two");
        assertThat(failure.text()).isEqualTo("the target ended with exit status 3; it said last: one");
    }

    @Test
    void aSignalIsToldByItsName() {
        assertThat(finished("kill -ABRT $$").orElseThrow().text()).isEqualTo("the target died of signal 6 (SIGABRT)");
        assertThat(finished("sh -c 'kill -SEGV $$'; exit $?").orElseThrow().text())
                .startsWith("the target died of signal 11 (SIGSEGV)");
    }

    @Test
    void whatIsWrittenToStandardErrorIsAFindingEvenIfAllElseIsWell() {
        TargetFailure failure = finished("cat; echo odd >&2").orElseThrow();
        assertThat(failure.cause()).isEqualTo(new Cause.Complained());
        assertThat(failure.text()).isEqualTo("the target wrote to standard error: odd");
    }

    /** docs/TARGETS.md, "Dialects": what a program is known to say is no finding, and is told where it dies of something else. */
    @Test
    void aLineThatIsHarmlessIsNoFindingAndAnyOtherIs() {
        for (String end : List.of("", "; printf 'known' >&2", "; sleep 0.1; echo known >&2")) {
            TargetLaunch launch = new TargetLaunch("cat; echo known >&2" + end, LONG, "known"::equals);
            try (TargetProcess process = TargetProcess.start(launch)) {
                assertThat(process.finish(LONG)).isEmpty();
                assertThat(process.lastLines()).contains("known");
            }
        }
        TargetLaunch launch = new TargetLaunch("cat; echo known >&2; printf odd >&2", LONG, "known"::equals);
        try (TargetProcess process = TargetProcess.start(launch)) {
            TargetFailure failure = process.finish(LONG).orElseThrow();
            assertThat(failure.text()).isEqualTo("the target wrote to standard error: odd");
        }
        try (TargetProcess process = TargetProcess.start(launch.with("echo known >&2; exit 3"))) {
            TargetFailure failure = process.finish(LONG).orElseThrow();
            assertThat(failure.cause()).isEqualTo(new Cause.Died(3));
            assertThat(failure.lastLines()).containsExactly("known");
        }
    }

    @Test
    void aProgramThatSpeaksAndThenDiesHasDied() {
        try (TargetProcess process = start("echo last words >&2; sleep 0.1; exit 9")) {
            Optional<TargetFailure> failure = process.failure();
            while (failure.isEmpty()) {
                Thread.onSpinWait();
                failure = process.failure();
            }
            assertThat(failure.get()).isEqualTo(new TargetFailure(new Cause.Died(9), List.of("last words")));
        }
    }

    @Test
    void oneThatDoesNotEndHungAndIsKilledWithItsChildren() {
        ProcessHandle child;
        try (TargetProcess process = start("sleep 1000 & echo up; wait")) {
            assertThat(line(process)).isEqualTo("up");
            ProcessHandle shell = ProcessHandle.of(process.pid()).orElseThrow();
            child = shell.descendants().findFirst().orElseThrow();
            assertThat(process.finish(Duration.ofMillis(50)).orElseThrow().cause())
                    .isInstanceOf(Cause.Hung.class);
        }
        child.onExit().join();
        assertThat(child.isAlive()).isFalse();
    }

    private static String line(TargetProcess process) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = process.output().read();
                    c != '\n' && c >= 0;
                    c = process.output().read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return line.toString();
    }

    @Test
    void noAmountOfWordsStopsIt() {
        TargetFailure failure = finished(
                        "yes 'many words' | head -c 4000000 >&2; head -c 1000000 /dev/zero >&2; exit 5")
                .orElseThrow();
        assertThat(failure.cause()).isEqualTo(new Cause.Died(5));
        assertThat(failure.lastLines()).hasSizeLessThanOrEqualTo(ErrorLines.MOST_LINES);
        assertThat(failure.lastLines().stream().mapToInt(String::length).max().orElseThrow())
                .isLessThan(ErrorLines.MOST_BYTES * 8);
    }

    @Test
    void whatItSaysIsPrintable() {
        TargetFailure failure = finished("printf '\\033[31mred\\n::error::x\\n\\377\\n' >&2; exit 1")
                .orElseThrow();
        assertThat(failure.lastLines()).containsExactly("\\u{1b}[31mred", "\\u{3a}:error::x", "\ufffd");
    }

    @Test
    void theFirstFailureStays() {
        try (TargetProcess process = start("cat; exit 4")) {
            TargetFailure hung = process.fail(new Cause.Hung("an answer", Duration.ofMillis(1500)));
            assertThat(process.finish(LONG)).contains(hung);
            assertThat(hung.text()).isEqualTo("the target hung: an answer did not come within 1500 ms");
        }
    }

    @Test
    void oneThatIsGoneDiedWhateverItsConnectionLookedLike() {
        try (TargetProcess process = start("exit 6")) {
            assertThat(process.fail(new Cause.BrokeProtocol("closed its output"))
                            .cause())
                    .isEqualTo(new Cause.Died(6));
        }
    }

    @Test
    void beingClosedIsNoFinding() {
        TargetProcess process = start("cat");
        process.close();
        assertThat(process.failure()).isEmpty();
        assertThat(process.isAlive()).isFalse();
        process.close();
    }

    @Test
    void failuresOfOneKindHaveOneSignature() {
        String first = "SUMMARY: AddressSanitizer: heap-buffer-overflow gpu.c:12 in copy";
        TargetFailure one = new TargetFailure(new Cause.Died(134), List.of("==123==ERROR at 0x6020", first));
        TargetFailure other = new TargetFailure(new Cause.Died(134), List.of("==977==ERROR at 0x7777", first));
        TargetFailure elsewhere = new TargetFailure(new Cause.Died(134), List.of("SUMMARY: AddressSanitizer: leak"));
        assertThat(one.signature()).isEqualTo(other.signature()).isNotEqualTo(elsewhere.signature());
        assertThat(one.text()).endsWith("it said last: " + first);
    }

    @Test
    void wordsFromTheSystemAreWhatTheShellWasGiven() {
        try (TargetProcess process = start("printf '%s\\n' 'a  b'")) {
            assertThat(line(process).getBytes(StandardCharsets.UTF_8))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("a  b");
        }
    }
}
