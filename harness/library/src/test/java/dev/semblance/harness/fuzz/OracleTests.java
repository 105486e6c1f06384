package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.fuzz.differential.Comparison;
import dev.semblance.harness.fuzz.differential.Comparison.Reason;
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
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each oracle takes for a difference, and what a dialect allows. */
class OracleTests {

    private static final RigSettings SETTINGS = new RigSettings(16L << 20, DisplayConfig.single(8, 4));

    private static final String CREATE =
            "{\"command\":{\"type\":\"RESOURCE_CREATE_2D\",\"resourceId\":1,\"format\":1,\"width\":0,\"height\":2}}";
    private static final String EDID = "{\"command\":{\"type\":\"GET_EDID\",\"scanoutId\":0}}";
    private static final String UNREF = "{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":1}}";

    private static List<ScriptLine> script(String... lines) {
        return Stream.of(lines).map(ScriptReader::parse).toList();
    }

    private static Deviation deviation(Aspect aspect, String command, String expected, String actual) {
        return new Deviation(
                "mine.toml",
                1,
                aspect,
                List.of(new Glob(command)),
                new Glob(expected),
                new Glob(actual),
                List.of(),
                "so it is",
                "https://example.org");
    }

    private static Dialect allowing(Deviation... deviations) {
        return new Dialect("mine", List.of(deviations), List.of(), List.of());
    }

    /** Answers every request with the same bytes, and shows nothing. */
    private static DeviceUnderTest.Factory always(byte... response) {
        return DeviceAdapter.of((memory, displays, sink) -> new DeviceAdapter.Answering() {
            @Override
            public byte[] answer(int queue, byte[] request, int room) {
                return response.clone();
            }

            @Override
            public void reset() {}

            @Override
            public void start(long features) {}
        });
    }

    private static final DeviceUnderTest.Factory YES =
            always(new byte[] {0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    private static final DeviceUnderTest.Factory NO =
            always(new byte[] {0, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    private static final DeviceUnderTest.Factory MUTE = always();

    private static final Deviation TAKES_IT =
            deviation(Aspect.ANSWER, "RESOURCE_CREATE_2D", "INVALID_PARAMETER", "OK_NODATA");

    @Test
    void onlyWhatADialectNamesIsAllowed() {
        DifferentialRun run = new DifferentialRun(SETTINGS, YES);
        assertThat(run.run(script(CREATE)).orElseThrow().kind()).isEqualTo(DeviceDifference.Kind.RESPONSE);
        assertThat(run.in(allowing(TAKES_IT)).run(script(CREATE))).isEmpty();
        for (Deviation other : List.of(
                deviation(Aspect.ANSWER, "RESOURCE_UNREF", "*", "*"),
                deviation(Aspect.ANSWER, "*", "OK_NODATA", "*"),
                deviation(Aspect.ANSWER, "*", "*", "none"),
                deviation(Aspect.CONTENT, "*", "*", "*"),
                deviation(Aspect.LENGTH, "*", "*", "*"),
                deviation(Aspect.STATUS, "*", "*", "*"))) {
            assertThat(run.in(allowing(other)).run(script(CREATE)))
                    .as(other.toString())
                    .isPresent();
        }
    }

    @Test
    void onceOneHasDoneWhatTheOtherRefusedOnlyFailuresCount() {
        DifferentialRun run = new DifferentialRun(SETTINGS, YES).in(allowing(TAKES_IT));
        assertThat(run.run(script(UNREF))).isPresent();
        assertThat(run.run(script(CREATE, UNREF))).isEmpty();
        // No answer at all is a thing apart: the command may have been done.
        DifferentialRun mute = new DifferentialRun(SETTINGS, MUTE)
                .in(allowing(deviation(Aspect.ANSWER, "RESOURCE_CREATE_2D", "*", "none")));
        assertThat(mute.run(script(CREATE, UNREF)).orElseThrow().line()).isEqualTo(1);
    }

    @Test
    void whatOnlyAsksChangesNothingWhoeverRefusesIt() {
        DifferentialRun run = new DifferentialRun(SETTINGS, NO)
                .in(allowing(deviation(Aspect.ANSWER, "GET_EDID", "OK_EDID", "UNSPEC")));
        assertThat(run.run(script(EDID, UNREF)).orElseThrow().line()).isEqualTo(1);
    }

    @Test
    void aRunThatGoesOnTellsOfEveryAnswerAndPicture() {
        List<Comparison> told = new ArrayList<>();
        DifferentialRun run =
                new DifferentialRun(SETTINGS, YES).in(allowing(TAKES_IT)).goingOn();
        assertThat(run.run(script(UNREF, CREATE, UNREF), watcher(told))).isEmpty();
        assertThat(told)
                .containsExactly(
                        new Comparison.Answer(
                                0,
                                0,
                                "RESOURCE_UNREF",
                                "INVALID_RESOURCE_ID",
                                "OK_NODATA",
                                new Comparison.Differs(Aspect.ANSWER, Optional.empty(), "")),
                        new Comparison.Picture(0, 1, "RESOURCE_UNREF", new Comparison.NotCompared(Reason.OUT_OF_STEP)),
                        new Comparison.Answer(
                                1,
                                0,
                                "RESOURCE_CREATE_2D",
                                "INVALID_PARAMETER",
                                "OK_NODATA",
                                new Comparison.NotCompared(Reason.OUT_OF_STEP)),
                        new Comparison.Picture(
                                1, 1, "RESOURCE_CREATE_2D", new Comparison.NotCompared(Reason.OUT_OF_STEP)),
                        new Comparison.Answer(
                                2,
                                0,
                                "RESOURCE_UNREF",
                                "INVALID_RESOURCE_ID",
                                "OK_NODATA",
                                new Comparison.NotCompared(Reason.OUT_OF_STEP)),
                        new Comparison.Picture(2, 1, "RESOURCE_UNREF", new Comparison.NotCompared(Reason.OUT_OF_STEP)));
        told.clear();
        assertThat(run.run(script(CREATE), watcher(told))).isEmpty();
        assertThat(told.getFirst().relation())
                .isEqualTo(new Comparison.Differs(Aspect.ANSWER, Optional.of(TAKES_IT), ""));
        told.clear();
        DifferentialRun refusing = new DifferentialRun(SETTINGS, NO).goingOn();
        assertThat(refusing.run(script(EDID, UNREF), watcher(told))).isEmpty();
        assertThat(told).extracting(Comparison::relation).satisfies(relations -> {
            assertThat(relations.get(0)).isEqualTo(new Comparison.Differs(Aspect.ANSWER, Optional.empty(), ""));
            assertThat(relations.get(1)).isEqualTo(new Comparison.Same());
            assertThat(relations.get(2)).isEqualTo(new Comparison.Differs(Aspect.ANSWER, Optional.empty(), ""));
        });
    }

    private static ScriptCheck.Watcher watcher(List<Comparison> told) {
        return new ScriptCheck.Watcher() {
            @Override
            public void answered(
                    int line, ScriptLine.Command command, CommandAnswer answer, List<DisplayEvent> shown) {}

            @Override
            public void compared(Comparison comparison) {
                told.add(comparison);
            }
        };
    }

    @Test
    void theFuzzerCountsWhatADialectAllowed() {
        Dialect dialect = allowing(
                deviation(Aspect.ANSWER, "*", "*", "*"),
                deviation(Aspect.CONTENT, "*", "*", "*"),
                deviation(Aspect.LENGTH, "*", "*", "*"),
                deviation(Aspect.STATUS, "*", "*", "*"),
                deviation(Aspect.PICTURE, "*", "*", "*"));
        Fuzzer fuzzer = new Fuzzer(7, YES, Optional.empty(), new Oracle.Reference(dialect));
        fuzzer.run(() -> fuzzer.coverage().commands() < 100 && fuzzer.scripts() < 20);
        assertThat(fuzzer.deviations()).containsOnlyKeys("mine.toml:1 (so it is)");
        assertThat(fuzzer.deviations().values().iterator().next()).isGreaterThan(1L);
    }

    @Test
    void theOracleOfItselfSeesWhatDependsOnWhenADeviceWasMade() {
        AtomicInteger made = new AtomicInteger();
        DeviceUnderTest.Factory right = BuiltinDevice.of(ReferenceDevice::new);
        DeviceUnderTest.Factory fickle = config -> (made.getAndIncrement() % 2 == 0 ? right : YES).make(config);
        assertThat(new Oracle.Itself(Dialect.STANDARD).check(SETTINGS, YES).run(script(CREATE, UNREF)))
                .isEmpty();
        assertThat(new Oracle.Itself(Dialect.STANDARD).check(SETTINGS, fickle).run(script(CREATE, UNREF)))
                .isPresent();
    }

    @Test
    void theOracleNoneSeesExceptionsAndNoAnswers() {
        Oracle none = new Oracle.None(Dialect.STANDARD);
        assertThat(none.check(SETTINGS, YES).run(script(CREATE, UNREF))).isEmpty();
        DeviceUnderTest.Factory throwing = DeviceAdapter.of((memory, displays, sink) -> new DeviceAdapter.Answering() {
            @Override
            public byte[] answer(int queue, byte[] request, int room) {
                throw new IllegalStateException("fell over");
            }

            @Override
            public void reset() {}

            @Override
            public void start(long features) {}
        });
        assertThat(none.check(SETTINGS, throwing)
                        .run(script(CREATE))
                        .orElseThrow()
                        .kind())
                .isEqualTo(DeviceDifference.Kind.CRASH);
        assertThat(none.isExact()).isFalse();
        assertThat(Oracle.reference().isExact()).isTrue();
    }
}
