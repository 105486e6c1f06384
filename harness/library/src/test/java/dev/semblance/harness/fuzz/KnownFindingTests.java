package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.differential.Oracle;
import dev.semblance.harness.fuzz.differential.ScriptCheck;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.LimitedDevice;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.target.dialect.KnownFinding;
import dev.semblance.harness.target.dialect.KnownFinding.What;
import dev.semblance.harness.target.dialect.LinePattern;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/TARGETS.md, "Dialects": a finding that is known ends a script, is no failure, and hides nothing else. */
class KnownFindingTests {

    private static final RigSettings SETTINGS = new RigSettings(16L << 20, DisplayConfig.single(8, 4));

    private static final String FLUSH =
            "{\"command\":{\"type\":\"RESOURCE_FLUSH\",\"rect\":{\"x\":0,\"y\":0,\"width\":1,"
                    + "\"height\":1},\"resourceId\":1},\"req_split\":[0,8]}";
    private static final String UNREF = "{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":1}}";
    private static final String DETACH = "{\"command\":{\"type\":\"RESOURCE_DETACH_BACKING\",\"resourceId\":1}}";

    private static final TargetFailure ABORTS = new TargetFailure(new Cause.Died(134), List.of("gpu.c:7: assertion"));
    private static final TargetFailure SEGFAULTS = new TargetFailure(new Cause.Died(139), List.of());

    private static final KnownFinding KNOWN = new KnownFinding(
            "mine.toml",
            1,
            List.of(new Glob("RESOURCE_FLUSH")),
            new What.Signal(6),
            Optional.of(new LinePattern("gpu.c:*: assertion")),
            "flushes abort",
            "https://example.org");

    private static final Deviation ANY_ANSWER = new Deviation(
            "mine.toml",
            9,
            Aspect.ANSWER,
            List.of(new Glob("*")),
            new Glob("*"),
            new Glob("*"),
            List.of(),
            "it says yes to all",
            "https://example.org");

    private static Dialect knowing(KnownFinding... findings) {
        return new Dialect("mine", List.of(ANY_ANSWER), List.of(), List.of(findings));
    }

    private static List<ScriptLine> script(String... lines) {
        return Stream.of(lines).map(ScriptReader::parse).toList();
    }

    /** Fails at commands of a name. */
    private static Function<byte[], Optional<TargetFailure>> at(String name, TargetFailure failure) {
        return request -> CommandName.of(request).equals(name) ? Optional.of(failure) : Optional.empty();
    }

    private static final class Told implements ScriptCheck.Watcher {
        private final List<String> known = new ArrayList<>();

        @Override
        public void answered(int line, Command command, CommandAnswer answer, List<DisplayEvent> shown) {}

        @Override
        public void known(int line, KnownFinding finding) {
            known.add(line + " " + finding.place());
        }
    }

    private static List<Oracle> oracles(Dialect dialect) {
        return List.of(new Oracle.Reference(dialect), new Oracle.Itself(dialect), new Oracle.None(dialect));
    }

    @Test
    void aKnownFindingIsToldOnceAndNoFailureWhicheverTheOracle() {
        DeviceUnderTest.Factory device = MortalDevice.of(at("RESOURCE_FLUSH", ABORTS));
        Dialect ignorant = knowing();
        for (Oracle oracle : oracles(ignorant)) {
            DeviceDifference found =
                    oracle.check(SETTINGS, device).run(script(UNREF, FLUSH)).orElseThrow();
            assertThat(found.kind()).isEqualTo(DeviceDifference.Kind.FAILURE);
        }
        for (Oracle oracle : oracles(knowing(KNOWN))) {
            Told told = new Told();
            assertThat(oracle.check(SETTINGS, device).run(script(UNREF, FLUSH, UNREF), told))
                    .isEmpty();
            assertThat(told.known).containsExactly("1 mine.toml:1");
        }
    }

    @Test
    void anotherDeathAnotherCommandOrOtherLastWordsAreAFinding() {
        for (Function<byte[], Optional<TargetFailure>> deadly : List.of(
                at("RESOURCE_FLUSH", SEGFAULTS),
                at("RESOURCE_UNREF", ABORTS),
                at("RESOURCE_FLUSH", new TargetFailure(new Cause.Died(134), List.of("gpu.c:7: assertion, another"))),
                at("RESOURCE_FLUSH", new TargetFailure(new Cause.Complained(), List.of("gpu.c:7: assertion"))))) {
            for (Oracle oracle : oracles(knowing(KNOWN))) {
                assertThat(oracle.check(SETTINGS, MortalDevice.of(deadly)).run(script(UNREF, FLUSH)))
                        .isPresent();
            }
        }
    }

    @Test
    void whatIsWrongBeforeAKnownFindingCounts() {
        DeviceUnderTest.Factory device = MortalDevice.of(at("RESOURCE_FLUSH", ABORTS));
        Dialect strict = new Dialect("mine", List.of(), List.of(), List.of(KNOWN));
        Oracle oracle = new Oracle.Reference(strict);
        // There is no resource 1: an answer of OK is wrong.
        assertThat(oracle.check(SETTINGS, device)
                        .run(script(UNREF, FLUSH))
                        .orElseThrow()
                        .line())
                .isZero();
        assertThat(oracle.check(SETTINGS, device).run(script(FLUSH, UNREF))).isEmpty();
    }

    @Test
    void aKnownComplaintCoversNoOtherLineBesideIt() {
        KnownFinding complaint = new KnownFinding(
                "mine.toml",
                1,
                List.of(new Glob("*")),
                new What.Complaint(),
                Optional.of(new LinePattern("known *")),
                "it says so",
                "https://example.org");
        Dialect dialect = knowing(complaint);
        assertThat(dialect.known(new TargetFailure(new Cause.Complained(), List.of("known 1", "known 2")), List.of()))
                .isPresent();
        assertThat(dialect.known(
                        new TargetFailure(new Cause.Complained(), List.of("known 1", "SUMMARY: odd")), List.of()))
                .isEmpty();
    }

    /** All flushes abort, a third of what a fuzzer sends; behind that lies the death at DETACH. */
    @Test
    void theFuzzerFindsWhatLiesBehindAKnownFinding() {
        DeviceUnderTest.Factory device = MortalDevice.of(request -> at("RESOURCE_FLUSH", ABORTS)
                .apply(request)
                .or(() -> at("RESOURCE_DETACH_BACKING", SEGFAULTS).apply(request)));
        Fuzzer fuzzer = new Fuzzer(7, device, Optional.empty(), new Oracle.None(knowing(KNOWN)));
        Fuzzer.Failure failure = fuzzer.run(() -> fuzzer.scripts() < 100).orElseThrow();
        assertThat(failure.difference().signature()).contains("signal 11");
        assertThat(fuzzer.knownFindings()).containsOnlyKeys("mine.toml:1 (flushes abort)");
        assertThat(fuzzer.knownFindings().values().iterator().next()).isPositive();
        Counterexample counterexample = Counterexample.of(failure);
        assertThat(counterexample.after().commands()).isEqualTo(1);
    }

    @Test
    void aScriptGoesOnWithoutTheLineThatLedToAKnownFinding() {
        List<ScriptLine> script = script(UNREF, FLUSH, DETACH, FLUSH);
        assertThat(Detour.past(script, 1, false)).isEqualTo(script(UNREF, DETACH, FLUSH));
        assertThat(Detour.past(script, 0, true)).isEqualTo(script(FLUSH, DETACH, FLUSH));
        String plain = FLUSH.replace(",\"req_split\":[0,8]", "");
        assertThat(Detour.past(script, 1, true)).isEqualTo(script(UNREF, plain, DETACH, plain));
        assertThat(Detour.plain(script)).isEqualTo(script(UNREF, plain, DETACH, plain));
        // A device that dies of every command is not run for ever.
        Fuzzer fuzzer = new Fuzzer(
                7,
                MortalDevice.of(request -> Optional.of(ABORTS)),
                Optional.empty(),
                new Oracle.None(knowing(new KnownFinding(
                        "mine.toml",
                        1,
                        List.of(new Glob("*")),
                        new What.Signal(6),
                        Optional.empty(),
                        "all abort",
                        "https://example.org"))));
        assertThat(fuzzer.run(() -> fuzzer.scripts() < 20)).isEmpty();
        assertThat(fuzzer.knownFindings().get("mine.toml:1 (all abort)")).isBetween(20L, 20L * (1 + Detour.MOST));
    }

    @Test
    void aFailureThatDoesNotComeAgainIsNotCutDown() {
        List<TargetFailure> once = new ArrayList<>(List.of(ABORTS));
        DeviceUnderTest.Factory device =
                MortalDevice.of(request -> once.isEmpty() ? Optional.empty() : Optional.of(once.removeFirst()));
        Fuzzer fuzzer = new Fuzzer(7, device, Optional.empty(), new Oracle.None(Dialect.STANDARD));
        Fuzzer.Failure failure = fuzzer.run(() -> fuzzer.scripts() < 1).orElseThrow();
        Counterexample counterexample = Counterexample.of(failure);
        assertThat(counterexample.failsAgain()).isFalse();
        assertThat(counterexample.script()).isEqualTo(failure.script());
    }

    private static final String SHOW = "{\"command\":{\"type\":\"SET_SCANOUT\",\"rect\":{\"x\":%d,\"y\":0,\"width\":2,"
            + "\"height\":2},\"scanoutId\":0,\"resourceId\":1}}";
    private static final String CREATE = "{\"command\":{\"type\":\"RESOURCE_CREATE_2D\",\"resourceId\":1,\"format\":%d,"
            + "\"width\":4,\"height\":2}}";

    /** A dialect tells one fault of pictures from another by what is shown. */
    @Test
    void aPictureIsAllowedByWhatIsPeculiarToIt() {
        DeviceUnderTest.Factory dark = LimitedDevice.withCursor(
                (memory, displays, sink) -> new ReferenceDevice(memory, displays, new NoFrames()));
        String transfer =
                "{\"mem\":[{\"addr\":4096,\"hex\":\"ffffffff\"}],\"command\":{\"type\":\"TRANSFER_TO_HOST_2D\","
                        + "\"rect\":{\"x\":0,\"y\":0,\"width\":4,\"height\":2},\"offset\":0,\"resourceId\":1}}";
        String attach =
                "{\"command\":{\"type\":\"RESOURCE_ATTACH_BACKING\",\"resourceId\":1,\"entries\":[{\"address\":4096,"
                        + "\"length\":32}]}}";
        String whole = FLUSH.replace("\"width\":1,", "\"width\":4,").replace("\"height\":1", "\"height\":2");
        List<ScriptLine> atCorner = script(Text.format(CREATE, 67), attach, transfer, Text.format(SHOW, 0), whole);
        List<ScriptLine> moved = script(Text.format(CREATE, 1), attach, transfer, Text.format(SHOW, 1), whole);
        List<ScriptLine> fresh = script(Text.format(CREATE, 1), Text.format(SHOW, 0), whole);
        for (String shows : List.of("offset", "R8*", "untransferred")) {
            Dialect dialect = new Dialect("mine", List.of(picture(shows)), List.of(), List.of());
            DifferentialRun run = new DifferentialRun(SETTINGS, dark).in(dialect);
            assertThat(run.run(moved).isEmpty()).as(shows).isEqualTo(shows.equals("offset"));
            assertThat(run.run(atCorner).isEmpty()).as(shows).isEqualTo(shows.equals("R8*"));
            assertThat(run.run(fresh).isEmpty()).as(shows).isEqualTo(shows.equals("untransferred"));
        }
    }

    private static Deviation picture(String shows) {
        return new Deviation(
                "mine.toml",
                1,
                Aspect.PICTURE,
                List.of(new Glob("*")),
                new Glob("*"),
                new Glob("*"),
                List.of(new Glob(shows)),
                "it shows nothing",
                "https://example.org");
    }
}
