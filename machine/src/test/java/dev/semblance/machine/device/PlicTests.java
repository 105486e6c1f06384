package dev.semblance.machine.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.state.StateBytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PLIC specification 1.0.0 in semu's cut. */
class PlicTests {

    private static final int PENDING = 0x1000;
    private static final int ENABLE_0 = 0x2000;
    private static final int ENABLE_1 = 0x2080;
    private static final int THRESHOLD_0 = 0x20_0000;
    private static final int CLAIM_0 = 0x20_0004;
    private static final int CLAIM_1 = 0x20_1004;

    private final Wire hart0 = new Wire();
    private final Wire hart1 = new Wire();
    private final Plic plic = Plic.asInSemu(List.of(hart0, hart1));

    @Test
    void theHighestNumberedPendingSourceIsClaimedFirst() {
        plic.store(ENABLE_0, 4, -1);
        plic.source(3).set(true);
        plic.source(31).set(true);
        plic.source(9).set(true);

        assertThat(plic.load(CLAIM_0, 4)).isEqualTo(31);
        assertThat(plic.load(CLAIM_0, 4)).isEqualTo(9);
        assertThat(plic.load(CLAIM_0, 4)).isEqualTo(3);
        assertThat(plic.load(CLAIM_0, 4)).isZero();
        assertThat(hart0.isHigh()).isFalse();
    }

    @Test
    void aHartIsInterruptedOnlyForSourcesThatItHasEnabled() {
        plic.store(ENABLE_1, 4, 1 << 5);
        plic.source(5).set(true);

        assertThat(hart0.isHigh()).isFalse();
        assertThat(hart1.isHigh()).isTrue();
        assertThat(plic.load(CLAIM_0, 4)).isZero();
        assertThat(plic.load(CLAIM_1, 4)).isEqualTo(5);
        assertThat(hart1.isHigh()).isFalse();
    }

    @Test
    void aSourceIsNotRequestedAgainBeforeItsCompletion() {
        plic.store(ENABLE_0, 4, 1 << 7);
        plic.source(7).set(true);
        plic.load(CLAIM_0, 4);
        plic.source(7).set(false);
        plic.source(7).set(true);
        assertThat(hart0.isHigh()).isFalse();

        plic.store(CLAIM_0, 4, 7);
        assertThat(hart0.isHigh()).as("the line is still high").isTrue();

        plic.load(CLAIM_0, 4);
        plic.source(7).set(false);
        plic.store(CLAIM_0, 4, 7);
        assertThat(hart0.isHigh()).isFalse();
    }

    @Test
    void aRequestStaysWhenTheLineFallsBeforeTheClaim() {
        plic.store(ENABLE_0, 4, 1 << 2);
        plic.source(2).set(true);
        plic.source(2).set(false);

        assertThat(plic.load(PENDING, 4)).isEqualTo(1 << 2);
        assertThat(plic.load(CLAIM_0, 4)).isEqualTo(2);
    }

    @Test
    void enablingAPendingSourceInterruptsAtOnce() {
        plic.source(4).set(true);
        assertThat(hart0.isHigh()).isFalse();

        plic.store(ENABLE_0, 4, 1 << 4);
        assertThat(hart0.isHigh()).isTrue();
    }

    @Test
    void completionOfASourceThatIsNotEnabledIsIgnored() {
        plic.store(ENABLE_0, 4, 1 << 4);
        plic.source(4).set(true);
        plic.load(CLAIM_0, 4);
        plic.store(ENABLE_0, 4, 0);
        plic.store(CLAIM_0, 4, 4);
        plic.store(ENABLE_0, 4, 1 << 4);

        assertThat(hart0.isHigh()).isFalse();
        for (int nonsense : new int[] {0, 32, 36, -1, Integer.MIN_VALUE}) {
            plic.store(CLAIM_0, 4, nonsense);
        }
        assertThat(hart0.isHigh()).isFalse();
    }

    @Test
    void linuxMayWritePrioritiesAndThresholdsToNoEffect() {
        plic.store(4 * 7, 4, 5);
        plic.store(THRESHOLD_0, 4, 7);
        plic.store(ENABLE_0, 4, -1);
        plic.source(7).set(true);

        assertThat(plic.load(4 * 7, 4)).isEqualTo(1);
        assertThat(plic.load(THRESHOLD_0, 4)).isZero();
        assertThat(plic.load(ENABLE_0, 4)).as("source 0 does not exist").isEqualTo(-2);
        assertThat(hart0.isHigh()).isTrue();
    }

    @Test
    void onlyAWholeClaimRegisterClaims() {
        plic.store(ENABLE_0, 4, -1);
        plic.source(1).set(true);
        List<String> before = StateBytes.of(plic);

        for (int width : new int[] {1, 2}) {
            for (int offset = 0; offset < 0x3000; offset += width) {
                assertThat(plic.load(offset, width)).isZero();
                plic.store(offset, width, -1);
            }
            assertThat(plic.load(CLAIM_0, width)).isZero();
        }
        plic.load(0x3f_fffc, 4);
        plic.store(0x20_2004, 4, 1);

        assertThat(StateBytes.of(plic)).isEqualTo(before);
    }
}
