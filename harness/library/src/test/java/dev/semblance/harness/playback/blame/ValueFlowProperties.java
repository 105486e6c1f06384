package dev.semblance.harness.playback.blame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.playback.blame.ValueFlow.Executed;
import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.cpu.MemoryAccess.Register;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What decides a value is what it is traced back to: of random programs, each byte of memory is changed in turn, and where that changes the
 * value, it must be among the loads that were found.
 */
class ValueFlowProperties {

    private static final int DATA = 0x1000;
    private static final int BYTES = 48;

    /** Points to the data. */
    private static final int POINTER = 9;

    private static final int FIRST = 10;
    private static final int REGISTERS = 3;
    private static final int MAX_LOADS = 6;

    /** A program of 64 or 32 bits, before its first instruction, and the data that it loads from. */
    private static final class Program {
        private final Machine machine;
        private final SavedState start;
        private final long base;
        private final int length;

        Program(boolean is64, List<Integer> code, byte[] data) throws BadImageException {
            MachineModel model = is64 ? new MachineModel(Profile.VIRT, Isa.RV64GC, 16 << 20) : MachineModel.SEMU;
            ByteBuffer image = ByteBuffer.allocate(DATA + BYTES).order(ByteOrder.LITTLE_ENDIAN);
            image.putInt(DATA | POINTER << 7 | 0x17); // auipc
            code.forEach(image::putInt);
            image.putInt(0x0000_006f); // j .
            image.position(DATA).put(data);
            machine = new Machine(new MachineConfig(model, 1), value -> {});
            machine.start(new Boot.Bare(image.array()));
            base = machine.hart().pc();
            length = code.size() + 1;
            start = machine.save();
        }

        /** Returns a register after the program has run with a byte of the data changed. */
        long changed(int register, int at, int by) throws BadStateException {
            machine.load(start);
            long address = base + DATA + at;
            machine.memory().putByte(address, (byte) (machine.memory().getByte(address) ^ by));
            machine.run(machine.hart().cycle() + length);
            return machine.hart().x(register);
        }

        List<Executed> executed() throws BadStateException {
            machine.load(start);
            List<Executed> executed = new ArrayList<>();
            ValueSearch.next(machine).ifPresent(executed::add);
            machine.watch(Watch.STEP);
            while (executed.size() < length && machine.run(length + 1L) instanceof RunResult.Paused) {
                ValueSearch.next(machine).ifPresent(executed::add);
            }
            machine.watch(Watch.NOTHING);
            return executed;
        }
    }

