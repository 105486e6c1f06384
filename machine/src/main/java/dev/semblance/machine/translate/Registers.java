package dev.semblance.machine.translate;

import dev.semblance.machine.isa.Decoded;
import java.lang.classfile.CodeBuilder;

/**
 * A register file in local variables. Whatever is written goes to the hart's array as well, so that the region can be left anywhere with nothing to
 * bring back: there are far more ways out than are taken, and what each of them costs is paid by the JIT compiler.
 */
final class Registers {

    private final int array;
    private final int first;
    private final boolean hasZero;
    private final boolean[] read = new boolean[32];

    private Registers(int array, int first, boolean hasZero) {
        this.array = array;
        this.first = first;
        this.hasZero = hasZero;
    }

    static Registers integer() {
        return new Registers(Variables.X, Variables.FIRST_X, true);
    }

    static Registers floating() {
        return new Registers(Variables.F, Variables.FIRST_F, false);
    }

    /** Says that a register is read somewhere. */
    void willBeRead(int number) {
        read[number & 31] = true;
    }

    /** Copies what will be read from the array. */
    void copyIn(CodeBuilder c) {
        for (int number = 0; number < 32; number++) {
            if (read[number] && !isZero(number)) {
                c.aload(array).loadConstant(number).laload().lstore(variable(number));
            }
        }
    }

    /** Puts a register on the stack. */
    void read(CodeBuilder c, int number) {
        if (isZero(number & 31)) {
            c.lconst_0();
        } else {
            c.lload(variable(number & 31));
        }
    }

    /** Takes what is on the stack for a register. What goes to x0 goes nowhere. */
    void write(CodeBuilder c, int number) {
        if (number == Decoded.SINK) {
            c.pop2();
        } else {
            c.lstore(variable(number))
                    .aload(array)
                    .loadConstant(number)
                    .lload(variable(number))
                    .lastore();
        }
    }

    private boolean isZero(int number) {
        return hasZero && number == 0;
    }

    private int variable(int number) {
        return first + 2 * number;
    }
}
