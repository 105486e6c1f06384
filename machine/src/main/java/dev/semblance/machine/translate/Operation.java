package dev.semblance.machine.translate;

import dev.semblance.machine.isa.Format;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * What an instruction reads and writes, and the static method that says what it computes.
 *
 * @param format says where its operands are, and where its result goes
 * @param owner the class of the method
 * @param name the method; empty if there is none
 * @param type its type
 */
record Operation(Format format, ClassDesc owner, String name, MethodTypeDesc type) {

    /** Calls the method on what is on the stack. */
    void call(CodeBuilder c) {
        c.invokestatic(owner, name, type);
    }
}
