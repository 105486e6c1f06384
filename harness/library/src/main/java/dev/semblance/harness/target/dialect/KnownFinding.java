package dev.semblance.harness.target.dialect;

import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A fault of a program that is known: it is no finding any more, and ends the script that leads to it.
 *
 * @param file the dialect that it is in
 * @param line where it stands there, from 1
 * @param commands patterns over the names of the last commands before it; the commands of a batch are last together
 * @param what what the program does
 * @param says a line among its last ones, where that is said; of a breach of the protocol, how it broke it
 * @param reason why that is accepted, for people
 * @param link where more is known of it
 */
public record KnownFinding(
        String file, int line, List<Glob> commands, What what, Optional<LinePattern> says, String reason, String link) {

    /** What a program does that no device may do. */
    public sealed interface What {

        /**
         * It ends with a status.
         *
         * @param status other than 0
         */
        record Exit(int status) implements What {}

        /**
         * It dies of a signal.
         *
         * @param signal its number
         */
        record Signal(int signal) implements What {}

        /** It does not go on. */
        record Hang() implements What {}

        /** It writes to standard error. */
        record Complaint() implements What {}

        /** It breaks the rules by which it is spoken to. */
        record ProtocolBreach() implements What {}
    }

    /** Copies the list. */
    public KnownFinding {
        commands = List.copyOf(commands);
    }

    /**
     * {@return whether this is what a program did}
     *
     * @param failure what it did
     * @param last the names of the last commands before that; none where there was no command
     * @param harmless which lines its dialect allows besides
     */
    boolean covers(TargetFailure failure, List<String> last, Predicate<String> harmless) {
        return (last.isEmpty() ? List.of("") : last)
                        .stream().anyMatch(name -> commands.stream().anyMatch(glob -> glob.matches(name)))
                && isSame(failure, harmless);
    }

    private boolean isSame(TargetFailure failure, Predicate<String> harmless) {
        return switch (failure.cause()) {
            case Cause.Died died ->
                (what.equals(new What.Exit(died.status())) || what.equals(new What.Signal(died.status() - 128)))
                        && saysSo(failure.lastLines());
            case Cause.Hung hung -> what instanceof What.Hang && saysSo(failure.lastLines());
            // Each of its lines has to be known: another one may be of another fault.
            case Cause.Complained complained ->
                what instanceof What.Complaint
                        && saysSo(failure.lastLines())
                        && failure.lastLines().stream()
                                .allMatch(said -> harmless.test(said)
                                        || says.filter(known -> known.matches(said))
                                                .isPresent());
            case Cause.BrokeProtocol broke -> what instanceof What.ProtocolBreach && saysSo(List.of(broke.what()));
        };
    }

    private boolean saysSo(List<String> lines) {
        return says.isEmpty() || lines.stream().anyMatch(said -> says.get().matches(said));
    }

    /** {@return where it stands: {@code qemu-bugs.toml:12}} */
    public String place() {
        return file + ":" + line;
    }
}
