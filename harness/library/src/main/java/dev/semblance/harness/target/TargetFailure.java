package dev.semblance.harness.target;

import dev.semblance.harness.util.Text;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a device under test did that no device may do, whatever it is told: a finding by itself.
 *
 * @param cause what it did
 * @param lastLines the last lines of its program's standard error, each printable and of bounded length
 */
public record TargetFailure(Cause cause, List<String> lastLines) {

    private static final Pattern PARTICULARS = Pattern.compile("0x[0-9a-fA-F]+|[0-9]+");

    /** What a sanitizer says last of all: what was wrong, and where. */
    private static final String SUMMARY = "SUMMARY: ";

    /** Copies the list, without lines that say nothing: programs put them around those that do. */
    public TargetFailure {
        lastLines = lastLines.stream().filter(line -> !line.isBlank()).toList();
    }

    /** What a device did. */
    public sealed interface Cause {

        /**
         * Its program ended while it was in use, or ended otherwise than with 0 when it was told to.
         *
         * @param status the exit status; the shell's 128 and more are signals
         */
        record Died(int status) implements Cause {}

        /**
         * It did not go on.
         *
         * @param waitedFor what was waited for
         * @param timeout how long
         */
        record Hung(String waitedFor, Duration timeout) implements Cause {}

        /** Its program wrote to standard error. */
        record Complained() implements Cause {}

        /**
         * It broke the rules by which it is spoken to.
         *
         * @param what how, at the end of a sentence that begins with the device
         */
        record BrokeProtocol(String what) implements Cause {}
    }

    /** {@return what happened, in one sentence without its full stop: {@code the target died of signal 6 (SIGABRT)}} */
    public String text() {
        String said = lastLines.isEmpty() || cause instanceof Cause.Complained ? "" : "; it said last: " + summary();
        return "the target "
                + switch (cause) {
                    case Cause.Died died -> died(died.status());
                    case Cause.Hung hung ->
                        Text.format("hung: %s did not come within %s", hung.waitedFor(), span(hung.timeout()));
                    case Cause.Complained complained -> "wrote to standard error: " + summary();
                    case Cause.BrokeProtocol broke -> broke.what();
                }
                + said;
    }

    private static String span(Duration time) {
        long millis = time.toMillis();
        return millis % 1000 == 0 ? Text.format("%d s", millis / 1000) : Text.format("%d ms", millis);
    }

    private static String died(int status) {
        int signal = status - 128;
        return Signals.isSignal(signal)
                ? Text.format("died of signal %d (%s)", signal, Signals.name(signal))
                : "ended with exit status " + status;
    }

    /** {@return the line that says most: a sanitizer's summary, or else the first of those that are kept} */
    private String summary() {
        return lastLines.stream()
                .filter(line -> line.startsWith(SUMMARY))
                .findFirst()
                .or(() -> lastLines.stream().findFirst())
                .orElse("");
    }

    /** {@return what it did, without what it said: {@code died of signal 6 (SIGABRT)}, {@code hung}} */
    public String kind() {
        return switch (cause) {
            case Cause.Died died -> died(died.status());
            case Cause.Hung hung -> "hung";
            case Cause.Complained complained -> "complained";
            case Cause.BrokeProtocol broke -> "broke the protocol";
        };
    }

    /** {@return what it has in common with failures of the same kind: without numbers and addresses} */
    public String signature() {
        String what = cause instanceof Cause.BrokeProtocol broke ? kind() + ": " + particular(broke.what()) : kind();
        // What a program says as it dies is in the order of its threads; a sanitizer's summary is one line.
        Stream<String> said = cause instanceof Cause.Complained
                ? Stream.of(summary())
                : lastLines.stream().filter(line -> line.startsWith(SUMMARY)).limit(1);
        return said.map(line -> what + " " + particular(line)).findFirst().orElse(what);
    }

    private static String particular(String line) {
        return PARTICULARS.matcher(line).replaceAll("#");
    }
}
