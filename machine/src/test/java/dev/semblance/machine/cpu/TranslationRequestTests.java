package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What a guest can make a core ask a translator for has a limit, however slow the translator is, and what is refused is asked for again. */
class TranslationRequestTests {

    private static final Translator.Options OPTIONS = new Translator.Options(10, Long.MAX_VALUE, 300, 0, false);

    private final Queue<Runnable> asked = new ArrayDeque<>();

    private static TestHart hart(Executor executor) {
        return new TestHart(Isa.RV32IMA, TestHart.RAM_SIZE, Hart::stop, Optional.of(new Translator(executor, OPTIONS)));
    }

    private static TestHart loop(Executor executor) {
        return hart(executor).load(0x2000, "again: addi a0, a0, 1\nj 0x2000").at(0x2000);
    }

    @Test
    void aLoopThatWaitsForItsRegionAsksForItOnce() {
        TestHart hart = loop(asked::add);
        hart.hart.run(20_000);
        assertThat(asked).hasSize(1);
        asked.remove().run();
        hart.hart.run(40_000);
        assertThat(asked).isEmpty();
        assertThat(hart.get("a0")).isEqualTo(20_000);
    }

    @Test
    void whatWasRefusedIsAskedForAgain() {
        int[] requests = {0};
        TestHart hart = loop(task -> {
            if (++requests[0] <= 3) {
                throw new RejectedExecutionException();
            }
            asked.add(task);
        });
        hart.hart.run(20_000);
        assertThat(requests[0]).isEqualTo(4);
        assertThat(asked).hasSize(1);
    }

    /** Each loop is in a page of its own. */
    @Test
    void onlySoManyRegionsWait() {
        int pages = Translator.MAX_WAITING + 100;
        TestHart hart = hart(asked::add);
        for (int page = 0; page < pages; page++) {
            int at = 0x10_0000 + 0x1000 * page;
            String last = page == pages - 1 ? "addi s0, s0, 1\njalr zero, 0(s2)" : "j " + (at + 0x1000);
            hart.load(at, "addi a0, zero, 20\nagain: addi a0, a0, -1\nbne a0, zero, again\n" + last);
        }
        hart.set("s2", 0x10_0000).at(0x10_0000).hart.run(3_000_000);
        assertThat(hart.get("s0")).as("rounds").isGreaterThan(20);
        assertThat(asked).hasSize(Translator.MAX_WAITING);

        // When there is room again, the others ask too.
        for (int i = 0; i < Translator.MAX_WAITING; i++) {
            asked.remove().run();
        }
        hart.hart.run(6_000_000);
        assertThat(asked).hasSizeGreaterThanOrEqualTo(100);
    }
}
