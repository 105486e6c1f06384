package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.U;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;

import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * As {@link UnfencedPrograms}, for harts with code of 16 bits and floating point, of either width: code runs over the ends of its pages, with
 * instructions that lie on two; parcels are stored into it, mostly there; data is misaligned and on two pages; page tables change without a fence.
 */
final class ParcelPrograms {

    static final int LENGTH = 2000;
    private static final int RAM = 0x2_0000;

    private static final int HANDLER = 0x1000;
    private static final int START = 0x1800;
    /** Where the entries are that the handler puts back. */
    private static final int SAVED = 0x2800;

    private static final int ROOT = 0x3000;
    private static final int MIDDLE = 0x4000;
    private static final int TABLE = 0x5000;
    private static final int CODE = 0x8000;
    private static final int DATA = 0xe000;
    private static final int FRAMES = 8;
    private static final int SEGMENTS = 4;

    private static final long PLAYGROUND = 0x4000_0000;
    /** How far before the end of its page a segment of code begins. */
    private static final int LEAD = 0x40;

    /** Entries that a program may change: code, data, the tables, and pages that share their places in a TLB of either size. */
    private static final List<Integer> SLOTS = List.of(0, 1, 2, 3, 4, 6, 7, 8, 256, 262);

    private static final int SCRATCH = 15;
    private static final int POINTER = 14;

    private static final List<Integer> REGISTERS = List.of(0, 1, 5, 6, 7, 9, 10, 11, 12);
    /** Data at the beginning and at the end of a page, in its other names, the superpage, and the tables. */
    private static final List<Integer> BASES = List.of(18, 18, 19, 19, 20, 20, 22, 23, 24);

    /** Parcels that both widths have, of which some load and store by s0. */
    private static final List<Integer> PARCELS = List.of(
            0x0001, 0x0505, 0x95aa, 0x862a, 0x4515, 0xa011, 0xc111, 0xe111, // nop, addi, add, mv, li, j, beqz, bnez
            0x4008, 0xc008, 0x6008, 0xe008, 0x2008, 0xa008, 0x852e,
            0x050a, // lw, sw, ld or flw, sd or fsw, fld, fsd, mv, slli
            0x9002, 0x0000, 0x8000, 0x8d09, 0x8d6d); // ebreak, two that are none, sub, and

    /** A device writes an entry of the table. */
    private record DeviceWrite(int cycle, int slot, int entry) {}

    /** What one try runs: the encodings of each segment, those of 16 bits below 0x10000. */
    record Program(Isa isa, List<List<Integer>> segments, boolean user, List<DeviceWrite> writes, List<Integer> leads) {

        /** Returns the same with what devices do from a cycle on alone. */
        Program from(int cycle) {
            List<DeviceWrite> rest =
                    writes.stream().filter(write -> write.cycle >= cycle).toList();
            return new Program(isa, segments, user, rest, leads);
        }
    }

    private ParcelPrograms() {}

    // ---- making them --------------------------------------------------------------------------------------------

    private static Arbitrary<Integer> entries(boolean user) {
        int all = V | R | W | X | (user ? U : 0);
        Arbitrary<Integer> frames = Arbitraries.frequencyOf(
                Tuple.of(12, Arbitraries.integers().between(0, FRAMES - 1).map(i -> CODE + 0x1000 * i)),
                Tuple.of(1, Arbitraries.of(TABLE, 0x50_0000)));
        Arbitrary<Integer> flags = Arbitraries.of(
                all, all, all | A, all | A | D, all & ~V, all & ~W, all & ~X, all & ~R & ~W, all & ~R, all ^ U);
        return Combinators.combine(frames, flags).as(PageTables::entry);
    }

    private static List<Integer> li(int register, int value) {
        int upper = value + 0x800 >>> 12;
        return List.of(
                Encoder.encode("lui", register, 0, 0, upper),
                Encoder.encode("addi", register, register, 0, value - (upper << 12)));
    }

    private static List<Integer> then(List<Integer> first, int... more) {
        List<Integer> words = new ArrayList<>(first);
        for (int word : more) {
            words.add(word);
        }
        return words;
    }

