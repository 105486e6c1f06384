package dev.semblance.machine.differential;

import dev.semblance.machine.differential.Constants.Sort;
import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.profile.Isa;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A stretch of a random program: code that is executed in one view, and what writes it. What stands in it runs at any address. */
final class Stretch {

    /** The register that nothing but the handler writes: it points to the constants. */
    static final int TP = 4;

    static final int RA = 1;

    private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

    /** FMV.X.D and FMV.X.W. */
    private static final int MOVE_DOUBLE = 0xe200_0053;

    private static final int MOVE_SINGLE = 0xe000_0053;

    final Isa isa;
    final View view;
    final Layout layout;
    final RowPool pool;
    final Constants constants;
    final Random random;
    final Code code = new Code();

    /** Registers that must keep their values for now. */
    private final Set<Integer> kept = new TreeSet<>();

    Stretch(Isa isa, View view, Constants constants, Random random) {
        this.isa = isa;
        this.view = view;
        this.layout = new Layout(isa);
        this.pool = RowPool.of(isa);
        this.constants = constants;
        this.random = random;
    }

    // ---- registers ----------------------------------------------------------------------------------------------

    /** Returns a register to write to: neither x0 nor one that is kept. */
    int register() {
        while (true) {
            int register = 1 + random.nextInt(31);
            if (mayWrite(register)) {
                return register;
            }
        }
    }

    boolean mayWrite(int register) {
        return register != TP && !kept.contains(register);
    }

    void keep(int register) {
        kept.add(register);
    }

    void release(int register) {
        kept.remove(register);
    }

    static int rd(int encoding) {
        return encoding >>> 7 & 31;
    }

    static int rs1(int encoding) {
        return encoding >>> 15 & 31;
    }

    static int withRd(int encoding, int register) {
        return encoding & ~0xf80 | register << 7;
    }

    static int withRs1(int encoding, int register) {
        return encoding & ~0xf_8000 | register << 15;
    }

    // ---- writing ------------------------------------------------------------------------------------------------

    /** Writes an instruction of 16 or 32 bits. */
    void put(int encoding) {
        code.add(encoding);
    }

    /** Writes an instruction of 32 bits, as one of 16 now and then if there is one. */
    void putShort(int encoding) {
        put(random.nextBoolean() ? pool.shortest(encoding) : encoding);
    }

    void put(String mnemonic, int rd, int rs1, int rs2, int immediate) {
        put(Encoder.encode(mnemonic, rd, rs1, rs2, immediate));
    }

    void loadConstant(int register, int offset) {
        put(isa.is64() ? "ld" : "lw", register, TP, 0, offset);
    }

    void loadFloat(int register, int offset) {
        put("fld", register, TP, 0, offset);
    }

    /** Returns an encoding of a row that writes no register it must not write. */
    int encode(Instruction row) {
        int bits = pool.encode(row, random);
        return RowPool.writesInteger(row.format()) && !mayWrite(rd(bits)) ? withRd(bits, register()) : bits;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    // ---- computation --------------------------------------------------------------------------------------------

    void computation() {
        if (chance(35)) {
            RowPool.Parcel parcel = pool.parcel(Kind.COMPUTATION, random);
            if (mayWrite(rd(parcel.expanded()))) {
                put(parcel.bits());
                return;
            }
        }
        Instruction row = pool.row(Kind.COMPUTATION, random);
        int bits = encode(row);
        if (chance(20) && rs1(bits) != 0 && mayWrite(rs1(bits)) && row.format() != Format.U) {
            loadConstant(rs1(bits), constants.integer(random));
        }
        put(bits);
    }

    void floating() {
        Instruction row = pool.row(Kind.FLOAT, random);
        int bits = encode(row);
        boolean fromInteger =
                row.format() == Format.INTEGER_TO_FLOAT || row.format() == Format.INTEGER_TO_FLOAT_ROUNDED;
        if (fromInteger) {
            if (chance(50) && rs1(bits) != 0 && mayWrite(rs1(bits))) {
                loadConstant(rs1(bits), constants.integer(random));
            }
        } else {
            if (chance(50)) {
                loadFloat(rs1(bits), constants.floating(random));
            }
            if (chance(40)) {
                loadFloat(bits >>> 20 & 31, constants.floating(random));
            }
            if (row.format() == Format.FLOAT_R4 && chance(40)) {
                loadFloat(bits >>> 27, constants.floating(random));
            }
        }
        if (chance(40)) {
            put("csrrwi", 0, 0, 0, 1);
        }
        put(bits);
        if (chance(40)) {
            put("csrrs", register(), 0, 0, 1);
        }
    }

    void floatStatus() {
        put(encode(pool.row(Kind.FLOAT_STATUS, random)));
        if (chance(80)) {
            put("csrrwi", 0, random.nextInt(5), 0, 2);
        }
    }

    /** Something that cannot be left but at its end, and traps at most. */
    void simple() {
        if (chance(70)) {
            computation();
        } else {
            floating();
        }
    }

    // ---- control transfer ---------------------------------------------------------------------------------------

    private void skipped() {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            simple();
        }
    }

