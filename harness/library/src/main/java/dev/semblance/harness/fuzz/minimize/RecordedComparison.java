package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RecordedAnswer;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Act;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Query;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.target.dialect.ResponseName;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs scripts on a device, and compares what comes of it with what a trace says of the same commands. */
final class RecordedComparison {

    private final RigSettings settings;
    private final DeviceUnderTest.Factory tested;
    private final Dialect dialect;
    private final RecordedOutcomes recorded;

    RecordedComparison(
            RigSettings settings, DeviceUnderTest.Factory tested, Dialect dialect, RecordedOutcomes recorded) {
        this.settings = settings;
        this.tested = tested;
        this.dialect = dialect;
        this.recorded = recorded;
    }

    /** {@return the same comparison of other devices} */
    RecordedComparison on(DeviceUnderTest.Factory device) {
        return new RecordedComparison(settings, device, dialect, recorded);
    }

    /** In what a mismatch shows. */
    enum Kind {
        RESPONSE,
        PICTURE,
        CRASH,
        /** A command of which the trace knows nothing. */
        UNKNOWN
    }

    /**
     * The first thing that is not as recorded.
     *
     * @param line the index of the line
     * @param id of the command, or of the line
     * @param signature the same for the same failure
     * @param actual what was shown, if that is it
     */
    record Mismatch(Kind kind, int line, String id, String signature, List<TraceEvent> actual, String text) {

        boolean isAlike(Mismatch other) {
            return kind == other.kind
                    && id.equals(other.id)
                    && signature.equals(other.signature)
                    && actual.equals(other.actual);
        }
    }

    /** Compares all answers and all pictures. */
    Optional<Mismatch> first(List<ScriptLine> script) {
        return run(script, Optional.empty());
    }

    /**
     * {@return whether a script that was made of another one by leaving things out fails like it: all answers are as recorded
     * up to the same command, which fails in the same way} Pictures before it may be others, since what they showed may
     * have been left out; the picture that fails must be the same.
     */
    boolean failsAlike(List<ScriptLine> script, Mismatch failure) {
        return run(script, Optional.of(failure.id())).filter(failure::isAlike).isPresent();
    }

    private Optional<Mismatch> run(List<ScriptLine> script, Optional<String> onlyPicture) {
        DisplayEventRecorder shown = new DisplayEventRecorder();
        try (DeviceRig rig = DeviceRig.of(settings, tested, shown)) {
            return new Run(onlyPicture, shown, rig).run(script);
        }
    }

    private final class Run {
        private final Optional<String> onlyPicture;
        private final DisplayEventRecorder shown;
        private final DeviceRig rig;

        /** Whether there may be a cursor, which a device that shows none lacks in its pictures. */
        private boolean cursors;

        /** The names of the commands that were sent last. */
        private List<String> last = List.of();

        Run(Optional<String> onlyPicture, DisplayEventRecorder shown, DeviceRig rig) {
            this.onlyPicture = onlyPicture;
            this.shown = shown;
            this.rig = rig;
        }

        Optional<Mismatch> run(List<ScriptLine> script) {
            rig.start();
            Optional<Mismatch> mismatch = Optional.empty();
            for (int line = 0; line < script.size() && mismatch.isEmpty() && !hasKnownFailure(); line++) {
                mismatch = run(script.get(line), line);
            }
            return mismatch;
        }

        /** {@return whether the device has failed as its dialect knows: what it does not answer any more follows from that} */
        private boolean hasKnownFailure() {
            return rig.failure()
                    .flatMap(failure -> dialect.known(failure, last))
                    .isPresent();
        }

        private Optional<Mismatch> run(ScriptLine line, int number) {
            shown.take();
            try {
                Optional<Mismatch> mismatch = switch (line) {
                    case Command command -> submit(List.of(command), number);
                    case Batch batch -> submit(batch.commands(), number);
                    case Act act -> {
                        rig.perform(act);
                        yield Optional.empty();
                    }
                    case Query query -> Optional.empty();
                };
                return mismatch.isPresent() ? mismatch : comparePictures(line, number);
            } catch (ScriptException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError e) {
                String place = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
                return Optional.of(new Mismatch(
                        Kind.CRASH,
                        number,
                        RecordedOutcomes.key(line).orElse(""),
                        e.getClass().getName() + place,
                        List.of(),
                        Text.format("the device throws %s%s", e, place)));
            }
        }

