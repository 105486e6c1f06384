package dev.semblance.machine.translate;

import static dev.semblance.machine.isa.Decoded.immediate;
import static dev.semblance.machine.isa.Decoded.op;
import static dev.semblance.machine.isa.Decoded.rd;
import static dev.semblance.machine.isa.Decoded.rs1;
import static dev.semblance.machine.isa.Decoded.rs2;
import static dev.semblance.machine.translate.CoreNames.BYTE_ARRAYS;
import static dev.semblance.machine.translate.CoreNames.LONG_ARRAY;
import static dev.semblance.machine.translate.CoreNames.MMU;
import static dev.semblance.machine.translate.CoreNames.REGION;
import static dev.semblance.machine.translate.CoreNames.RUNTIME;
import static dev.semblance.machine.translate.CoreNames.STATE;
import static dev.semblance.machine.translate.CoreNames.STATUS;
import static dev.semblance.machine.translate.CoreNames.TLB;
import static dev.semblance.machine.translate.Variables.ADDRESS;
import static dev.semblance.machine.translate.Variables.BUDGET;
import static dev.semblance.machine.translate.Variables.COMPLEMENT;
import static dev.semblance.machine.translate.Variables.DIRTY;
import static dev.semblance.machine.translate.Variables.FCSR;
import static dev.semblance.machine.translate.Variables.LOAD_PAGES;
import static dev.semblance.machine.translate.Variables.LOAD_TAGS;
import static dev.semblance.machine.translate.Variables.PAGE;
import static dev.semblance.machine.translate.Variables.PC;
import static dev.semblance.machine.translate.Variables.STORE_PAGES;
import static dev.semblance.machine.translate.Variables.STORE_TAGS;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytecode of a region: a method that is left by one of many ways. It pays for the budget a part at a time; where it stops in the middle of one, it
 * gives back what was not executed.
 */
final class RegionCode {

    /** HotSpot never compiles a method that is longer. */
    private static final int MAX_BYTES = 8000;

    /** No method of a class file may be longer (Java Virtual Machine Specification, 4.7.3). */
    private static final int MAX_METHOD = 65_535;