    void branch() {
        int start = code.position();
        if (chance(30)) {
            RowPool.Parcel parcel = pool.parcel(Kind.BRANCH, random);
            put(parcel.bits());
            skipped();
            code.replace(start, pool.shortest(withBranchOffset(parcel.expanded(), code.position() - start)));
            return;
        }
        int bits = encode(pool.row(Kind.BRANCH, random));
        put(bits);
        skipped();
        code.replace(start, withBranchOffset(bits, code.position() - start));
    }

    private static int withBranchOffset(int encoding, int offset) {
        return encoding & 0x01ff_f07f | Encoder.encode("beq", 0, 0, 0, offset) & ~0x01ff_f07f;
    }

    void jump() {
        int start = code.position();
        if (chance(30)) {
            RowPool.Parcel parcel = pool.parcel(Kind.JUMP, random);
            if (rd(parcel.expanded()) == 0 || mayWrite(rd(parcel.expanded()))) {
                put(parcel.bits());
                skipped();
                code.replace(start, pool.shortest(jal(rd(parcel.expanded()), code.position() - start)));
                return;
            }
        }
        int rd = chance(30) ? 0 : register();
        put(jal(rd, 8));
        skipped();
        code.replace(start, jal(rd, code.position() - start));
    }

    private static int jal(int rd, int offset) {
        return Encoder.encode("jal", rd, 0, 0, offset);
    }

    void jumpToRegister() {
        int target = register();
        int start = code.position();
        put("auipc", target, 0, 0, 0);
        if (chance(40)) {
            boolean links = chance(50) && mayWrite(RA);
            int addition = code.position();
            put("addi", target, target, 0, 0);
            put(pool.shortest(Encoder.encode("jalr", links ? RA : 0, target, 0, 0)));
            skipped();
            code.replace(addition, Encoder.encode("addi", target, target, 0, code.position() - start));
            return;
        }
        int rd = chance(30) ? 0 : register();
        int jump = code.position();
        put("jalr", rd, target, 0, 0);
        skipped();
        // The lowest bit of the sum is dropped (2.5.1).
        int odd = random.nextInt(2);
        code.replace(jump, Encoder.encode("jalr", rd, target, 0, code.position() - start + odd));
    }

    /** A loop whose body is executed a few times. */
    void loop(Runnable body) {
        int counter = register();
        put("addi", counter, 0, 0, 2 + random.nextInt(6));
        keep(counter);
        int start = code.position();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            body.run();
        }
        putShort(Encoder.encode("addi", counter, counter, 0, -1));
        put("bne", 0, counter, 0, start - code.position());
        release(counter);
    }

    /**
     * A longer loop that does not end in the handler: after each turn some registers and the flags are mixed into one that is kept, so that
     * what is overwritten in the next turn is not lost.
     */
    void longLoop(Runnable body) {
        int counter = register();
        put("addi", counter, 0, 0, 20 + random.nextInt(80));
        keep(counter);
        int sum = register();
        keep(sum);
        int factor = register();
        keep(factor);
        loadConstant(factor, constants.require(Sort.OTHER, isa.canonical(FACTOR)));
        put("csrrwi", 0, random.nextInt(5), 0, 2);
        int start = code.position();
        for (int i = 8 + random.nextInt(8); i > 0; i--) {
            body.run();
        }
        for (int i = 0; i < 4; i++) {
            mix(sum, random.nextInt(32), factor);
            int bits = register();
            put(isa.is64() ? MOVE_DOUBLE : MOVE_SINGLE, bits, random.nextInt(32));
            mix(sum, bits, factor);
        }
        int flags = register();
        put("csrrw", flags, 0, 0, 1);
        mix(sum, flags, factor);
        put("addi", counter, counter, 0, -1);
        int back = start - code.position();
        put("bne", 0, counter, 0, back);
        release(counter);
        release(sum);
        release(factor);
    }

    private void mix(int sum, int register, int factor) {
        put("xor", sum, sum, register, 0);
        put("mul", sum, sum, factor, 0);
    }

    private void put(int move, int rd, int rs1) {
        put(withRs1(withRd(move, rd), rs1));
    }

    /** Ends in the handler, which looks at all registers and goes on behind it. */
    void checkpoint() {
        put(
                view == View.USER
                        ? Encoder.encode("ecall", 0, 0, 0, 0)
                        : chance(50)
                                ? pool.parcel(Kind.BREAKPOINT, random).bits()
                                : Encoder.encode("ebreak", 0, 0, 0, 0));
    }

    /** Ends the stretch: the handler takes tp = 0 for that. */
    void end() {
        put("addi", TP, 0, 0, 0);
        put("ebreak", 0, 0, 0, 0);
    }

    /** Returns the offset of a constant from tp: a pointer. */
    int pointer(long address) {
        return constants.offset(pointers(), isa.canonical(address), random);
    }

    /** Where addresses are physical, devices of QEMU lie at what others use. */
    Sort pointers() {
        return view == View.BARE ? Sort.PHYSICAL_POINTER : Sort.POINTER;
    }

    Sort targets() {
        return view == View.BARE ? Sort.PHYSICAL_TARGET : Sort.TARGET;
    }
}
