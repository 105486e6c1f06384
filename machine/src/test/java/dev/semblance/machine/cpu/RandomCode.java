package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Memory full of random instructions, which jump anywhere, also into the middle of each other, and store anywhere, also into the code. What traps is stepped
 * over, and goes on in the first page.
 */
final class RandomCode {

    static final int LENGTH = 1200;

    private static final int RAM = 0x1_0000;
    private static final int HANDLER = 0x1000;
    private static final int AFTER_HANDLER = 0x1100;
    private static final int END = 0x3000;

    /** What leaves the code for long is rare. */
    private static final Set<String> RARE = Set.of("wfi", "sret", "sfence.vma", "ecall", "ebreak");

    private static final int[] CSRS = {1, 2, 3, 0xc00, 0xc01, 0xc02, 0x100, 0x140};

    private RandomCode() {}

    /** Returns a hart about to run at 0. */
    static TestHart hart(Isa isa, long seed, Optional<Translator> translator) {
        SplittableRandom random = new SplittableRandom(seed);
        TestHart hart = new TestHart(isa, RAM, caller -> {}, translator);
        fill(hart, random, 0, HANDLER);
        fill(hart, random, AFTER_HANDLER, END);
        int shift = isa.xlen() - 12;
        hart.load(HANDLER, """
                csrw sscratch, t6
                csrr t6, sepc
                addi t6, t6, %s
                slli t6, t6, %s
                srli t6, t6, %s
                csrw sepc, t6
                csrr t6, sscratch
                sret""".replaceFirst("%s", isa.hasCompressed() ? "2" : "4")
                .replace("%s", Integer.toString(shift)));
        hart.state.stvec = HANDLER;
        for (int i = 1; i < 32; i++) {
            hart.state.setX(i, register(random));
        }
        if (isa.hasFloat()) {
            hart.state.sstatus |= HartState.FS;
            for (int i = 0; i < 32; i++) {
                hart.state.f[i] =
                        random.nextBoolean() ? random.nextLong() : Double.doubleToLongBits(random.nextInt(100));
            }
        }
        return hart;
    }

    /** Anything, or the address of code or of data. */
    private static long register(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> 2L * random.nextInt(0x800);
            default -> 0x4000 + 8L * random.nextInt(0x1000);
        };
    }

    private static void fill(TestHart hart, SplittableRandom random, int from, int to) {
        List<Instruction> rows = InstructionSet.all();
        boolean hasCompressed = hart.state.isa().hasCompressed();
        int at = from;
        while (at + 4 <= to) {
            if (hasCompressed && random.nextInt(5) < 2) {
                // The low bits of an instruction of 32 bits are 3.
                hart.ram.putShort(at, (short) (random.nextInt(1 << 14) << 2 | random.nextInt(3)));
                at += 2;
            } else {
                Instruction row = rows.get(random.nextInt(rows.size()));
                if (!RARE.contains(row.mnemonic()) || random.nextInt(4) == 0) {
                    hart.ram.putInt(at, tamed(row, row.match() | random.nextInt() & ~row.mask(), random));
                    at += 4;
                }
            }
        }
    }

    /** Jumps are mostly short, and CSRs mostly such as there are. */
    private static int tamed(Instruction row, int bits, SplittableRandom random) {
        if (row.mnemonic().startsWith("csr")) {
            return bits & 0xf_ffff | CSRS[random.nextInt(CSRS.length)] << 20;
        }
        return switch (bits & 0x7f) {
            // JAL: up to 126 bytes on. Branches: up to 30 bytes on, but for some.
            case 0x6f -> bits & 0xfff | random.nextInt(64) << 21;
            case 0x63 -> random.nextInt(4) == 0 ? bits : bits & 0x01ff_f07f | random.nextInt(16) << 8;
            default -> bits;
        };
    }
}
