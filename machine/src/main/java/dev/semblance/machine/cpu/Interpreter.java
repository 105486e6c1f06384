package dev.semblance.machine.cpu;

import static dev.semblance.machine.isa.Decoded.op;
import static dev.semblance.machine.isa.Decoded.rd;
import static dev.semblance.machine.isa.Decoded.rs1;
import static dev.semblance.machine.isa.Decoded.rs2;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.Semantics;
import dev.semblance.machine.memory.Ram;
import org.jspecify.annotations.Nullable;

/**
 * Executes decoded blocks. Budget, fetch and page checks are paid once a block; inside one, an instruction is a load of
 * its packed form and a jump through a table.
 *
 * <p>It returns at the exact cycle it was asked to stop at, and after every instruction that can change what the hart has
 * to do next: one that reached a device, a system instruction, a trap. Coming back and being called again cannot be seen:
 * the page that was being executed is still in the TLB, so the fetch with which a call begins does not walk.
 */
@SuppressWarnings({"IntLongMath", "NarrowCalculation"}) // RV32 computes modulo 2^32.
final class Interpreter {

    /** How control leaves a block. */
    private static final int ALONG = 0;

    private static final int JUMP = 1;
    private static final int ANYWHERE = 2;

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    private final HartState state;
    private final Mmu mmu;
    private final SystemInstructions system;
    private final Trap trap;

    Interpreter(HartState state, Mmu mmu, SystemInstructions system, Trap trap) {
        this.state = state;
        this.mmu = mmu;
        this.system = system;
        this.trap = trap;
    }