    private static int i(int immediate, int rs1, int funct3, int rd, int opcode) {
        return immediate << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int r(int funct7, int rs2, int rs1, int funct3, int rd, int opcode) {
        return funct7 << 25 | i(rs2, rs1, funct3, rd, opcode);
    }

    private static int register(Random random) {
        int number = random.nextInt(REGISTERS + 1);
        return number == REGISTERS ? 0 : FIRST + number;
    }

    private static int load(Random random, boolean is64, int rd) {
        int[] sizes = is64 ? new int[] {0, 1, 2, 3, 4, 5, 6} : new int[] {0, 1, 2, 4, 5};
        int funct3 = sizes[random.nextInt(sizes.length)];
        int width = 1 << (funct3 & 3);
        return i(random.nextInt(BYTES / width) * width, POINTER, funct3, rd, 0x03);
    }

    private static int compute(Random random, boolean is64) {
        int rd = FIRST + random.nextInt(REGISTERS);
        int first = register(random);
        boolean word = is64 && random.nextInt(4) == 0;
        int shift = random.nextInt(is64 && !word ? 64 : 32);
        return switch (random.nextInt(7)) {
            case 0, 1 -> { // shifts by an immediate
                int right = random.nextInt(3);
                int upper = right == 2 ? 0x400 : 0;
                yield i(upper | shift, first, right == 0 ? 1 : 5, rd, word ? 0x1b : 0x13);
            }
            case 2, 3 -> { // addi, xori, ori, andi, slti
                int[] kinds = {0, 4, 6, 7, 2};
                int funct3 = word ? 0 : kinds[random.nextInt(kinds.length)];
                yield i(random.nextInt(4096) - 2048, first, funct3, rd, word ? 0x1b : 0x13);
            }
            case 4 -> { // mul and, if not of words, its kin
                int funct3 = word ? 0 : random.nextInt(8);
                yield r(1, register(random), first, funct3, rd, word ? 0x3b : 0x33);
            }
            default -> {
                int[] kinds = word ? new int[] {0, 1, 5} : new int[] {0, 1, 2, 3, 4, 5, 6, 7};
                int funct3 = kinds[random.nextInt(kinds.length)];
                int funct7 = (funct3 == 0 || funct3 == 5) && random.nextBoolean() ? 0x20 : 0;
                yield r(funct7, register(random), first, funct3, rd, word ? 0x3b : 0x33);
            }
        };
    }

    private static Set<Integer> named(Program program, Optional<ValueOrigin> origin) {
        List<ValueOrigin.Copied> loads = switch (origin.orElseThrow()) {
            case ValueOrigin.Copied copied -> List.of(copied);
            case ValueOrigin.Computed computed -> computed.loads();
            case ValueOrigin.Unknown unknown -> List.of();
        };
        TreeSet<Integer> named = new TreeSet<>();
        for (ValueOrigin.Copied load : loads) {
            int first = (int) (load.physical() - program.base) - DATA + load.lane();
            for (int at = first; at < first + load.length(); at++) {
                named.add(at);
            }
        }
        return named;
    }

    @Property(tries = 50)
    void noByteIsLeftOutThatDecidesBitsOfAValue(
            @ForAll long seed, @ForAll boolean is64, @ForAll @IntRange(min = 1, max = 8) int size) throws Exception {
        Random random = new Random(seed);
        List<Integer> code = new ArrayList<>();
        for (int n = 0; n < REGISTERS; n++) {
            code.add(load(random, is64, FIRST + n));
        }
        for (int n = 0; n < size; n++) {
            boolean isLoad = n < MAX_LOADS - REGISTERS && random.nextInt(3) == 0;
            code.add(isLoad ? load(random, is64, FIRST + random.nextInt(REGISTERS)) : compute(random, is64));
        }
        byte[] data = new byte[BYTES];
        random.nextBytes(data);
        Program program = new Program(is64, code, data);
        int result = code.getLast() >> 7 & 0x1f;
        // What a store of a byte, a word or a doubleword keeps of it, or a byte of that.
        List<Long> masks = List.of(0xffL, 0xff00L, 0xff00_0000L, 0xffff_ffffL, 0xffL << 56);
        long bits = masks.get(random.nextInt(is64 ? masks.size() : masks.size() - 1));
        Set<Integer> named = named(
                program,
                ValueFlow.find(new Register(false, result), bits, program.executed(), true)
                        .or(() -> Optional.of(new ValueOrigin.Unknown(size))));
        long before = program.changed(result, 0, 0) & bits;
        for (int at = 0; at < BYTES; at++) {
            for (int by : new int[] {0xff, 1, 0x80}) {
                if ((program.changed(result, at, by) & bits) != before) {
                    assertThat(named).as("byte %d of what %s has", at, code).contains(at);
                }
            }
        }
    }

    /** As a program does that puts a pixel together of its channels. */
    @Example
    void eachByteOfAValueIsTracedToTheByteThatItWasMadeOf() throws Exception {
        List<Integer> code = new ArrayList<>();
        int[] channels = {40, 7, 21, 3};
        code.add(i(0, 0, 0, FIRST, 0x13)); // li a0, 0
        for (int lane = 0; lane < channels.length; lane++) {
            code.add(i(channels[lane], POINTER, 4, FIRST + 1, 0x03)); // lbu a1
            code.add(i(8 * lane, FIRST + 1, 1, FIRST + 1, 0x13)); // slli a1, a1
            code.add(r(0, FIRST + 1, FIRST, 6, FIRST, 0x33)); // or a0, a0, a1
        }
        Program program = new Program(true, code, new byte[BYTES]);
        for (int lane = 0; lane < channels.length; lane++) {
            Optional<ValueOrigin> origin =
                    ValueFlow.find(new Register(false, FIRST), 0xffL << 8 * lane, program.executed(), true);
            assertThat(named(program, origin)).containsExactly(channels[lane]);
            assertThat(origin.orElseThrow().followed().orElseThrow().length()).isEqualTo(1);
        }
    }
}
