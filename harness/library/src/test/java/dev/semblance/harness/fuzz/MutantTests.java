package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of mutants, which {@link GpuMutants} works off: that every fault can still be planted. */
class MutantTests {

    @Test
    void everyFaultHasItsPlaceInTheSources() throws IOException {
        List<Mutant> mutants = Mutant.all();
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(20);
        assertThat(mutants.stream().map(Mutant::what)).doesNotHaveDuplicates();
        for (Mutant mutant : mutants) {
            String source = Files.readString(sources().resolve(mutant.file()));
            assertThat(mutant.plant(source)).as(mutant.what()).isNotEqualTo(source);
        }
    }

    static Path sources() {
        return Path.of("..", "..", "gpu", "src", "main", "java", "dev", "semblance", "gpu");
    }
}
