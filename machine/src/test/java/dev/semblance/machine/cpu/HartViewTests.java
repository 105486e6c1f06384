package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.cpu.MemoryAccess.Register;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.profile.Isa;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a debugger sees of a hart, and that it leaves no trace. */
class HartViewTests {

    private static final int ALL = PageTables.V | PageTables.R | PageTables.W | PageTables.X;

    @Test
    void addressesAreTranslatedInEveryModeWithoutSettingABit() {
        TestHart hart = TestHart.with("nop");
        PageTables tables = new PageTables(hart.ram)
                .map(0x40_0000, 0x3000, ALL | PageTables.U)
                .map(0x40_1000, 0x7000, PageTables.V | PageTables.X)
                .mapSuperpage(0xc000_0000L, 0x40_0000, ALL);
        hart.state.satp = PageTables.satp();
        hart.ram.putInt(0x3ffc, 0x4433_2211);
        hart.ram.putInt(0x7000, 0x8877_6655);
        int resident = hart.ram.materializedPages();
        String before = hart.digest();
        for (Privilege mode : Privilege.ALL) {
            hart.state.privilege = mode;
            HartView view = hart.hart.view();
            assertThat(view.translate(0x40_0123)).isEqualTo(OptionalLong.of(0x3123));
            assertThat(view.translate(0xc012_3456L)).isEqualTo(OptionalLong.of(0x52_3456));
            assertThat(view.translate(0xffff_ffff_c012_3456L)).isEqualTo(OptionalLong.of(0x52_3456));
            assertThat(view.translate(0x50_0000)).isEmpty();
            byte[] bytes = new byte[8];
            assertThat(view.read(AddressSpace.VIRTUAL, 0x40_0ffc, bytes)).isEqualTo(8);
            assertThat(bytes).isEqualTo(new byte[] {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, (byte) 0x88});
            assertThat(view.read(AddressSpace.VIRTUAL, 0x40_1ffc, bytes))
                    .as("up to the end of what is mapped")
                    .isEqualTo(4);
            assertThat(view.read(AddressSpace.PHYSICAL, 0x3ffe, bytes)).isEqualTo(8);
            assertThat(bytes).startsWith(0x33, 0x44, 0);
            assertThat(view.read(AddressSpace.PHYSICAL, TestHart.RAM_SIZE - 4, bytes))
                    .isEqualTo(4);
            assertThat(view.read(AddressSpace.PHYSICAL, -4, bytes)).isEqualTo(0);
        }
        hart.state.privilege = Privilege.SUPERVISOR;
        assertThat(hart.digest()).isEqualTo(before);
        assertThat(hart.ram.materializedPages()).isEqualTo(resident);
        assertThat(hart.ram.getInt(tables.leafAddress(0x40_0000)) & PageTables.A)
                .isZero();
    }

    @Test
    void addressesOf64BitsThatAreNoneAreMappedNowhere() {
        TestHart hart = Sv39Space.hart("nop");
        assertThat(hart.hart.view().translate(0x1234)).isEqualTo(OptionalLong.of(0x1234));
        assertThat(hart.hart.view().translate(1L << 39 | 0x1234)).isEmpty();
    }

    /** Whatever the program reads by CSRRS is what the view shows; what traps for the program is not in the list. */
    @ParameterizedTest
    @EnumSource
    void theControlRegistersAreThoseThatAProgramCanRead(Isa isa) {
        for (int csr = 0; csr < 1 << 12; csr++) {
            TestHart hart = new TestHart(isa, 0x1_0000, Hart::stop).at(0x2000);
            hart.ram.putInt(0x2000, Encoder.encode("csrrs", 10, 0, 0, csr));
            hart.state.stvec = 0x1000;
            hart.state.sstatus = isa.hasFloat() ? HartState.FS | HartState.SUM : HartState.SUM;
            hart.state.fcsr.setFcsr(0x25);
            hart.state.scounteren = -1;
            hart.state.unretired = 0;
            HartView view = hart.hart.view();
            OptionalLong shown = view.controlRegister(csr);
            hart.step(1);
            boolean isThere = hart.state.pc == 0x2004;
            int number = csr;
            assertThat(shown.isPresent()).as("CSR 0x%x", csr).isEqualTo(isThere);
            assertThat(view.controlRegisters().stream().anyMatch(register -> register.number() == number))
                    .isEqualTo(isThere);
            shown.ifPresent(value -> assertThat(value).isEqualTo(hart.state.x(10)));
        }
        assertThat(new TestHart(isa).hart.view().controlRegisters())
                .contains(new HartView.ControlRegister(0x180, "satp"))
                .doesNotHaveDuplicates();
    }

    @Test
    void theInstructionAtPcIsShownAlsoWhereItLiesOnTwoPages() {
        TestHart hart = new TestHart(Isa.RV64GC).at(0x2ffe);
        hart.ram.putInt(0x2ffe, Assembler.assemble(0x2ffe, "ld a1, -8(a0)")[0]);
        hart.set("a0", 0x4000);
        assertThat(hart.hart.view().nextInstruction())
                .contains(new HartView.InstructionText(
                        0x2ffe,
                        hart.ram.getInt(0x2ffe),
                        4,
                        "ld a1, -8(a0)",
                        Optional.of(new MemoryAccess(
                                0x3ff8, 8, true, false, Optional.of(new Register(false, 11)), Optional.empty())),
                        Optional.of(new RegisterWrite.Loaded(new Register(false, 11), true))));
        hart.parcels(0x5000, 0xc008).set("s0", 0x7000);
        assertThat(hart.hart.view().instruction(0x5000).orElseThrow().text()).isEqualTo("c.sw a0, 0(s0)");
        assertThat(hart.hart.view().instruction(TestHart.RAM_SIZE - 1)).isEmpty();
    }

