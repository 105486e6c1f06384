package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.fp.FloatArithmetic;
import dev.semblance.machine.fp.FloatStatus;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.RegisterFile;
import dev.semblance.machine.isa.Semantics;
import dev.semblance.machine.profile.Isa;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The hart does what the row of the table names: every row that names a method, with operands and registers at random. */
class RowSemanticsProperties {

    private static final long PC = 0x10_0000;
    private static final long MEMORY = 0x20_0000;

    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0xffff_ffffL,
        0x8000_0000L,
        63,
        32,
        Double.doubleToRawLongBits(1),
        Double.doubleToRawLongBits(-0.0),
        Double.doubleToRawLongBits(1e300),
        0x7ff0_0000_0000_0001L,
        0x7ff8_0000_0000_0000L,
        0xfff0_0000_0000_0000L,
        0xffff_ffff_7f80_0000L,
        0xffff_ffff_3f80_0000L,
        0xffff_ffff_7fa0_0000L,
        Double.doubleToRawLongBits(3e9),
        Double.doubleToRawLongBits(-1e19),
        0xffff_ffff_0000_0001L,
        0xffff_ffff_bf80_0001L
    };

    @Provide
    Arbitrary<Isa> harts() {
        return Arbitraries.of(Isa.RV32GC, Isa.RV64GC, Isa.RV32IMA);
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void theHartComputesWhatTheRowSays(@ForAll("harts") Isa isa, @ForAll long seed)
            throws ReflectiveOperationException {
        TestHart hart = new TestHart(isa);
        Random random = new Random(seed);
        int seen = 0;
        for (Instruction row : InstructionSet.all()) {
            if (row.scope().includes(isa) && !row.semantics().isEmpty()) {
                check(hart, row, random);
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(isa.hasFloat() ? 90 : 40);
    }

    private static long value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextInt();
            case 2 -> random.nextInt() | -1L << 32;
            default -> random.nextLong();
        };
    }

    private static void check(TestHart hart, Instruction row, Random random) throws ReflectiveOperationException {
        HartState state = hart.state;
        Isa isa = state.isa();
        for (int i = 1; i < 32; i++) {
            state.setX(i, value(random));
            state.f[i] = isa.hasFloat() ? value(random) : 0;
        }
        Format format = row.format();
        int bits = row.match() | random.nextInt() & ~row.mask();
        boolean rounded = format.name().endsWith("ROUNDED") || format == Format.FLOAT_R4;
        int rounding = random.nextInt(5);
        boolean dynamic = random.nextBoolean();
        if (rounded) {
            bits = bits & ~0x7000 | (dynamic ? 7 : rounding) << 12;
        }
        int rd = bits >>> 7 & 31;
        int rs1 = bits >>> 15 & 31;
        int rs2 = bits >>> 20 & 31;
        if (format == Format.AMO) {
            // Its address, which no other operand is then.
            rs1 = 1;
            rs2 = Math.max(2, rs2);
            bits = row.match() | rd << 7 | rs1 << 15 | rs2 << 20;
            state.setX(1, MEMORY);
            hart.ram.putLong(MEMORY, value(random));
        }
        state.sstatus = isa.hasFloat() ? HartState.FS : 0;
        state.fcsr.setFcsr((rounded && dynamic ? rounding : random.nextInt(5)) << 5 | random.nextInt(32));
        hart.at(PC).ram.putInt(PC, bits);

        FloatStatus expectedStatus = new FloatStatus();
        expectedStatus.setFcsr(state.fcsr.fcsr());
        boolean isFloat = format.name().contains("FLOAT");
        boolean fromFloat = isFloat && format != Format.INTEGER_TO_FLOAT && format != Format.INTEGER_TO_FLOAT_ROUNDED;
        boolean wide = row.mnemonic().endsWith(".d");
        long memory = format == Format.AMO ? wide ? hart.ram.getLong(MEMORY) : hart.ram.getInt(MEMORY) : 0;
        long register = state.x[rs2];
        long[] operands = switch (format) {
            case U ->
                row.semantics().equals("lui") ? operands(format.immediate(bits)) : operands(PC, format.immediate(bits));
            case I, SHIFT, SHIFT_64 -> operands(state.x[rs1], format.immediate(bits));
            case AMO -> operands(memory, wide ? register : (int) register);
            default ->
                fromFloat
                        ? operands(state.f[rs1], state.f[rs2], state.f[bits >>> 27])
                        : operands(state.x[rs1], state.x[rs2]);
        };
        Object result = call(
                isFloat ? FloatArithmetic.class : Semantics.class, row.semantics(), expectedStatus, operands, rounding);
        long target = isa.canonical(PC + (format == Format.B ? format.immediate(bits) : 0));

        hart.step(1);

        String what = isa + " " + row.mnemonic() + " " + Integer.toHexString(bits) + " " + Arrays.toString(operands);
        if (result instanceof Boolean taken) {
            boolean aligned = isa.hasCompressed() || target % 4 == 0;
            assertThat(state.pc).as(what).isEqualTo(taken ? aligned ? target : 0 : PC + 4);
            return;
        }
        long expected = (Long) result;
        if (format == Format.AMO) {
            long stored = wide ? hart.ram.getLong(MEMORY) : hart.ram.getInt(MEMORY);
            assertThat(stored).as(what).isEqualTo(wide ? expected : (int) expected);
            expected = memory;
        }
        if (format.result() == RegisterFile.F) {
            assertThat(state.f[rd]).as(what).isEqualTo(expected);
        } else {
            assertThat(state.x(rd)).as(what).isEqualTo(rd == 0 ? 0 : isa.canonical(expected));
        }
        assertThat(state.fcsr.fcsr()).as("fcsr after %s", what).isEqualTo(expectedStatus.fcsr());
        assertThat(state.pc).as(what).isEqualTo(PC + 4);
    }

    private static long[] operands(long... operands) {
        return operands;
    }

    private static Object call(Class<?> type, String name, FloatStatus status, long[] operands, int rounding)
            throws ReflectiveOperationException {
        Method method = Stream.of(type.getMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no method " + name));
        Object[] arguments = new Object[method.getParameterCount()];
        int next = 0;
        for (int i = 0; i < arguments.length; i++) {
            Class<?> parameter = method.getParameterTypes()[i];
            if (parameter == FloatStatus.class) {
                arguments[i] = status;
            } else if (parameter == int.class) {
                arguments[i] = type == Semantics.class ? (int) operands[next++] : rounding;
            } else {
                arguments[i] = operands[next++];
            }
        }
        return method.invoke(null, arguments);
    }
}