    /** Executes until the cycle counter is {@code until}, or until the hart must look around. */
    void run(long until) {
        HartState state = this.state;
        Mmu mmu = this.mmu;
        long[] x = state.x;
        // A power of two less one, and read from the array: so a JIT compiler sees that no slot can miss it.
        int slots = x.length - 1;
        long pc = state.pc;
        long cycle = state.cycle;
        int i = 0;
        try {
            BasicBlock block = mmu.fetch(pc);
            while (true) {
                long[] code = block.code;
                int length = code.length;
                int end = (int) Math.min(length, until - cycle);
                mmu.blockEnd = end;
                // Where control goes after the block, and how: along it, by a direct jump, or anywhere.
                long next = (int) pc + 4 * length;
                int way = ALONG;
                for (i = 0; i < end; i++) {
                    long word = code[i];
                    int rd = (int) word >>> Decoded.RD & slots;
                    int rs1 = (int) word >>> Decoded.RS1 & slots;
                    int rs2 = (int) word >>> Decoded.RS2 & slots;
                    int immediate = (int) (word >> 32);
                    switch (op(word)) {
                        case Op.LUI -> x[rd] = immediate;
                        case Op.AUIPC -> x[rd] = (int) pc + 4 * i + immediate;
                        case Op.ADDI -> x[rd] = (int) x[rs1] + immediate;
                        case Op.SLTI -> x[rd] = x[rs1] < immediate ? 1 : 0;
                        case Op.SLTIU -> x[rd] = Long.compareUnsigned(x[rs1], immediate) < 0 ? 1 : 0;
                        case Op.XORI -> x[rd] = x[rs1] ^ immediate;
                        case Op.ORI -> x[rd] = x[rs1] | immediate;
                        case Op.ANDI -> x[rd] = x[rs1] & immediate;
                        case Op.SLLI -> x[rd] = (int) x[rs1] << immediate;
                        case Op.SRLI -> x[rd] = (int) x[rs1] >>> immediate;
                        case Op.SRAI -> x[rd] = (int) x[rs1] >> immediate;
                        case Op.ADD -> x[rd] = (int) x[rs1] + (int) x[rs2];
                        case Op.SUB -> x[rd] = (int) x[rs1] - (int) x[rs2];
                        case Op.SLL -> x[rd] = (int) x[rs1] << (int) x[rs2];
                        case Op.SLT -> x[rd] = x[rs1] < x[rs2] ? 1 : 0;
                        case Op.SLTU -> x[rd] = Long.compareUnsigned(x[rs1], x[rs2]) < 0 ? 1 : 0;
                        case Op.XOR -> x[rd] = x[rs1] ^ x[rs2];
                        case Op.SRL -> x[rd] = (int) x[rs1] >>> (int) x[rs2];
                        case Op.SRA -> x[rd] = (int) x[rs1] >> (int) x[rs2];
                        case Op.OR -> x[rd] = x[rs1] | x[rs2];
                        case Op.AND -> x[rd] = x[rs1] & x[rs2];
                        case Op.LB -> {
                            x[rd] = mmu.loadByte((int) x[rs1] + immediate, cycle + i);
                            end = mmu.blockEnd;
                        }
                        case Op.LH -> {
                            x[rd] = mmu.loadShort((int) x[rs1] + immediate, cycle + i);
                            end = mmu.blockEnd;
                        }
                        case Op.LW -> {
                            x[rd] = mmu.loadInt((int) x[rs1] + immediate, cycle + i);
                            end = mmu.blockEnd;
                        }
                        case Op.LBU -> {
                            x[rd] = mmu.loadByte((int) x[rs1] + immediate, cycle + i) & 0xff;
                            end = mmu.blockEnd;
                        }
                        case Op.LHU -> {
                            x[rd] = mmu.loadShort((int) x[rs1] + immediate, cycle + i) & 0xffff;
                            end = mmu.blockEnd;
                        }
                        case Op.SB -> {
                            mmu.storeByte((int) x[rs1] + immediate, (int) x[rs2], cycle + i);
                            end = mmu.blockEnd;
                        }
                        case Op.SH -> {
                            mmu.storeShort((int) x[rs1] + immediate, (int) x[rs2], cycle + i);
                            end = mmu.blockEnd;
                        }
                        case Op.SW -> {
                            mmu.storeInt((int) x[rs1] + immediate, (int) x[rs2], cycle + i);
                            end = mmu.blockEnd;
                        }
                        case Op.FENCE -> {
                            // One hart, and devices that act at once: memory is always in order.
                        }
                        case Op.MUL -> x[rd] = (int) x[rs1] * (int) x[rs2];
                        case Op.MULH -> x[rd] = Semantics.mulh((int) x[rs1], (int) x[rs2]);
                        case Op.MULHSU -> x[rd] = Semantics.mulhsu((int) x[rs1], (int) x[rs2]);
                        case Op.MULHU -> x[rd] = Semantics.mulhu((int) x[rs1], (int) x[rs2]);
                        case Op.DIV -> x[rd] = Semantics.div((int) x[rs1], (int) x[rs2]);
                        case Op.DIVU -> x[rd] = Semantics.divu((int) x[rs1], (int) x[rs2]);
                        case Op.REM -> x[rd] = Semantics.rem((int) x[rs1], (int) x[rs2]);
                        case Op.REMU -> x[rd] = Semantics.remu((int) x[rs1], (int) x[rs2]);
                        case Op.LR_W,
                                Op.SC_W,
                                Op.AMOSWAP_W,
                                Op.AMOADD_W,
                                Op.AMOXOR_W,
                                Op.AMOAND_W,
                                Op.AMOOR_W,
                                Op.AMOMIN_W,
                                Op.AMOMAX_W,
                                Op.AMOMINU_W,
                                Op.AMOMAXU_W -> {
                            atomic(word);
                            end = mmu.blockEnd;
                        }
                        case Op.BEQ -> {
                            if (x[rs1] == x[rs2]) {
                                next = (int) pc + 4 * i + immediate;
                                way = JUMP;
                            }
                        }
                        case Op.BNE -> {
                            if (x[rs1] != x[rs2]) {
                                next = (int) pc + 4 * i + immediate;
                                way = JUMP;
                            }
                        }
                        case Op.BLT -> {
                            if (x[rs1] < x[rs2]) {
                                next = (int) pc + 4 * i + immediate;
                                way = JUMP;
                            }
                        }
                        case Op.BGE -> {
                            if (x[rs1] >= x[rs2]) {
                                next = (int) pc + 4 * i + immediate;
                                way = JUMP;
                            }
                        }
                        case Op.BLTU -> {
                            if (Long.compareUnsigned(x[rs1], x[rs2]) < 0) {
                                next = (int) pc + 4 * i + immediate;
                                way = JUMP;
                            }
                        }
                        case Op.BGEU -> {
                            if (Long.compareUnsigned(x[rs1], x[rs2]) >= 0) {
                                next = (int) pc + 4 * i + immediate;
                                way = JUMP;
                            }
                        }
                        case Op.JAL -> {
                            long target = (int) pc + 4 * i + immediate;
                            checkTarget(target);
                            x[rd] = next;
                            next = target;
                            way = JUMP;
                        }
                        case Op.JALR -> {
                            long target = (int) x[rs1] + immediate & ~1L;
                            checkTarget(target);
                            x[rd] = next;
                            next = target;
                            way = ANYWHERE;
                        }
                        default -> {
                            // A system instruction: it moves the program counter itself.
                            state.pc = (int) pc + 4 * i;
                            state.cycle = cycle + i;
                            system.execute(word);
                            state.cycle++;
                            return;
                        }
                    }
                }
                if (mmu.blockEnd != length) {
                    // Cut short, by the budget or after an instruction that reached a device.
                    state.cycle = cycle + i;
                    state.pc = (int) pc + 4 * i;
                    return;
                }
                // Links never leave the page, so one that is there can be followed.
                @Nullable BasicBlock following = null;
                if (way == JUMP) {
                    following = block.taken;
                    if (following == null) {
                        i = length - 1;
                        checkTarget(next);
                    }
                } else if (way == ALONG) {
                    following = block.fallthrough;
                }
                long from = pc;
                cycle += length;
                pc = next;
                i = 0;
                if (cycle >= until) {
                    state.cycle = cycle;
                    state.pc = pc;
                    return;
                }
                if (following == null) {
                    following = mmu.fetch(pc);
                    if (((pc ^ from) & PAGE) == 0) {
                        if (way == JUMP) {
                            block.taken = following;
                        } else if (way == ALONG) {
                            block.fallthrough = following;
                        }
                    }
                }
                block = following;
            }
        } catch (Trap trap) {
            state.pc = (int) pc + 4 * i;
            state.cycle = cycle + i + 1;
            state.unretired++;
            system.enterTrap(trap.cause(), trap.value());
        }
    }

