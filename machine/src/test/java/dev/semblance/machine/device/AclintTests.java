package dev.semblance.machine.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.state.StateBytes;
import dev.semblance.machine.time.CycleTimeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ACLINT 1.0-rc4 as semu wires it. */
class AclintTests {

    private static final int MTIME = 0x7ff8;

    private final CycleTimeline timeline = new CycleTimeline();
    private final Wire timer0 = new Wire();
    private final Wire timer1 = new Wire();
    private final Wire software0 = new Wire();
    private final Wire software1 = new Wire();

    private Aclint aclint(long cyclesPerTick) {
        return new Aclint(
                timeline,
                cyclesPerTick,
                List.of(new Aclint.HartLines(timer0, software0), new Aclint.HartLines(timer1, software1)));
    }

    private void advanceTo(long cycle) {
        timeline.setNow(cycle);
        timeline.runDue();
    }

    @Test
    void theTimerLineRisesAtTheCycleThatMtimeReachesTheComparison() {
        aclint(1).setTimer(1, 1000);
        assertThat(timeline.nextDeadline()).isEqualTo(1000);

        advanceTo(999);
        assertThat(timer1.isHigh()).isFalse();
        advanceTo(1000);
        assertThat(timer1.isHigh()).isTrue();
        assertThat(timer0.isHigh()).isFalse();
    }

    @Test
    void settingALaterTimeLowersTheLineAndReplacesTheDeadline() {
        Aclint aclint = aclint(1);
        aclint.setTimer(0, 0);
        assertThat(timer0.isHigh()).isTrue();

        aclint.setTimer(0, 50);
        aclint.setTimer(0, 80);
        assertThat(timer0.isHigh()).isFalse();
        assertThat(timeline.nextDeadline()).isEqualTo(80);
    }

    @Test
    void allOnesMeansNever() {
        Aclint aclint = aclint(1);
        aclint.setTimer(0, 5);
        aclint.setTimer(0, -1L);

        assertThat(timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
        assertThat(timer0.isHigh()).isFalse();
    }

    @Test
    void aTickMayTakeSeveralCycles() {
        Aclint aclint = aclint(4);
        advanceTo(6);
        assertThat(aclint.mtime()).isEqualTo(1);

        aclint.setTimer(0, 3);
        assertThat(timeline.nextDeadline()).isEqualTo(12);
        advanceTo(11);
        assertThat(timer0.isHigh()).isFalse();
        advanceTo(12);
        assertThat(timer0.isHigh()).isTrue();
    }

    @Test
    void aDeadlineBeyondTheEndOfTimeIsNoDeadline() {
        aclint(1000).setTimer(0, Long.MAX_VALUE);

        assertThat(timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
    }

    @Test
    void mtimecmpAndMtimeAreSetByHalves() {
        Aclint aclint = aclint(1);
        MmioDevice registers = aclint.timer();
        registers.store(8, 4, 100);
        registers.store(12, 4, 0);
        assertThat(registers.load(8, 4)).isEqualTo(100);
        assertThat(registers.load(0, 4)).isEqualTo(-1);
        assertThat(timeline.nextDeadline()).isEqualTo(100);

        advanceTo(10);
        registers.store(MTIME, 4, 60);
        assertThat(registers.load(MTIME, 4)).isEqualTo(60);
        assertThat(timeline.nextDeadline()).isEqualTo(50);

        registers.store(MTIME + 4, 4, 1);
        assertThat(aclint.mtime()).isEqualTo((1L << 32) + 60);
        assertThat(timer1.isHigh()).isTrue();
    }

    @Test
    void theComparisonIsUnsignedAndTheLineFallsWhenMtimeWraps() {
        Aclint aclint = aclint(1);
        MmioDevice registers = aclint.timer();
        registers.store(MTIME, 4, -10);
        registers.store(MTIME + 4, 4, -1);
        aclint.setTimer(0, -4L);
        assertThat(timer0.isHigh()).isFalse();

        advanceTo(6);
        assertThat(timer0.isHigh()).isTrue();
        advanceTo(10);
        assertThat(aclint.mtime()).isZero();
        assertThat(timer0.isHigh()).isFalse();
    }

    @Test
    void bothSoftwareInterruptDevicesRaiseTheSupervisorLine() {
        Aclint aclint = aclint(1);
        MmioDevice mswi = aclint.machineSoftwareInterrupts();
        MmioDevice sswi = aclint.supervisorSoftwareInterrupts();

        mswi.store(4, 4, 1);
        assertThat(software1.isHigh()).isTrue();
        assertThat(software0.isHigh()).isFalse();
        mswi.store(4, 4, 0);
        assertThat(software1.isHigh()).isFalse();

        sswi.store(0, 4, 1);
        assertThat(software0.isHigh()).isTrue();
    }

    /** The hart clears sip.SSIP by itself, so the next interrupt must reach it although nobody lowered the line. */
    @Test
    void everySupervisorSoftwareInterruptIsSentAndNoneIsKept() {
        List<Boolean> sent = new ArrayList<>();
        Aclint aclint = new Aclint(timeline, 1, List.of(new Aclint.HartLines(timer0, sent::add)));
        List<String> before = StateBytes.of(aclint);
        MmioDevice sswi = aclint.supervisorSoftwareInterrupts();
        sswi.store(0, 4, 1);
        sswi.store(0, 4, 1);
        sswi.store(0, 4, 0);
        sswi.store(0, 4, 2);

        assertThat(sent).containsExactly(true, true);
        assertThat(sswi.load(0, 4)).isZero();
        assertThat(StateBytes.of(aclint)).isEqualTo(before);
    }

    @Test
    void loadsAndForeignAccessesChangeNothing() {
        Aclint aclint = aclint(1);
        aclint.setTimer(0, 77);
        aclint.machineSoftwareInterrupts().store(4, 4, 1);
        List<String> before = StateBytes.of(aclint);

        for (MmioDevice device :
                List.of(aclint.timer(), aclint.machineSoftwareInterrupts(), aclint.supervisorSoftwareInterrupts())) {
            for (int offset = 0; offset < 0x8000; offset += 4) {
                device.load(offset, 4);
                device.load(offset, 2);
                device.store(offset, 1, 0);
                if (offset >= 16 && offset < MTIME) {
                    device.store(offset, 4, 0);
                }
            }
        }

        assertThat(StateBytes.of(aclint)).isEqualTo(before);
        assertThat(timeline.nextDeadline()).isEqualTo(77);
    }
}
