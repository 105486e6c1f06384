package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link Watch}, place by place: {@link WatchProperties} has it for random programs. */
class WatchTests {

    private static final long TIMER = 1L << Cause.SUPERVISOR_TIMER;

    private final List<MemoryEvent> heard = new ArrayList<>();

    private static TestHart hart(Isa isa, boolean translated) {
        Optional<Translator> core = translated ? TestHart.EAGER : Optional.empty();
        return new TestHart(isa, TestHart.RAM_SIZE, Hart::stop, core);
    }

    private static TestHart hart(boolean translated, String source) {
        return hart(Isa.RV32IMA, translated).load(0x2000, source).at(0x2000);
    }

    private static Watchpoint physical(long address, long length) {
        return new Watchpoint(AddressSpace.PHYSICAL, address, length, true, true, false);
    }

    private static Watchpoint stopping(long address, long length, boolean loads, boolean stores) {
        return new Watchpoint(AddressSpace.PHYSICAL, address, length, loads, stores, true);
    }

    private static void assertPausedAt(TestHart hart, long pc, long cycle, boolean afterDeadlines) {
        assertThat(hart.hart.run(1_000)).isEqualTo(Hart.Stop.PAUSED);
        assertThat(hart.hart.pause())
                .isEqualTo(new Pause.BeforeInstruction(hart.state.isa().canonical(pc), afterDeadlines));
        assertThat(hart.state.cycle()).isEqualTo(cycle);
        assertThat(hart.state.pc()).isEqualTo(hart.state.isa().canonical(pc));
    }

    // ---- breakpoints --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunEndsBeforeTheInstructionAndTheNextRunGoesOn(boolean translated) {
        TestHart hart = hart(translated, "loop: addi a0, a0, 1\naddi a1, a1, 1\nj loop");
        hart.hart.watch(Watch.at(0x2004));
        assertPausedAt(hart, 0x2004, 1, false);
        assertThat(hart.get("a0")).isEqualTo(1);
        assertThat(hart.get("a1")).isZero();
        assertPausedAt(hart, 0x2004, 4, false);
        assertPausedAt(hart, 0x2004, 7, false);
        hart.hart.watch(Watch.NOTHING);
        assertThat(hart.hart.run(10)).isEqualTo(Hart.Stop.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInstructionAtWhichARunBeginsDoesNotCountUntilTheHartComesBackToIt(boolean translated) {
        TestHart hart = hart(translated, "loop: j loop");
        hart.hart.watch(Watch.at(0x2000));
        assertPausedAt(hart, 0x2000, 1, false);
        assertPausedAt(hart, 0x2000, 2, false);
    }

    @Test
    void aRunThatComesToItsLimitAtABreakpointTellsOfTheBreakpoint() {
        TestHart hart = hart(false, "nop\nnop\nnop");
        hart.hart.watch(Watch.at(0x2004));
        assertThat(hart.hart.run(1)).isEqualTo(Hart.Stop.PAUSED);
        assertThat(hart.hart.run(1)).as("and only once").isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.hart.run(2)).isEqualTo(Hart.Stop.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0xc000_0000L, 0xffff_ffff_c000_0000L})
    void onlyTheLowBitsOfAnAddressCountOnAHartOf32Bits(long breakpoint) {
        TestHart hart = hart(false, "csrw satp, a0\nsfence.vma zero, zero\njalr zero, 0(a1)");
        PageTables tables = new PageTables(hart.ram)
                .map(0xc000_0000L, 0x3000, PageTables.V | PageTables.R | PageTables.W | PageTables.X)
                .map(0x2000, 0x2000, PageTables.V | PageTables.R | PageTables.X);
        assertThat(tables).isNotNull();
        hart.load(0x3000, "sw zero, 16(a1)\nnop").set("a0", PageTables.satp()).set("a1", 0xc000_0000L);
        hart.hart.watch(new Watch(
                false,
                List.of(breakpoint),
                List.of(new Watchpoint(AddressSpace.VIRTUAL, breakpoint + 19, 1, false, true, false)),
                heard::add));
        assertPausedAt(hart, 0xc000_0000L, 3, false);
        hart.hart.run(4);
        assertThat(heard)
                .containsExactly(new MemoryEvent.Store(
                        3, (int) 0xc000_0000L, Privilege.SUPERVISOR, (int) 0xc000_0010L, 0x3010, 4, 0, 0));
    }

