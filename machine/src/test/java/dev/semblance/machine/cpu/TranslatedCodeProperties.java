package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Which core executes a program, when its code is translated, when all of that is forgotten, and where the run is cut, cannot be seen
 * (docs/ARCHITECTURE.md, corner 2; the contracts on {@link ExecutionCore} and {@link Mmu}).
 */
class TranslatedCodeProperties {

    private static final Optional<Translator> COMPARING =
            Optional.of(new Translator(Runnable::run, Translator.Options.EAGER.comparing()));

    @Provide
    Arbitrary<ParcelPrograms.Program> parcels() {
        return ParcelPrograms.programs();
    }

    @Provide
    Arbitrary<UnfencedPrograms.Program> unfenced() {
        return UnfencedPrograms.programs();
    }

    @Provide
    Arbitrary<List<Integer>> cycles() {
        return Arbitraries.integers().between(1, 1199).list().ofMinSize(1).ofMaxSize(20);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void compressedAndFloatingPointCodeDoesTheSameWhenItIsTranslated(
            @ForAll("parcels") ParcelPrograms.Program program,
            @ForAll("cycles") List<Integer> cuts,
            @ForAll("cycles") List<Integer> more) {
        assertSame(translator -> ParcelPrograms.hart(program, translator), ParcelPrograms.LENGTH, cuts, more);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void codeOverChangingPageTablesDoesTheSameWhenItIsTranslated(
            @ForAll("unfenced") UnfencedPrograms.Program program,
            @ForAll("cycles") List<Integer> cuts,
            @ForAll("cycles") List<Integer> more) {
        assertSame(translator -> UnfencedPrograms.hart(program, translator), UnfencedPrograms.LENGTH, cuts, more);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void memoryFullOfRandomInstructionsDoesTheSameWhenItIsTranslated(
            @ForAll Isa isa,
            @ForAll long seed,
            @ForAll("cycles") List<Integer> cuts,
            @ForAll("cycles") List<Integer> more) {
        assertSame(translator -> RandomCode.hart(isa, seed, translator), RandomCode.LENGTH, cuts, more);
    }

    private static void assertSame(
            Function<Optional<Translator>, TestHart> start, int length, List<Integer> cuts, List<Integer> more) {
        TestHart interpreted = start.apply(Optional.empty());
        int middle = cuts.getFirst();
        String atTheMiddle = digest(interpreted, middle);
        String atTheEnd = digest(interpreted, length);

        TestHart whole = start.apply(TestHart.EAGER);
        assertThat(digest(whole, length)).as("translated at the first arrival").isEqualTo(atTheEnd);

        TestHart compared = start.apply(COMPARING);
        assertThat(digest(compared, length))
                .as("translated, and compared on the way")
                .isEqualTo(atTheEnd);

        TestHart sliced = start.apply(TestHart.EAGER);
        new TreeSet<>(cuts).headSet(middle).forEach(sliced.hart::run);
        assertThat(digest(sliced, middle)).as("cut at %s", cuts).isEqualTo(atTheMiddle);
        new TreeSet<>(cuts).tailSet(middle).forEach(sliced.hart::run);
        assertThat(digest(sliced, length)).as("cut at %s", cuts).isEqualTo(atTheEnd);

        TestHart forgetting = start.apply(TestHart.EAGER);
        new TreeSet<>(more).forEach(cut -> {
            forgetting.hart.run(cut);
            for (int page = 0; page < forgetting.ram.pageCount(); page++) {
                forgetting.ram.announceWrite(page);
            }
        });
        assertThat(digest(forgetting, length))
                .as("all code dropped at %s", more)
                .isEqualTo(atTheEnd);

        // What is asked for comes late: after some of the program has run, perhaps for a page that is another by then.
        Queue<Runnable> asked = new ArrayDeque<>();
        TestHart late =
                start.apply(Optional.of(new Translator(asked::add, new Translator.Options(2, 60, 40, 3, false))));
        new TreeSet<>(more).forEach(cut -> {
            late.hart.run(cut);
            while (!asked.isEmpty()) {
                asked.remove().run();
            }
        });
        assertThat(digest(late, length)).as("code that comes at %s", more).isEqualTo(atTheEnd);
    }

    private static String digest(TestHart hart, int cycle) {
        hart.hart.run(cycle);
        return hart.digest();
    }
}
