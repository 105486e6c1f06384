package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.scenario.ScenarioWriter.Line;
import dev.semblance.harness.edit.scenario.ScenarioWriter.Written;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.StepFailure;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceManifest.Image;
import dev.semblance.machine.boot.BadImageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Makes a scenario of a session, records it, and follows the session more closely where that shows something else: first with each
 * motion as it was, then by time alone, up to the snapshot that differs.
 */
public final class ScenarioMaker {

    private final RecordedSession session;
    private final String name;
    private final ScenarioWriter writer;

    /**
     * Makes a maker.
     *
     * @param session what was done
     * @param trace what the trace is called, for the comment at the top
     * @param name what the scenario is called, in messages
     * @param shipped finds what image that ships an image of the session is
     */
    public ScenarioMaker(
            RecordedSession session,
            String trace,
            String name,
            Function<Image, Optional<ImageSource.Shipped>> shipped) {
        this.session = session;
        this.name = name;
        this.writer = new ScenarioWriter(session, trace, shipped);
    }

    /**
     * A snapshot that the scenario does not take again.
     *
     * @param label of the snapshot
     * @param line that takes it, from 1; for the last one, the line behind the last
     * @param parting the last line after which all was as in the session, if that is known
     * @param failure the step that did not come true, if that is why
     */
    public record Unlike(String label, int line, Optional<Integer> parting, Optional<StepFailure> failure) {}

    /**
     * A scenario of the session.
     *
     * @param text all of it
     * @param snapshots how many it takes, the last one counted
     * @param timed lines from which on it goes by time alone
     * @param unlike the snapshots that are others
     * @param recordings how often it was recorded; 0 if that was not wanted
     * @param interrupted whether somebody ended it before all was compared
     */
    public record Made(
            String text,
            int snapshots,
            List<Integer> timed,
            List<Unlike> unlike,
            int recordings,
            boolean interrupted) {}

    /**
     * {@return the scenario as it is at first, which nobody has recorded}
     *
     * @throws UnusableInputException if it is too long
     */
    public Made unverified() {
        return made(writer.write(free(), name), free(), List.of(), 0, false);
    }

    /**
     * Makes the scenario and records it until its snapshots are those of the session, or nothing more can be done.
     *
     * @param config the session's machine
     * @param interrupted asked now and then
     * @param progress told the cycle of each recording
     * @throws BadImageException if an image cannot be used
     * @throws UnusableInputException if it is too long
     */
    public Made verified(SessionConfig config, BooleanSupplier interrupted, LongConsumer progress)
            throws BadImageException {
        return verified((scenario, events, over) -> new RecordingRun(
                        config, Optional.of(scenario), Optional.of(events), value -> {})
                .run(limit(), () -> over.getAsBoolean() || interrupted.getAsBoolean(), progress));
    }

    /** Records a scenario. */
    interface Recording {
        /**
         * Returns how it ended.
         *
         * @param events takes what is recorded
         * @param over asked now and then whether to end early, as {@link Reason#INTERRUPTED}
         */
        RecordingRun.Outcome record(Scenario scenario, EventSink events, BooleanSupplier over) throws BadImageException;
    }

    Made verified(Recording recorder) throws BadImageException {
        Styles styles = new Styles(free(), moving());
        Set<String> tolerated = new TreeSet<>();
        Written written = writer.write(styles.now(), name);
        int recordings = 0;
        while (true) {
            ScenarioCheck check = new ScenarioCheck(session, written, tolerated);
            RecordingRun.Outcome outcome = recorder.record(written.scenario(), check, check::isOver);
            recordings++;
            boolean left = outcome.reason() == Reason.INTERRUPTED && !check.isOver();
            Optional<StepFailure> failure = check.isOver() ? Optional.empty() : outcome.failure();
            List<Unlike> unlike = unlike(written, check, failure);
            if (left || !check.isOver() && failure.isEmpty()) {
                return made(written, styles.now(), unlike, recordings, left);
            }
            // What differs first and is not given up yet.
            Optional<Unlike> first = unlike.stream()
                    .filter(one -> !tolerated.contains(one.label()))
                    .findFirst();
            List<Style> tried = styles.now();
            Optional<Written> again =
                    first.isPresent() && styles.stricter(stretch(first.get().label()))
                            ? rewritten(styles)
                            : Optional.empty();
            if (again.isEmpty()) {
                if (failure.isPresent() || first.isEmpty()) {
                    // Nothing behind a step that does not come true is ever seen.
                    return made(written, tried, unlike, recordings, false);
                }
                tolerated.add(first.get().label());
                styles.giveUp();
                again = rewritten(styles);
            }
            written = again.orElse(written);
        }
    }

