package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.U;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;

import dev.semblance.machine.isa.Assembler;
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
 * Random programs that change the page tables they run on, mostly without a fence: bits cleared and set, other pages, superpages
 * that become tables and back; through stores, AMOs and a device. Pages are reached under several addresses, some of which
 * share a place in the TLB; code is written while it runs. Four pages of code each lead to the next.
 */
final class UnfencedPrograms {

    /** All of a superpage and the beginning of another. */
    static final int RAM = (4 << 20) + 0x1_0000;

    static final int LENGTH = 1200;

    private static final int HANDLER = 0x1000;
    /** An SRET, which begins the program in its mode. */
    private static final int START = 0x1200;

    private static final int ROOT = 0x3000;
    /** Maps the handler, its log and the page tables one to one, for S-mode. */
    private static final int HANDLERS_TABLE = 0x4000;

    private static final int TABLE = 0x5000;
    private static final int OTHER_TABLE = 0x6000;
    private static final int CODE = 0x8000;
    private static final int DATA = 0xc000;
    private static final int FRAMES = 8;

    private static final int PLAYGROUND = 0x4000_0000;
    private static final int SUPERPAGE = 0x8000_0000;

    /** The entries of the table that the program may change: code, data, the two tables, and pages that share their places. */
    private static final List<Integer> SLOTS = List.of(0, 1, 2, 3, 4, 5, 8, 256, 260);

    /**
     * Logs a trap. After a fetch that failed it maps the code again and goes on in one of the pages; else after the culprit.
     * ECALL from U-mode fences the address in a4, EBREAK everything.
     */
    private static final int[] HANDLER_CODE = Assembler.assemble(HANDLER, """
            lui t5, 2
            add t5, t5, s11
            csrr t6, scause
            sw t6, 0(t5)
            csrr t6, sepc
            sw t6, 4(t5)
            addi s11, s11, 8
            andi s11, s11, 0x3ff
            csrr t5, scause
            addi t5, t5, -1
            beq t5, zero, fetch
            addi t5, t5, -2
            bne t5, zero, page
            sfence.vma zero, zero
            page: addi t5, t5, -5
            bne t5, zero, further
            sfence.vma a4, zero
            further: addi t5, t5, -4
            beq t5, zero, fetch
            addi t6, t6, 4
            csrw sepc, t6
            sret
            fetch: lui t5, 2
            lw t6, 0x7e0(t5)
            lui t5, 5
            sw t6, 0(t5)
            addi t6, t6, 0x400
            sw t6, 4(t5)
            addi t6, t6, 0x400
            sw t6, 8(t5)
            addi t6, t6, 0x400
            sw t6, 12(t5)
            andi t6, s11, 0x18
            slli t6, t6, 9
            lui t5, 0x40000
            add t6, t6, t5
            csrw sepc, t6
            sret""");

    private static final List<Integer> REGISTERS = List.of(0, 1, 5, 6, 7, 10, 11, 12);
    /** Registers with an address in a data page, in one that shares its place, in the superpage, in code, in the tables. */
    private static final List<Integer> BASES = List.of(18, 18, 19, 20, 20, 21, 22, 23, 24, 25);

    /** Holds a value for the instruction that follows its two. */
    private static final int SCRATCH = 15;

    private static final int POINTER = 14;

    /** A device writes an entry of the table. */
    record DeviceWrite(int cycle, int slot, int entry) {}

    /** What one try runs: the words of each page of code, the mode, and what happens from outside. */
    record Program(List<List<Integer>> pages, boolean user, List<DeviceWrite> writes) {}

    private UnfencedPrograms() {}

    // ---- making them --------------------------------------------------------------------------------------------

