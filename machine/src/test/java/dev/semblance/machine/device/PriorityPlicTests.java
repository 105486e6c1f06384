package dev.semblance.machine.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PLIC specification 1.0.0, chapters 4 to 10: priorities and thresholds. Context 1 is a hart's S mode. */
class PriorityPlicTests {

    private static final int ENABLE = 0x2080;
    private static final int THRESHOLD = 0x20_1000;
    private static final int CLAIM = 0x20_1004;

    private final Wire machine = new Wire();
    private final Wire supervisor = new Wire();
    private final Plic plic = Plic.withPriorities(List.of(machine, supervisor));

    private void pending(int source, int priority) {
        plic.store(4 * source, 4, priority);
        plic.source(source).set(true);
    }

    @Test
    void theHighestPriorityIsClaimedFirstAndOfEqualOnesTheLowestNumber() {
        plic.store(ENABLE, 4, -1);
        pending(3, 1);
        pending(9, 5);
        pending(4, 5);
        assertThat(supervisor.isHigh()).isTrue();
        assertThat(plic.load(CLAIM, 4)).isEqualTo(4);
        assertThat(plic.load(CLAIM, 4)).isEqualTo(9);
        assertThat(plic.load(CLAIM, 4)).isEqualTo(3);
        assertThat(plic.load(CLAIM, 4)).isZero();
        assertThat(machine.isHigh()).as("it has enabled nothing").isFalse();
    }

    @Test
    void priority0NeverInterruptsAndIsNeverClaimed() {
        plic.store(ENABLE, 4, -1);
        plic.source(7).set(true);
        assertThat(supervisor.isHigh()).isFalse();
        assertThat(plic.load(CLAIM, 4)).isZero();
        plic.store(4 * 7, 4, 1);
        assertThat(supervisor.isHigh()).isTrue();
    }

    @Test
    void onlyPrioritiesAboveTheThresholdInterruptButAClaimDoesNotLookAtIt() {
        plic.store(ENABLE, 4, -1);
        plic.store(THRESHOLD, 4, 3);
        pending(5, 3);
        assertThat(supervisor.isHigh()).isFalse();
        plic.store(THRESHOLD, 4, 2);
        assertThat(supervisor.isHigh()).isTrue();
        plic.store(THRESHOLD, 4, 7);
        assertThat(plic.load(CLAIM, 4)).isEqualTo(5);
    }

    @Test
    void prioritiesAndThresholdsHaveThreeBitsAndAreReadBack() {
        plic.store(4 * 31, 4, -1);
        plic.store(THRESHOLD, 4, -1);
        plic.store(0, 4, 5);
        assertThat(plic.load(4 * 31, 4)).isEqualTo(7);
        assertThat(plic.load(THRESHOLD, 4)).isEqualTo(7);
        assertThat(plic.load(0, 4)).as("source 0 does not exist").isZero();
    }

    @Test
    void aSourceInterruptsAgainOnlyAfterItsCompletion() {
        plic.store(ENABLE, 4, 1 << 5);
        pending(5, 1);
        assertThat(plic.load(CLAIM, 4)).isEqualTo(5);
        assertThat(supervisor.isHigh()).isFalse();
        plic.store(CLAIM, 4, 5);
        assertThat(supervisor.isHigh()).as("the line is still high").isTrue();
    }
}