    /** {@return the scenario anew; empty if it is too long} */
    private Optional<Written> rewritten(Styles styles) {
        try {
            return Optional.of(writer.write(styles.now(), name));
        } catch (UnusableInputException e) {
            return Optional.empty();
        }
    }

    private long limit() {
        return 4 * session.hands().getLast().cycle() + 60 * session.clock();
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (HandEvent event : session.hands()) {
            if (event instanceof HandEvent.Shot shot) {
                labels.add(shot.label());
            }
        }
        labels.add(TraceEvent.Snapshot.END);
        return labels;
    }

    private int stretch(String label) {
        return labels().indexOf(label);
    }

    private List<Style> free() {
        return Collections.nCopies(labels().size(), Style.FREE);
    }

    /** {@return for each stretch, whether the pointer was moved in it} */
    private List<Boolean> moving() {
        List<Boolean> moving = new ArrayList<>(Collections.nCopies(labels().size(), false));
        int stretch = 0;
        for (HandEvent event : session.hands()) {
            if (event instanceof HandEvent.Shot) {
                stretch++;
            } else if (event instanceof HandEvent.Motion || event instanceof HandEvent.Place) {
                moving.set(stretch, true);
            }
        }
        return moving;
    }

    private List<Unlike> unlike(Written written, ScenarioCheck check, Optional<StepFailure> failure) {
        List<Unlike> unlike = new ArrayList<>();
        Optional<Integer> parting = check.parting().map(Line::number);
        if (failure.isPresent()) {
            int line = failure.get().step().line();
            Line shot = written.lines().stream()
                    .filter(one -> one.number() >= line && one.act().isShot())
                    .findFirst()
                    .orElseGet(() -> written.lines().getLast());
            check.different().stream()
                    .map(place -> written.lines().get(place))
                    .filter(one -> one.number() < line)
                    .forEach(one -> unlike.add(unlike(one, parting, Optional.empty())));
            unlike.add(unlike(shot, parting, failure));
            return unlike;
        }
        check.different().forEach(place -> unlike.add(unlike(written.lines().get(place), parting, Optional.empty())));
        return unlike;
    }

    private static Unlike unlike(Line shot, Optional<Integer> parting, Optional<StepFailure> failure) {
        String label = shot.act().kind() == Act.Kind.END
                ? TraceEvent.Snapshot.END
                : shot.act().line().substring("snapshot ".length());
        return new Unlike(label, shot.number(), parting.filter(line -> line < shot.number()), failure);
    }

    private Made made(Written written, List<Style> styles, List<Unlike> unlike, int recordings, boolean interrupted) {
        List<Integer> timed = new ArrayList<>();
        List<Line> lines = written.lines();
        int stretch = 0;
        for (int i = 0; i < lines.size(); i++) {
            boolean begins = i == 0 || lines.get(i - 1).act().kind() == Act.Kind.SNAPSHOT;
            stretch += i > 0 && begins ? 1 : 0;
            if (begins && styles.get(stretch) == Style.TIMED) {
                timed.add(lines.get(i).number());
            }
        }
        return new Made(written.scenario().text(), styles.size(), timed, unlike, recordings, interrupted);
    }

    /** How exactly each stretch is followed, and what can be tried next. */
    private static final class Styles {

        private final List<Style> styles;
        private final List<Boolean> moving;
        private List<Style> before;

        Styles(List<Style> styles, List<Boolean> moving) {
            this.styles = new ArrayList<>(styles);
            this.moving = moving;
            this.before = styles;
        }

        List<Style> now() {
            return List.copyOf(styles);
        }

        /** Follows the session more closely up to the end of a stretch; false if that is done already. */
        boolean stricter(int stretch) {
            if (moving.get(stretch) && styles.get(stretch) == Style.FREE) {
                before = now();
                styles.set(stretch, Style.MOTION);
                return true;
            }
            if (styles.get(stretch) != Style.TIMED) {
                before = now();
                styles.set(stretch, Style.TIMED);
                return true;
            }
            if (styles.subList(0, stretch).stream().anyMatch(style -> style != Style.TIMED)) {
                IntStream.range(0, stretch).forEach(i -> styles.set(i, Style.TIMED));
                return true;
            }
            return false;
        }

        /** Takes back what was tried for one snapshot and did not help. */
        void giveUp() {
            IntStream.range(0, styles.size()).forEach(i -> styles.set(i, before.get(i)));
        }
    }
}
