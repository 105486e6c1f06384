package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of translated code has a limit (docs/ARCHITECTURE.md, "The execution core"), whatever a guest executes. */
class TranslatedCodeMemoryTests {

    private static final int ROUNDS = 6_000;

    @Test
    void aGuestThatMakesNewCodeForEverKeepsALimitedNumberOfClasses() {
        TestHart hart = new TestHart(
                Isa.RV64GC,
                TestHart.RAM_SIZE,
                Hart::stop,
                Optional.of(new Translator(Runnable::run, Translator.Options.EAGER)));
        // Each round, another instruction is put before the return, and called.
        hart.load(0x2000, """
                again: sw s1, 0(s2)
                fence.i
                jalr ra, 0(s2)
                add s1, s1, s3
                addi s0, s0, -1
                bne s0, zero, again
                ecall""");
        hart.load(0x4000, "nop\njalr zero, 0(ra)");
        hart.set("s0", ROUNDS)
                .set("s1", 0x00050513)
                .set("s2", 0x4000)
                .set("s3", 1 << 20)
                .at(0x2000);
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        long loaded = classes.getTotalLoadedClassCount();
        long unloaded = classes.getUnloadedClassCount();
        hart.hart.run(1_000_000);
        assertThat(hart.state.x(8)).as("rounds left").isZero();
        assertThat(classes.getTotalLoadedClassCount() - loaded)
                .as("one for each of 4,096 instructions, then again")
                .isGreaterThan(5_000);
        System.gc();
        assertThat(classes.getUnloadedClassCount() - unloaded)
                .as("more than are kept")
                .isGreaterThan(3_500);
    }
}
