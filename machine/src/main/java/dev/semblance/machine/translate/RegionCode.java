package dev.semblance.machine.translate;

import static dev.semblance.machine.isa.Decoded.immediate;
import static dev.semblance.machine.isa.Decoded.op;
import static dev.semblance.machine.isa.Decoded.rd;
import static dev.semblance.machine.isa.Decoded.rs1;
import static dev.semblance.machine.isa.Decoded.rs2;
import static dev.semblance.machine.isa.Decoded.rs3;
import static dev.semblance.machine.translate.CoreNames.BYTE_ARRAYS;
import static dev.semblance.machine.translate.CoreNames.LONG_ARRAY;
import static dev.semblance.machine.translate.CoreNames.MMU;
import static dev.semblance.machine.translate.CoreNames.REGION;
import static dev.semblance.machine.translate.CoreNames.RUNTIME;
import static dev.semblance.machine.translate.CoreNames.STATE;
import static dev.semblance.machine.translate.CoreNames.STATUS;
import static dev.semblance.machine.translate.CoreNames.TLB;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.semblance.machine.fp.RoundingMode;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytecode of a region: a method with the guest's registers in local variables. It pays for the budget a part at a time; where it stops in the
 * middle of one, it gives back what was not executed.
 */
final class RegionCode {

    // Local variables; 0 to 3 are this and the parameters, of which the page has two.
    private static final int STATE_VARIABLE = 1;
    private static final int MMU_VARIABLE = 2;
    private static final int PAGE = 3;
    private static final int BUDGET = 5;
    private static final int X = 6;
    private static final int LOAD_TAGS = 7;
    private static final int LOAD_PAGES = 8;
    private static final int STORE_TAGS = 9;
    private static final int STORE_PAGES = 10;
    private static final int PC = 11;

    /** -1 if what is left of the budget is to be complemented, else 0. */
    private static final int COMPLEMENT = 13;

    private static final int ADDRESS = 14;
    private static final int VALUE = 16;
    private static final int F = 18;
    private static final int FCSR = 19;
    private static final int DIRTY = 20;
    private static final int FLAGS = 21;
    private static final int ROUNDING = 22;
    private static final int FIRST_X = 23;
    private static final int FIRST_F = FIRST_X + 2 * 32;