    private static Optional<RegisterWrite> write(String instruction) {
        return RegisterWrite.of(Isa.RV64GC, Assembler.assemble(0, instruction)[0]);
    }

    @Test
    void anInstructionIsKnownByWhereItsRegisterHasTheValueFrom() {
        Register a0 = new Register(false, 10);
        Register a1 = new Register(false, 11);
        for (String copy : List.of("addi a0, a1, 0", "addiw a0, a1, 0", "add a0, a1, zero", "add a0, zero, a1")) {
            assertThat(write(copy)).as(copy).contains(new RegisterWrite.Copied(a0, a1));
        }
        for (String made :
                List.of("addi a0, a1, 1", "addi a0, zero, 0", "lui a0, 1", "add a0, a1, a1", "sc.w a0, a1, (a2)")) {
            assertThat(write(made).orElseThrow()).as(made).isInstanceOf(RegisterWrite.Computed.class);
        }
        for (String load : List.of("lbu a0, 1(a1)", "ld a0, 0(a1)", "amoadd.w a0, a1, (a2)", "lr.d a0, (a1)")) {
            assertThat(write(load)).as(load).contains(new RegisterWrite.Loaded(a0, !load.startsWith("lbu")));
        }
        for (String none : List.of("sd a0, 0(a1)", "beq a0, a1, 8", "addi zero, a1, 0", "fence")) {
            assertThat(write(none)).as(none).isEmpty();
        }
    }

    private static long deciding(String instruction, int operand, long result) {
        RegisterWrite.Computed made =
                (RegisterWrite.Computed) write(instruction).orElseThrow();
        return made.operands().get(operand).deciding(result);
    }

    /** Unprivileged architecture, 2.4 and 4.2. {@code ValueFlowProperties} holds it against what changes when bits do. */
    @Test
    void ofAnOperandTheBitsAreKnownThatDecideBitsOfTheResult() {
        assertThat(deciding("slli a0, a1, 8", 0, 0xff00)).isEqualTo(0xff);
        assertThat(deciding("srli a0, a1, 8", 0, 0xff)).isEqualTo(0xff00);
        assertThat(deciding("srai a0, a1, 8", 0, 0xffL << 56)).isEqualTo(1L << 63);
        assertThat(deciding("andi a0, a1, 15", 0, 0xff)).isEqualTo(15);
        assertThat(deciding("or a0, a1, a2", 1, 0xff)).isEqualTo(0xff);
        assertThat(deciding("add a0, a1, a2", 0, 0xf0)).as("carries go up").isEqualTo(0xff);
        assertThat(deciding("addw a0, a1, a2", 0, 1L << 40)).as("the sign").isEqualTo(0xffff_ffffL);
        assertThat(deciding("srl a0, a1, a2", 1, 1)).isEqualTo(-1);
        assertThat(deciding("add a0, a1, a2", 0, -1)).isEqualTo(-1);
        assertThat(deciding("divu a0, a1, a2", 0, 0)).isZero();
        for (String none : List.of("lui a0, 1", "addi a0, zero, 1", "jalr a0, 0(a1)", "csrrw a0, sscratch, a1")) {
            assertThat(((RegisterWrite.Computed) write(none).orElseThrow()).operands())
                    .as(none)
                    .isEmpty();
        }
    }

    private static Optional<MemoryAccess> access(String instruction) {
        TestHart hart = TestHart.with64(instruction).set("a0", 0x3000).set("a1", 5);
        return hart.hart.view().nextInstruction().orElseThrow().access();
    }

    private static MemoryAccess load(int width, Optional<Register> to) {
        return new MemoryAccess(0x3000, width, true, false, to, Optional.empty());
    }

    private static MemoryAccess store(int width, Register from) {
        return new MemoryAccess(0x3000, width, false, true, Optional.empty(), Optional.of(from));
    }

    @Test
    void whatAnInstructionDoesWithMemoryIsKnownBeforeItIsExecuted() {
        Register a1 = new Register(false, 11);
        Register a2 = new Register(false, 12);
        assertThat(access("lbu a2, 0(a0)")).contains(load(1, Optional.of(a2)));
        assertThat(access("lh zero, 0(a0)")).contains(load(2, Optional.empty()));
        assertThat(access("sw a1, 0(a0)")).contains(store(4, a1));
        assertThat(access("sd a1, 0(a0)")).contains(store(8, a1));
        assertThat(access("lr.w a2, a0")).contains(load(4, Optional.of(a2)));
        assertThat(access("sc.d a2, a1, a0"))
                .contains(new MemoryAccess(0x3000, 8, false, true, Optional.of(a2), Optional.of(a1)));
        assertThat(access("amoadd.d a2, a1, a0"))
                .contains(new MemoryAccess(0x3000, 8, true, true, Optional.of(a2), Optional.of(a1)));
        assertThat(access("add a2, a1, a0")).isEmpty();
        assertThat(access("ecall")).isEmpty();
        assertThat(access(".word 0")).isEmpty();
    }
}