        private Optional<Mismatch> submit(List<Command> commands, int number) {
            cursors |= commands.stream().anyMatch(command -> command.queue() == ScriptLine.Queue.CURSOR);
            last = commands.stream()
                    .map(command -> CommandName.of(command.request()))
                    .toList();
            List<CommandAnswer> answers = rig.submit(commands);
            if (hasKnownFailure()) {
                return Optional.empty();
            }
            for (int i = 0; i < commands.size(); i++) {
                Optional<Mismatch> mismatch = compare(commands.get(i), answers.get(i), number);
                if (mismatch.isPresent()) {
                    return mismatch;
                }
            }
            return Optional.empty();
        }

        private Optional<Mismatch> compare(Command command, CommandAnswer answer, int number) {
            String id = command.id().orElse("");
            Optional<RecordedAnswer> expected = recorded.answer(command);
            if (expected.isEmpty()) {
                return Optional.of(new Mismatch(Kind.UNKNOWN, number, id, "", List.of(), "nothing is known of it"));
            }
            if (expected.get().matches(answer) || isAllowed(command, expected.get(), answer)) {
                return Optional.empty();
            }
            String name = name(command);
            String actual = answer.used() ? code(answer.response()) : "nothing";
            String wanted = expected.get().used() ? code(expected.get().response()) : "nothing";
            String text = Text.format(
                    "%s is answered with %s (length %d), not %s (length %d) as recorded",
                    name, actual, answer.usedLength(), wanted, expected.get().usedLength());
            return Optional.of(
                    new Mismatch(Kind.RESPONSE, number, id, name + " " + actual + " not " + wanted, List.of(), text));
        }

        /** {@return whether the dialect allows an answer that is not as recorded, as a replay goes by it} */
        private boolean isAllowed(Command command, RecordedAnswer expected, CommandAnswer answer) {
            String wanted = ResponseName.of(expected.used(), expected.usedLength(), expected.response());
            String got = ResponseName.of(answer.used(), answer.usedLength(), answer.response());
            int length = expected.response().length;
            boolean sameBytes = length <= answer.response().length
                    && Arrays.equals(expected.response(), 0, length, answer.response(), 0, length);
            Aspect aspect = wanted.equals(got) ? sameBytes ? Aspect.LENGTH : Aspect.CONTENT : Aspect.ANSWER;
            return dialect.allowing(aspect, CommandName.of(command.request()), wanted, got)
                    .isPresent();
        }

        private Optional<Mismatch> comparePictures(ScriptLine line, int number) {
            String key = RecordedOutcomes.key(line).orElse("");
            Optional<List<TraceEvent>> expected = recorded.shown(line);
            if (expected.isEmpty()
                    || !tells(line)
                    || onlyPicture.isPresent() && !onlyPicture.get().equals(key)) {
                return Optional.empty();
            }
            List<TraceEvent> actual = line instanceof Screendump dump ? snapshot(dump, expected.get()) : shown.take();
            if (actual.equals(expected.get())) {
                return Optional.empty();
            }
            String text = Text.format("it shows %s; expected is %s", words(actual), words(expected.get()));
            return Optional.of(new Mismatch(Kind.PICTURE, number, key, "picture", actual, text));
        }

        /** {@return whether the device can tell what a line shows} */
        private boolean tells(ScriptLine line) {
            return switch (rig.pictures()) {
                case Pictures.Published published -> true;
                case Pictures.Screendump screendump ->
                    line instanceof Screendump && (screendump.showsCursor() || !cursors);
            };
        }

        private String words(List<TraceEvent> pictures) {
            return pictures.isEmpty()
                    ? "nothing"
                    : pictures.stream()
                            .map(picture -> EventText.describe(settings.manifest(""), picture))
                            .collect(Collectors.joining(" and "));
        }

        private List<TraceEvent> snapshot(Screendump dump, List<TraceEvent> expected) {
            if (expected.size() == 1 && expected.getFirst() instanceof TraceEvent.Snapshot snapshot) {
                Frame picture = rig.picture(dump.head());
                return List.of(new TraceEvent.Snapshot(
                        snapshot.label(), dump.head(), picture.width(), picture.height(), picture.digest()));
            }
            return expected;
        }
    }

    private static String name(Command command) {
        return ScriptEdits.type(command.request()).map(Enum::name).orElse("a command that is none");
    }

    private static String code(byte[] response) {
        return response.length < Integer.BYTES ? "no type" : Text.format("0x%x", ScriptEdits.word(response, 0));
    }
}