    /** An entry that maps some page, with permissions that are mostly all there. */
    private static Arbitrary<Integer> entries(boolean user) {
        Arbitrary<Integer> frames = Arbitraries.frequencyOf(
                Tuple.of(12, Arbitraries.integers().between(0, FRAMES - 1).map(i -> CODE + 0x1000 * i)),
                Tuple.of(1, Arbitraries.of(TABLE, 0x50_0000, 0x4000_0000)));
        int all = V | R | W | X | (user ? U : 0);
        Arbitrary<Integer> flags = Arbitraries.of(
                all,
                all,
                all | A,
                all | A | D,
                all & ~V,
                all & ~W,
                all & ~X,
                all & ~R & ~W,
                all & ~R,
                all ^ U,
                all | D);
        return Combinators.combine(frames, flags).as(PageTables::entry);
    }

    private static Arbitrary<Integer> rootEntries(boolean user) {
        int all = V | R | W | X | (user ? U : 0);
        return Arbitraries.of(
                PageTables.entry(0, all),
                PageTables.entry(0, all | A | D),
                PageTables.entry(0x40_0000, all),
                PageTables.entry(0, all & ~V),
                PageTables.entry(0, all & ~W),
                PageTables.entry(0x1000, all),
                PageTables.entry(OTHER_TABLE, V));
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

    private static List<Integer> userFence(int base) {
        return base == 0
                ? List.of(Encoder.encode("ebreak", 0, 0, 0, 0))
                : List.of(Encoder.encode("addi", POINTER, base, 0, 0), Encoder.encode("ecall", 0, 0, 0, 0));
    }

    private static Arbitrary<List<Integer>> items(boolean user) {
        Arbitrary<Integer> register = Arbitraries.of(REGISTERS);
        Arbitrary<Integer> base = Arbitraries.of(BASES);
        Arbitrary<Integer> slot = Arbitraries.of(SLOTS);
        Arbitrary<List<Integer>> edit = Combinators.combine(slot, entries(user))
                .as((s, entry) -> then(li(SCRATCH, entry), Encoder.encode("sw", 0, 24, SCRATCH, 4 * s)));
        Arbitrary<List<Integer>> editOther = Combinators.combine(
                        Arbitraries.of(CODE / 0x1000 + 1, DATA / 0x1000), entries(user))
                .as((s, entry) -> then(li(SCRATCH, entry), Encoder.encode("sw", 0, 13, SCRATCH, 4 * s)));
        Arbitrary<List<Integer>> clear = Combinators.combine(slot, Arbitraries.of(V, W, X, A, D, A | D))
                .as((s, bits) -> List.of(
                        Encoder.encode("addi", POINTER, 24, 0, 4 * s),
                        Encoder.encode("addi", SCRATCH, 0, 0, ~bits),
                        Encoder.encode("amoand.w", 10, POINTER, SCRATCH, 0)));
        Arbitrary<List<Integer>> editRoot =
                rootEntries(user).map(entry -> then(li(SCRATCH, entry), Encoder.encode("sw", 0, 25, SCRATCH, 0)));
        Arbitrary<List<Integer>> access = Combinators.combine(
                        Arbitraries.of("lb", "lh", "lw", "lbu", "lhu", "sb", "sh", "sw", "sw"),
                        register,
                        base,
                        Arbitraries.of(0, 0, 4, 8, 1, 2))
                .as((m, r, b, offset) -> List.of(Encoder.encode(m, r, b, r, 0x40 + offset)));
        Arbitrary<List<Integer>> atomic = Combinators.combine(
                        Arbitraries.of("lr.w", "sc.w", "amoswap.w", "amoadd.w", "amomax.w"),
                        register,
                        register,
                        base,
                        Arbitraries.of(0x40, 0x40, 0x40, 0x44, 0x42))
                .as((m, rd, rs2, b, offset) ->
                        List.of(Encoder.encode("addi", POINTER, b, 0, offset), Encoder.encode(m, rd, POINTER, rs2, 0)));
        Arbitrary<List<Integer>> writeCode = Combinators.combine(
                        register,
                        Arbitraries.of(21, 22, 23),
                        Arbitraries.integers().between(0, 30))
                .as((r, b, word) -> then(
                        li(SCRATCH, Encoder.encode("addi", r, r, 0, word)),
                        Encoder.encode("sw", 0, b, SCRATCH, 4 * word)));
        Arbitrary<List<Integer>> fence = Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(0)), Tuple.of(4, base))
                .map(b -> user ? userFence(b) : List.of(Encoder.encode("sfence.vma", 0, b, 0, 0)));
        Arbitrary<List<Integer>> status = Combinators.combine(
                        Arbitraries.of("csrrs", "csrrc"), Arbitraries.of(26, 26, 26, 3))
                .as((m, bit) -> List.of(Encoder.encode(m, 0, bit, 0, 0x100)));
        Arbitrary<List<Integer>> satp = Arbitraries.just(List.of(Encoder.encode("csrrw", 0, 4, 0, 0x180)));
        Arbitrary<List<Integer>> aliasJump = Combinators.combine(
                        register, Arbitraries.of(22, 23), Arbitraries.integers().between(0, 30))
                .as((rd, b, word) -> List.of(Encoder.encode("jalr", rd, b, 0, 4 * word)));
        Arbitrary<List<Integer>> skip =
                Arbitraries.integers().between(2, 9).map(words -> List.of(Encoder.encode("beq", 0, 10, 11, 4 * words)));
        Arbitrary<List<Integer>> stay = Arbitraries.integers()
                .between(1, 25)
                .map(count -> List.of(
                        Encoder.encode("addi", SCRATCH, 0, 0, count),
                        Encoder.encode("addi", 12, 12, 0, 1),
                        Encoder.encode("addi", SCRATCH, SCRATCH, 0, -1),
                        Encoder.encode("bne", 0, SCRATCH, 0, -8)));
        Arbitrary<List<Integer>> compute = Combinators.combine(register, register, register)
                .as((rd, rs1, rs2) -> List.of(Encoder.encode("add", rd, rs1, rs2, 0)));
        return Arbitraries.frequencyOf(
                Tuple.of(5, edit),
                Tuple.of(3, clear),
                Tuple.of(1, editOther),
                Tuple.of(1, editRoot),
                Tuple.of(5, access),
                Tuple.of(3, atomic),
                Tuple.of(1, writeCode),
                Tuple.of(2, fence),
                Tuple.of(1, status),
                Tuple.of(1, satp),
                Tuple.of(1, aliasJump),
                Tuple.of(1, skip),
                Tuple.of(3, stay),
                Tuple.of(2, compute));
    }

    /** Returns programs. */
    static Arbitrary<Program> programs() {
        return Arbitraries.of(false, false, true).flatMap(user -> {
            Arbitrary<List<Integer>> page = items(user)
                    .list()
                    .ofMaxSize(12)
                    .map(items -> items.stream().flatMap(List::stream).toList());
            Arbitrary<DeviceWrite> write = Combinators.combine(
                            Arbitraries.integers().between(0, LENGTH), Arbitraries.of(SLOTS), entries(user))
                    .as(DeviceWrite::new);
            return Combinators.combine(page.list().ofSize(4), write.list().ofMaxSize(3))
                    .as((pages, writes) -> new Program(pages, user, writes));
        });
    }

    // ---- starting them ------------------------------------------------------------------------------------------

    @FunctionalInterface
    private interface Memory {
        void put(int address, int word);
    }

    private static void load(Program program, Memory memory) {
        for (int i = 0; i < HANDLER_CODE.length; i++) {
            memory.put(HANDLER + 4 * i, HANDLER_CODE[i]);
        }
        memory.put(START, Encoder.encode("sret", 0, 0, 0, 0));
        int all = V | R | W | X | (program.user ? U : 0);
        memory.put(0x2000 + 0x7e0, PageTables.entry(CODE, all));
        memory.put(ROOT, PageTables.entry(HANDLERS_TABLE, V));
        memory.put(ROOT + 4 * (PLAYGROUND >>> 22), PageTables.entry(TABLE, V));
        memory.put(ROOT + 4 * (SUPERPAGE >>> 22), PageTables.entry(0, all));
        for (int page = 1; page <= 6; page++) {
            memory.put(HANDLERS_TABLE + 4 * page, PageTables.entry(0x1000L * page, V | R | W | X));
        }
        for (int frame = 0; frame < FRAMES; frame++) {
            int entry = PageTables.entry(CODE + 0x1000L * frame, all);
            memory.put(TABLE + 4 * frame, entry);
            memory.put(TABLE + 4 * (256 + frame), entry);
            memory.put(OTHER_TABLE + 4 * (CODE / 0x1000 + frame), entry);
        }
        memory.put(TABLE + 4 * 8, PageTables.entry(TABLE, all));
        memory.put(TABLE + 4 * 9, PageTables.entry(ROOT, all));
        memory.put(TABLE + 4 * 10, PageTables.entry(OTHER_TABLE, all));
        for (int page = 0; page < 4; page++) {
            List<Integer> words = program.pages.get(page);
            for (int i = 0; i < words.size(); i++) {
                memory.put(CODE + 0x1000 * page + 4 * i, words.get(i));
            }
            int distance = 0x1000 * ((page + 1) % 4 - page) - 4 * words.size();
            memory.put(CODE + 0x1000 * page + 4 * words.size(), Encoder.encode("jal", 0, 0, 0, distance));
        }
    }

    private static int register(int index) {
        return switch (index) {
            case 3 -> HartState.MXR;
            case 4 -> 1 << 31 | ROOT >>> 12;
            case 13 -> PLAYGROUND + 10 * 0x1000;
            case 18 -> PLAYGROUND + 0x4000;
            case 19 -> PLAYGROUND + 260 * 0x1000;
            case 20 -> SUPERPAGE + DATA;
            case 21 -> PLAYGROUND;
            case 22 -> SUPERPAGE + CODE + 0x1000;
            case 23 -> PLAYGROUND + 256 * 0x1000;
            case 24 -> PLAYGROUND + 8 * 0x1000;
            case 25 -> PLAYGROUND + 9 * 0x1000 + 0x800;
            case 26 -> HartState.SUM;
            default -> 0;
        };
    }

    /** Returns a hart about to run a program. */
    static TestHart hart(Program program) {
        return prepared(program, new TestHart(RAM, caller -> {}));
    }

    /** Returns one whose code is translated. */
    static TestHart hart(Program program, Optional<Translator> translator) {
        return prepared(program, new TestHart(Isa.RV32IMA, RAM, caller -> {}, translator));
    }

    private static TestHart prepared(Program program, TestHart hart) {
        load(program, hart.ram::putInt);
        for (int index = 1; index < 32; index++) {
            hart.state.setX(index, register(index));
        }
        hart.at(START);
        hart.state.stvec = HANDLER;
        hart.state.satp = register(4);
        hart.state.sepc = PLAYGROUND;
        hart.state.sstatus = program.user ? 0 : HartState.SPP;
        for (DeviceWrite write : program.writes) {
            hart.timeline.schedule(write.cycle, () -> hart.ram.putInt(TABLE + 4L * write.slot, write.entry));
        }
        return hart;
    }

    /** Returns the reference about to run a program. Device writes are to be applied to it. */
    static ReferenceHart reference(Program program) {
        ReferenceHart hart = new ReferenceHart(RAM);
        load(program, hart.memory::putInt);
        for (int index = 1; index < 32; index++) {
            hart.x[index] = register(index);
        }
        hart.pc = START;
        hart.stvec = HANDLER;
        hart.mmu.satp = register(4);
        hart.sepc = PLAYGROUND;
        hart.sstatus = program.user ? 0 : HartState.SPP;
        return hart;
    }

    /** Applies a device's write to the reference. */
    static void apply(DeviceWrite write, ReferenceHart hart) {
        hart.deviceWrite(TABLE + 4 * write.slot, write.entry);
    }
}
