package dev.semblance.machine.translate;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.concurrent.Executor;

/** A fault that is planted in the code of every region, each in another part of what {@link RegionCode} and {@link InstructionCode} write. */
public enum Fault {
    /** XOR computes what OR does. */
    ROW_OF_ANOTHER_INSTRUCTION(calling("xor", (c, call) -> call(c, call, "or"))),

    /** LHU extends the sign. */
    WRONG_SIGN(calling("lhu", (c, call) -> call(c, call, "lh"))),

    /** Of what was paid for and not executed, one is lost. */
    REFUND_OF_ONE_LESS((c, element, before) -> {
        boolean found = element instanceof IncrementInstruction increment
                && increment.slot() == Variables.BUDGET
                && increment.constant() > 0;
        if (found) {
            c.iinc(Variables.BUDGET, ((IncrementInstruction) element).constant() - 1);
        }
        return found;
    }),

    /** A part is executed whether there is budget for it or not. */
    NO_LOOK_AT_THE_BUDGET((c, element, before) -> {
        boolean found = branches(element, Opcode.IFLT) && loads(before, Variables.BUDGET);
        if (found) {
            c.pop();
        }
        return found;
    }),

    /** Instructions of floating point are executed while sstatus.FS is Off. */
    FLOATING_POINT_NEVER_OFF(calling("isFloatOff", (c, call) -> c.pop().iconst_0())),

    /** Writing to a floating-point register does not set sstatus.FS to Dirty. */
    FLOATING_POINT_NEVER_DIRTY(calling("setFloatDirty", (c, call) -> c.pop())),

    /** A new flag of fcsr does not set sstatus.FS to Dirty. */
    FLAGS_NEVER_DIRTY((c, element, before) -> {
        boolean found = branches(element, Opcode.IF_ICMPEQ) && loads(before, Variables.FLAGS);
        if (found) {
            c.pop2().goto_(((BranchInstruction) element).target());
        }
        return found;
    }),

    /** The rounding mode of frm is always the one to the nearest. */
    ONE_ROUNDING_MODE(calling("dynamicRounding", (c, call) -> c.pop().iconst_0())),

    /** LR reserves nothing. */
    NO_RESERVATION(calling("reserve", (c, call) -> c.pop2().pop().pop())),

    /** SC says that it has stored, whether it has or not. */
    SUCCESS_WITHOUT_RESERVATION((c, element, before) -> {
        boolean found = element instanceof InvokeInstruction call
                && call.name().stringValue().startsWith("storeConditional");
        if (found) {
            InvokeInstruction call = (InvokeInstruction) element;
            call(c, call, call.name().stringValue());
            c.pop2().lconst_0();
        }
        return found;
    }),

    /** A jump to another page goes on at the same place of this one. */
    JUMPS_STAY_IN_THE_PAGE((c, element, before) -> {
        boolean found = element instanceof ConstantInstruction
                && before instanceof OperatorInstruction operator
                && operator.opcode() == Opcode.LXOR;
        if (found) {
            c.lconst_0();
        }
        return found;
    }),

    /** The program counter is two bytes on at every way out. */
    WRONG_PROGRAM_COUNTER((c, element, before) -> {
        boolean found = element instanceof StoreInstruction store && store.slot() == Variables.PC && !isField(before);
        if (found) {
            c.loadConstant(2L).ladd().lstore(Variables.PC);
        }
        return found;
    }),

    /** A misaligned word is loaded as if its address were a multiple of four. */
    NO_LOOK_AT_THE_ALIGNMENT(calling("canLoad4", (c, call) -> call(c, call, "canLoad1"))),

    /** A store goes wherever a load may: D stays clear, and nobody sees that code is written to. */
    STORES_TRANSLATED_AS_LOADS((c, element, before) -> {
        if (loads(element, Variables.STORE_TAGS)) {
            c.aload(Variables.LOAD_TAGS);
        } else if (loads(element, Variables.STORE_PAGES)) {
            c.aload(Variables.LOAD_PAGES);
        } else if (element instanceof InvokeInstruction call
                && call.name().stringValue().startsWith("canStore")) {
            call(c, call, call.name().stringValue().replace("Store", "Load"));
        } else {
            return false;
        }
        return true;
    }),

    /** What is written to a0 is lost when the region is left. */
    REGISTER_KEPT_INSIDE((c, element, before) -> {
        boolean found = element instanceof ArrayStoreInstruction && loads(before, Variables.FIRST_X + 2 * 10);
        if (found) {
            c.pop2().pop2();
        }
        return found;
    });

    @SuppressWarnings("ImmutableEnumChecker") // All of them are functions without state.
    private final Planting planting;

    Fault(Planting planting) {
        this.planting = planting;
    }

    /** Makes a translator all of whose regions have the fault. */
    public Translator plantedIn(Executor executor, Translator.Options options) {
        return new Translator(executor, options, this::plantedIn);
    }

    private byte[] plantedIn(byte[] classFile) {
        ClassFile files = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        return files.transformClass(
                files.parse(classFile),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("run"), CodeTransform.ofStateful(this::transform)));
    }

    private CodeTransform transform() {
        CodeElement[] before = new CodeElement[1];
        return (c, element) -> {
            if (!planting.plant(c, element, before[0] == null ? element : before[0])) {
                c.with(element);
            }
            before[0] = element;
        };
    }

    /** Puts something wrong where an instruction was; says whether it did. */
    private interface Planting {
        boolean plant(CodeBuilder c, CodeElement element, CodeElement before);
    }

    private interface Call {
        void replace(CodeBuilder c, InvokeInstruction call);
    }

    private static Planting calling(String name, Call call) {
        return (c, element, before) -> {
            boolean found =
                    element instanceof InvokeInstruction invoke && invoke.name().equalsString(name);
            if (found) {
                call.replace(c, (InvokeInstruction) element);
            }
            return found;
        };
    }

    private static void call(CodeBuilder c, InvokeInstruction call, String name) {
        c.invokestatic(call.owner().asSymbol(), name, call.typeSymbol());
    }

    private static boolean branches(CodeElement element, Opcode how) {
        return element instanceof BranchInstruction branch && branch.opcode() == how;
    }

    private static boolean loads(CodeElement element, int variable) {
        return element instanceof LoadInstruction load && load.slot() == variable;
    }

    private static boolean isField(CodeElement element) {
        return element instanceof FieldInstruction;
    }
}
