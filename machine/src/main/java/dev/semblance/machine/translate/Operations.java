package dev.semblance.machine.translate;

import dev.semblance.machine.fp.FloatArithmetic;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.Semantics;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;

/** The operations of the instruction table, by {@link Op}. Rows that share a number do the same. */
final class Operations {

    private final Operation[] byOp = new Operation[Op.ILLEGAL + 1];

    Operations() {
        Map<String, Method> integer = methods(Semantics.class);
        Map<String, Method> floating = methods(FloatArithmetic.class);
        for (Instruction row : InstructionSet.all()) {
            byOp[row.op()] = operation(row, row.format().hasFloat() ? floating : integer);
        }
    }

    Operation of(int op) {
        return byOp[op];
    }

    private static Map<String, Method> methods(Class<?> type) {
        Map<String, Method> methods = new TreeMap<>();
        for (Method method : type.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())) {
                methods.put(method.getName(), method);
            }
        }
        return methods;
    }

    private static Operation operation(Instruction row, Map<String, Method> methods) {
        Format format = row.format();
        Class<?> owner = format.hasFloat() ? FloatArithmetic.class : Semantics.class;
        return new Operation(format, owner.describeConstable().orElseThrow(), row.semantics(), type(row, methods));
    }

    private static MethodTypeDesc type(Instruction row, Map<String, Method> methods) {
        if (row.semantics().isEmpty()) {
            return ConstantDescs.MTD_void;
        }
        Method method = methods.get(row.semantics());
        if (method == null) {
            throw new IllegalStateException("no method " + row.semantics() + " for " + row.mnemonic());
        }
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .describeConstable()
                .orElseThrow();
    }
}
