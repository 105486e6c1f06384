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
 * <p>What an instruction computes is a call of {@link Semantics}, but for comparisons: a compiler would not inline them all. That
 * they do what the table's method does is tested.
 *
 * <p>Coming back and being called again cannot be seen: the page that was being executed is still in the TLB, so the fetch with
 * which a call begins does not walk.
 */
final class Interpreter implements ExecutionCore {

    /** How control leaves a block. */
    private static final int ALONG = 0;

    private static final int JUMP = 1;
    private static final int ANYWHERE = 2;

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    private static final long SINGLE_BOX = 0xffff_ffff_0000_0000L;

    private final HartState state;
    private final InstructionFetch fetch;
    private final Mmu mmu;
    private final SystemInstructions system;
    private final FloatUnit floats;
    private final Trap trap;

    /** How far an address is shifted up and down again, so that its upper bits are copies of the highest it has. */
    private final int unused;

    /** The bits that are 0 in the address of an instruction. */
    private final long misalignment;

    Interpreter(HartState state, InstructionFetch fetch, Mmu mmu, SystemInstructions system, Trap trap) {
        this.state = state;
        this.fetch = fetch;
        this.mmu = mmu;
        this.system = system;
        this.floats = new FloatUnit(state, trap);
        this.trap = trap;
        this.unused = Long.SIZE - state.isa.xlen();
        this.misalignment = state.isa.hasCompressed() ? 1 : 3;
    }

    @Override
    public void run(long until) {
        BasicBlock block = first();
        while (block != null) {
            block = execute(block, until);
        }
    }

    @Override
    public void runWatched(long until, Watching watching) {
        BasicBlock block = first(watching);
        if (block != null) {
            execute(block, until, watching);
        }
    }

    /** {@return as {@link #first()}} */
    @Nullable
    BasicBlock first(Watching watching) {
        watching.fetching();
        return first();
    }

    /** Executes the block at pc as far as it may be executed at once. What follows is not fetched yet. */
    void execute(BasicBlock block, long until, Watching watching) {
        watching.executing(block);
        execute(block, Math.min(until, state.cycle + watching.instructions(block, state.pc)));
    }

    @Override
    public void step() {
        BasicBlock block;
        try {
            block = fetch.oneAt(state.pc);
        } catch (Trap trap) {
            enter(trap, state.pc, state.cycle);
            return;
        }
        execute(block, state.cycle + 1);
    }

    /** {@return the block at pc; none, if fetching it raised a trap, which has been entered} */
    @Nullable
    BasicBlock first() {
        try {
            return fetch.at(state.pc);
        } catch (Trap trap) {
            enter(trap, state.pc, state.cycle);
            return null;
        }
    }