    /** HotSpot never compiles a method that is longer. */
    private static final int MAX_BYTES = 8000;

    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_int, STATE, MMU, CD_long, CD_int);
    private static final MethodTypeDesc CAN = MethodTypeDesc.of(CD_boolean, LONG_ARRAY, CD_long, MMU);
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(CD_long, BYTE_ARRAYS, CD_long);
    private static final MethodTypeDesc STORE = MethodTypeDesc.of(CD_void, BYTE_ARRAYS, CD_long, CD_long);

    private final RegionShape shape;
    private final Operations operations;
    private final int[] entries;
    private final boolean is64;
    private final boolean hasCompressed;
    private final Registers integers = new Registers(FIRST_X);
    private final Registers floats = new Registers(FIRST_F);
    private boolean usesFloats;
    private final @Nullable Label[] heads = new Label[RegionShape.PLACES];
    private final List<Stop> stops = new ArrayList<>();
    private @Nullable Label exit;

    /**
     * A way out.
     *
     * @param label where it is
     * @param offset where pc is then, in bytes from the start of the page
     * @param refund instructions that were paid for and not executed
     * @param interpret whether the instruction at pc must be interpreted
     */
    private record Stop(Label label, int offset, int refund, boolean interpret) {}

    /** Which registers are read and written. */
    private static final class Registers {
        final int first;
        final boolean[] used = new boolean[32];
        final boolean[] written = new boolean[32];

        Registers(int first) {
            this.first = first;
        }

        int variable(int number) {
            return first + 2 * number;
        }

        void read(int number) {
            used[number] = true;
        }

        void write(int number) {
            if (number < 32) {
                used[number] = true;
                written[number] = true;
            }
        }
    }

    private RegionCode(RegionShape shape, Operations operations) {
        this.shape = shape;
        this.operations = operations;
        this.entries = shape.entries();
        this.is64 = shape.isa().is64();
        this.hasCompressed = shape.isa().hasCompressed();
    }

    /**
     * The class of a region.
     *
     * @param shape what is in it: all that was asked for, unless its method were so long that HotSpot would never compile it
     * @param classFile its bytes
     */
    record Made(RegionShape shape, byte[] classFile) {}

    /** {@return the class of a region} */
    static Made of(RegionShape shape, Operations operations) {
        RegionShape smaller = shape;
        byte[] bytes = new RegionCode(smaller, operations).classFile();
        while (isTooLong(bytes) && smaller.canBeSmaller()) {
            smaller = smaller.smaller();
            bytes = new RegionCode(smaller, operations).classFile();
        }
        return new Made(smaller, bytes);
    }

    private static boolean isTooLong(byte[] classFile) {
        return classFile.length > MAX_BYTES
                && ClassFile.of().parse(classFile).methods().stream()
                        .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                        .anyMatch(code -> code.codeLength() > MAX_BYTES);
    }

    private byte[] classFile() {
        findRegisters();
        // Version 49 is the last for which no stack maps are asked for, which would cost more than all the rest.
        return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
                .build(
                        CoreNames.MADE,
                        b -> b.withVersion(49, 0)
                                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withSuperclass(REGION)
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        0,
                                        c -> c.aload(0)
                                                .invokespecial(REGION, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody("run", RUN, 0, this::method));
    }

    // ---- what it needs --------------------------------------------------------------------------------------------

    private void findRegisters() {
        for (int place = 0; place < RegionShape.PLACES; place++) {
            if (shape.has(place)) {
                findRegisters(shape.word(place));
            }
        }
    }

    private void findRegisters(long word) {
        int op = op(word);
        if (mustInterpret(op)) {
            return;
        }
        usesFloats |= isFloat(op);
        Operation operation = operations.of(op);
        read(operation.first(), rs1(word));
        read(operation.second(), rs2(word));
        read(operation.third(), rs3(word));
        switch (operation.result()) {
            case X -> integers.write(rd(word));
            case F -> floats.write(rd(word));
            case NONE -> {
                // Nothing is written.
            }
        }
    }

    private void read(Operation.Operand operand, int number) {
        switch (operand) {
            case X -> integers.read(number & 31);
            case F -> floats.read(number & 31);
            case NONE -> {
                // There is none.
            }
        }
    }

    private static boolean isFloat(int op) {
        return op >= Op.FLW && op <= Op.FSD || Op.isFloat(op);
    }

    /** What changes the mode, translations or interrupts, or raises a trap. */
    private static boolean mustInterpret(int op) {
        return op >= Op.FENCE_I;
    }

    // ---- the method -----------------------------------------------------------------------------------------------

    private void method(CodeBuilder c) {
        exit = c.newLabel();
        for (int place = 0; place < RegionShape.PLACES; place++) {
            if (shape.isLeader(place)) {
                heads[place] = c.newLabel();
            }
        }
        c.iconst_0().istore(COMPLEMENT);
        if (usesFloats) {
            Label on = c.newLabel();
            c.aload(STATE_VARIABLE)
                    .invokestatic(RUNTIME, "isFloatOff", MethodTypeDesc.of(CD_boolean, STATE))
                    .ifeq(on)
                    .iload(BUDGET)
                    .iconst_m1()
                    .ixor()
                    .ireturn()
                    .labelBinding(on);
            c.aload(STATE_VARIABLE).getfield(STATE, "f", LONG_ARRAY).astore(F);
            c.aload(STATE_VARIABLE).getfield(STATE, "fcsr", STATUS).astore(FCSR);
            c.iconst_0().istore(DIRTY);
            c.iconst_0().istore(FLAGS);
            c.iconst_0().istore(ROUNDING);
        }
        c.aload(STATE_VARIABLE).getfield(STATE, "x", LONG_ARRAY).astore(X);
        c.aload(MMU_VARIABLE).getfield(MMU, "tlb", TLB).dup().dup().dup();
        c.getfield(TLB, "loadTag", LONG_ARRAY).astore(LOAD_TAGS);
        c.getfield(TLB, "loadPage", BYTE_ARRAYS).astore(LOAD_PAGES);
        c.getfield(TLB, "storeTag", LONG_ARRAY).astore(STORE_TAGS);
        c.getfield(TLB, "storePage", BYTE_ARRAYS).astore(STORE_PAGES);
        c.lconst_0().lstore(ADDRESS);
        c.lconst_0().lstore(VALUE);
        c.aload(STATE_VARIABLE).getfield(STATE, "pc", CD_long).lstore(PC);
        copyIn(c, X, integers);
        copyIn(c, F, floats);
        // Whoever comes to what is no entry has made no step, and must be told to make one.
        Label lost = c.newLabel();
        dispatch(c, lost);
        c.labelBinding(lost).iconst_m1().istore(COMPLEMENT).goto_(exit());
        for (int place = 0; place < RegionShape.PLACES; place++) {
            if (shape.isLeader(place)) {
                part(c, place);
            }
        }
        for (Stop stop : stops) {
            c.labelBinding(stop.label());
            if (stop.refund() != 0) {
                c.iinc(BUDGET, stop.refund());
            }
            if (stop.interpret()) {
                c.iconst_m1().istore(COMPLEMENT);
            }
            address(c, stop.offset());
            c.lstore(PC).goto_(exit());
        }
        c.labelBinding(exit());
        copyOut(c, X, integers);
        copyOut(c, F, floats);
        if (usesFloats) {
            Label clean = c.newLabel();
            c.iload(DIRTY)
                    .ifeq(clean)
                    .aload(STATE_VARIABLE)
                    .invokestatic(RUNTIME, "setFloatDirty", MethodTypeDesc.of(CD_void, STATE))
                    .labelBinding(clean);
        }
        c.aload(STATE_VARIABLE).lload(PC).putfield(STATE, "pc", CD_long);
        c.iload(BUDGET).iload(COMPLEMENT).ixor().ireturn();
    }

    private static void copyIn(CodeBuilder c, int array, Registers registers) {
        for (int r = 0; r < 32; r++) {
            if (registers.used[r] && (r != 0 || array == F)) {
                c.aload(array).loadConstant(r).laload().lstore(registers.variable(r));
            }
        }
    }

    private static void copyOut(CodeBuilder c, int array, Registers registers) {
        for (int r = 0; r < 32; r++) {
            if (registers.written[r]) {
                c.aload(array).loadConstant(r).lload(registers.variable(r)).lastore();
            }
        }
    }

    private Label exit() {
        Label label = exit;
        if (label == null) {
            throw new IllegalStateException("no method is being made");
        }
        return label;
    }

    private Label head(int place) {
        Label head = heads[place];
        if (head == null) {
            throw new IllegalStateException("no part begins at " + place);
        }
        return head;
    }

    /** Puts an address on the stack that lies some bytes from the start of the page, as a register holds it. */
    private void address(CodeBuilder c, int offset) {
        c.lload(PAGE);
        if (offset != 0) {
            c.loadConstant((long) offset).ladd();
            canonical(c);
        }
    }

    /** On a hart of 32 bits, extends the low half of what is on the stack. */
    private void canonical(CodeBuilder c) {
        if (!is64) {
            c.l2i().i2l();
        }
    }

    private Label stop(CodeBuilder c, int offset, int refund, boolean interpret) {
        Label label = c.newLabel();
        stops.add(new Stop(label, offset, refund, interpret));
        return label;
    }

    // ---- parts ----------------------------------------------------------------------------------------------------

    private void part(CodeBuilder c, int first) {
        int length = 0;
        for (int place = first;
                shape.has(place) && (place == first || !shape.isLeader(place));
                place += shape.size(place)) {
            length++;
            if (Op.endsBlock(op(shape.word(place)))) {
                break;
            }
        }
        c.labelBinding(head(first));
        c.iinc(BUDGET, -length).iload(BUDGET).iflt(stop(c, 2 * first, length, true));
        int place = first;
        for (int left = length; left > 0; left--) {
            if (instruction(c, place, left, shape.word(place))) {
                return;
            }
            place += shape.size(place);
        }
        follow(c, 2 * place);
    }

    /** Goes on at an offset from the start of the page. */
    private void follow(CodeBuilder c, int offset) {
        c.goto_(way(c, offset));
    }

    private Label way(CodeBuilder c, int offset) {
        if (offset >= 0 && offset < 2 * RegionShape.PLACES) {
            Label head = heads[offset >> 1];
            if (head != null) {
                return head;
            }
        }
        return stop(c, offset, 0, false);
    }

    // ---- instructions ---------------------------------------------------------------------------------------------

    private void x(CodeBuilder c, int number) {
        if ((number & 31) == 0) {
            c.lconst_0();
        } else {
            c.lload(integers.variable(number));
        }
    }

    /** Takes what is on the stack for a register; x0 takes nothing. */
    private void setX(CodeBuilder c, int number) {
        if (number == Decoded.SINK) {
            c.pop2();
        } else {
            c.lstore(integers.variable(number));
        }
    }

    private void setF(CodeBuilder c, int number) {
        c.lstore(floats.variable(number)).iconst_1().istore(DIRTY);
    }

    /** {@return whether control never goes along} */
    private boolean instruction(CodeBuilder c, int place, int left, long word) {
        int op = op(word);
        int offset = 2 * place;
        switch (op) {
            case Op.FENCE -> {
                // One hart, and devices that act at once: memory is always in order.
            }
            case Op.AUIPC -> {
                if (rd(word) != Decoded.SINK) {
                    c.lload(PAGE).loadConstant((long) immediate(word)).ladd();
                    canonical(c);
                    setX(c, rd(word));
                }
            }
            case Op.LUI -> {
                if (rd(word) != Decoded.SINK) {
                    c.loadConstant((long) immediate(word));
                    setX(c, rd(word));
                }
            }
            case Op.LB -> load(c, word, 1, "lb", stop(c, offset, left, true));
            case Op.LBU -> load(c, word, 1, "lbu", stop(c, offset, left, true));
            case Op.LH -> load(c, word, 2, "lh", stop(c, offset, left, true));
            case Op.LHU -> load(c, word, 2, "lhu", stop(c, offset, left, true));
            case Op.LW -> load(c, word, 4, "lw", stop(c, offset, left, true));
            case Op.LWU -> load(c, word, 4, "lwu", stop(c, offset, left, true));
            case Op.LD -> load(c, word, 8, "ld", stop(c, offset, left, true));
            case Op.SB -> store(c, word, 1, "sb", stop(c, offset, left, true));
            case Op.SH -> store(c, word, 2, "sh", stop(c, offset, left, true));
            case Op.SW -> store(c, word, 4, "sw", stop(c, offset, left, true));
            case Op.SD -> store(c, word, 8, "sd", stop(c, offset, left, true));
            case Op.FLW -> loadFloat(c, word, 4, "flw", stop(c, offset, left, true));
            case Op.FLD -> loadFloat(c, word, 8, "ld", stop(c, offset, left, true));
            case Op.FSW -> storeFloat(c, word, 4, "sw", stop(c, offset, left, true));
            case Op.FSD -> storeFloat(c, word, 8, "sd", stop(c, offset, left, true));
            case Op.BEQ, Op.BNE, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU -> {
                branch(c, place, word);
                return true;
            }
            case Op.JAL -> {
                if (isMisaligned(immediate(word))) {
                    c.goto_(stop(c, offset, left, true));
                } else {
                    link(c, place, word);
                    follow(c, immediate(word));
                }
                return true;
            }
            case Op.JALR -> {
                x(c, rs1(word));
                c.loadConstant((long) immediate(word)).ladd().loadConstant(-2L).land();
                canonical(c);
                c.lstore(ADDRESS);
                if (!hasCompressed) {
                    c.lload(ADDRESS).loadConstant(2L).land().lconst_0().lcmp().ifne(stop(c, offset, left, true));
                }
                link(c, place, word);
                c.lload(ADDRESS).lstore(PC);
                comeTo(c);
                return true;
            }
            default -> {
                if (mustInterpret(op)) {
                    c.goto_(stop(c, offset, left, true));
                    return true;
                }
                if (Op.isAtomic(op)) {
                    atomic(c, word, stop(c, offset, left, true));
                } else if (op >= Op.FCSRRW && op <= Op.FCSRRCI) {
                    accessFloatCsr(c, word);
                } else if (Op.isFloat(op)) {
                    return computeFloat(c, word, stop(c, offset, left, true));
                } else if (rd(word) != Decoded.SINK) {
                    call(c, word, 0);
                    setX(c, rd(word));
                }
            }
        }
        return false;
    }

    /** Goes on wherever pc is, if it is in the page; the region is left if that is no entry. */
    private void comeTo(CodeBuilder c) {
        if (entries.length > 1) {
            c.lload(PC)
                    .lload(PAGE)
                    .lxor()
                    .loadConstant(-2L * RegionShape.PLACES)
                    .land()
                    .lconst_0()
                    .lcmp()
                    .ifne(exit());
            dispatch(c, exit());
        } else {
            c.goto_(exit());
        }
    }

    private void dispatch(CodeBuilder c, Label otherwise) {
        List<SwitchCase> cases = new ArrayList<>();
        for (int place : entries) {
            cases.add(SwitchCase.of(2 * place, head(place)));
        }
        c.lload(PC).l2i().loadConstant(2 * RegionShape.PLACES - 1).iand().lookupswitch(otherwise, cases);
    }

    // ---- control transfer -----------------------------------------------------------------------------------------

    /** Whether no instruction can begin there. */
    private boolean isMisaligned(int offset) {
        return !hasCompressed && (offset & 2) != 0;
    }

    private void link(CodeBuilder c, int place, long word) {
        if (rd(word) != Decoded.SINK) {
            address(c, 2 * (place + shape.size(place)));
            setX(c, rd(word));
        }
    }

    private void branch(CodeBuilder c, int place, long word) {
        int target = immediate(word);
        Label to = isMisaligned(target) ? stop(c, 2 * place, 1, true) : way(c, target);
        x(c, rs1(word));
        x(c, rs2(word));
        switch (op(word)) {
            case Op.BEQ -> c.lcmp().ifeq(to);
            case Op.BNE -> c.lcmp().ifne(to);
            case Op.BLT -> c.lcmp().iflt(to);
            case Op.BGE -> c.lcmp().ifge(to);
            default -> {
                Operation operation = operations.of(op(word));
                c.invokestatic(operation.owner(), operation.name(), operation.type())
                        .ifne(to);
            }
        }
        follow(c, 2 * (place + shape.size(place)));
    }

    // ---- memory ---------------------------------------------------------------------------------------------------

    private void addressOf(CodeBuilder c, long word) {
        x(c, rs1(word));
        if (immediate(word) != 0) {
            c.loadConstant((long) immediate(word)).ladd();
        }
        c.lstore(ADDRESS);
    }

    private static void canLoad(CodeBuilder c, int width, Label otherwise) {
        c.aload(LOAD_TAGS)
                .lload(ADDRESS)
                .aload(MMU_VARIABLE)
                .invokestatic(RUNTIME, "canLoad" + width, CAN)
                .ifeq(otherwise);
    }

    private static void canStore(CodeBuilder c, int width, Label otherwise) {
        c.aload(STORE_TAGS)
                .lload(ADDRESS)
                .aload(MMU_VARIABLE)
                .invokestatic(RUNTIME, "canStore" + width, CAN)
                .ifeq(otherwise);
    }

    private void load(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canLoad(c, width, otherwise);
        if (rd(word) != Decoded.SINK) {
            c.aload(LOAD_PAGES).lload(ADDRESS).invokestatic(RUNTIME, how, LOAD);
            setX(c, rd(word));
        }
    }

    private void loadFloat(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canLoad(c, width, otherwise);
        c.aload(LOAD_PAGES).lload(ADDRESS).invokestatic(RUNTIME, how, LOAD);
        setF(c, rd(word));
    }

    private void store(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canStore(c, width, otherwise);
        c.aload(STORE_PAGES).lload(ADDRESS);
        x(c, rs2(word));
        c.invokestatic(RUNTIME, how, STORE);
    }

    private void storeFloat(CodeBuilder c, long word, int width, String how, Label otherwise) {
        addressOf(c, word);
        canStore(c, width, otherwise);
        c.aload(STORE_PAGES).lload(ADDRESS).lload(floats.variable(rs2(word)));
        c.invokestatic(RUNTIME, how, STORE);
    }

    private void atomic(CodeBuilder c, long word, Label otherwise) {
        int op = op(word);
        boolean wide = op >= Op.LR_D;
        int width = wide ? 8 : 4;
        x(c, rs1(word));
        c.lstore(ADDRESS);
        if (op == Op.LR_W || op == Op.LR_D) {
            canLoad(c, width, otherwise);
            onReservation(c, "reserve", CD_void);
            c.aload(LOAD_PAGES).lload(ADDRESS).invokestatic(RUNTIME, wide ? "ld" : "lw", LOAD);
            setX(c, rd(word));
            return;
        }
        canStore(c, width, otherwise);
        if (op == Op.SC_W || op == Op.SC_D) {
            Label done = c.newLabel();
            c.lconst_1().lstore(VALUE);
            onReservation(c, "takeReservation", CD_boolean);
            c.ifeq(done).lconst_0().lstore(VALUE);
            c.aload(STORE_PAGES).lload(ADDRESS);
            x(c, rs2(word));
            c.invokestatic(RUNTIME, wide ? "sd" : "sw", STORE).labelBinding(done);
        } else {
            c.aload(STORE_PAGES)
                    .lload(ADDRESS)
                    .invokestatic(RUNTIME, wide ? "ld" : "lw", LOAD)
                    .lstore(VALUE);
            c.aload(STORE_PAGES).lload(ADDRESS).lload(VALUE);
            x(c, rs2(word));
            if (!wide) {
                c.l2i().i2l();
            }
            Operation operation = operations.of(op);
            c.invokestatic(operation.owner(), operation.name(), operation.type())
                    .invokestatic(RUNTIME, wide ? "sd" : "sw", STORE);
        }
        c.lload(VALUE);
        setX(c, rd(word));
    }

    private static void onReservation(CodeBuilder c, String name, ClassDesc result) {
        c.aload(STATE_VARIABLE)
                .aload(MMU_VARIABLE)
                .lload(ADDRESS)
                .invokestatic(RUNTIME, name, MethodTypeDesc.of(result, STATE, MMU, CD_long));
    }

    // ---- what is computed -----------------------------------------------------------------------------------------

    /** Calls the method that the instruction's row names, and leaves its result on the stack. */
    private void call(CodeBuilder c, long word, int rounding) {
        Operation operation = operations.of(op(word));
        int operand = 0;
        for (ClassDesc parameter : operation.type().parameterList()) {
            if (parameter.equals(STATUS)) {
                c.aload(FCSR);
            } else if (parameter.equals(CD_int) && operation.rounds()) {
                if (rounding == RoundingMode.DYN) {
                    c.iload(ROUNDING);
                } else {
                    c.loadConstant(rounding);
                }
            } else {
                operand(c, word, operation, operand++, parameter.equals(CD_int));
            }
        }
        c.invokestatic(operation.owner(), operation.name(), operation.type());
    }

    private void operand(CodeBuilder c, long word, Operation operation, int number, boolean narrow) {
        Operation.Operand file = number == 0 ? operation.first() : number == 1 ? operation.second() : operation.third();
        int register = number == 0 ? rs1(word) : number == 1 ? rs2(word) : rs3(word);
        switch (file) {
            case X -> x(c, register);
            case F -> c.lload(floats.variable(register));
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
        if (operation.result() == Operation.Operand.F) {
            call(c, word, rounding);
            setF(c, rd(word));
            return false;
        }
        // It writes nothing of floating point but flags, and is seen to where one is new.
        flags(c);
        c.istore(FLAGS);
        call(c, word, rounding);
        setX(c, rd(word));
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
                x(c, rs1(word));
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
        setX(c, rd(word));
    }
}
