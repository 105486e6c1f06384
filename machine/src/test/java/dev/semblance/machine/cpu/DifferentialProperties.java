package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.isa.Encoder;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Random programs do the same on the hart and on {@link ReferenceHart}, at every cycle at which one looks: with exceptions,
 * interrupts at any cycle, device writes into data and code, and stores into the running code. The hart is asked to stop at
 * random cycles on its way, so that a cut at any instruction is proven to leave no trace.
 */
class DifferentialProperties {

    private static final int SIZE = 0x5000;
    private static final int PROGRAM = 0x400;
    private static final int HANDLER = 0x1000;
    private static final int DATA = 0x2000;
    private static final int LENGTH = 600;

    /** Steps over the instruction of an exception, or ends a software interrupt, and logs when it did so. */
    private static final int[] HANDLER_CODE = Assembler.assemble(HANDLER, """
            csrr t6, scause
            blt t6, zero, interrupt
            csrr t6, sepc
            addi t6, t6, 4
            csrw sepc, t6
            j log
            interrupt: csrrci t6, sip, 2
            csrr t6, sepc
            log: lui t5, 3
            add t5, t5, s11
            sw t6, 0(t5)
            csrr t6, instret
            sw t6, 4(t5)
            addi s11, s11, 8
            andi s11, s11, 0x3ff
            sret""");

    private static final List<String> REGISTER_OPERATIONS = List.of(
            "add", "sub", "sll", "slt", "sltu", "xor", "srl", "sra", "or", "and", //
            "mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu");
    private static final List<String> IMMEDIATE_OPERATIONS =
            List.of("addi", "slti", "sltiu", "xori", "ori", "andi", "slli", "srli", "srai", "lui", "auipc");
    private static final List<String> ACCESSES = List.of("lb", "lh", "lw", "lbu", "lhu", "sb", "sh", "sw");
    private static final List<String> ATOMICS = List.of(
            "lr.w",
            "lr.w",
            "sc.w",
            "sc.w",
            "amoswap.w",
            "amoadd.w",
            "amoxor.w",
            "amoand.w",
            "amoor.w",
            "amomin.w",
            "amomax.w",
            "amominu.w",
            "amomaxu.w");
    private static final List<String> BRANCHES = List.of("beq", "bne", "blt", "bge", "bltu", "bgeu");
    /** Never written: s2 to s5 (bases), s11, t5 and t6 (the handler's). */
    private static final List<Integer> REGISTERS = List.of(0, 1, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16);

    private static final List<Integer> READABLE_CSRS =
            List.of(0x100, 0x104, 0x105, 0x140, 0x141, 0x142, 0x143, 0x144, 0xc01, 0xc02, 0xc81, 0xc82, 0xc00, 0x301);
    private static final List<Integer> WRITABLE_CSRS = List.of(0x100, 0x104, 0x140, 0x142, 0x143, 0x144, 0xc01);

    /** What happens from outside at a cycle. */
    private enum Happening {
        SOFTWARE_INTERRUPT,
        TIMER_HIGH,
        TIMER_LOW,
        EXTERNAL_HIGH,
        EXTERNAL_LOW,
        WRITE_DATA,
        WRITE_CODE
    }

    private record Event(int cycle, Happening happening, int word, int value) {}

    record Run(List<Integer> program, List<Integer> registers, boolean user, List<Event> events, List<Integer> stops) {}

