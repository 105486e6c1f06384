package dev.semblance.machine.differential;

import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.profile.Isa;
import java.nio.ByteBuffer;

/**
 * What a random program runs under: its entry and its trap handler, in S-mode, at the start of the image. Each trap saves all
 * registers, mixes them into a hash, and goes on behind the instruction; after a fetch that failed, where ra points. When the
 * stretches have all been run, memory is mixed in and the hash is printed on the serial port; after the last round, the test
 * finisher ends the run.
 *
 * <p>What the manual leaves open is made the same here: a breakpoint's stval (its address or zero, 12.1.9), and, since QEMU 7.2 takes the
 * faults of AMOs for those of loads, the cause of these.
 */
final class Supervisor {

    /** Offsets in the context: x0 to x31, then f0 to f31, then CSRs and the bits of the instruction. */
    static final int FLOATS = 0x100;

    static final int STATUS = 0x200;

    /** How many registers lie there: sstatus, fcsr, sepc, scause, stval, sie, sip, scounteren, the instruction. */
    static final int CSRS = 9;

    private static final int HASH = 0x300;
    private static final int STRETCH = 0x310;
    private static final int ROUNDS = 0x318;
    private static final int VERBOSE = 0x320;
    private static final int HANDLER = 0x328;
    private static final int FACTOR = 0x330;
    private static final int TABLE_END = 0x338;
    private static final int SUPERPAGE = 0x340;
    private static final int STRETCHES = 0x400;

    /** satp, sstatus, pc, tp. */
    private static final int WORDS_OF_STRETCH = 4;

    private static final int MOST_STRETCHES = 24;

    /** The handler's place in the image. */
    private static final int HANDLER_OFFSET = 0x400;

    private final Isa isa;
    private final Layout layout;
    private final ByteBuffer image;
    private int stretches;

    Supervisor(Isa isa, ByteBuffer image) {
        this.isa = isa;
        this.layout = new Layout(isa);
        this.image = image;
    }

    private void putWord(int offset, long value) {
        if (isa.is64()) {
            image.putLong(Layout.CONTEXT + offset, value);
        } else {
            image.putInt(Layout.CONTEXT + offset, (int) value);
        }
    }

    void register(int index, long value) {
        putWord(layout.size() * index, value);
    }

    void floatRegister(int index, long value) {
        image.putLong(Layout.CONTEXT + FLOATS + 8 * index, value);
    }

    /** Adds a stretch, to be run after those before. */
    void stretch(long satp, long status, long pc, long tp) {
        if (stretches == MOST_STRETCHES) {
            throw new IllegalStateException("too many stretches");
        }
        int at = STRETCHES + WORDS_OF_STRETCH * layout.size() * stretches++;
        putWord(at, satp);
        putWord(at + layout.size(), status);
        putWord(at + 2 * layout.size(), pc);
        putWord(at + 3 * layout.size(), tp);
    }

    /** Writes the code, and what it knows. */
    void write(int rounds, boolean verbose, long tableEnd) {
        putWord(ROUNDS, rounds);
        putWord(VERBOSE, verbose ? 1 : 0);
        putWord(HANDLER, Layout.physical(HANDLER_OFFSET));
        putWord(FACTOR, 0x9e37_79b9_7f4a_7c15L);
        putWord(TABLE_END, tableEnd);
        putWord(SUPERPAGE, Layout.SUPERPAGE);
        code(0, entry());
        code(HANDLER_OFFSET, handler());
    }

    private void code(int offset, String source) {
        int[] words = Assembler.assemble(
                Layout.physical(offset),
                source.replace("LOAD", isa.is64() ? "ld" : "lw")
                        .replace("STORE", isa.is64() ? "sd" : "sw")
                        .replace("SIZE", Integer.toString(layout.size())));
        if (offset + 4 * words.length > (offset == 0 ? HANDLER_OFFSET : Layout.HANDLER_SIZE)) {
            throw new IllegalStateException("code that is too long");
        }
        for (int i = 0; i < words.length; i++) {
            image.putInt(offset + 4 * i, words[i]);
        }
    }

    private String entry() {
        String text = """
                auipc tp, 0
                lui t0, 2
                add tp, tp, t0
                csrw satp, zero
                csrw sie, zero
                csrw sip, zero
                li t0, 7
                csrw scounteren, t0
                lui t0, 6
                csrw sstatus, t0
                csrw fcsr, zero
                """;
        return text + floats("fld") + "LOAD t0, " + HANDLER + "(tp)\ncsrw stvec, t0\nj "
                + Layout.physical(HANDLER_OFFSET + 4);
    }

