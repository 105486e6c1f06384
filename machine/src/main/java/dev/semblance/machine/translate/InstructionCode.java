package dev.semblance.machine.translate;

import static dev.semblance.machine.isa.Decoded.immediate;
import static dev.semblance.machine.isa.Decoded.op;
import static dev.semblance.machine.isa.Decoded.rd;
import static dev.semblance.machine.isa.Decoded.rs1;
import static dev.semblance.machine.isa.Decoded.rs2;
import static dev.semblance.machine.isa.Decoded.rs3;
import static dev.semblance.machine.translate.CoreNames.BYTE_ARRAYS;
import static dev.semblance.machine.translate.CoreNames.LONG_ARRAY;
import static dev.semblance.machine.translate.CoreNames.RUNTIME;
import static dev.semblance.machine.translate.CoreNames.STATUS;
import static dev.semblance.machine.translate.Variables.ADDRESS;
import static dev.semblance.machine.translate.Variables.DIRTY;
import static dev.semblance.machine.translate.Variables.FCSR;
import static dev.semblance.machine.translate.Variables.FLAGS;
import static dev.semblance.machine.translate.Variables.LOAD_PAGES;
import static dev.semblance.machine.translate.Variables.LOAD_TAGS;
import static dev.semblance.machine.translate.Variables.PAGE;
import static dev.semblance.machine.translate.Variables.ROUNDING;
import static dev.semblance.machine.translate.Variables.STORE_PAGES;
import static dev.semblance.machine.translate.Variables.STORE_TAGS;
import static dev.semblance.machine.translate.Variables.VALUE;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.semblance.machine.fp.RoundingMode;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.RegisterFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Supplier;

/** The bytecode of the instructions that leave control alone. */
final class InstructionCode {

    private static final MethodTypeDesc CAN = MethodTypeDesc.of(CD_boolean, LONG_ARRAY, CD_long, CoreNames.MMU);
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(CD_long, BYTE_ARRAYS, CD_long);
    private static final MethodTypeDesc STORE = MethodTypeDesc.of(CD_void, BYTE_ARRAYS, CD_long, CD_long);
    private static final MethodTypeDesc STORE_CONDITIONAL =
            MethodTypeDesc.of(CD_long, LONG_ARRAY, BYTE_ARRAYS, CD_long, CD_long, CoreNames.STATE, CoreNames.MMU);
    private static final MethodTypeDesc RESERVE = MethodTypeDesc.of(CD_void, CoreNames.STATE, CoreNames.MMU, CD_long);

    private final Operations operations;
    private final boolean is64;
    private final Registers x = Registers.integer();
    private final Registers f = Registers.floating();
    private boolean usesFloats;

    InstructionCode(Operations operations, boolean is64) {
        this.operations = operations;
        this.is64 = is64;
    }

    /** {@return whether it changes the mode, translations or interrupts, or raises a trap} */
    static boolean mustInterpret(int op) {
        return op >= Op.FENCE_I;
    }

    /** Says that an instruction will be there. */
    void announce(long word) {
        int op = op(word);
        if (mustInterpret(op)) {
            return;
        }
        usesFloats |= op >= Op.FLW && op <= Op.FSD || Op.isFloat(op);
        Operation operation = operations.of(op);
        announce(operation.format().first(), rs1(word));
        announce(operation.format().second(), rs2(word));
        announce(operation.format().third(), rs3(word));
    }

    private void announce(RegisterFile file, int number) {
        switch (file) {
            case X -> x.willBeRead(number);
            case F -> f.willBeRead(number);
            case NONE -> {
                // There is none.
            }
        }
    }

    /** {@return whether there are instructions that are illegal while floating point is off} */
    boolean usesFloats() {
        return usesFloats;
    }

    /** Copies the registers that will be read. */
    void copyIn(CodeBuilder c) {
        x.copyIn(c);
        f.copyIn(c);
    }

    /** Puts an integer register on the stack. */
    void readX(CodeBuilder c, int number) {
        x.read(c, number);
    }

    /** Takes what is on the stack for an integer register. */
    void writeX(CodeBuilder c, int number) {
        x.write(c, number);
    }

    private void writeF(CodeBuilder c, int number) {
        f.write(c, number);
        c.iconst_1().istore(DIRTY);
    }

    /** Puts an address on the stack that lies some bytes from the start of the page, as a register holds it. */
    void address(CodeBuilder c, int offset) {
        c.lload(PAGE);
        if (offset != 0) {
            c.loadConstant((long) offset).ladd();
            canonical(c);
        }
    }

    /** On a hart of 32 bits, extends the low half of what is on the stack. */
    void canonical(CodeBuilder c) {
        if (!is64) {
            c.l2i().i2l();
        }
    }

