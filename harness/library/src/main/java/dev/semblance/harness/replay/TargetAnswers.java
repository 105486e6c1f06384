package dev.semblance.harness.replay;

import dev.semblance.harness.replay.TargetOutcome.AnswerDifference;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.KnownFinding;
import dev.semblance.harness.target.dialect.ResponseName;
import dev.semblance.harness.trace.TraceEvent.Command;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The answers of a device that is not ours, beside those that were recorded. */
final class TargetAnswers {

    /** How many kinds of differences are told apart: the target chooses what it answers. */
    private static final int MOST_KINDS = 40;

    private final TargetJudgement judgement;
    private final AnswerWatcher watcher;
    private final Set<Capability> shows;
    private final Map<Kind, AnswerDifference> differences = new LinkedHashMap<>();
    private long answers;
    private long differing;
    private long allowed;
    private long cursors;

    /** The names of the commands that were sent last. */
    private List<String> last = List.of();

    private record Kind(String command, Aspect aspect, String expected, String actual) {}

    TargetAnswers(TargetJudgement judgement, AnswerWatcher watcher, Set<Capability> shows) {
        this.judgement = judgement;
        this.watcher = watcher;
        this.shows = Set.copyOf(shows);
    }

    boolean shows(Capability capability) {
        return shows.contains(capability);
    }

    void send(List<byte[]> requests) {
        last = requests.stream().map(CommandName::of).toList();
    }

    void cursorLaidOn() {
        cursors++;
    }

    /**
     * Compares an answer with the recorded one.
     *
     * @param actual what the device gave back; empty if it gave nothing back
     * @return whether that is a failure
     */
    boolean compare(long sequence, byte[] request, Command wanted, Optional<Command> actual) {
        String command = CommandName.of(request);
        if (!shows(Capability.DISPLAY_ANSWERS) && CommandName.asksForDisplays(command)) {
            return false;
        }
        answers++;
        String expected = RecordedAnswers.name(wanted);
        String got = actual.map(RecordedAnswers::name).orElse(ResponseName.UNUSED);
        Optional<Aspect> aspect =
                !expected.equals(got) ? Optional.of(Aspect.ANSWER) : actual.flatMap(back -> aspect(wanted, back));
        Optional<Deviation> allowing =
                aspect.flatMap(seen -> judgement.dialect().allowing(seen, command, expected, got));
        watcher.compared(new AnswerWatcher.Answer(sequence, command, expected, got, aspect, allowing));
        aspect.ifPresent(seen -> count(sequence, new Kind(command, seen, expected, got), allowing));
        return aspect.isPresent() && judgement.answersCount() && allowing.isEmpty();
    }

    private static Optional<Aspect> aspect(Command wanted, Command actual) {
        return !Arrays.equals(RecordedAnswers.response(wanted), RecordedAnswers.response(actual))
                ? Optional.of(Aspect.CONTENT)
                : wanted.usedLength() != actual.usedLength() ? Optional.of(Aspect.LENGTH) : Optional.empty();
    }

    private void count(long sequence, Kind kind, Optional<Deviation> allowing) {
        differing++;
        allowed += allowing.isPresent() ? 1 : 0;
        AnswerDifference known = differences.get(kind);
        if (known != null || differences.size() < MOST_KINDS) {
            differences.put(
                    kind,
                    new AnswerDifference(
                            kind.command(),
                            kind.aspect(),
                            kind.expected(),
                            kind.actual(),
                            known == null ? sequence : known.sequence(),
                            known == null ? 1 : known.count() + 1,
                            allowing));
        }
    }

    /** {@return which known finding of the dialect a failure is, if it is one} */
    Optional<KnownFinding> known(Optional<TargetFailure> failure) {
        return failure.flatMap(found -> judgement.dialect().known(found, last));
    }

    TargetOutcome outcome(Optional<TargetFailure> failure) {
        List<String> lacking = Arrays.stream(Capability.values())
                .filter(capability -> !shows.contains(capability) && capability != Capability.CURSOR)
                .map(Capability::words)
                .toList();
        return new TargetOutcome(
                answers,
                differing,
                allowed,
                List.copyOf(differences.values()),
                cursors,
                lacking,
                failure,
                known(failure));
    }
}