    private static String floats(String mnemonic) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            text.append(mnemonic + " f" + i + ", " + (FLOATS + 8 * i) + "(tp)\n");
        }
        return text.toString();
    }

    private String eachRegister(String mnemonic, int first) {
        StringBuilder text = new StringBuilder();
        for (int i = first; i < 32; i++) {
            if (i != Stretch.TP) {
                text.append(mnemonic + " x" + i + ", " + layout.size() * i + "(tp)\n");
            }
        }
        return text.toString();
    }

    private String save(String csr, int index) {
        return "csrr t0, " + csr + "\nSTORE t0, " + (STATUS + layout.size() * index) + "(tp)\n";
    }

    private String csrOffset(int index) {
        return STATUS + layout.size() * index + "(tp)";
    }

    /** The second instruction is where the entry goes on: to the first stretch. */
    private String handler() {
        return "j trap\nj next\n"
                + "trap: csrrw tp, sscratch, tp\n"
                + eachRegister("STORE", 1)
                + "csrr t0, sscratch\nSTORE t0, " + layout.size() * Stretch.TP + "(tp)\ncsrw sscratch, tp\n"
                + save("sstatus", 0)
                + "lui t1, 0xc6\ncsrs sstatus, t1\n" // FS, SUM and MXR
                + save("fcsr", 1)
                + save("sepc", 2)
                + save("scause", 3)
                + save("stval", 4)
                + save("sie", 5)
                + save("sip", 6)
                + save("scounteren", 7)
                + instructionBits()
                + hashRegisters()
                + "mv s2, tp\nli s3, " + (STATUS + CSRS * layout.size()) + "\nadd s3, s3, tp\njal ra, show\n"
                + resume()
                + next()
                + print();
    }

    /** The bits of the instruction in s0, its length in s1; none after a fetch that failed and after an interrupt. */
    private String instructionBits() {
        return "LOAD t0, " + csrOffset(3) + "\n"
                + """
                li s0, 0
                li s1, 0
                blt t0, zero, masked
                li t1, 1
                beq t0, t1, masked
                li t1, 12
                beq t0, t1, masked
                csrr t2, sepc
                lhu s0, 0(t2)
                li s1, 2
                andi t1, s0, 3
                li t3, 3
                bne t1, t3, bits
                lhu t4, 2(t2)
                slli t4, t4, 16
                or s0, s0, t4
                li s1, 4
                bits: bne t0, t3, atomic
                """
                + "STORE zero, " + csrOffset(4) + "\ncsrw stval, zero\n"
                + """
                atomic: andi t1, s0, 127
                li t2, 0x2f
                bne t1, t2, masked
                srli t1, s0, 27
                andi t1, t1, 31
                li t2, 2
                beq t1, t2, masked
                li t2, 4
                beq t0, t2, cause
                li t2, 5
                beq t0, t2, cause
                li t2, 13
                bne t0, t2, masked
                cause: addi t0, t0, 2
                """
                + "STORE t0, " + csrOffset(3) + "\ncsrw scause, t0\n"
                + "masked: STORE s0, " + csrOffset(8) + "\n";
    }

    /** Breakpoints and calls mix everything, other traps what is new of them alone: they come often. */
    private String hashRegisters() {
        return "LOAD t0, " + csrOffset(3) + "\nli a0, " + STATUS + "\nadd a0, a0, tp\n"
                + """
                li t1, 3
                beq t0, t1, all
                li t1, 8
                bne t0, t1, some
                all: mv a0, tp
                """
                + floats("fsd")
                + "some: li a1, " + (STATUS + CSRS * layout.size()) + "\nadd a1, a1, tp\n"
                + "jal ra, mix\n";
    }

    private String resume() {
        return "resume: LOAD t0, " + layout.size() * Stretch.TP + "(tp)\nbeq t0, zero, next\n"
                + "LOAD t0, " + csrOffset(3) + "\n"
                + "LOAD t1, " + csrOffset(2) + "\n"
                + """
                blt t0, zero, interrupt
                bne s1, zero, behind
                """
                + "LOAD t1, " + layout.size() + "(tp)\n"
                + "j go\n"
                + "interrupt: csrrci zero, sip, 2\nj go\n"
                + """
                behind: add t1, t1, s1
                li t2, 8
                bne t0, t2, go
                sfence.vma zero, zero
                go: csrw sepc, t1
                """
                + "LOAD t0, " + csrOffset(0) + "\n"
                + "lui t1, 6\nor t0, t0, t1\ncsrw sstatus, t0\n" // FS is Dirty behind every trap
                + "leave: csrw sscratch, tp\n"
                + eachRegister("LOAD", 1)
                + "LOAD tp, " + layout.size() * Stretch.TP + "(tp)\nsret\n";
    }

    private String next() {
        int shift = isa.is64() ? 5 : 4;
        return "next: LOAD t0, " + STRETCH + "(tp)\n"
                + "addi t1, t0, 1\nSTORE t1, " + STRETCH + "(tp)\n"
                + "slli t0, t0, " + shift + "\nadd t0, t0, tp\n"
                + "LOAD t1, " + (STRETCHES + 2 * layout.size()) + "(t0)\n"
                + "beq t1, zero, round\n"
                + "csrw sepc, t1\n"
                + "LOAD t1, " + STRETCHES + "(t0)\ncsrw satp, t1\nsfence.vma zero, zero\n"
                + "LOAD t1, " + (STRETCHES + layout.size()) + "(t0)\ncsrw sstatus, t1\n"
                + "LOAD t1, " + (STRETCHES + 3 * layout.size()) + "(t0)\nSTORE t1, " + layout.size() * Stretch.TP
                + "(tp)\n"
                + "csrw sie, zero\ncsrrci zero, sip, 2\n"
                + "j leave\n"
                // All have been run: memory, the tables, and the pages of superpages
                + "round: csrw satp, zero\nsfence.vma zero, zero\n"
                + "STORE zero, " + STRETCH + "(tp)\n"
                + "LOAD a1, " + TABLE_END
                + "(tp)\nlui a0, 2\nadd a0, tp, a0\njal ra, mixAndShow\n" // from the root table to the end of the data
                // table
                + "lui a0, 14\nadd a0, tp, a0\nlui a1, 8\nadd a1, a0, a1\njal ra, mixAndShow\n" // data
                + "LOAD a0, " + SUPERPAGE + "(tp)\nlui a1, 4\nadd a1, a0, a1\njal ra, mixAndShow\n"
                + "LOAD a0, " + HASH + "(tp)\njal ra, print\njal ra, line\n"
                + "LOAD t0, " + ROUNDS + "(tp)\naddi t0, t0, -1\nSTORE t0, " + ROUNDS + "(tp)\n"
                + "bne t0, zero, next\n"
                + "lui t0, 0x100\nli t1, 0x5555\nsw t1, 0(t0)\nforever: j forever\n"
                // Mixes the words from a0 to a1 into the hash
                + "mix: LOAD a2, " + HASH + "(tp)\nLOAD a3, " + FACTOR + "(tp)\n"
                + """
                mixing: LOAD a4, 0(a0)
                add a2, a2, a4
                mul a2, a2, a3
                srli a4, a2, 15
                xor a2, a2, a4
                addi a0, a0, SIZE
                bne a0, a1, mixing
                """
                + "STORE a2, " + HASH + "(tp)\nret\n";
    }

    /** The words from s2 to s3 on a line, if the program is verbose; the number in a0; the end of a line. */
    private String print() {
        return "mixAndShow: mv s2, a0\nmv s3, a1\nmv s4, ra\njal ra, mix\nmv ra, s4\n"
                + "show: LOAD a0, " + VERBOSE + "(tp)\nbne a0, zero, showing\nret\n"
                + """
                showing: mv s4, ra
                word: LOAD a0, 0(s2)
                jal ra, print
                addi s2, s2, SIZE
                bne s2, s3, word
                jal ra, line
                jalr zero, 0(s4)
                """
                + "print: li a1, " + isa.xlen() + "\nlui a2, 0x10000\n"
                + """
                digit: addi a1, a1, -4
                srl a3, a0, a1
                andi a3, a3, 15
                slti a4, a3, 10
                bne a4, zero, decimal
                addi a3, a3, 39
                decimal: addi a3, a3, 48
                ready: lbu a4, 5(a2)
                andi a4, a4, 32
                beq a4, zero, ready
                sb a3, 0(a2)
                bne a1, zero, digit
                li a3, 32
                j last
                line: lui a2, 0x10000
                li a3, 10
                last: lbu a4, 5(a2)
                andi a4, a4, 32
                beq a4, zero, last
                sb a3, 0(a2)
                ret
                """;
    }
}
