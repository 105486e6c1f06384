package dev.semblance.harness.fuzz.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.fuzz.DeviceAdapter;
import dev.semblance.harness.fuzz.matrix.Omission.Reason;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.LimitedDevice;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.Dialect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TARGETS.md, "Compare targets": what stands in which cell, and why a case says nothing. */
class TargetComparisonTests {

    @TempDir
    private Path folder = Path.of("");

    private static ComparedTarget target(String name, DeviceUnderTest.Factory device) {
        return target(name, device, Dialect.STANDARD);
    }

    private static ComparedTarget target(String name, DeviceUnderTest.Factory device, Dialect dialect) {
        return new ComparedTarget(name, "builtin", dialect, harmless -> device);
    }

    /** Gives every command the same response. */
    private static DeviceUnderTest.Factory always(int code) {
        return DeviceAdapter.of((memory, displays, sink) -> new DeviceAdapter.Answering() {
            @Override
            public byte[] answer(int queue, byte[] request, int room) {
                byte[] response = new byte[24];
                response[0] = (byte) code;
                response[1] = (byte) (code >>> 8);
                return response;
            }

            @Override
            public void reset() {}

            @Override
            public void start(long features) {}
        });
    }

    /** Our device, but that no picture has a second row. */
    private static DeviceUnderTest.Factory cropped() {
        return BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                sink.flushed(scanout, Frame.solid(frame.width(), 1, frame.argb(0, 0)));
            }