    /**
     * Executes the block at pc, and moves pc and the cycle counter.
     *
     * @param block the block at pc
     * @param until a later cycle than the present one
     * @return the block that comes next; none, if the cycle is {@code until} or the hart must look around
     */
    @Nullable
    BasicBlock execute(BasicBlock block, long until) {
        HartState state = this.state;
        Mmu mmu = this.mmu;
        int unused = this.unused;
        long[] x = state.x;
        // A power of two less one, and read from the array: so a JIT compiler sees that no slot can miss it.
        int slots = x.length - 1;
        long pc = state.pc;
        long cycle = state.cycle;
        int i = 0;
        try {
            long[] code = block.code;
            int length = code.length;
            int end = (int) Math.min(length, until - cycle);
            mmu.blockEnd = end;
            // Where control goes after the block, and how: along it, by a direct jump, or anywhere.
            long next = pc + block.byteLength;
            int way = ALONG;
            for (i = 0; i < end; i++) {
                long word = code[i];
                int rd = (int) word >>> Decoded.RD & slots;
                int rs1 = (int) word >>> Decoded.RS1 & slots;
                int rs2 = (int) word >>> Decoded.RS2 & slots;
                long immediate = word >> 32;
                switch (op(word)) {
                    case Op.LUI -> x[rd] = Semantics.lui(immediate);
                    case Op.AUIPC -> x[rd] = wrap(Semantics.auipc(pc, immediate), unused);
                    case Op.ADDI -> x[rd] = Semantics.add(x[rs1], immediate);
                    case Op.SLTI -> x[rd] = x[rs1] < immediate ? 1 : 0;
                    case Op.SLTIU -> x[rd] = Long.compareUnsigned(x[rs1], immediate) < 0 ? 1 : 0;
                    case Op.XORI -> x[rd] = Semantics.xor(x[rs1], immediate);
                    case Op.ORI -> x[rd] = Semantics.or(x[rs1], immediate);
                    case Op.ANDI -> x[rd] = Semantics.and(x[rs1], immediate);
                    case Op.SLLI -> x[rd] = Semantics.sll(x[rs1], (int) immediate);
                    case Op.SRLI -> x[rd] = Semantics.srl(x[rs1], (int) immediate);
                    case Op.SRAI -> x[rd] = Semantics.sra(x[rs1], (int) immediate);
                    case Op.ADDIW -> x[rd] = Semantics.addw(x[rs1], immediate);
                    case Op.SLLIW -> x[rd] = Semantics.sllw(x[rs1], (int) immediate);
                    case Op.SRLIW -> x[rd] = Semantics.srlw(x[rs1], (int) immediate);
                    case Op.SRAIW -> x[rd] = Semantics.sraw(x[rs1], (int) immediate);
                    case Op.ADD -> x[rd] = Semantics.add(x[rs1], x[rs2]);
                    case Op.SUB -> x[rd] = Semantics.sub(x[rs1], x[rs2]);
                    case Op.SLL -> x[rd] = Semantics.sll(x[rs1], (int) x[rs2]);
                    case Op.SLT -> x[rd] = x[rs1] < x[rs2] ? 1 : 0;
                    case Op.SLTU -> x[rd] = Long.compareUnsigned(x[rs1], x[rs2]) < 0 ? 1 : 0;
                    case Op.XOR -> x[rd] = Semantics.xor(x[rs1], x[rs2]);
                    case Op.SRL -> x[rd] = Semantics.srl(x[rs1], (int) x[rs2]);
                    case Op.SRA -> x[rd] = Semantics.sra(x[rs1], (int) x[rs2]);
                    case Op.OR -> x[rd] = Semantics.or(x[rs1], x[rs2]);
                    case Op.AND -> x[rd] = Semantics.and(x[rs1], x[rs2]);
                    case Op.ADDW -> x[rd] = Semantics.addw(x[rs1], x[rs2]);
                    case Op.SUBW -> x[rd] = Semantics.subw(x[rs1], x[rs2]);
                    case Op.SLLW -> x[rd] = Semantics.sllw(x[rs1], (int) x[rs2]);
                    case Op.SRLW -> x[rd] = Semantics.srlw(x[rs1], (int) x[rs2]);
                    case Op.SRAW -> x[rd] = Semantics.sraw(x[rs1], (int) x[rs2]);
                    case Op.MUL -> x[rd] = Semantics.mul(x[rs1], x[rs2]);
                    case Op.MULW -> x[rd] = Semantics.mulw(x[rs1], x[rs2]);
                    case Op.LB -> {
                        x[rd] = mmu.loadByte(x[rs1] + immediate, cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.LH -> {
                        x[rd] = mmu.loadShort(x[rs1] + immediate, cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.LW -> {
                        x[rd] = mmu.loadInt(x[rs1] + immediate, cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.LD -> {
                        x[rd] = mmu.loadLong(x[rs1] + immediate, cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.LBU -> {
                        x[rd] = mmu.loadByte(x[rs1] + immediate, cycle + i) & 0xff;
                        end = mmu.blockEnd;
                    }
                    case Op.LHU -> {
                        x[rd] = mmu.loadShort(x[rs1] + immediate, cycle + i) & 0xffff;
                        end = mmu.blockEnd;
                    }
                    case Op.SB -> {
                        mmu.storeByte(x[rs1] + immediate, (int) x[rs2], cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.SH -> {
                        mmu.storeShort(x[rs1] + immediate, (int) x[rs2], cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.SW -> {
                        mmu.storeInt(x[rs1] + immediate, (int) x[rs2], cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.SD -> {
                        mmu.storeLong(x[rs1] + immediate, x[rs2], cycle + i);
                        end = mmu.blockEnd;
                    }
                    case Op.FENCE -> {
                        // One hart, and devices that act at once: memory is always in order.
                    }
                    case Op.BEQ -> {
                        if (x[rs1] == x[rs2]) {
                            next = pc + immediate;
                            way = JUMP;
                        }
                    }
                    case Op.BNE -> {
                        if (x[rs1] != x[rs2]) {
                            next = pc + immediate;
                            way = JUMP;
                        }
                    }
                    case Op.BLT -> {
                        if (x[rs1] < x[rs2]) {
                            next = pc + immediate;
                            way = JUMP;
                        }
                    }
                    case Op.BGE -> {
                        if (x[rs1] >= x[rs2]) {
                            next = pc + immediate;
                            way = JUMP;
                        }
                    }
                    case Op.BLTU -> {
                        if (Long.compareUnsigned(x[rs1], x[rs2]) < 0) {
                            next = pc + immediate;
                            way = JUMP;
                        }
                    }
                    case Op.BGEU -> {
                        if (Long.compareUnsigned(x[rs1], x[rs2]) >= 0) {
                            next = pc + immediate;
                            way = JUMP;
                        }
                    }
                    case Op.JAL -> {
                        long target = pc + immediate;
                        checkTarget(target);
                        x[rd] = wrap(next, unused);
                        next = target;
                        way = JUMP;
                    }
                    case Op.JALR -> {
                        long target = x[rs1] + immediate & ~1L;
                        checkTarget(target);
                        x[rd] = wrap(next, unused);
                        next = target;
                        way = ANYWHERE;
                    }
                    default -> {
                        if (rare(word, cycle + i)) {
                            end = mmu.blockEnd;
                        } else {
                            // A system instruction: it moves the program counter itself.
                            state.pc = wrap(pc + block.offset(i), unused);
                            state.cycle = cycle + i;
                            system.execute(word);
                            state.cycle++;
                            return null;
                        }
                    }
                }
            }
            if (mmu.blockEnd != length) {
                // Cut short, by the budget or after an instruction that reached a device.
                state.cycle = cycle + i;
                state.pc = wrap(pc + block.offset(i), unused);
                return null;
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
            pc = following == null ? wrap(next, unused) : next;
            i = 0;
            if (cycle >= until) {
                state.cycle = cycle;
                state.pc = pc;
                return null;
            }
            if (following == null) {
                following = fetch.at(pc);
                if (((pc ^ from) & PAGE) == 0 && !following.isTransient) {
                    if (way == JUMP) {
                        block.taken = following;
                    } else if (way == ALONG) {
                        block.fallthrough = following;
                    }
                }
            }
            state.cycle = cycle;
            state.pc = pc;
            return following;
        } catch (Trap trap) {
            // A fetch that failed is that of the instruction at pc: i is 0, where every block begins.
            enter(trap, wrap(pc + block.offset(i), unused), cycle + i);
            return null;
        }
    }

    /**
     * Executes what is rare, or takes so long that a call does not matter. It is apart since each case makes all others slower: they share
     * the machine's registers.
     *
     * @return whether it was such a one; a system instruction is not, and is not executed
     */
    private boolean rare(long word, long now) throws Trap {
        long[] x = state.x;
        switch (op(word)) {
            case Op.MULH -> x[rd(word)] = Semantics.mulh(x[rs1(word)], x[rs2(word)]);
            case Op.MULHSU -> x[rd(word)] = Semantics.mulhsu(x[rs1(word)], x[rs2(word)]);
            case Op.MULHU -> x[rd(word)] = Semantics.mulhu(x[rs1(word)], x[rs2(word)]);
            case Op.DIV -> x[rd(word)] = Semantics.div(x[rs1(word)], x[rs2(word)]);
            case Op.DIVU -> x[rd(word)] = Semantics.divu(x[rs1(word)], x[rs2(word)]);
            case Op.REM -> x[rd(word)] = Semantics.rem(x[rs1(word)], x[rs2(word)]);
            case Op.REMU -> x[rd(word)] = Semantics.remu(x[rs1(word)], x[rs2(word)]);
            case Op.MULHW -> x[rd(word)] = Semantics.mulhw(x[rs1(word)], x[rs2(word)]);
            case Op.MULHSUW -> x[rd(word)] = Semantics.mulhsuw(x[rs1(word)], x[rs2(word)]);
            case Op.MULHUW -> x[rd(word)] = Semantics.mulhuw(x[rs1(word)], x[rs2(word)]);
            case Op.DIVW -> x[rd(word)] = Semantics.divw(x[rs1(word)], x[rs2(word)]);
            case Op.DIVUW -> x[rd(word)] = Semantics.divuw(x[rs1(word)], x[rs2(word)]);
            case Op.REMW -> x[rd(word)] = Semantics.remw(x[rs1(word)], x[rs2(word)]);
            case Op.REMUW -> x[rd(word)] = Semantics.remuw(x[rs1(word)], x[rs2(word)]);
            case Op.LWU -> x[rd(word)] = mmu.loadInt(address(word), now) & 0xffff_ffffL;
            case Op.FLW -> {
                floats.requireOn();
                floats.load(word, mmu.loadInt(address(word), now) | SINGLE_BOX);
            }
            case Op.FLD -> {
                floats.requireOn();
                floats.load(word, mmu.loadLong(address(word), now));
            }
            case Op.FSW -> {
                floats.requireOn();
                mmu.storeInt(address(word), (int) state.f[rs2(word)], now);
            }
            case Op.FSD -> {
                floats.requireOn();
                mmu.storeLong(address(word), state.f[rs2(word)], now);
            }
            default -> {
                int op = op(word);
                if (Op.isAtomic(op)) {
                    atomic(word, now);
                } else if (Op.isFloat(op)) {
                    floats.execute(word);
                } else {
                    return false;
                }
            }
        }
        return true;
    }

    private long address(long word) {
        return state.x[rs1(word)] + (word >> 32);
    }

    /** Enters a trap that the instruction at an address raised, whose cycle it was. */
    private void enter(Trap trap, long pc, long cycle) {
        state.pc = pc;
        state.cycle = cycle + 1;
        state.unretired++;
        system.enterTrap(trap.cause(), trap.value());
    }

    private static long wrap(long address, int unused) {
        return address << unused >> unused;
    }

    /** Raises an exception on the jump itself if its target is no place for an instruction (unprivileged ISA, 2.5). */
    private void checkTarget(long target) throws Trap {
        if ((target & misalignment) != 0) {
            throw trap.with(Cause.INSTRUCTION_MISALIGNED, wrap(target, unused));
        }
    }

    /** LR, SC and the AMOs (unprivileged ISA, chapter 14). With one hart they only have to agree with traps and devices. */
    private void atomic(long word, long now) throws Trap {
        HartState state = this.state;
        long[] x = state.x;
        long address = x[rs1(word)];
        int op = op(word);
        int width = op >= Op.LR_D ? 8 : 4;
        long operand = width == 8 ? x[rs2(word)] : (int) x[rs2(word)];
        if (op == Op.LR_W || op == Op.LR_D) {
            long physical = mmu.atomicLoadAddress(address, width, now);
            state.reservation = physical;
            x[rd(word)] = mmu.loadAtomic(address, physical, width);
        } else if (op == Op.SC_W || op == Op.SC_D) {
            long physical = mmu.atomicStoreAddress(address, width, now);
            boolean success = state.reservation == physical;
            state.reservation = -1;
            if (success) {
                mmu.storeAtomic(address, physical, width, operand);
            }
            x[rd(word)] = success ? 0 : 1;
        } else {
            long physical = mmu.atomicStoreAddress(address, width, now);
            long memory = mmu.loadAtomic(address, physical, width);
            mmu.storeAtomic(address, physical, width, Semantics.amo(op, memory, operand));
            x[rd(word)] = memory;
        }
    }
}
