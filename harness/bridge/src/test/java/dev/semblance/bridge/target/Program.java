package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.rig.AnswerJson;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RecordedAnswer;
import dev.semblance.harness.rig.ScriptAnswer;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.rig.TraceStep;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Scripts and recordings on a device that is a program, and what came of them. */
public final class Program {

    private Program() {}

    /**
     * What came of a script.
     *
     * @param answers as exec prints them, one a line
     * @param pictures of the screendumps
     * @param failure how the program failed
     */
    public record Outcome(List<String> answers, List<Frame> pictures, Optional<TargetFailure> failure) {

        /** Returns the type of the response to a line's command. */
        public String response(int line) {
            String json = answers.get(line);
            int at = json.indexOf("\"response_hex\":\"") + 16;
            return "0x" + json.substring(at + 2, at + 4) + json.substring(at, at + 2);
        }
    }

    /** Runs the lines of a script, up to the one that the program does not survive. */
    public static Outcome run(DeviceUnderTest.Factory factory, String... lines) {
        List<String> answers = new ArrayList<>();
        List<Frame> pictures = new ArrayList<>();
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader = new ScriptReader(new ByteArrayInputStream(text));
                DeviceRig rig = DeviceRig.of(reader.settings(), factory, new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            Optional<ScriptReader.Numbered> next = reader.next();
            while (next.isPresent() && rig.failure().isEmpty()) {
                ScriptAnswer answer = runner.run(next.get().line());
                answers.add(AnswerJson.line(next.get().line(), answer));
                if (answer instanceof ScriptAnswer.Picture picture) {
                    pictures.add(picture.picture());
                }
                next = reader.next();
            }
            return new Outcome(answers, pictures, rig.finish());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What came of a recording.
     *
     * @param compared how many snapshots the device could be compared in
     * @param pictures the labels of those that differ
     * @param answers commands whose answer differs, by their type, and how many
     * @param failure how the program failed
     */
    public record Comparison(
            int compared, List<String> pictures, Map<String, Integer> answers, Optional<TargetFailure> failure) {}

    /**
     * Does what the driver of a recording did.
     *
     * @param cursor whether snapshots with a cursor are compared
     */
    public static Comparison replay(DeviceUnderTest.Factory factory, Path trace, boolean cursor) {
        int compared = 0;
        List<String> pictures = new ArrayList<>();
        Map<String, Integer> answers = new TreeMap<>();
        TraceScript script;
        try (TraceReader reader = TraceReader.open(trace)) {
            script = TraceScript.of(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean cursorShown = false;
        try (DeviceRig rig = DeviceRig.of(script.settings(), factory, new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            for (TraceStep step : script.steps()) {
                ScriptAnswer answer;
                try {
                    answer = runner.run(step.line());
                } catch (ScriptException e) {
                    // It cannot change its displays.
                    assertThat(step.line()).isInstanceOf(ScriptLine.DisplayChange.class);
                    continue;
                }
                if (answer instanceof ScriptAnswer.Submitted submitted) {
                    compare(step, submitted.commands(), answers);
                }
                for (TraceEvent event : step.shown()) {
                    cursorShown |= event instanceof TraceEvent.Cursor;
                    if (event instanceof TraceEvent.Snapshot snapshot && (cursor || !cursorShown)) {
                        compared++;
                        if (rig.picture(snapshot.scanout()).digest() != snapshot.digest()) {
                            pictures.add(snapshot.label());
                        }
                    }
                }
            }
            return new Comparison(compared, pictures, answers, rig.finish());
        }
    }

    private static void compare(TraceStep step, List<CommandAnswer> given, Map<String, Integer> different) {
        for (int i = 0; i < given.size(); i++) {
            RecordedAnswer recorded = step.answers().get(i);
            if (!recorded.matches(given.get(i))) {
                ScriptLine.Command command = step.line() instanceof ScriptLine.Batch batch
                        ? batch.commands().get(i)
                        : (ScriptLine.Command) step.line();
                String type = new RequestFields(command.request())
                        .command()
                        .map(Enum::name)
                        .orElse("other");
                different.merge(type, 1, Integer::sum);
            }
        }
    }

    /** Returns the recordings of the repository. */
    public static List<Path> recordings() {
        Path folder = Path.of(System.getProperty("basedir", "."), "..", "..", "recordings");
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> traces = files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
            assertThat(traces).hasSizeGreaterThan(10);
            return traces;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips a test where a program is not installed. */
    public static String require(String program, String where) {
        Optional<Path> found = Stream.concat(
                        Stream.of("/usr/lib/qemu", "/usr/libexec"),
                        Stream.of(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(":", -1)))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), program + " is not there; " + where);
        return found.orElseThrow().toString();
    }
}