    /**
     * Executes an instruction.
     *
     * @param word which, as seen from the start of the page
     * @param interpreted makes the place to go to where it has to be interpreted
     * @return whether it has to be, whatever happens, so that control never goes along
     */
    boolean execute(CodeBuilder c, long word, Supplier<Label> interpreted) {
        int op = op(word);
        switch (op) {
            case Op.FENCE -> {
                // One hart, and devices that act at once: memory is always in order.
            }
            case Op.AUIPC -> {
                if (rd(word) != Decoded.SINK) {
                    address(c, immediate(word));
                    x.write(c, rd(word));
                }
            }
            case Op.LUI -> {
                if (rd(word) != Decoded.SINK) {
                    c.loadConstant((long) immediate(word));
                    x.write(c, rd(word));
                }
            }
            case Op.LB -> load(c, word, 1, "lb", interpreted.get());
            case Op.LBU -> load(c, word, 1, "lbu", interpreted.get());
            case Op.LH -> load(c, word, 2, "lh", interpreted.get());
            case Op.LHU -> load(c, word, 2, "lhu", interpreted.get());
            case Op.LW -> load(c, word, 4, "lw", interpreted.get());
            case Op.LWU -> load(c, word, 4, "lwu", interpreted.get());
            case Op.LD -> load(c, word, 8, "ld", interpreted.get());
            case Op.SB -> store(c, word, 1, "sb", interpreted.get());
            case Op.SH -> store(c, word, 2, "sh", interpreted.get());
            case Op.SW -> store(c, word, 4, "sw", interpreted.get());
            case Op.SD -> store(c, word, 8, "sd", interpreted.get());
            case Op.FLW -> loadFloat(c, word, 4, "flw", interpreted.get());
            case Op.FLD -> loadFloat(c, word, 8, "ld", interpreted.get());
            case Op.FSW -> storeFloat(c, word, 4, "sw", interpreted.get());
            case Op.FSD -> storeFloat(c, word, 8, "sd", interpreted.get());
            default -> {
                if (mustInterpret(op)) {
                    c.goto_(interpreted.get());
                    return true;
                }
                if (Op.isAtomic(op)) {
                    atomic(c, word, interpreted.get());
                } else if (op >= Op.FCSRRW && op <= Op.FCSRRCI) {
                    accessFloatCsr(c, word);
                } else if (Op.isFloat(op)) {
                    return computeFloat(c, word, interpreted.get());
                } else if (rd(word) != Decoded.SINK) {
                    call(c, word, 0);
                    x.write(c, rd(word));
                }
            }
        }
        return false;
    }

    // ---- memory ---------------------------------------------------------------------------------------------------

    private void addressOf(CodeBuilder c, long word) {
        x.read(c, rs1(word));
        if (immediate(word) != 0) {
            c.loadConstant((long) immediate(word)).ladd();
        }
        c.lstore(ADDRESS);
    }

    private static void canLoad(CodeBuilder c, int width, Label otherwise) {
        c.aload(LOAD_TAGS)
                .lload(ADDRESS)
                .aload(Variables.MMU)
                .invokestatic(RUNTIME, "canLoad" + width, CAN)
                .ifeq(otherwise);
    }

    private static void canStore(CodeBuilder c, int width, Label otherwise) {
        c.aload(STORE_TAGS)
                .lload(ADDRESS)
                .aload(Variables.MMU)
                .invokestatic(RUNTIME, "canStore" + width, CAN)
                .ifeq(otherwise);
    }

    private void load(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canLoad(c, width, otherwise);
        if (rd(word) != Decoded.SINK) {
            c.aload(LOAD_PAGES).lload(ADDRESS).invokestatic(RUNTIME, how, LOAD);
            x.write(c, rd(word));
        }
    }

    private void loadFloat(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canLoad(c, width, otherwise);
        c.aload(LOAD_PAGES).lload(ADDRESS).invokestatic(RUNTIME, how, LOAD);
        writeF(c, rd(word));
    }

    private void store(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canStore(c, width, otherwise);
        c.aload(STORE_PAGES).lload(ADDRESS);
        x.read(c, rs2(word));
        c.invokestatic(RUNTIME, how, STORE);
    }

    private void storeFloat(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canStore(c, width, otherwise);
        c.aload(STORE_PAGES).lload(ADDRESS);
        f.read(c, rs2(word));
        c.invokestatic(RUNTIME, how, STORE);
    }

