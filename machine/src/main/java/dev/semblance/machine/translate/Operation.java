package dev.semblance.machine.translate;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * What an instruction reads and writes, and the static method that says what it computes.
 *
 * @param first where its first operand is
 * @param second where its second is
 * @param third where its third is
 * @param result where its result goes
 * @param rounds whether an {@code int} that the method takes is a rounding mode
 * @param owner the class of the method
 * @param name the method; empty if there is none
 * @param type its type
 */
record Operation(
        Operand first,
        Operand second,
        Operand third,
        Operand result,
        boolean rounds,
        ClassDesc owner,
        String name,
        MethodTypeDesc type) {

    /** A register file. */
    enum Operand {
        NONE,
        X,
        F
    }
}