    // More than the bytes of whatever is written, jumps that lead far included.
    private static final int FRAME_BYTES = 1024;
    private static final int PART_BYTES = 80;
    private static final int INSTRUCTION_BYTES = 96;
    private static final int DISPATCH_BYTES = 32;
    private static final int CASE_BYTES = 8;

    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_int, STATE, MMU, CD_long, CD_int);

    private final RegionShape shape;
    private final Operations operations;
    private final InstructionCode instructions;
    private final int[] places;
    private final int[] entries;
    private final boolean hasCompressed;
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

    private RegionCode(RegionShape shape, Operations operations) {
        this.shape = shape;
        this.operations = operations;
        this.instructions = new InstructionCode(operations, shape.isa().is64());
        this.places = shape.places();
        this.entries = shape.entries();
        this.hasCompressed = shape.isa().hasCompressed();
        for (int place : places) {
            instructions.announce(shape.word(place));
        }
    }

    /**
     * The class of a region.
     *
     * @param shape what is in it: all that was asked for, unless its method were so long that HotSpot would never compile it
     * @param classFile its bytes
     */
    record Made(RegionShape shape, byte[] classFile) {}

    /** {@return the class of a region} */
    static Made of(RegionShape shape, Effort effort, Operations operations) {
        RegionShape smaller = shape;
        while (longest(smaller) > MAX_METHOD && smaller.canBeSmaller()) {
            smaller = smaller.smaller();
        }
        byte[] bytes = classFile(smaller, effort, operations);
        while (isTooLong(bytes) && smaller.canBeSmaller()) {
            smaller = smaller.smaller();
            bytes = classFile(smaller, effort, operations);
        }
        return new Made(smaller, bytes);
    }

    /**
     * {@return how many bytes the method of a region has at most} What a guest jumps into in many places is written many times, and each jump to a
     * register may lead to each entry, so few instructions can become many bytes.
     */
    static long longest(RegionShape shape) {
        long cases = CASE_BYTES * (long) shape.entries().length;
        long bytes = FRAME_BYTES + cases;
        for (int place : shape.places()) {
            if (shape.isLeader(place)) {
                int[] part = shape.part(place);
                boolean dispatches = op(shape.word(part[part.length - 1])) == Op.JALR;
                bytes +=
                        PART_BYTES + INSTRUCTION_BYTES * (long) part.length + (dispatches ? DISPATCH_BYTES + cases : 0);
            }
        }
        return bytes;
    }

    private static boolean isTooLong(byte[] classFile) {
        return classFile.length > MAX_BYTES && methodLength(classFile) > MAX_BYTES;
    }

    /** {@return how many bytes the method of a region has} */
    static int methodLength(byte[] classFile) {
        return ClassFile.of().parse(classFile).methods().stream()
                .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                .mapToInt(CodeAttribute::codeLength)
                .max()
                .orElseThrow();
    }

    private static byte[] classFile(RegionShape shape, Effort effort, Operations operations) {
        // Version 49 is the last for which no stack maps are asked for, which would cost more than all the rest.
        return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
                .build(
                        CoreNames.made(effort),
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
                                // Called once more where a jump leads so far that it is written in another way.
                                .withMethodBody("run", RUN, 0, c -> new RegionCode(shape, operations).method(c)));
    }

    // ---- the method -----------------------------------------------------------------------------------------------

    private void method(CodeBuilder c) {
        exit = c.newLabel();
        for (int place : places) {
            if (shape.isLeader(place)) {
                heads[place] = c.newLabel();
            }
        }
        begin(c);
        // Whoever comes to what is no entry has made no step, and must be told to make one.
        Label lost = c.newLabel();
        dispatch(c, lost);
        c.labelBinding(lost).iconst_m1().istore(COMPLEMENT).goto_(exit());
        for (int place : places) {
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
            instructions.address(c, stop.offset());
            c.lstore(PC).goto_(exit());
        }
        end(c);
    }

    private void begin(CodeBuilder c) {
        if (instructions.usesFloats()) {
            Label on = c.newLabel();
            c.aload(Variables.STATE)
                    .invokestatic(RUNTIME, "isFloatOff", MethodTypeDesc.of(CD_boolean, STATE))
                    .ifeq(on)
                    .iload(BUDGET)
                    .iconst_m1()
                    .ixor()
                    .ireturn()
                    .labelBinding(on);
            c.aload(Variables.STATE).getfield(STATE, "f", LONG_ARRAY).astore(Variables.F);
            c.aload(Variables.STATE).getfield(STATE, "fcsr", STATUS).astore(FCSR);
            c.iconst_0().istore(DIRTY);
        }
        c.aload(Variables.STATE).getfield(STATE, "x", LONG_ARRAY).astore(Variables.X);
        c.aload(Variables.MMU).getfield(MMU, "tlb", TLB).dup().dup().dup();
        c.getfield(TLB, "loadTag", LONG_ARRAY).astore(LOAD_TAGS);
        c.getfield(TLB, "loadPage", BYTE_ARRAYS).astore(LOAD_PAGES);
        c.getfield(TLB, "storeTag", LONG_ARRAY).astore(STORE_TAGS);
        c.getfield(TLB, "storePage", BYTE_ARRAYS).astore(STORE_PAGES);
        c.aload(Variables.STATE).getfield(STATE, "pc", CD_long).lstore(PC);
        c.iconst_0().istore(COMPLEMENT);
        instructions.copyIn(c);
    }

    private void end(CodeBuilder c) {
        c.labelBinding(exit());
        if (instructions.usesFloats()) {
            Label clean = c.newLabel();
            c.iload(DIRTY)
                    .ifeq(clean)
                    .aload(Variables.STATE)
                    .invokestatic(RUNTIME, "setFloatDirty", MethodTypeDesc.of(CD_void, STATE))
                    .labelBinding(clean);
        }
        c.aload(Variables.STATE).lload(PC).putfield(STATE, "pc", CD_long);
        c.iload(BUDGET).iload(COMPLEMENT).ixor().ireturn();
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

    private Label stop(CodeBuilder c, int offset, int refund, boolean interpret) {
        Label label = c.newLabel();
        stops.add(new Stop(label, offset, refund, interpret));
        return label;
    }

    // ---- parts ----------------------------------------------------------------------------------------------------

    private void part(CodeBuilder c, int first) {
        int[] part = shape.part(first);
        c.labelBinding(head(first));
        c.iinc(BUDGET, -part.length).iload(BUDGET).iflt(stop(c, 2 * first, part.length, true));
        for (int i = 0; i < part.length; i++) {
            if (instruction(c, part[i], part.length - i, shape.word(part[i]))) {
                return;
            }
        }
        int last = part[part.length - 1];
        follow(c, 2 * (last + shape.size(last)));
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

    /** {@return whether control never goes along} */
    private boolean instruction(CodeBuilder c, int place, int left, long word) {
        return switch (op(word)) {
            case Op.BEQ, Op.BNE, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU -> branch(c, place, word);
            case Op.JAL -> jump(c, place, left, word);
            case Op.JALR -> jumpToRegister(c, place, left, word);
            default -> instructions.execute(c, word, () -> stop(c, 2 * place, left, true));
        };
    }

    // ---- control transfer -----------------------------------------------------------------------------------------

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

    /** Whether no instruction can begin there. */
    private boolean isMisaligned(int offset) {
        return !hasCompressed && (offset & 2) != 0;
    }

    private void link(CodeBuilder c, int place, long word) {
        if (rd(word) != Decoded.SINK) {
            instructions.address(c, 2 * (place + shape.size(place)));
            instructions.writeX(c, rd(word));
        }
    }

    private boolean jump(CodeBuilder c, int place, int left, long word) {
        if (isMisaligned(immediate(word))) {
            c.goto_(stop(c, 2 * place, left, true));
        } else {
            link(c, place, word);
            follow(c, immediate(word));
        }
        return true;
    }

    private boolean jumpToRegister(CodeBuilder c, int place, int left, long word) {
        instructions.readX(c, rs1(word));
        c.loadConstant((long) immediate(word)).ladd().loadConstant(-2L).land();
        instructions.canonical(c);
        c.lstore(ADDRESS);
        if (!hasCompressed) {
            c.lload(ADDRESS).loadConstant(2L).land().lconst_0().lcmp().ifne(stop(c, 2 * place, left, true));
        }
        link(c, place, word);
        c.lload(ADDRESS).lstore(PC);
        comeTo(c);
        return true;
    }

    private boolean branch(CodeBuilder c, int place, long word) {
        int target = immediate(word);
        Label to = isMisaligned(target) ? stop(c, 2 * place, 1, true) : way(c, target);
        instructions.readX(c, rs1(word));
        instructions.readX(c, rs2(word));
        switch (op(word)) {
            case Op.BEQ -> c.lcmp().ifeq(to);
            case Op.BNE -> c.lcmp().ifne(to);
            case Op.BLT -> c.lcmp().iflt(to);
            case Op.BGE -> c.lcmp().ifge(to);
            default -> {
                operations.of(op(word)).call(c);
                c.ifne(to);
            }
        }
        follow(c, 2 * (place + shape.size(place)));
        return true;
    }
}