    private void atomic(CodeBuilder c, long word, Label otherwise) {
        int op = op(word);
        boolean wide = op >= Op.LR_D;
        int width = wide ? 8 : 4;
        x.read(c, rs1(word));
        c.lstore(ADDRESS);
        if (op == Op.LR_W || op == Op.LR_D) {
            canLoad(c, width, otherwise);
            c.aload(Variables.STATE).aload(Variables.MMU).lload(ADDRESS).invokestatic(RUNTIME, "reserve", RESERVE);
            c.aload(LOAD_PAGES).lload(ADDRESS).invokestatic(RUNTIME, wide ? "ld" : "lw", LOAD);
            x.write(c, rd(word));
            return;
        }
        if (op == Op.SC_W || op == Op.SC_D) {
            c.aload(STORE_TAGS).aload(STORE_PAGES).lload(ADDRESS);
            x.read(c, rs2(word));
            c.aload(Variables.STATE)
                    .aload(Variables.MMU)
                    .invokestatic(RUNTIME, "storeConditional" + width, STORE_CONDITIONAL)
                    .lstore(VALUE);
            c.lload(VALUE).lconst_0().lcmp().iflt(otherwise);
        } else {
            canStore(c, width, otherwise);
            c.aload(STORE_PAGES)
                    .lload(ADDRESS)
                    .invokestatic(RUNTIME, wide ? "ld" : "lw", LOAD)
                    .lstore(VALUE);
            c.aload(STORE_PAGES).lload(ADDRESS).lload(VALUE);
            x.read(c, rs2(word));
            if (!wide) {
                c.l2i().i2l();
            }
            Operation operation = operations.of(op);
            operation.call(c);
            c.invokestatic(RUNTIME, wide ? "sd" : "sw", STORE);
        }
        c.lload(VALUE);
        x.write(c, rd(word));
    }

    // ---- what is computed -----------------------------------------------------------------------------------------

    /** Calls the method that the instruction's row names, and leaves its result on the stack. */
    private void call(CodeBuilder c, long word, int rounding) {
        Operation operation = operations.of(op(word));
        int operand = 0;
        for (ClassDesc parameter : operation.type().parameterList()) {
            if (parameter.equals(STATUS)) {
                c.aload(FCSR);
            } else if (parameter.equals(CD_int) && operation.format().hasFloat()) {
                if (rounding == RoundingMode.DYN) {
                    c.iload(ROUNDING);
                } else {
                    c.loadConstant(rounding);
                }
            } else {
                operand(c, word, operation, operand++, parameter.equals(CD_int));
            }
        }
        operation.call(c);
    }

    private void operand(CodeBuilder c, long word, Operation operation, int number, boolean narrow) {
        RegisterFile file = number == 0
                ? operation.format().first()
                : number == 1 ? operation.format().second() : operation.format().third();
        int register = number == 0 ? rs1(word) : number == 1 ? rs2(word) : rs3(word);
        switch (file) {
            case X -> x.read(c, register);
            case F -> f.read(c, register);
            case NONE -> c.loadConstant((long) immediate(word));
        }
        if (narrow) {
            c.l2i();
        }
    }

    /** {@return whether it is illegal whatever happens, so that control never goes along} */
    private boolean computeFloat(CodeBuilder c, long word, Label otherwise) {
        int rounding = Decoded.rounding(word);
        if (rounding == RoundingMode.DYN) {
            c.aload(FCSR)
                    .invokestatic(RUNTIME, "dynamicRounding", MethodTypeDesc.of(CD_int, STATUS))
                    .dup()
                    .istore(ROUNDING)
                    .iflt(otherwise);
        } else if (rounding > RoundingMode.RMM) {
            c.goto_(otherwise);
            return true;
        }
        Operation operation = operations.of(op(word));
        if (operation.format().result() == RegisterFile.F) {
            call(c, word, rounding);
            writeF(c, rd(word));
            return false;
        }
        // It writes nothing of floating point but flags, and is seen to where one is new.
        flags(c);
        c.istore(FLAGS);
        call(c, word, rounding);
        x.write(c, rd(word));
        Label same = c.newLabel();
        flags(c);
        c.iload(FLAGS).if_icmpeq(same).iconst_1().istore(DIRTY).labelBinding(same);
        return false;
    }

    private static void flags(CodeBuilder c) {
        c.aload(FCSR).invokevirtual(STATUS, "flags", MethodTypeDesc.of(CD_int));
    }

    private void accessFloatCsr(CodeBuilder c, long word) {
        int op = op(word);
        boolean fromImmediate = op >= Op.FCSRRWI;
        boolean swaps = op == Op.FCSRRW || op == Op.FCSRRWI;
        boolean sets = op == Op.FCSRRS || op == Op.FCSRRSI;
        c.aload(FCSR).loadConstant(immediate(word)).invokevirtual(STATUS, "get", MethodTypeDesc.of(CD_int, CD_int));
        c.istore(FLAGS);
        if (swaps || rs1(word) != 0) {
            c.aload(FCSR).loadConstant(immediate(word));
            if (!swaps) {
                c.iload(FLAGS);
            }
            if (fromImmediate) {
                c.loadConstant(rs1(word));
            } else {
                x.read(c, rs1(word));
                c.l2i();
            }
            if (sets) {
                c.ior();
            } else if (!swaps) {
                c.iconst_m1().ixor().iand();
            }
            c.invokevirtual(STATUS, "set", MethodTypeDesc.of(CD_void, CD_int, CD_int))
                    .iconst_1()
                    .istore(DIRTY);
        }
        c.iload(FLAGS).i2l();
        x.write(c, rd(word));
    }
}
