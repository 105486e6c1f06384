package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.cpu.ParcelPrograms.Program;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.Stateful;
import java.lang.reflect.Field;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * How a run is cut, and what is kept of decoded code, cannot be seen (the contracts on {@link Mmu} and {@link ExecutionCore}): with code
 * of 16 and 32 bits that lies on two pages, for both widths.
 */
class ParcelProperties {

    private static final int LENGTH = ParcelPrograms.LENGTH;

    @Provide
    Arbitrary<Program> programs() {
        return ParcelPrograms.programs();
    }

    @Provide
    Arbitrary<List<Integer>> cycles() {
        return Arbitraries.integers().between(1, LENGTH - 1).list().ofMinSize(1).ofMaxSize(20);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void anySlicingEndsInTheSameState(
            @ForAll("programs") Program program,
            @ForAll("cycles") List<Integer> cuts,
            @ForAll("cycles") List<Integer> more) {
        int middle = cuts.getFirst();
        String atTheMiddle = digest(ParcelPrograms.hart(program), middle);
        String atTheEnd = digest(ParcelPrograms.hart(program), LENGTH);

        TestHart sliced = ParcelPrograms.hart(program);
        new TreeSet<>(cuts).headSet(middle).forEach(sliced.hart::run);
        assertThat(digest(sliced, middle)).as("cut at %s", cuts).isEqualTo(atTheMiddle);
        new TreeSet<>(cuts).tailSet(middle).forEach(sliced.hart::run);
        assertThat(digest(sliced, LENGTH)).as("cut at %s", cuts).isEqualTo(atTheEnd);

        TestHart forgetting = ParcelPrograms.hart(program);
        new TreeSet<>(more).forEach(cut -> {
            forgetting.hart.run(cut);
            for (int page = 0; page < forgetting.ram.pageCount(); page++) {
                forgetting.ram.announceWrite(page);
            }
        });
        assertThat(digest(forgetting, LENGTH))
                .as("with decoded code forgotten at %s", more)
                .isEqualTo(atTheEnd);
    }

    /** {@link ExecutionCore#step} keeps nothing, and is one cycle of {@link ExecutionCore#run}. */
    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aStepIsARunOfOneCycle(@ForAll("programs") Program program) throws ReflectiveOperationException {
        TestHart running = ParcelPrograms.hart(program);
        TestHart stepping = ParcelPrograms.hart(program);
        Field field = Hart.class.getDeclaredField("core");
        field.setAccessible(true);
        ExecutionCore core = (ExecutionCore) field.get(stepping.hart);
        int straddled = 0;
        for (int cycle = 1; cycle <= LENGTH; cycle++) {
            // What the hart does around its core: a program that executes the middles of its instructions comes there.
            boolean elsewhere = stepping.state.waiting || (stepping.state.sip & stepping.state.sie) != 0;
            if (!elsewhere) {
                running.hart.run(cycle);
            }
            if (running.state.cycle() != cycle) {
                break;
            }
            stepping.timeline.setNow(stepping.state.cycle());
            stepping.timeline.runDue();
            long before = stepping.state.pc();
            core.step();
            straddled += (before & 0xfff) == 0xffe && stepping.state.pc() == before + 4 ? 1 : 0;
            assertThat(stepping.state.pc()).as("pc at cycle %d", cycle).isEqualTo(running.state.pc());
            assertThat(stepping.state.cycle()).isEqualTo(cycle);
        }
        assertThat(stepping.digest()).isEqualTo(running.digest());
        running.hart.run(LENGTH);
        assertThat(digest(ParcelPrograms.hart(program), LENGTH)).as("in one go").isEqualTo(running.digest());
        Statistics.label("instructions that lie on two pages")
                .collect(straddled > 3 ? "many" : straddled > 0 ? "some" : "none");
        Statistics.label("instructions that lie on two pages")
                .coverage(coverage -> coverage.check("none").percentage(percentage -> percentage < 75));
    }

    private static Stateful whole(TestHart hart) {
        return s -> {
            hart.timeline.state(s);
            hart.hart.state(s);
            hart.ram.state(s);
        };
    }

    /** docs/ARCHITECTURE.md, "State", with floating point and translations of either width. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void goingOnFromASavedStateIsGoingOn(
            @ForAll("programs") Program program, @ForAll @IntRange(min = 0, max = LENGTH - 1) int cut)
            throws BadStateException {
        TestHart hart = ParcelPrograms.hart(program);
        hart.hart.run(cut);
        SavedState atTheCut = SavedState.of(whole(hart));
        TestHart other = ParcelPrograms.hart(program.from(cut));
        atTheCut.loadInto(whole(other));
        assertThat(SavedState.of(whole(other))).isEqualTo(atTheCut);
        String atTheEnd = digest(ParcelPrograms.hart(program), LENGTH);
        assertThat(digest(hart, LENGTH)).isEqualTo(atTheEnd);
        assertThat(digest(other, LENGTH)).isEqualTo(atTheEnd);
        assertThat(SavedState.of(whole(other))).isEqualTo(SavedState.of(whole(hart)));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void aChangedFieldIsLoadedAsItIsOrRefusedAndNeverMakesTheHartThrow(
            @ForAll("programs") Program program,
            @ForAll @IntRange(min = 0, max = LENGTH - 1) int cut,
            @ForAll @IntRange(min = 0, max = 1 << 16) int first,
            @ForAll @IntRange(min = 0, max = 7) int bit)
            throws BadStateException {
        TestHart hart = ParcelPrograms.hart(program);
        hart.hart.run(cut);
        byte[] bytes = ChangedStates.bytes(SavedState.of(whole(hart)));
        int length = ChangedStates.fieldBytes(bytes);
        int loaded = 0;
        for (int at = first % 101; at < length; at += at < 1000 ? 17 : 997) {
            SavedState changed = ChangedStates.flipped(bytes, at, bit);
            TestHart other = ParcelPrograms.hart(program);
            try {
                changed.loadInto(whole(other));
            } catch (BadStateException e) {
                continue;
            }
            loaded++;
            assertThat(SavedState.of(whole(other))).as("byte %d", at).isEqualTo(changed);
            if (other.state.cycle() == other.timeline.now() && other.state.cycle() < LENGTH) {
                other.hart.run(other.state.cycle() + 200);
            }
        }
        assertThat(loaded).isPositive();
    }

    /** The state at a cycle, or at the earlier one at which the program does nothing any more but trap, or wait. */
    private static String digest(TestHart hart, int cycle) {
        if (hart.hart.run(cycle) == Hart.Stop.LIMIT) {
            assertThat(hart.state.cycle()).isEqualTo(cycle);
        }
        return hart.digest();
    }
}