    /** Raises an exception on the jump itself if its target is no place for a 32-bit instruction (unprivileged ISA, 2.5). */
    private void checkTarget(long target) throws Trap {
        if ((target & 3) != 0) {
            throw trap.with(Cause.INSTRUCTION_MISALIGNED, target);
        }
    }

    /** LR, SC and the AMOs (unprivileged ISA, chapter 14). With one hart they only have to agree with traps and devices. */
    private void atomic(long word) throws Trap {
        HartState state = this.state;
        long[] x = state.x;
        long address = x[rs1(word)];
        int op = op(word);
        if (op == Op.LR_W) {
            long physical = mmu.atomicLoadAddress(address);
            state.reservation = physical;
            x[rd(word)] = mmu.loadPhysical(physical);
        } else if (op == Op.SC_W) {
            long physical = mmu.atomicStoreAddress(address);
            boolean success = state.reservation == physical;
            state.reservation = -1;
            if (success) {
                mmu.storePhysical(physical, (int) x[rs2(word)]);
            }
            x[rd(word)] = success ? 0 : 1;
        } else {
            long physical = mmu.atomicStoreAddress(address);
            int memory = mmu.loadPhysical(physical);
            mmu.storePhysical(physical, Semantics.amo(op, memory, (int) x[rs2(word)]));
            x[rd(word)] = memory;
        }
    }
}
