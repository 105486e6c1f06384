package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.time.Timeline.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cycles, deadlines and waiting: {@link dev.semblance.machine.time.Timeline} and the privileged architecture, 3.3.3 (WFI). */
class TimeTests {

    private static final long DEVICE = 0xf000_0000L;

    /** A device with one register that does something when written. */
    private static MmioDevice onStore(Consumer<Integer> action, CycleTimeline timeline) {
        return new MmioDevice() {
            @Override
            public int load(int offset, int width) {
                return (int) timeline.now();
            }

            @Override
            public void store(int offset, int width, int value) {
                action.accept(value);
            }
        };
    }

    @Test
    void everyInstructionAttemptedIsACycleAndTrapsRetireNothing() {
        TestHart hart = TestHart.with("nop\nebreak").load(0x1000, "csrr a0, instret\ncsrr a1, time");
        hart.state.stvec = 0x1000;
        hart.step(4);

        assertThat(hart.get("a0")).isEqualTo(1);
        assertThat(hart.get("a1")).isEqualTo(3);
        assertThat(hart.state.cycle()).isEqualTo(4);
        assertThat(hart.state.instret()).isEqualTo(3);
    }

    /** A loop with straight code, a jump and a page's end: what is due at cycle c comes before the instruction at c. */
    @Test
    void aDeadlineIsKeptAtEveryCycleOfALoop() {
        String loop = """
                loop: addi a0, a0, 1
                addi a0, a0, 1
                beq zero, zero, over
                nop
                over: addi a0, a0, 1
                lw a1, 0(zero)
                addi a0, a0, 1
                j loop""";
        List<Long> at = new ArrayList<>();
        TestHart plain = new TestHart().load(0xff0, loop).at(0xff0);
        for (int cycle = 0; cycle < 60; cycle++) {
            at.add(plain.state.pc());
            plain.step(1);
        }
        for (int cycle = 1; cycle < 60; cycle++) {
            TestHart hart = new TestHart().load(0xff0, loop).at(0xff0);
            hart.load(0x2000, "csrr s0, instret\ncsrr s1, sepc\necall");
            hart.state.stvec = 0x2000;
            hart.state.sie = 0x222;
            hart.state.sstatus = HartState.SIE;
            hart.timeline.schedule(cycle, () -> hart.hart.timerInterrupt().set(true));
            hart.run();

            assertThat(hart.get("s0")).isEqualTo(cycle);
            assertThat(hart.get("s1")).isEqualTo(at.get(cycle).intValue());
            assertThat(hart.state.cycle()).isEqualTo(cycle + 3);
        }
    }

    @Test
    void actionsRunAtTheirCycleEvenIfNothingInterrupts() {
        TestHart hart = TestHart.with("loop: addi a0, a0, 1\nj loop");
        List<Long> seen = new ArrayList<>();
        for (int cycle : new int[] {0, 1, 7, 8, 9, 10, 63, 99}) {
            hart.timeline.schedule(cycle, () -> {
                assertThat(hart.timeline.now()).isEqualTo(cycle);
                assertThat(hart.state.cycle()).isEqualTo(cycle);
                seen.add(hart.state.x(10));
            });
        }
        hart.timeline.schedule(100, () -> seen.add(-1L));
        hart.step(100);

        assertThat(seen)
                .as("additions done before each, none for the limit itself")
                .containsExactly(0L, 1L, 4L, 4L, 5L, 5L, 32L, 50L);
        hart.step(1);
        assertThat(seen).endsWith(-1L);
    }