            @Override
            public void disabled(int scanout) {
                sink.disabled(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                sink.cursorChanged(scanout, cursor);
            }
        }));
    }

    private static final ComparedTarget OURS = target("ours", BuiltinDevice.ours());
    private static final ComparedTarget NO = target("no", always(0x1200));
    private static final ComparedTarget YES = target("yes", always(0x1100));

    private static TargetMatrix compare(int scripts, ComparedTarget... targets) {
        TargetComparison comparison = comparison(targets);
        for (int number = 0; number < scripts; number++) {
            comparison.run(number);
        }
        return comparison.result();
    }

    private static TargetComparison comparison(ComparedTarget... targets) {
        return new TargetComparison(List.of(targets), 7, Optional.empty(), () -> 0);
    }

    private static Cell cell(TargetMatrix matrix, RowKey key, int column) {
        return matrix.rows().stream()
                .filter(row -> row.key().equals(key))
                .findFirst()
                .orElseThrow()
                .cells()
                .get(column);
    }

    private static Stream<Omission> omissions(TargetMatrix matrix, int column) {
        return matrix.rows().stream().flatMap(row -> row.cells().get(column).omitted().stream());
    }

    @Test
    void ourDeviceDoesAsTheReferenceInEveryCase() {
        TargetMatrix matrix = compare(60, OURS);
        assertThat(matrix.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(matrix.conforms(0)).isTrue();
        assertThat(matrix.compared(0)).isEqualTo(matrix.cases()).isGreaterThan(2000);
        assertThat(omissions(matrix, 0)).isEmpty();
        // Much is done, and much is refused.
        assertThat(matrix.rows().stream().filter(row -> row.key().kind() == RowKey.Kind.ANSWER))
                .hasSizeGreaterThan(35);
    }

    /** The counts of a cell add up to the cases of its row, whatever a device does. */
    @Test
    void everyCellTellsOfAllCasesOfItsRow() {
        TargetComparison comparison = comparison(
                OURS,
                NO,
                YES,
                target("cropped", cropped()),
                target("blind", BrittleDevice.showing(EnumSet.noneOf(Capability.class))),
                target("dying", BrittleDevice.failing(9, new Cause.Died(134))),
                target("hanging", BrittleDevice.failing(9, new Cause.Hung("an answer", Duration.ofSeconds(3)))),
                target("limited", LimitedDevice.withoutCursor()));
        for (int number = 0; number < 24; number++) {
            comparison.run(number);
        }
        Path trace = folder.resolve("one.trace");
        SyntheticGuest.record(trace, 3, false, 60);
        replay(comparison, trace);
        TargetMatrix matrix = comparison.result();
        assertThat(matrix.rows()).hasSizeGreaterThan(30);
        for (MatrixRow row : matrix.rows()) {
            assertThat(row.cells())
                    .hasSize(8)
                    .allSatisfy(cell ->
                            assertThat(cell.cases()).as(row.key().toString()).isEqualTo(row.cases()));
        }
    }

    private static void replay(TargetComparison comparison, Path trace) {
        TraceFile file = TraceFile.of(trace);
        comparison.replay(file, TraceReplay.ofDevice(), Goldens.of(file, Optional.empty()), cycle -> {});
    }

    @Test
    void whatADeviceRefusesStandsInTheCellOfThatCommandAndThatAnswer() {
        TargetMatrix matrix = compare(24, NO);
        Cell create = cell(matrix, RowKey.answer("RESOURCE_CREATE_2D", "OK_NODATA"), 0);
        assertThat(create.seen()).singleElement().satisfies(seen -> {
            assertThat(seen.text()).isEqualTo("UNSPEC");
            assertThat(seen.standing()).isEqualTo(Seen.Standing.DIFFERS);
            assertThat(seen.first()).isInstanceOf(Place.InScript.class);
        });
        // What comes behind the first that is refused is no evidence.
        assertThat(create.omitted()).extracting(Omission::reason).contains(Reason.OUT_OF_STEP);
        assertThat(matrix.exitCode()).isEqualTo(ExitCode.MISMATCH);
    }

    @Test
    void whatADialectAllowsIsNoDifference() {
        Deviation refuses = new Deviation(
                "mine.toml",
                1,
                Aspect.ANSWER,
                List.of(new Glob("*")),
                new Glob("*"),
                new Glob("*"),
                List.of(),
                "it refuses everything",
                "https://example.org");
        Dialect dialect = new Dialect("mine", List.of(refuses), List.of(), List.of());
        TargetMatrix matrix = compare(12, target("no", always(0x1200), dialect));
        Cell create = cell(matrix, RowKey.answer("RESOURCE_CREATE_2D", "OK_NODATA"), 0);
        assertThat(create.seen().getFirst().standing()).isEqualTo(Seen.Standing.ALLOWED);
        assertThat(create.seen().getFirst().allowedBy()).contains(refuses);
        assertThat(create.differs()).isFalse();
        assertThat(compare(12, NO).conforms(0)).isFalse();
    }

    @Test
    void aWrongPictureStandsInTheRowOfItsCommandAndNoAnswerDiffers() {
        TargetMatrix matrix = compare(24, target("cropped", cropped()));
        Cell flush = cell(matrix, RowKey.picture("RESOURCE_FLUSH"), 0);
        assertThat(flush.seen()).extracting(Seen::text).contains("differs");
        assertThat(flush.seen().getLast().detail()).contains("picture");
        assertThat(matrix.rows())
                .filteredOn(row -> row.key().kind() == RowKey.Kind.ANSWER)
                .noneMatch(row -> row.cells().getFirst().differs());
        // A picture stays until the next.
        assertThat(omissions(matrix, 0)).extracting(Omission::reason).containsOnly(Reason.SHOWN_DIFFERS);
    }

    @Test
    void aDeviceWithoutPicturesIsComparedByItsAnswers() {
        TargetMatrix matrix = compare(
                12, target("blind", BrittleDevice.showing(EnumSet.complementOf(EnumSet.of(Capability.PICTURES)))));
        assertThat(matrix.conforms(0)).isTrue();
        assertThat(cell(matrix, RowKey.picture("RESOURCE_FLUSH"), 0).omitted())
                .extracting(Omission::reason)
                .containsExactly(Reason.NOT_SHOWN);
        assertThat(cell(matrix, RowKey.answer("RESOURCE_FLUSH", "OK_NODATA"), 0).omitted())
                .isEmpty();
    }

    @Test
    void whatDiesTellsOfNothingBehindThatAndOfWhatItDied() {
        TargetMatrix matrix = compare(4, target("dying", BrittleDevice.failing(5, new Cause.Died(134))));
        assertThat(matrix.columns().getFirst().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.text()).isEqualTo("the target died of signal 6 (SIGABRT); it said last: last words");
            assertThat(finding.count()).isEqualTo(4);
        });
        assertThat(omissions(matrix, 0)
                        .filter(each -> each.reason() == Reason.ENDED_HERE)
                        .mapToLong(Omission::count)
                        .sum())
                .as("an answer and a picture of each script")
                .isGreaterThanOrEqualTo(8);
        assertThat(omissions(matrix, 0).map(Omission::text).distinct())
                .containsExactlyInAnyOrder(
                        "ended here: died of signal 6 (SIGABRT) (finding 1)",
                        "not reached: died of signal 6 (SIGABRT) (finding 1)");
        assertThat(matrix.exitCode()).isEqualTo(ExitCode.MISMATCH);
    }

    @Test
    void whatHungThreeTimesIsNotRunAnyMore() {
        CountingClock clock = new CountingClock();
        TargetComparison comparison = new TargetComparison(
                List.of(target(
                        "hanging", BrittleDevice.failing(0, new Cause.Hung("an answer", Duration.ofSeconds(3))))),
                7,
                Optional.empty(),
                clock::read);
        for (int number = 0; number < 5; number++) {
            comparison.run(number);
        }
        TargetMatrix matrix = comparison.result();
        assertThat(matrix.columns().getFirst().findings().getFirst().count()).isEqualTo(3);
        assertThat(omissions(matrix, 0).map(Omission::text)).contains("not run: it hung 3 times");
    }

    @Test
    void aTargetWhoseTimeIsUpIsNotRunAnyMoreAndTheOthersAre() {
        CountingClock clock = new CountingClock();
        TargetComparison comparison =
                new TargetComparison(List.of(OURS), 7, Optional.of(Duration.ofNanos(2)), clock::read);
        for (int number = 0; number < 4; number++) {
            comparison.run(number);
        }
        TargetMatrix matrix = comparison.result();
        assertThat(matrix.compared(0)).isPositive().isLessThan(matrix.cases());
        assertThat(omissions(matrix, 0).map(Omission::text).distinct()).containsExactly("not run: its time was up");
    }

    /** Goes on by a nanosecond whenever it is read. */
    private static final class CountingClock {
        private final AtomicLong now = new AtomicLong();

        long read() {
            return now.getAndIncrement();
        }
    }

    @Test
    void theSameTargetsAndScriptsGiveTheSame() {
        assertThat(compare(16, OURS, NO, YES)).isEqualTo(compare(16, OURS, NO, YES));
    }

    @Test
    void aRecordingIsARowAndItsAnswersAreCases() {
        TargetComparison comparison = comparison(OURS, NO);
        Path trace = folder.resolve("one.trace");
        SyntheticGuest.record(trace, 3, false, 60);
        replay(comparison, trace);
        TargetMatrix matrix = comparison.result();
        RecordingRow row = matrix.recordings().getFirst();
        assertThat(row.cells().get(0).standing()).isEqualTo(RecordingCell.Standing.PASS);
        assertThat(row.cells().get(1).standing()).isEqualTo(RecordingCell.Standing.FAIL);
        assertThat(row.cells().get(1).text()).contains("answers differ");
        assertThat(matrix.compared(0)).isEqualTo(matrix.cases()).isPositive();
        assertThat(matrix.rows())
                .flatExtracting(each -> each.cells().get(1).seen())
                .filteredOn(seen -> seen.standing() == Seen.Standing.DIFFERS)
                .isNotEmpty()
                .allSatisfy(seen -> assertThat(seen.first()).isInstanceOf(Place.InRecording.class));
    }

    @Test
    void aCommandThatNothingHasIsInTheTable() {
        TargetMatrix matrix = comparison(OURS).result();
        assertThat(matrix.rows())
                .hasSize(11)
                .allSatisfy(row -> assertThat(row.key().expected()).isEqualTo(RowKey.NO_CASE));
        assertThat(matrix.exitCode()).isEqualTo(ExitCode.PASS);
    }
}
