package dev.semblance.cli.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.rig.DisplayWorkload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the benchmark's figures rest on; the figures themselves are never tested. */
class BenchmarkTests {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Stopwatch.median(5)).isEqualTo(5);
        assertThat(Stopwatch.median(9, 1, 5)).isEqualTo(5);
        assertThat(Stopwatch.median(9, 1, 5, 6)).isEqualTo(5.5);
    }

    @Test
    void aSpreadHasTheMedianTheLeastAndTheMost() {
        Spread spread = new Spread(3, 1, 2);
        assertThat(spread.median()).isEqualTo(2);
        assertThat(spread.seconds()).isEqualTo("2.00 s (1.00 to 3.00)");
        assertThat(spread.mips()).isEqualTo("2 MIPS (1 to 3)");
        assertThatThrownBy(() -> new Spread()).isInstanceOf(IllegalArgumentException.class);
    }

    /** A computer whose speed drifts changes both of a pair. */
    @Test
    void aRatioIsOfTheRunsThatTookTurnsAndNotOfTheMedians() {
        assertThat(new Spread(10, 20, 90).over(new Spread(5, 10, 15)).ratio()).isEqualTo("2.000 (2.000 to 6.000)");
    }

    @Test
    void aTurnThatFailedLeavesNothingToCompare() {
        Turns turns = new Turns(2);
        turns.add(OptionalDouble.of(1));
        turns.add(OptionalDouble.empty());
        assertThat(turns.all()).isEmpty();
        Turns whole = new Turns(1);
        whole.add(OptionalDouble.of(1));
        assertThat(whole.all().orElseThrow().median()).isEqualTo(1);
    }

    @Test
    void promisesSayWhetherTheyAreKept() {
        Figure figure = Figure.of("what", "2.0");
        assertThat(figure.atMost(2, 2, "2 s").promise()).isEqualTo("at most 2 s: kept");
        assertThat(figure.atMost(2.1, 2, "2 s").promise()).isEqualTo("at most 2 s: NOT KEPT");
        assertThat(figure.atLeast(2, 2, "2").promise()).isEqualTo("at least 2: kept");
        assertThat(figure.atLeast(1.9, 2, "2").promise()).isEqualTo("at least 2: NOT KEPT");
    }

    @Test
    void workloadsReplayWithoutADifference() throws IOException {
        Path trace = folder.resolve("w.trace");
        DisplayWorkload.damage(trace, 5);
        assertThat(DeviceBenchmark.replay(trace, cycle -> {})).isEqualTo(6);
        DisplayWorkload.flips(trace, 4);
        assertThat(DeviceBenchmark.replay(trace, cycle -> {})).isEqualTo(6);
        DisplayWorkload.still(trace, 3);
        assertThat(DeviceBenchmark.replay(trace, cycle -> {})).isEqualTo(4);
    }

    @Test
    void anUnchangedPictureAddsNoPixelsToTheTrace() throws IOException {
        Path few = folder.resolve("few.trace");
        Path many = folder.resolve("many.trace");
        DisplayWorkload.still(few, 10);
        DisplayWorkload.still(many, 110);
        assertThat(Files.size(many) - Files.size(few)).isLessThan(100 * 2048);
    }

    @Test
    void kmsdrawIsTimedFromItsFirstLineToItsLast() {
        KmsdrawWatch watch = new KmsdrawWatch();
        String echo = "rv32# kmsdraw 60\r\n";
        String run = "kmsdraw: 1024x768 connector 36 crtc 35\r\nkmsdraw: frames 60 sum 0\r\n";
        feed(watch, echo);
        assertThat(watch.seconds()).isZero();
        feed(watch, run);
        assertThat(watch.seconds()).isPositive();
    }

    private static void feed(KmsdrawWatch watch, String text) {
        for (byte value : text.getBytes(StandardCharsets.US_ASCII)) {
            watch.written(value);
        }
    }
}
