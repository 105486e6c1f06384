package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Fault;
import dev.semblance.machine.translate.Translator;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** sstatus.FS becomes Dirty where an instruction changes floating-point state (privileged architecture, 3.1.6.6): also where that is a flag alone. */
class TranslatedFloatStateTests {

    private static final long CLEAN = 2 << 13;

    /** Compares with a signaling NaN, which raises NV and writes an integer register. */
    private static TestHart program(Optional<Translator> translator) {
        TestHart hart = new TestHart(Isa.RV64GC, TestHart.RAM_SIZE, Hart::stop, translator);
        hart.load(0x2000, """
                feq.d a0, fa0, fa1
                addi a1, zero, 1
                ecall""");
        hart.state.f[10] = 0x7ff4_0000_0000_0000L;
        hart.state.sstatus = CLEAN;
        return hart.at(0x2000);
    }

    @Test
    void aFlagAloneMakesTheStateDirtyAlsoInTranslatedCode() {
        TestHart translated = program(TestHart.EAGER);
        translated.hart.run(10);
        assertThat(translated.state.fcsr.flags()).as("NV").isEqualTo(16);
        assertThat(translated.state.sstatus & HartState.FS).isEqualTo(HartState.FS);

        TestHart wrong =
                program(Optional.of(Fault.FLAGS_NEVER_DIRTY.plantedIn(Runnable::run, Translator.Options.EAGER)));
        wrong.hart.run(10);
        assertThat(wrong.state.sstatus & HartState.FS).as("a fault is seen").isEqualTo(CLEAN);
    }

    @Test
    void aFlagThatWasThereLeavesTheStateAsItIs() {
        TestHart translated = program(TestHart.EAGER);
        translated.state.fcsr.setFcsr(16);
        translated.hart.run(10);
        assertThat(translated.state.sstatus & HartState.FS).isEqualTo(CLEAN);
    }
}