    private static Arbitrary<List<Integer>> items(Isa isa, boolean user) {
        boolean wide = isa.is64();
        int size = isa.xlen() / 8;
        String store = wide ? "sd" : "sw";
        Arbitrary<Integer> register = Arbitraries.of(REGISTERS);
        Arbitrary<Integer> base = Arbitraries.of(BASES);
        Arbitrary<Integer> floats = Arbitraries.integers().between(0, 7);
        Arbitrary<Integer> offsets = Arbitraries.of(0, 0, 8, 16, 1, 2, 3, 4, 5, 6, 7, -1, -4, -8);
        Arbitrary<List<Integer>> parcel = Arbitraries.of(PARCELS).map(List::of);
        Arbitrary<List<Integer>> edit = Combinators.combine(Arbitraries.of(SLOTS), entries(user))
                .as((s, entry) -> then(li(SCRATCH, entry), Encoder.encode(store, 0, 24, SCRATCH, size * s - 0x400)));
        Arbitrary<List<Integer>> clear = Combinators.combine(
                        Arbitraries.of(SLOTS),
                        Arbitraries.of(V, W, X, A, D, A | D),
                        Arbitraries.of(".w", "." + (wide ? "d" : "w")))
                .as((s, bits, suffix) -> List.of(
                        Encoder.encode("addi", POINTER, 24, 0, size * s - 0x400),
                        Encoder.encode("addi", SCRATCH, 0, 0, ~bits),
                        Encoder.encode("amoand" + suffix, 10, POINTER, SCRATCH, 0)));
        Arbitrary<List<Integer>> access = Combinators.combine(
                        wide
                                ? Arbitraries.of("lb", "lh", "lw", "ld", "lhu", "lwu", "sb", "sh", "sw", "sd", "sd")
                                : Arbitraries.of("lb", "lh", "lw", "lhu", "sb", "sh", "sw", "sw"),
                        register,
                        base,
                        offsets)
                .as((m, r, b, offset) -> List.of(Encoder.encode(m, r, b, r, offset)));
        Arbitrary<List<Integer>> floatAccess = Combinators.combine(
                        Arbitraries.of("flw", "fld", "fsw", "fsd", "fsd"), floats, base, offsets)
                .as((m, f, b, offset) -> List.of(Encoder.encode(m, f, b, f, offset)));
        Arbitrary<List<Integer>> floatCompute = Combinators.combine(
                        Arbitraries.of("fadd.d", "fmul.d", "fdiv.d", "fadd.s", "fcvt.d.w", "feq.d", "fcvt.w.d"),
                        floats,
                        floats,
                        floats)
                .as((m, rd, rs1, rs2) -> List.of(Encoder.encode(m, rd, rs1, rs2, 0)));
        Arbitrary<List<Integer>> floatStatus = Combinators.combine(
                        Arbitraries.of("csrrw", "csrrs", "csrrc", "csrrsi"), register, Arbitraries.of(1, 2, 3))
                .as((m, r, csr) -> List.of(Encoder.encode(m, r, r, 0, csr)));
        Arbitrary<List<Integer>> atomic = Combinators.combine(
                        Arbitraries.of("lr.", "sc.", "amoswap.", "amoadd.", "amomax."),
                        Arbitraries.of("w", wide ? "d" : "w"),
                        register,
                        base,
                        Arbitraries.of(0, 0, 8, 4, 2))
                .as((m, width, r, b, offset) -> List.of(
                        Encoder.encode("addi", POINTER, b, 0, offset), Encoder.encode(m + width, r, POINTER, r, 0)));
        Arbitrary<Integer> halves = Arbitraries.oneOf(
                Arbitraries.of(PARCELS),
                register.map(r -> Encoder.encode("addi", r, r, 0, 77) >>> 16),
                register.map(r -> Encoder.encode("addi", r, r, 0, 77) & 0xffff),
                Arbitraries.of(0x0003, 0x0503, 0x00c5, 0x006f));
        Arbitrary<List<Integer>> writeCode = Combinators.combine(
                        halves,
                        Arbitraries.of(21, 22, 23),
                        Arbitraries.integers().between(-16, 16),
                        Arbitraries.of("sh", "sh", "sw"))
                .as((half, b, at, m) -> then(li(SCRATCH, half << 16 | half), Encoder.encode(m, 0, b, SCRATCH, 2 * at)));
        Arbitrary<List<Integer>> fence = Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(0)), Tuple.of(4, base))
                .map(b -> user
                        ? List.of(Encoder.encode("addi", POINTER, b, 0, 0), Encoder.encode("ecall", 0, 0, 0, 0))
                        : List.of(Encoder.encode("sfence.vma", 0, b, 0, 0)));
        Arbitrary<List<Integer>> status = Combinators.combine(
                        Arbitraries.of("csrrs", "csrrc"), Arbitraries.of(26, 26, 3))
                .as((m, bit) -> List.of(Encoder.encode(m, 0, bit, 0, 0x100)));
        Arbitrary<List<Integer>> satp = Arbitraries.just(List.of(Encoder.encode("csrrw", 0, 4, 0, 0x180)));
        Arbitrary<List<Integer>> aliasJump = Combinators.combine(
                        register,
                        Arbitraries.of(21, 22, 23),
                        Arbitraries.integers().between(-20, 8))
                .as((rd, b, at) -> List.of(Encoder.encode("jalr", rd, b, 0, 2 * at)));
        Arbitrary<List<Integer>> skip = Combinators.combine(
                        Arbitraries.of("beq", "bne", "blt"),
                        register,
                        Arbitraries.integers().between(2, 12))
                .as((m, r, parcels) -> List.of(Encoder.encode(m, 0, r, 10, 2 * parcels)));
        Arbitrary<List<Integer>> stay = Arbitraries.integers()
                .between(1, 12)
                .map(count -> List.of(
                        Encoder.encode("addi", SCRATCH, 0, 0, count),
                        0x0605,
                        Encoder.encode("addi", SCRATCH, SCRATCH, 0, -1),
                        Encoder.encode("bne", 0, SCRATCH, 0, -6)));
        Arbitrary<List<Integer>> compute = Combinators.combine(
                        wide
                                ? Arbitraries.of("add", "addw", "mulw", "sllw", "mul", "xor")
                                : Arbitraries.of("add", "mul", "xor"),
                        register,
                        register,
                        register)
                .as((m, rd, rs1, rs2) -> List.of(Encoder.encode(m, rd, rs1, rs2, 0)));
        return Arbitraries.frequencyOf(
                Tuple.of(8, parcel),
                Tuple.of(4, edit),
                Tuple.of(3, clear),
                Tuple.of(5, access),
                Tuple.of(2, floatAccess),
                Tuple.of(2, floatCompute),
                Tuple.of(1, floatStatus),
                Tuple.of(2, atomic),
                Tuple.of(2, writeCode),
                Tuple.of(2, fence),
                Tuple.of(1, status),
                Tuple.of(1, satp),
                Tuple.of(1, aliasJump),
                Tuple.of(2, skip),
                Tuple.of(2, stay),
                Tuple.of(3, compute));
    }

    /** Returns programs. */
    static Arbitrary<Program> programs() {
        Arbitrary<Boolean> users = Arbitraries.of(false, false, true);
        return Combinators.combine(Arbitraries.of(Isa.RV32GC, Isa.RV64GC), users)
                .as(Tuple::of)
                .flatMap(kind -> {
                    boolean user = kind.get2();
                    Arbitrary<List<Integer>> segment = items(kind.get1(), user)
                            .list()
                            .ofMaxSize(30)
                            .map(items -> items.stream().flatMap(List::stream).toList());
                    Arbitrary<DeviceWrite> write = Combinators.combine(
                                    Arbitraries.integers().between(0, LENGTH), Arbitraries.of(SLOTS), entries(user))
                            .as(DeviceWrite::new);
                    Arbitrary<List<Integer>> leads =
                            Arbitraries.integers().between(0, LEAD / 2).list().ofSize(SEGMENTS);
                    return Combinators.combine(
                                    segment.list().ofSize(SEGMENTS),
                                    write.list().ofMaxSize(3),
                                    leads)
                            .as((segments, writes, l) -> new Program(kind.get1(), segments, user, writes, l));
                });
    }

    // ---- starting them ------------------------------------------------------------------------------------------

    /**
     * Logs a trap. After a fetch that failed it maps the code again and goes on in one of the segments; else two or four bytes behind the
     * culprit, whatever that is the middle of. ECALL from U-mode fences the address in a4, a breakpoint everything.
     */
    private static String handler(boolean wide) {
        String load = wide ? "ld" : "lw";
        String store = wide ? "sd" : "sw";
        int size = wide ? 8 : 4;
        StringBuilder restored = new StringBuilder();
        for (int slot = 0; slot <= SEGMENTS; slot++) {
            int at = size * slot;
            restored.append(load + " t6, " + (0x400 + at) + "(t5)\n" + store + " t6, " + at + "(t4)\n");
        }
        return """
                li t5, 0x2400
                add t5, t5, s11
                csrr t6, scause
                sw t6, 0(t5)
                csrr t6, sepc
                sw t6, 4(t5)
                addi s11, s11, 8
                andi s11, s11, 0x3f8
                csrr t5, scause
                addi t4, t5, -1
                beq t4, zero, fetch
                addi t4, t5, -12
                beq t4, zero, fetch
                addi t4, t5, -3
                bne t4, zero, page
                sfence.vma zero, zero
                page: addi t4, t5, -8
                bne t4, zero, further
                sfence.vma a4, zero
                addi t6, t6, 2
                further: andi t5, s11, 8
                srli t5, t5, 2
                add t6, t6, t5
                addi t6, t6, 2
                csrw sepc, t6
                sret
                fetch: li t5, 0x2400
                li t4, 0x5000
                """ + restored + """
                andi t6, s11, 0x18
                slli t6, t6, 9
                lui t5, 0x40001
                addi t5, t5, -64
                add t6, t6, t5
                csrw sepc, t6
                sret""";
    }

    private static long register(Program program, int index) {
        Isa isa = program.isa;
        long superpage = PLAYGROUND + (isa.is64() ? 2 << 20 : 4 << 20);
        return switch (index) {
            case 3 -> HartState.MXR;
            case 4 -> isa.is64() ? 8L << 60 | ROOT >>> 12 : 1L << 31 | ROOT >>> 12;
            case 8, 18 -> PLAYGROUND + 0x6040;
            case 19 -> PLAYGROUND + 0x6ffc;
            case 20 -> superpage + DATA + 0xff9;
            case 21 -> PLAYGROUND + 0x2000;
            case 22 -> superpage + CODE + 0x1000;
            case 23 -> PLAYGROUND + 257 * 0x1000;
            case 24 -> PLAYGROUND + 8 * 0x1000 + 0x400;
            case 26 -> HartState.SUM;
            default -> 0;
        };
    }

    private static void entry(TestHart hart, Program program, int table, int index, int entry) {
        if (program.isa.is64()) {
            hart.ram.putLong(table + 8L * index, entry);
        } else {
            hart.ram.putInt(table + 4L * index, entry);
        }
    }

    /** Returns a hart about to run a program. */
    static TestHart hart(Program program) {
        return prepared(program, new TestHart(program.isa, RAM, caller -> {}));
    }

    /** Returns one whose code is translated. */
    static TestHart hart(Program program, Optional<Translator> translator) {
        return prepared(program, new TestHart(program.isa, RAM, caller -> {}, translator));
    }

    private static TestHart prepared(Program program, TestHart hart) {
        Isa isa = program.isa;
        hart.load(HANDLER, handler(isa.is64()));
        hart.load(START, "sret");
        int all = V | R | W | X | (program.user ? U : 0);
        entry(hart, program, ROOT, 0, PageTables.entry(0, V | R | W | X));
        int table = isa.is64() ? MIDDLE : ROOT;
        int first = isa.is64() ? 0 : (int) (PLAYGROUND >>> 22);
        entry(
                hart,
                program,
                ROOT,
                (int) (PLAYGROUND >>> (isa.is64() ? 30 : 22)),
                PageTables.entry(isa.is64() ? MIDDLE : TABLE, V));
        if (isa.is64()) {
            entry(hart, program, MIDDLE, 0, PageTables.entry(TABLE, V));
        }
        entry(hart, program, table, first + 1, PageTables.entry(0, all));
        for (int frame = 0; frame < FRAMES; frame++) {
            int entry = PageTables.entry(CODE + 0x1000L * frame, all);
            entry(hart, program, TABLE, frame, entry);
            entry(hart, program, TABLE, 256 + frame, entry);
            entry(hart, program, SAVED, frame, entry);
        }
        entry(hart, program, TABLE, 8, PageTables.entry(TABLE, all));
        for (int segment = 0; segment < SEGMENTS; segment++) {
            int at = CODE + 0x1000 * segment + 0x1000 - LEAD;
            // Parcels that do nothing, so that the end of the page comes anywhere.
            for (int i = 0; i < program.leads.get(segment); i++) {
                at = put(hart, at, 0x0001);
            }
            for (int encoding : program.segments.get(segment)) {
                at = put(hart, at, encoding);
            }
            int next = CODE + 0x1000 * ((segment + 1) % SEGMENTS) + 0x1000 - LEAD;
            put(hart, at, Encoder.encode("jal", 0, 0, 0, next - at));
        }
        for (int index = 1; index < 32; index++) {
            hart.state.setX(index, register(program, index));
        }
        hart.at(START);
        hart.state.stvec = HANDLER;
        hart.state.satp = isa.canonical(register(program, 4));
        hart.state.sepc = PLAYGROUND + 0x1000 - LEAD;
        hart.state.sstatus = 1L << 13 | (program.user ? 0 : HartState.SPP);
        for (DeviceWrite write : program.writes) {
            hart.timeline.schedule(write.cycle, () -> entry(hart, program, TABLE, write.slot, write.entry));
        }
        return hart;
    }

    private static int put(TestHart hart, int at, int encoding) {
        hart.ram.putShort(at, (short) encoding);
        if ((encoding & 3) != 3) {
            return at + 2;
        }
        hart.ram.putShort(at + 2, (short) (encoding >>> 16));
        return at + 4;
    }
}