    /** Privileged architecture, 3.3.3: WFI ends when an interrupt is pending that is enabled in sie, whether it is taken or not. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatFollowsWfiIsComeToWhenTheHartWakes(boolean translated) {
        TestHart hart = hart(translated, "nop\nwfi\nnop\nnop");
        hart.state.sie = TIMER;
        hart.timeline.schedule(500, () -> hart.hart.timerInterrupt().set(true));
        hart.hart.watch(Watch.at(0x2008));
        assertThat(hart.hart.run(100)).as("it waits").isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state.pc()).isEqualTo(0x2008);
        assertPausedAt(hart, 0x2008, 500, true);
        assertThat(hart.hart.run(501)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state.pc()).isEqualTo(0x200c);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstInstructionOfAHandlerIsComeToWhenAnInterruptComes(boolean translated) {
        TestHart hart = hart(translated, "loop: j loop").load(0x1000, "csrw sie, zero\nsret");
        hart.state.stvec = 0x1000;
        hart.state.sie = TIMER;
        hart.state.sstatus = HartState.SIE;
        hart.timeline.schedule(50, () -> hart.hart.timerInterrupt().set(true));
        hart.hart.watch(Watch.at(0x1000));
        assertPausedAt(hart, 0x1000, 50, true);
        assertThat(hart.state.sepc).isEqualTo(0x2000);
        assertThat(hart.hart.run(53)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state.pc()).isEqualTo(0x2000);

        TestHart unwatched = hart(translated, "loop: j loop").load(0x1000, "csrw sie, zero\nsret");
        unwatched.state.stvec = 0x1000;
        unwatched.state.sie = TIMER;
        unwatched.state.sstatus = HartState.SIE;
        unwatched.timeline.schedule(50, () -> unwatched.hart.timerInterrupt().set(true));
        unwatched.hart.run(53);
        assertThat(hart.digest()).isEqualTo(unwatched.digest());
    }

    @Test
    void aStepWaitsWithWfiAndStopsAtTheFirstInstructionOfAHandler() {
        TestHart hart = hart(false, "wfi\nnop").load(0x1000, "sret");
        hart.state.stvec = 0x1000;
        hart.state.sie = TIMER;
        hart.state.sstatus = HartState.SIE;
        hart.timeline.schedule(500, () -> hart.hart.timerInterrupt().set(true));
        hart.timeline.schedule(501, () -> hart.hart.timerInterrupt().set(false));
        hart.hart.watch(Watch.STEP);
        assertPausedAt(hart, 0x1000, 500, true);
        assertPausedAt(hart, 0x2004, 501, false);
        assertPausedAt(hart, 0x2008, 502, false);
    }

    @Test
    void aHartThatWaitsForEverAndOneThatIsStuckSaySo() {
        TestHart idle = hart(false, "wfi");
        idle.hart.watch(Watch.STEP);
        assertThat(idle.hart.run(1_000)).isEqualTo(Hart.Stop.IDLE);
        TestHart stuck = new TestHart(Isa.RV32IMA, TestHart.RAM_SIZE, Hart::stop, Optional.empty());
        stuck.hart.watch(Watch.at(0x100));
        assertThat(stuck.hart.run(1_000_000)).isEqualTo(Hart.Stop.STUCK);
    }

    // ---- watchpoints --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunEndsAfterTheInstructionThatStoredAndTellsBothValues(boolean translated) {
        TestHart hart = hart(translated, """
                li a0, 0x3000
                loop: addi a1, a1, 1
                sw a1, 0(a0)
                sw a1, 4(a0)
                j loop""");
        hart.hart.watch(Watch.over(List.of(stopping(0x3005, 1, false, true)), heard::add));
        for (int i = 1; i < 5; i++) {
            assertThat(hart.hart.run(1_000)).isEqualTo(Hart.Stop.PAUSED);
            MemoryEvent event = new MemoryEvent.Store(
                    hart.state.cycle() - 1, 0x2010, Privilege.SUPERVISOR, 0x3004, 0x3004, 4, i - 1, i);
            assertThat(hart.hart.pause()).isEqualTo(new Pause.AfterAccess(event));
            assertThat(heard).containsExactly(event);
            heard.clear();
            assertThat(hart.state.pc()).isEqualTo(0x2014);
            assertThat(hart.ram.getInt(0x3004)).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWatchForLoadsHearsNoStoresAndTheOtherWayRound(boolean translated) {
        String source = "loop: lw a2, 0(a0)\nsw a1, 0(a0)\nlb a2, 4(a0)\nj loop";
        TestHart hart = hart(translated, source).set("a0", 0x3000);
        hart.hart.watch(Watch.over(List.of(stopping(0x3000, 4, true, false)), heard::add));
        assertThat(hart.hart.run(9)).isEqualTo(Hart.Stop.PAUSED);
        assertThat(hart.state.cycle()).isEqualTo(1);
        hart.hart.watch(Watch.over(List.of(stopping(0x3000, 4, false, true)), heard::add));
        assertThat(hart.hart.run(9)).isEqualTo(Hart.Stop.PAUSED);
        assertThat(hart.state.cycle()).isEqualTo(2);
        hart.hart.watch(Watch.over(List.of(physical(0x3001, 1)), heard::add));
        hart.hart.run(12);
        assertThat(heard.stream().map(event -> event.getClass().getSimpleName()))
                .containsExactly("Load", "Store", "Load", "Store", "Load", "Store");
        hart.hart.watch(Watch.NOTHING);
        hart.hart.run(40);
        assertThat(heard).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAmoIsALoadAndAStoreAndAnScThatFailsIsNothing(boolean translated) {
        TestHart hart = hart(translated, """
                loop: amoadd.w a2, a1, a0
                sc.w a3, a1, a0
                lr.w a2, a0
                sc.w a3, a1, a0
                j loop""").set("a0", 0x3000).set("a1", 7);
        hart.hart.watch(Watch.over(List.of(physical(0x3000, 8)), heard::add));
        hart.hart.run(4);
        Privilege mode = Privilege.SUPERVISOR;
        assertThat(heard)
                .containsExactly(
                        new MemoryEvent.Load(0, 0x2000, mode, 0x3000, 0x3000, 4, 0),
                        new MemoryEvent.Store(0, 0x2000, mode, 0x3000, 0x3000, 4, 0, 7),
                        new MemoryEvent.Load(2, 0x2008, mode, 0x3000, 0x3000, 4, 7),
                        new MemoryEvent.Store(3, 0x200c, mode, 0x3000, 0x3000, 4, 7, 7));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMisalignedAccessOnTwoPagesIsHeardInParts(boolean translated) {
        TestHart hart = hart(Isa.RV64GC, translated)
                .load(0x2000, "sd a1, 0(a0)\nld a2, 0(a0)")
                .at(0x2000)
                .set("a0", 0x3ffd)
                .set("a1", 0x8877_6655_4433_2211L);
        hart.hart.watch(Watch.over(List.of(physical(0x3000, 0x2000)), heard::add));
        hart.hart.run(2);
        Privilege mode = Privilege.SUPERVISOR;
        assertThat(heard)
                .containsExactly(
                        new MemoryEvent.Store(0, 0x2000, mode, 0x3ffd, 0x3ffd, 3, 0, 0x33_2211),
                        new MemoryEvent.Store(0, 0x2000, mode, 0x4000, 0x4000, 5, 0, 0x88_7766_5544L),
                        new MemoryEvent.Load(1, 0x2004, mode, 0x3ffd, 0x3ffd, 3, 0x33_2211),
                        new MemoryEvent.Load(1, 0x2004, mode, 0x4000, 0x4000, 5, 0x88_7766_5544L));
    }

    /** Privileged architecture, 12.3.2: A and D are set by hardware here. */
    @Test
    void whatAWalkSetsIsToldApart() {
        TestHart hart = hart(false, "csrw satp, a0\nsw a1, 0(a2)\nsw a1, 0(a2)");
        PageTables tables =
                new PageTables(hart.ram).map(0x2000, 0x2000, PageTables.V | PageTables.R | PageTables.X | PageTables.A);
        tables.map(0x40_0000, 0x3000, PageTables.V | PageTables.R | PageTables.W);
        hart.set("a0", PageTables.satp()).set("a1", 5).set("a2", 0x40_0000);
        long entry = tables.leafAddress(0x40_0000);
        hart.hart.watch(Watch.over(List.of(stopping(entry, 4, true, true)), heard::add));
        assertThat(hart.hart.run(100)).isEqualTo(Hart.Stop.PAUSED);
        assertThat(hart.state.pc()).isEqualTo(0x2008);
        long before = PageTables.entry(0x3000, PageTables.V | PageTables.R | PageTables.W);
        assertThat(heard)
                .containsExactly(new MemoryEvent.PageTableUpdate(
                        1,
                        0x2004,
                        Privilege.SUPERVISOR,
                        0x40_0000,
                        entry,
                        4,
                        before,
                        before | PageTables.A | PageTables.D));
    }