    private static Arbitrary<Integer> instructions() {
        Arbitrary<Integer> register = Arbitraries.of(REGISTERS);
        Arbitrary<Integer> base = Arbitraries.of(18, 19, 20, 21);
        Arbitrary<Integer> immediate = Arbitraries.integers().between(-2048, 2047);
        Arbitrary<Integer> computation = Combinators.combine(
                        Arbitraries.of(REGISTER_OPERATIONS), register, register, register)
                .as((m, rd, rs1, rs2) -> Encoder.encode(m, rd, rs1, rs2, 0));
        Arbitrary<Integer> immediateComputation = Combinators.combine(
                        Arbitraries.of(IMMEDIATE_OPERATIONS), register, register, immediate)
                .as((m, rd, rs1, i) -> Encoder.encode(m, rd, rs1, 0, i));
        Arbitrary<Integer> access = Combinators.combine(
                        Arbitraries.of(ACCESSES),
                        register,
                        base,
                        Arbitraries.integers().between(-2, 40).map(i -> 4 * i),
                        Arbitraries.of(0, 0, 0, 0, 1, 2))
                .as((m, r, b, offset, off) -> Encoder.encode(m, r, b, r, offset + off));
        Arbitrary<Integer> atomic = Combinators.combine(Arbitraries.of(ATOMICS), register, register, base)
                .as((m, rd, rs2, b) -> Encoder.encode(m, rd, b, rs2, 0));
        Arbitrary<Integer> branch = Combinators.combine(
                        Arbitraries.of(BRANCHES),
                        register,
                        register,
                        Arbitraries.integers().between(-8, 12),
                        Arbitraries.of(0, 0, 0, 0, 0, 0, 2))
                .as((m, rs1, rs2, i, off) -> Encoder.encode(m, 0, rs1, rs2, 4 * i + off));
        Arbitrary<Integer> jump = Combinators.combine(
                        register, Arbitraries.integers().between(1, 12), Arbitraries.of(0, 0, 0, 0, 2))
                .as((rd, i, off) -> Encoder.encode("jal", rd, 0, 0, 4 * i + off));
        Arbitrary<Integer> indirect = Combinators.combine(
                        register, Arbitraries.integers().between(0, 30), Arbitraries.of(0, 0, 0, 1, 2))
                .as((rd, i, off) -> Encoder.encode("jalr", rd, 19, 0, 4 * i + off));
        Arbitrary<Integer> csrRead = Combinators.combine(register, Arbitraries.of(READABLE_CSRS))
                .as((rd, csr) -> Encoder.encode("csrrs", rd, 0, 0, csr));
        Arbitrary<Integer> csrWrite = Combinators.combine(
                        Arbitraries.of("csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"),
                        register,
                        register,
                        Arbitraries.of(WRITABLE_CSRS))
                .as((m, rd, rs1, csr) -> Encoder.encode(m, rd, rs1, 0, csr));
        Arbitrary<Integer> other = Arbitraries.of(
                0x0000_0073, 0x0010_0073, 0x1020_0073, 0x0000_100f, 0x0ff0_000f, 0, -1, 0x0000_4501, 0x0000_3503);
        return Arbitraries.frequencyOf(
                Tuple.of(8, computation),
                Tuple.of(6, immediateComputation),
                Tuple.of(6, access),
                Tuple.of(2, atomic),
                Tuple.of(3, branch),
                Tuple.of(1, jump),
                Tuple.of(1, indirect),
                Tuple.of(1, csrRead),
                Tuple.of(1, csrWrite),
                Tuple.of(1, other));
    }

    @Provide
    Arbitrary<Run> runs() {
        Arbitrary<Integer> cycles = Arbitraries.integers().between(0, LENGTH);
        Arbitrary<Event> events = Combinators.combine(
                        cycles,
                        Arbitraries.of(Happening.class),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.oneOf(Arbitraries.integers(), instructions()))
                .as(Event::new);
        return Combinators.combine(
                        instructions().list().ofMinSize(4).ofMaxSize(80),
                        Arbitraries.integers().list().ofSize(32),
                        Arbitraries.of(false, false, true),
                        events.list().ofMaxSize(12),
                        cycles.list().ofMaxSize(25))
                .as(Run::new);
    }

