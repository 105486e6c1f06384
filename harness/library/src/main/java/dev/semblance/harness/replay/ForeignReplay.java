package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Composition;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a replay into a device that is not ours compares: answers, whichever their order, and pictures, with the recorded
 * cursor where the device shows none.
 */
final class ForeignReplay {

    private final TargetAnswers answers;
    private final boolean goldens;
    private final CursorSource source;
    private Optional<RecordedCursors> cursors = Optional.empty();

    /** Makes the cursors that are laid on the pictures of a device that shows none. */
    interface CursorSource {
        RecordedCursors make() throws IOException;
    }

    /**
     * An answer that is a difference.
     *
     * @param wanted the recorded command
     * @param actual what the device gave back; empty if it did not
     */
    record Different(Stamped wanted, Optional<Command> actual) {}

    /**
     * Makes one.
     *
     * @param judgement by what the device is judged
     * @param watcher told of each answer
     * @param goldens whether the snapshots are compared with goldens; else they must be as recorded
     * @param source makes the cursors for a device that shows none
     */
    ForeignReplay(
            TargetJudgement judgement,
            AnswerWatcher watcher,
            Set<Capability> shows,
            boolean goldens,
            CursorSource source) {
        this.answers = new TargetAnswers(judgement, watcher, shows);
        this.goldens = goldens;
        this.source = source;
    }

    /** Gets what is needed for a device with these pictures. */
    void begin(Pictures pictures) throws IOException {
        boolean showsCursor = switch (pictures) {
            case Pictures.Published published -> true;
            case Pictures.Screendump screendump -> screendump.showsCursor();
        };
        if (!showsCursor && showsPictures()) {
            cursors = Optional.of(source.make());
        }
    }

    boolean showsPictures() {
        return answers.shows(Capability.PICTURES);
    }

    /** {@return a picture of the device's at the snapshot with this number, with the cursor on it} */
    Frame withCursor(long sequence, Frame picture) {
        CursorPlane cursor = cursors.map(all -> all.at(sequence)).orElse(CursorPlane.HIDDEN);
        if (cursor.image().isEmpty()) {
            return picture;
        }
        answers.cursorLaidOn();
        return Composition.compose(picture, cursor);
    }

    /** {@return whether a snapshot fails by itself: where there is a golden, that decides} */
    boolean differs(TraceEvent.Snapshot recorded, TraceEvent.Snapshot actual) {
        return !goldens && !actual.equals(recorded);
    }

    /** Compares an answer with the recorded one, which is due no longer; returns it if that is a difference. */
    Optional<Different> answered(
            Command actual, ArrayDeque<Stamped> due, Collection<ReplayedGpu.Chain> underway, long end) {
        Optional<Stamped> wanted = due.stream()
                .filter(each -> each.event() instanceof Command command && isSameChain(command, actual))
                .findFirst();
        wanted.ifPresent(due::remove);
        return wanted.flatMap(recorded -> compare(recorded, Optional.of(actual), underway, end));
    }

    /** Compares what was never answered; returns the first that is a difference. */
    Optional<Different> unanswered(Collection<Stamped> due, Collection<ReplayedGpu.Chain> underway, long end) {
        List<Different> found = due.stream()
                .flatMap(missed -> compare(missed, Optional.empty(), underway, end).stream())
                .toList();
        return found.stream().findFirst();
    }

    static boolean isSameChain(Command command, Command other) {
        return command.queue() == other.queue() && command.head() == other.head();
    }

    private Optional<Different> compare(
            Stamped wanted, Optional<Command> actual, Collection<ReplayedGpu.Chain> underway, long end) {
        if (wanted.sequence() >= end || !(wanted.event() instanceof Command command)) {
            return Optional.empty();
        }
        byte[] request = underway.stream()
                .filter(chain -> isSameChain(chain.command(), command))
                .findFirst()
                .map(ReplayedGpu.Chain::request)
                .orElse(new byte[0]);
        return answers.compare(wanted.sequence(), request, command, actual)
                ? Optional.of(new Different(wanted, actual))
                : Optional.empty();
    }

    /** Notes that chains are about to be sent together. */
    void send(List<ReplayedGpu.Chain> chains) {
        answers.send(chains.stream().map(ReplayedGpu.Chain::request).toList());
    }

    /** {@return whether a failure is one that the dialect knows} */
    boolean knows(TargetFailure failure) {
        return answers.known(Optional.of(failure)).isPresent();
    }

    TargetOutcome outcome(Optional<TargetFailure> failure) {
        return answers.outcome(failure);
    }
}
