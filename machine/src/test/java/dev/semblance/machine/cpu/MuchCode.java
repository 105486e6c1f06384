package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.time.CycleTimeline;

/** A guest that executes code in more places than have room in a small heap: {@code MuchCode pages|places}. Prints how many pages of code it came to. */
final class MuchCode {

    private static final int SIZE = 512 << 20;
    private static final int PROGRAM = 0x2000;
    private static final int CODE = 0x10_0000;
    private static final int PAGES_OF_PLACES = 1_000;

    private MuchCode() {}

    public static void main(String[] args) {
        Ram ram = new Ram(SIZE);
        CycleTimeline timeline = new CycleTimeline();
        Hart hart = new Hart(Isa.RV32IMA, ram, new Bus(), timeline, Hart::stop, timeline::now);
        int end = args[0].equals("pages") ? pages(hart, ram) : places(ram);
        hart.state().setX(Assembler.register("s0"), end);
        hart.state().setX(Assembler.register("s1"), CODE);
        hart.state().setX(Assembler.register("s2"), Ram.PAGE_SIZE);
        hart.state().setX(Assembler.register("s3"), 256);
        hart.enter(PROGRAM, 0, 0);
        hart.run(1_000_000_000);
        System.out.println((hart.state().x(Assembler.register("s1")) - CODE) / Ram.PAGE_SIZE + " pages");
    }

    /** Jumps to each page of memory, where nothing is, and goes on with the next one when that has trapped. */
    private static int pages(Hart hart, Ram ram) {
        hart.state().stvec = PROGRAM + 4;
        load(ram, PROGRAM, """
                jalr zero, 0(s1)
                add s1, s1, s2
                beq s1, s0, done
                jalr zero, 0(s1)
                done: ecall""");
        return SIZE;
    }

    /** Enters each of some pages in 64 places, from which on blocks of 64 instructions follow each other that begin nowhere else. */
    private static int places(Ram ram) {
        load(ram, PROGRAM, """
                next: add a0, s1, zero
                add a1, s1, s3
                again: jalr ra, 0(a0)
                addi a0, a0, 4
                bne a0, a1, again
                add s1, s1, s2
                bne s1, s0, next
                ecall""");
        for (int page = 0; page < PAGES_OF_PLACES; page++) {
            load(ram, CODE + (long) page * Ram.PAGE_SIZE, "nop\n".repeat(1_023) + "ret");
        }
        return CODE + PAGES_OF_PLACES * Ram.PAGE_SIZE;
    }

    private static void load(Ram ram, long address, String source) {
        int[] words = Assembler.assemble(address, source);
        for (int i = 0; i < words.length; i++) {
            ram.putInt(address + 4L * i, words[i]);
        }
    }
}
