package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.cpu.UnfencedPrograms.DeviceWrite;
import dev.semblance.machine.cpu.UnfencedPrograms.Program;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * When a page table is walked, and so which A and D bits are set and which accesses fault, is a function of the instructions
 * executed (the contract on {@link Mmu}): with programs that change page tables and do not fence, so that each walk shows.
 */
class TranslationProperties {

    private static final int LENGTH = UnfencedPrograms.LENGTH;

    @Provide
    Arbitrary<Program> programs() {
        return UnfencedPrograms.programs();
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
        String atTheMiddle = digest(UnfencedPrograms.hart(program), middle);
        String atTheEnd = digest(UnfencedPrograms.hart(program), LENGTH);

        TestHart stepped = UnfencedPrograms.hart(program);
        for (int cycle = 1; cycle < middle; cycle++) {
            stepped.hart.run(cycle);
        }
        assertThat(digest(stepped, middle)).as("in single steps to %d", middle).isEqualTo(atTheMiddle);
        for (int cycle = middle; cycle < LENGTH; cycle++) {
            stepped.hart.run(cycle);
        }
        assertThat(digest(stepped, LENGTH)).as("in single steps").isEqualTo(atTheEnd);

        TestHart sliced = UnfencedPrograms.hart(program);
        new TreeSet<>(cuts).headSet(middle).forEach(sliced.hart::run);
        assertThat(digest(sliced, middle)).as("cut at %s", cuts).isEqualTo(atTheMiddle);
        new TreeSet<>(cuts).tailSet(middle).forEach(sliced.hart::run);
        assertThat(digest(sliced, LENGTH)).as("cut at %s", cuts).isEqualTo(atTheEnd);

        TestHart forgetting = UnfencedPrograms.hart(program);
        new TreeSet<>(more).forEach(cut -> {
            forgetting.hart.run(cut);
            forgetDecodedCode(forgetting);
        });
        assertThat(digest(forgetting, LENGTH))
                .as("cut at %s, with decoded code forgotten at each", more)
                .isEqualTo(atTheEnd);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void theHartWalksWhenTheReferenceDoes(@ForAll("programs") Program program, @ForAll("cycles") List<Integer> stops) {
        TestHart hart = UnfencedPrograms.hart(program);
        ReferenceHart reference = UnfencedPrograms.reference(program);
        List<DeviceWrite> writes = program.writes().stream()
                .sorted(Comparator.comparingInt(DeviceWrite::cycle))
                .toList();
        int next = 0;
        TreeSet<Integer> sorted = new TreeSet<>(stops);
        sorted.add(LENGTH);
        for (int stop : sorted) {
            while (reference.cycle < stop) {
                while (next < writes.size() && writes.get(next).cycle() <= reference.cycle) {
                    UnfencedPrograms.apply(writes.get(next++), reference);
                }
                reference.step();
            }
            hart.hart.run(stop);
            hart.assertIs(reference);
        }
    }

    private static String digest(TestHart hart, int cycle) {
        hart.hart.run(cycle);
        assertThat(hart.state.cycle()).isEqualTo(cycle);
        return hart.digest();
    }

    /** As if every page had been written to with what stood there. */
    private static void forgetDecodedCode(TestHart hart) {
        for (int page = 0; page < hart.ram.pageCount(); page++) {
            hart.ram.announceWrite(page);
        }
    }
}
