package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.fuzz.differential.Comparison.Answer;
import dev.semblance.harness.fuzz.differential.Comparison.Differs;
import dev.semblance.harness.fuzz.differential.Comparison.NotCompared;
import dev.semblance.harness.fuzz.differential.Comparison.Picture;
import dev.semblance.harness.fuzz.differential.Comparison.Reason;
import dev.semblance.harness.fuzz.differential.Comparison.Relation;
import dev.semblance.harness.fuzz.differential.Comparison.Same;
import dev.semblance.harness.fuzz.differential.ScriptCheck.Watcher;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.target.dialect.ResponseName;
import dev.semblance.harness.target.dialect.StepRule;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps account of whether two devices have done the same so far, and passes what a dialect allows. A watcher is told of every
 * comparison.
 */
final class StepKeeper {

    private static final Relation SAME = new Same();

    private final Dialect dialect;
    private final boolean goesOn;
    private final Set<Capability> shows;
    private final Watcher watcher;

    /** Whether the two have done the same so far, but for what they said of it. */
    private boolean inStep = true;

    private boolean picturesAlike = true;

    /** The scanouts whose pictures differ, as was passed. */
    private final BitSet unlike = new BitSet();

    private final ShownTraits traits = new ShownTraits();
    private boolean deviated;

    /**
     * Makes the account of a run.
     *
     * @param goesOn whether what no dialect allows is passed too
     * @param shows what the tested device can show
     */
    StepKeeper(Dialect dialect, boolean goesOn, Set<Capability> shows, Watcher watcher) {
        this.dialect = dialect;
        this.goesOn = goesOn;
        this.shows = shows;
        this.watcher = watcher;
    }

    boolean isInStep() {
        return inStep;
    }

    /** {@return whether anything was passed that is not as the reference has it} */
    boolean hasDeviated() {
        return deviated;
    }

    /** Compares the answers to a command; returns whether they are a difference. */
    boolean answersDiffer(int line, int place, String command, CommandAnswer expected, CommandAnswer answer) {
        String wanted = ResponseName.of(expected.used(), expected.usedLength(), expected.response());
        String got = ResponseName.of(answer.used(), answer.usedLength(), answer.response());
        Optional<Relation> relation = relation(command, wanted, got, expected, answer);
        relation.ifPresent(known -> watcher.compared(new Answer(line, place, command, wanted, got, known)));
        return relation.isEmpty();
    }

    private Optional<Relation> relation(
            String command, String wanted, String got, CommandAnswer expected, CommandAnswer answer) {
        if (answer.response().length < Integer.BYTES && dialect.mayAnswerOtherwise(command)) {
            // Whether it was done does not show.
            inStep = false;
        }
        if (!inStep) {
            return Optional.of(new NotCompared(Reason.OUT_OF_STEP));
        }
        if (!shows.contains(Capability.DISPLAY_ANSWERS) && CommandName.asksForDisplays(command)) {
            return Optional.of(new NotCompared(Reason.NOT_ITS_OWN));
        }
        List<Aspect> aspects = aspects(wanted, got, expected, answer);
        if (aspects.isEmpty()) {
            return Optional.of(SAME);
        }
        Optional<Relation> passed = passed(aspects, command, wanted, got, () -> detail(aspects, expected, answer));
        if (passed.isPresent() && aspects.getFirst() == Aspect.ANSWER) {
            boolean allowed = passed.get() instanceof Differs differs
                    && differs.allowedBy().isPresent();
            step(StepRule.after(command, wanted, got, allowed));
        }
        return passed;
    }

    private void step(StepRule.Step step) {
        switch (step) {
            case SAME -> {}
            case SHOWN_DIFFERS -> {
                picturesAlike = false;
                inStep = goesOn;
            }
            case DIFFERENT -> inStep = false;
        }
    }

    /** {@return in what an answer deviates, what counts most first; empty if in nothing that the device can show} */
    private List<Aspect> aspects(String wanted, String got, CommandAnswer expected, CommandAnswer answer) {
        boolean sameName = wanted.equals(got);
        boolean sameBytes = Arrays.equals(expected.response(), answer.response());
        boolean sameLength = expected.used() == answer.used() && expected.usedLength() == answer.usedLength();
        List<Aspect> aspects = new ArrayList<>(2);
        if (!sameName) {
            aspects.add(Aspect.ANSWER);
        }
        if (sameName && !sameBytes) {
            aspects.add(Aspect.CONTENT);
        }
        if (sameBytes && !sameLength) {
            aspects.add(Aspect.LENGTH);
        }
        if (aspects.isEmpty() && expected.status() != answer.status() && shows.contains(Capability.STATUS)) {
            aspects.add(Aspect.STATUS);
        }
        return aspects;
    }