    @Test
    void aWatchByVirtualAddressHearsThatNameOfTheBytesAlone() {
        TestHart hart = hart(false, "csrw satp, a0\nsw a1, 0(a2)\nsw a1, 0(a3)");
        int all = PageTables.V | PageTables.R | PageTables.W | PageTables.X;
        new PageTables(hart.ram)
                .map(0x2000, 0x2000, all)
                .map(0x5000, 0x3000, all)
                .map(0x6000, 0x3000, all);
        hart.set("a0", PageTables.satp()).set("a2", 0x5000).set("a3", 0x6000);
        hart.hart.watch(
                Watch.over(List.of(new Watchpoint(AddressSpace.VIRTUAL, 0x6000, 4, false, true, false)), heard::add));
        hart.hart.run(3);
        assertThat(heard).hasSize(1).first().isInstanceOfSatisfying(MemoryEvent.Store.class, store -> {
            assertThat(store.virtual()).isEqualTo(0x6000);
            assertThat(store.physical()).isEqualTo(0x3000);
        });
    }

    @Test
    void aWriteOfADeviceEndsTheRunBetweenInstructionsAndIsHeardOnce() {
        TestHart hart = hart(false, "nop\nnop\nnop\nnop");
        hart.timeline.schedule(2, () -> hart.ram.putLong(0x3ffc, 1));
        hart.hart.watch(Watch.over(List.of(stopping(0x3fff, 2, false, true)), heard::add));
        assertThat(hart.hart.run(100)).isEqualTo(Hart.Stop.PAUSED);
        MemoryEvent event = new MemoryEvent.DeviceWrite(2, 0x3ffc, 8);
        assertThat(hart.hart.pause()).isEqualTo(new Pause.AfterAccess(event));
        assertThat(heard).containsExactly(event);
        assertThat(hart.state.cycle()).isEqualTo(2);
        assertThat(hart.ram.getLong(0x3ffc)).isEqualTo(1);
        hart.hart.watch(Watch.NOTHING);
        assertThat(hart.hart.run(4)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(heard).hasSize(1);
    }

    @Test
    void accessesOfDevicesAndThoseThatTrapAreNotHeard() {
        TestHart hart = hart(false, "lw a1, 0(a0)").load(0x1000, "nop").set("a0", 0x4000_0000L);
        hart.state.stvec = 0x1000;
        hart.hart.watch(Watch.over(
                List.of(new Watchpoint(AddressSpace.VIRTUAL, 0x4000_0000L, 4, true, true, true)), heard::add));
        assertThat(hart.hart.run(2)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(hart.state.scause).isEqualTo(Cause.LOAD_ACCESS_FAULT);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHartThatGoesToASavedStateIsWatchedAsBefore(boolean translated) throws BadStateException {
        TestHart hart = hart(translated, "loop: sw a1, 0(a0)\nlw a2, 0(a0)\nlw a2, 0x100(a0)\nj loop");
        hart.set("a0", 0x3000);
        Stateful whole = s -> {
            hart.timeline.state(s);
            hart.hart.state(s);
            hart.ram.state(s);
        };
        SavedState start = SavedState.of(whole);
        hart.hart.run(100);
        hart.hart.watch(Watch.over(List.of(physical(0x3000, 4)), heard::add));
        hart.hart.run(200);
        assertThat(heard).hasSize(50);
        start.loadInto(whole);
        heard.clear();
        hart.hart.run(200);
        assertThat(heard).hasSize(100);
    }

    @Test
    void aHartThatGoesToASavedStateTakesNoTranslationAlongThatItOpenedWhileItWasWatched() throws BadStateException {
        TestHart hart = hart(false, "loop: lw a1, 0(a0)\nj loop");
        int all = PageTables.V | PageTables.R | PageTables.X;
        PageTables tables = new PageTables(hart.ram).map(0x2000, 0x2000, all).map(0x40_0000, 0x3000, all);
        hart.ram.putInt(0x3000, 3);
        hart.ram.putInt(0x4000, 4);
        hart.set("a0", 0x40_0000);
        hart.state.satp = PageTables.satp();
        Stateful whole = s -> {
            hart.timeline.state(s);
            hart.hart.state(s);
            hart.ram.state(s);
        };
        SavedState start = SavedState.of(whole);
        hart.hart.watch(Watch.over(List.of(physical(0x5000, 4)), heard::add));
        hart.ram.putInt(tables.leafAddress(0x40_0000), PageTables.entry(0x4000, all));
        hart.hart.run(3);
        assertThat(hart.get("a1")).isEqualTo(4);
        start.loadInto(whole);
        hart.hart.run(3);
        assertThat(hart.get("a1")).isEqualTo(3);
    }

    @Test
    void aRangeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Watchpoint.ofWrites(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Watchpoint.ofWrites(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Watchpoint.ofWrites(2, Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        TestHart hart = hart(false, "sw zero, 0(zero)");
        hart.hart.watch(Watch.over(List.of(physical(TestHart.RAM_SIZE, 1), physical(1L << 60, 1)), heard::add));
        hart.hart.run(1);
        assertThat(heard).isEmpty();
    }
}