    @Test
    void aDeviceSeesTheExactCycleOfEachAccess() {
        List<Long> stores = new ArrayList<>();
        TestHart hart = TestHart.with("""
                nop
                sw zero, 0(a5)
                nop
                nop
                lw a0, 0(a5)
                lb a1, 0(a5)
                beq zero, zero, on
                nop
                on: sw zero, 0(a5)
                ecall""").set("a5", DEVICE);
        hart.bus.map(DEVICE, 4096, onStore(value -> stores.add(hart.timeline.now()), hart.timeline));
        hart.run();

        assertThat(stores).containsExactly(1L, 7L);
        assertThat(hart.get("a0")).isEqualTo(4);
        assertThat(hart.get("a1")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sw a0, 0(a5)\nnop\nnop", "nop\nsw a0, 0(a5)\nj 0", "nop\nnop\nsb a0, 0(a5)\nnop"})
    void anInterruptThatAStoreRaisesComesBeforeTheNextInstruction(String source) {
        TestHart hart =
                TestHart.with(source).load(0x1000, "csrr s0, sepc\necall").set("a5", DEVICE);
        hart.bus.map(
                DEVICE, 4096, onStore(value -> hart.hart.externalInterrupt().set(true), hart.timeline));
        hart.state.stvec = 0x1000;
        hart.state.sie = 0x222;
        hart.state.sstatus = HartState.SIE;
        hart.run();

        long store = source.lines().takeWhile(line -> !line.startsWith("s")).count();
        assertThat(hart.get("s0")).isEqualTo((int) (4 * store + 4));
    }

    @Test
    void aDeadlineThatAStoreSchedulesForTheNextCycleIsKept() {
        List<Long> ran = new ArrayList<>();
        TestHart hart = TestHart.with("nop\nsw a0, 0(a5)\nnop\nnop\nnop").set("a5", DEVICE);
        hart.bus.map(
                DEVICE,
                4096,
                onStore(
                        value -> hart.timeline.schedule(hart.timeline.now() + 1, () -> ran.add(hart.state.cycle())),
                        hart.timeline));
        hart.step(5);

        assertThat(ran).containsExactly(2L);
    }

    // ---- ending a run ----------------------------------------------------------------------------------------------

    @Test
    void aRunEndsAtExactlyItsLimitAndALimitReachedRunsNothing() {
        TestHart hart = TestHart.with("loop: addi a0, a0, 1\nj loop");
        for (int limit = 1; limit < 40; limit++) {
            assertThat(hart.hart.run(limit)).isEqualTo(Hart.Stop.LIMIT);
            assertThat(hart.state.cycle()).isEqualTo(limit);
            assertThat(hart.state.instret()).isEqualTo(limit);
        }
        hart.timeline.schedule(39, () -> hart.set("a0", -1));
        assertThat(hart.hart.run(39)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.hart.run(0)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.get("a0")).isEqualTo(20);
    }

    @Test
    void stopFromADeviceEndsTheRunAfterTheInstructionThatReachedIt() {
        TestHart hart = TestHart.with("nop\nsw a0, 0(a5)\nnop\nnop\necall").set("a5", DEVICE);
        hart.bus.map(DEVICE, 4096, onStore(value -> hart.hart.stop(), hart.timeline));

        assertThat(hart.hart.run(1000)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state.cycle()).isEqualTo(2);
        assertThat(hart.state.pc()).isEqualTo(8);
        hart.run();
    }

    @Test
    void stopFromADeadlineEndsTheRunAfterOneMoreInstruction() {
        TestHart hart = TestHart.with("loop: addi a0, a0, 1\nj loop");
        hart.timeline.schedule(10, Lane.OBSERVER, hart.hart::stop);

        assertThat(hart.hart.run(1000)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state.cycle()).isEqualTo(11);
    }

    // ---- WFI -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 1000, 123_456_789_012L})
    void wfiSkipsToExactlyTheNextDeadlineAndTheSkipRetiresNothing(long deadline) {
        TestHart hart = TestHart.with("nop\nwfi\ncsrr a0, time\ncsrr a1, timeh\necall");
        hart.state.sie = 1 << Cause.SUPERVISOR_TIMER;
        hart.timeline.schedule(deadline, () -> hart.hart.timerInterrupt().set(true));
        hart.hart.run(Long.MAX_VALUE);

        assertThat(hart.get("a0") & 0xffff_ffffL | (long) hart.get("a1") << 32).isEqualTo(deadline);
        assertThat(hart.state.cycle()).isEqualTo(deadline + 3);
        assertThat(hart.state.instret()).isEqualTo(5);
    }

    @Test
    void deadlinesThatBringNoInterruptLeaveTheHartWaiting() {
        TestHart hart = TestHart.with("wfi\ncsrr a0, time\necall");
        hart.state.sie = 1 << Cause.SUPERVISOR_TIMER;
        hart.timeline.schedule(50, () -> hart.hart.externalInterrupt().set(true));
        hart.timeline.schedule(60, () -> {});
        hart.timeline.schedule(70, () -> hart.hart.timerInterrupt().set(true));
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(70);
    }

    @Test
    void wfiEndsForAnEnabledInterruptEvenIfSieKeepsItFromBeingTaken() {
        TestHart hart = TestHart.with("wfi\ncsrr a0, time\necall");
        hart.state.stvec = 0x1000;
        hart.state.sie = 2;
        hart.timeline.schedule(100, () -> hart.hart.softwareInterrupt().set(true));
        hart.run();

        assertThat(hart.get("a0")).isEqualTo(100);
    }

    @Test
    void wfiIsNoPauseIfAnInterruptIsPending() {
        TestHart hart = TestHart.with("wfi\necall");
        hart.state.sie = 2;
        hart.state.sip = 2;
        hart.run();

        assertThat(hart.state.cycle()).isEqualTo(2);
        assertThat(hart.state.instret()).isEqualTo(2);
    }

    @Test
    void anInterruptTakenOutOfWfiReturnsBehindIt() {
        TestHart hart = TestHart.with("nop\nwfi\necall").load(0x1000, "csrr s0, sepc\ncsrrci zero, sip, 2\nsret");
        hart.state.stvec = 0x1000;
        hart.state.sie = 2;
        hart.state.sstatus = HartState.SIE;
        hart.timeline.schedule(100, () -> hart.hart.softwareInterrupt().set(true));
        hart.run();

        assertThat(hart.get("s0")).isEqualTo(8);
        assertThat(hart.state.cycle()).isEqualTo(104);
    }

    @Test
    void waitingForNothingIsIdleAndTakesNoTimeUntilInputComes() {
        TestHart hart = TestHart.with("wfi\naddi a0, a0, 1\necall");
        hart.state.sie = 1 << Cause.SUPERVISOR_EXTERNAL;

        assertThat(hart.hart.run(1_000)).isEqualTo(Hart.Stop.IDLE);
        assertThat(hart.hart.run(2_000)).isEqualTo(Hart.Stop.IDLE);
        assertThat(hart.state.cycle()).isEqualTo(1);
        hart.hart.externalInterrupt().set(true);
        hart.run();
        assertThat(hart.get("a0")).isEqualTo(1);
        assertThat(hart.state.cycle()).isEqualTo(3);
    }

    /** 3.3.3: what is enabled nowhere cannot end a wait, whatever is pending. */
    @Test
    void aPendingInterruptThatIsNotEnabledDoesNotWakeTheHart() {
        TestHart hart = TestHart.with("wfi\necall");
        hart.state.sie = 2;
        hart.hart.timerInterrupt().set(true);

        assertThat(hart.hart.run(1_000)).isEqualTo(Hart.Stop.IDLE);
    }

    @Test
    void aWaitMayBeCutAnywhere() {
        TestHart whole = waiter();
        whole.hart.run(150);
        TestHart cut = waiter();
        for (int limit = 1; limit <= 150; limit++) {
            assertThat(cut.hart.run(limit)).isEqualTo(Hart.Stop.LIMIT);
            assertThat(cut.state.cycle()).isEqualTo(limit);
        }

        assertThat(cut.digest()).isEqualTo(whole.digest());
        assertThat(whole.get("a0")).isPositive();
    }

    private static TestHart waiter() {
        TestHart hart = TestHart.with("wfi\nloop: addi a0, a0, 1\nj loop");
        hart.state.sie = 2;
        hart.timeline.schedule(30, () -> {});
        hart.timeline.schedule(100, () -> hart.hart.softwareInterrupt().set(true));
        return hart;
    }
}