    private Optional<Relation> passed(
            List<Aspect> aspects, String command, String wanted, String got, Supplier<String> detail) {
        for (Aspect aspect : aspects) {
            Optional<Deviation> allowing = dialect.allowing(aspect, command, wanted, got);
            if (allowing.isPresent()) {
                watcher.deviated(allowing.get());
                deviated = true;
                return Optional.of(new Differs(aspect, allowing, detail.get()));
            }
        }
        deviated |= goesOn;
        return goesOn ? Optional.of(new Differs(aspects.getFirst(), Optional.empty(), detail.get())) : Optional.empty();
    }

    private static String detail(List<Aspect> aspects, CommandAnswer expected, CommandAnswer answer) {
        return switch (aspects.getFirst()) {
            case ANSWER, PICTURE -> "";
            case CONTENT -> {
                int at = Arrays.mismatch(expected.response(), answer.response());
                yield Text.format("byte %d is %02x, not %02x", at, answer.response()[at], expected.response()[at]);
            }
            case LENGTH -> Text.format("%d, not %d", answer.usedLength(), expected.usedLength());
            case STATUS -> Text.format("0x%x, not 0x%x", answer.status(), expected.status());
        };
    }

    /** {@return whether pictures are still compared} */
    boolean comparesPictures() {
        return pictureReason().isEmpty();
    }

    private Optional<Reason> pictureReason() {
        if (!shows.contains(Capability.PICTURES)) {
            return Optional.of(Reason.NOT_SHOWN);
        }
        if (!inStep) {
            return Optional.of(Reason.OUT_OF_STEP);
        }
        return picturesAlike ? Optional.empty() : Optional.of(Reason.SHOWN_DIFFERS);
    }

    /** To be called for each command and what the reference answered, before pictures are compared. */
    void done(Command command, CommandAnswer expected) {
        String answer = ResponseName.of(expected.used(), expected.usedLength(), expected.response());
        if (ResponseName.maySucceed(answer)) {
            traits.done(command.request());
        }
    }

    /** To be called when the devices were reset. */
    void reset() {
        traits.reset();
    }

    /**
     * Judges the pictures after a line.
     *
     * @param seen in what they differ, if they were compared
     * @return the first difference that is not passed
     */
    Optional<DeviceDifference> pictureDifference(
            int line, int commands, String cause, List<PictureComparison.Seen> seen) {
        Relation relation = pictureReason().<Relation>map(NotCompared::new).orElse(SAME);
        BitSet differing = new BitSet();
        for (PictureComparison.Seen each : seen) {
            each.head().ifPresent(differing::set);
            if (each.head().isPresent() && unlike.get(each.head().getAsInt())) {
                // A picture stays until the next one: what else differs in it is not known.
                relation = relation.equals(SAME) ? new NotCompared(Reason.SHOWN_DIFFERS) : relation;
                continue;
            }
            Optional<Relation> passed = passed(cause, each);
            if (passed.isEmpty()) {
                return Optional.of(each.difference());
            }
            relation = relation instanceof Differs ? relation : passed.get();
        }
        if (comparesPictures()) {
            // One that is right again is compared from here on.
            unlike.and(differing);
        }
        watcher.compared(new Picture(line, commands, cause, relation));
        return Optional.empty();
    }

    private Optional<Relation> passed(String cause, PictureComparison.Seen seen) {
        OptionalInt head = seen.head();
        Optional<Deviation> allowing = dialect.allowingPicture(
                cause, head.isPresent() ? traits.of(head.getAsInt()) : Collections.emptySortedSet());
        if (allowing.isEmpty() && !goesOn) {
            return Optional.empty();
        }
        allowing.ifPresent(watcher::deviated);
        deviated = true;
        head.ifPresent(unlike::set);
        // What a device publishes builds on what it published before.
        picturesAlike = head.isPresent();
        return Optional.of(
                new Differs(Aspect.PICTURE, allowing, seen.difference().text()));
    }
}