    @Property(tries = 700, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void theHartDoesWhatTheReferenceDoesWhereverItIsStopped(@ForAll("runs") Run run) {
        TestHart inSlices = start(run);
        ReferenceHart reference = reference(run);
        List<Event> events = run.events.stream()
                .sorted((a, b) -> Integer.compare(a.cycle, b.cycle))
                .toList();
        int next = 0;
        List<Integer> stops = run.stops.stream().sorted().toList();
        for (int stop = 0; stop <= stops.size(); stop++) {
            int until = stop < stops.size() ? stops.get(stop) : LENGTH;
            while (reference.cycle < until) {
                while (next < events.size() && events.get(next).cycle <= reference.cycle) {
                    apply(events.get(next++), reference);
                }
                reference.step();
            }
            inSlices.hart.run(until);
            inSlices.assertIs(reference);
        }
        TestHart inOneGo = start(run);
        inOneGo.hart.run(LENGTH);
        assertThat(inOneGo.digest()).isEqualTo(inSlices.digest());
    }

    private static TestHart start(Run run) {
        TestHart hart = new TestHart(SIZE, caller -> {});
        for (int i = 0; i < run.program.size(); i++) {
            hart.ram.putInt(PROGRAM + 4L * i, run.program.get(i));
        }
        hart.load(PROGRAM + 4L * run.program.size(), "j " + PROGRAM);
        for (int i = 0; i < HANDLER_CODE.length; i++) {
            hart.ram.putInt(HANDLER + 4L * i, HANDLER_CODE[i]);
        }
        for (int register = 1; register < 32; register++) {
            hart.state.setX(register, registerValue(run, register));
        }
        hart.at(PROGRAM);
        hart.state.stvec = HANDLER;
        hart.state.sepc = PROGRAM;
        hart.state.sie = 0x222;
        hart.state.sstatus = HartState.SIE;
        hart.state.privilege = run.user ? Privilege.USER : Privilege.SUPERVISOR;
        for (Event event : run.events.stream()
                .sorted((a, b) -> Integer.compare(a.cycle, b.cycle))
                .toList()) {
            hart.timeline.schedule(event.cycle, () -> apply(event, hart));
        }
        return hart;
    }

    private static ReferenceHart reference(Run run) {
        ReferenceHart hart = new ReferenceHart(SIZE);
        for (int i = 0; i < run.program.size(); i++) {
            hart.memory.putInt(PROGRAM + 4 * i, run.program.get(i));
        }
        hart.memory.putInt(PROGRAM + 4 * run.program.size(), Encoder.encode("jal", 0, 0, 0, -4 * run.program.size()));
        for (int i = 0; i < HANDLER_CODE.length; i++) {
            hart.memory.putInt(HANDLER + 4 * i, HANDLER_CODE[i]);
        }
        for (int register = 1; register < 32; register++) {
            hart.x[register] = registerValue(run, register);
        }
        hart.pc = PROGRAM;
        hart.stvec = HANDLER;
        hart.sepc = PROGRAM;
        hart.sie = 0x222;
        hart.sstatus = 2;
        hart.supervisor = !run.user;
        return hart;
    }

    private static int registerValue(Run run, int register) {
        return switch (register) {
            case 18 -> DATA;
            case 19 -> PROGRAM;
            case 20 -> DATA + 0x10;
            case 21 -> PROGRAM + 0x20;
            case 27 -> 0;
            default -> run.registers.get(register);
        };
    }

    private static void apply(Event event, TestHart hart) {
        switch (event.happening) {
            case SOFTWARE_INTERRUPT -> hart.hart.softwareInterrupt().set(true);
            case TIMER_HIGH -> hart.hart.timerInterrupt().set(true);
            case TIMER_LOW -> hart.hart.timerInterrupt().set(false);
            case EXTERNAL_HIGH -> hart.hart.externalInterrupt().set(true);
            case EXTERNAL_LOW -> hart.hart.externalInterrupt().set(false);
            case WRITE_DATA -> hart.ram.putInt(DATA + 4L * event.word, event.value);
            case WRITE_CODE -> hart.ram.putInt(PROGRAM + 4L * event.word, event.value);
        }
    }

    private static void apply(Event event, ReferenceHart hart) {
        switch (event.happening) {
            case SOFTWARE_INTERRUPT -> hart.sip |= 1 << 1;
            case TIMER_HIGH -> hart.sip |= 1 << 5;
            case TIMER_LOW -> hart.sip &= ~(1 << 5);
            case EXTERNAL_HIGH -> hart.sip |= 1 << 9;
            case EXTERNAL_LOW -> hart.sip &= ~(1 << 9);
            case WRITE_DATA -> hart.deviceWrite(DATA + 4 * event.word, event.value);
            case WRITE_CODE -> hart.deviceWrite(PROGRAM + 4 * event.word, event.value);
        }
    }
}
