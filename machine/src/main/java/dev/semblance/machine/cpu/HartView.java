package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.CsrNames;
import dev.semblance.machine.isa.Disassembler;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A hart and memory as a debugger reads them, between runs. Nothing here changes anything: no A or D bit is set, no translation
 * is kept, no page comes into being, and no device is read.
 *
 * <p>Virtual addresses are translated by satp and the page tables as they are now, in every mode alike: the debugger may read
 * what the mode may not. The hart itself may still use a translation that it kept before the tables changed.
 */
public final class HartView {

    private final HartState state;
    private final Isa isa;
    private final Ram ram;
    private final ControlRegisters registers;
    private final PageTableWalker walker;
    private final InstructionSet instructions;

    /**
     * A control and status register.
     *
     * @param number its address
     * @param name as the specification has it, such as sstatus
     */
    public record ControlRegister(int number, String name) {}

    /**
     * An instruction where it stands.
     *
     * @param pc its virtual address
     * @param bits its 16 or 32 bits
     * @param length 2 or 4 bytes
     * @param text in assembly; one of 16 bits is written as what it does, with {@code c.} before it
     * @param access what it does with memory, if it is executed now
     * @param registerWrite which register it writes, if any
     */
    public record InstructionText(
            long pc,
            int bits,
            int length,
            String text,
            Optional<MemoryAccess> access,
            Optional<RegisterWrite> registerWrite) {}

    HartView(HartState state, Ram ram, ControlRegisters registers) {
        this.state = state;
        this.isa = state.isa;
        this.ram = ram;
        this.registers = registers;
        this.walker = PageTableWalker.ofDebugger(state, TranslationScheme.of(isa), ram);
        this.instructions = InstructionSet.of(isa);
    }

    /**
     * {@return the ABI name of an integer register, such as a0}
     *
     * @param x its number, 0 to 31
     */
    public static String registerName(int x) {
        return Disassembler.register(x);
    }

    /**
     * {@return the ABI name of a floating-point register, such as fa0}
     *
     * @param f its number, 0 to 31
     */
    public static String floatRegisterName(int f) {
        return Disassembler.floatRegister(f);
    }

    /** {@return the registers, pc and mode} */
    public HartState state() {
        return state;
    }

    /** {@return the control and status registers of this hart, by number} */
    public List<ControlRegister> controlRegisters() {
        return ControlRegisters.all(isa)
                .mapToObj(csr -> new ControlRegister(csr, CsrNames.of(csr)))
                .toList();
    }

    /**
     * {@return what a control and status register reads as, in any mode; nothing, if the hart has none of that number}
     *
     * @param number its address
     */
    public OptionalLong controlRegister(int number) {
        if (ControlRegisters.isOfFloat(isa, number)) {
            return OptionalLong.of(state.fcsr.get(number));
        }
        return ControlRegisters.exists(isa, number) ? OptionalLong.of(registers.read(number)) : OptionalLong.empty();
    }

    /**
     * {@return the physical address of a virtual one; nothing, if no page is mapped there} What lies there may be no RAM.
     *
     * @param address virtual
     */
    public OptionalLong translate(long address) {
        try {
            return OptionalLong.of(walker.walk(isa.canonical(address), Access.LOAD));
        } catch (Trap trap) {
            return OptionalLong.empty();
        }
    }

    /**
     * Reads memory from an address on, as far as there is RAM.
     *
     * @param space what the address means
     * @param address of the first byte
     * @param target takes the bytes
     * @return how many bytes were read, from the first on
     */
    public int read(AddressSpace space, long address, byte[] target) {
        int done = 0;
        while (done < target.length) {
            long at = address + done;
            int length = Math.min(target.length - done, Ram.PAGE_SIZE - (int) (at & Ram.PAGE_SIZE - 1));
            OptionalLong physical = space == AddressSpace.PHYSICAL ? OptionalLong.of(at) : translate(at);
            if (physical.isEmpty() || !ram.contains(physical.getAsLong(), length)) {
                break;
            }
            ram.read(physical.getAsLong(), target, done, length);
            done += length;
        }
        return done;
    }

    /** {@return the instruction at pc; nothing, if it cannot be fetched} */
    public Optional<InstructionText> nextInstruction() {
        return instruction(state.pc);
    }

    /**
     * {@return the instruction at a virtual address; nothing, if it cannot be fetched} The first 16 bits say how long it is.
     *
     * @param address a multiple of 2
     */
    public Optional<InstructionText> instruction(long address) {
        long pc = isa.canonical(address);
        byte[] first = new byte[2];
        if (read(AddressSpace.VIRTUAL, pc, first) < first.length) {
            return Optional.empty();
        }
        int bits = parcel(first);
        boolean isLong = instructions.isLong(bits);
        if (isLong) {
            byte[] second = new byte[2];
            if (read(AddressSpace.VIRTUAL, isa.canonical(pc + 2), second) < second.length) {
                return Optional.empty();
            }
            bits |= parcel(second) << 16;
        }
        return Optional.of(new InstructionText(
                pc,
                bits,
                isLong ? 4 : 2,
                Disassembler.disassemble(instructions, bits, pc),
                MemoryAccess.of(state, bits),
                RegisterWrite.of(isa, bits)));
    }

    private static int parcel(byte[] bytes) {
        return bytes[0] & 0xff | (bytes[1] & 0xff) << 8;
    }
}
