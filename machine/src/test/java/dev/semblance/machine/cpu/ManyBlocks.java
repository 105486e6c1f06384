package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.translate.Translator;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** A guest that makes a new instruction each round and calls it, all translated: {@code ManyBlocks ROUNDS}. Prints how many rounds and classes there were. */
final class ManyBlocks {

    private static final int PROGRAM = 0x2000;
    private static final int MADE = 0x4000;

    private ManyBlocks() {}

    public static void main(String[] args) {
        int rounds = Integer.parseInt(args[0]);
        Ram ram = new Ram(1 << 20);
        CycleTimeline timeline = new CycleTimeline();
        Hart hart = new Hart(
                Isa.RV64GC,
                ram,
                new Bus(),
                timeline,
                Hart::stop,
                timeline::now,
                Optional.of(new Translator(Runnable::run, Translator.Options.EAGER)));
        load(ram, PROGRAM, """
                again: sw s1, 0(s2)
                fence.i
                jalr ra, 0(s2)
                add s1, s1, s3
                addi s4, s4, 1
                bne s4, s0, again
                ecall""");
        load(ram, MADE, "nop\njalr zero, 0(ra)");
        hart.state().setX(Assembler.register("s0"), rounds);
        // LUI of another number each round.
        hart.state().setX(Assembler.register("s1"), 0x0000_0537);
        hart.state().setX(Assembler.register("s2"), MADE);
        hart.state().setX(Assembler.register("s3"), 1 << 12);
        hart.enter(PROGRAM, 0, 0);
        hart.run(100L * rounds);
        long classes = ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
        System.out.println(hart.state().x(Assembler.register("s4")) + " rounds, "
                + (classes > rounds ? "more" : "fewer") + " classes than rounds");
    }

    private static void load(Ram ram, long address, String source) {
        int[] words = Assembler.assemble(address, source);
        for (int i = 0; i < words.length; i++) {
            ram.putInt(address + 4L * i, words[i]);
        }
    }
}
