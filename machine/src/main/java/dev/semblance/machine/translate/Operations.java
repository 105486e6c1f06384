package dev.semblance.machine.translate;

import dev.semblance.machine.fp.FloatArithmetic;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.Semantics;
import dev.semblance.machine.translate.Operation.Operand;
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
            byOp[row.op()] = operation(row, isFloat(row.format()) ? floating : integer);
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
        Class<?> owner = isFloat(format) ? FloatArithmetic.class : Semantics.class;
        return new Operation(
                first(format),
                second(format),
                format == Format.FLOAT_R4 ? Operand.F : Operand.NONE,
                result(format),
                isFloat(format),
                owner.describeConstable().orElseThrow(),
                row.semantics(),
                type(row, methods));
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

    private static boolean isFloat(Format format) {
        return switch (format) {
            case FLOAT_LOAD,
                    FLOAT_S,
                    FLOAT_R4,
                    FLOAT_R_ROUNDED,
                    FLOAT_R,
                    FLOAT_UNARY_ROUNDED,
                    FLOAT_COMPARE,
                    FLOAT_TO_INTEGER_ROUNDED,
                    FLOAT_TO_INTEGER,
                    INTEGER_TO_FLOAT_ROUNDED,
                    INTEGER_TO_FLOAT -> true;
            case R, I, SHIFT, SHIFT_64, LOAD, S, B, U, J, CSR, CSR_IMMEDIATE, AMO, LOAD_RESERVED, FENCE_VMA, NONE ->
                false;
        };
    }

    private static Operand first(Format format) {
        return switch (format) {
            case R,
                    I,
                    SHIFT,
                    SHIFT_64,
                    LOAD,
                    S,
                    B,
                    CSR,
                    AMO,
                    LOAD_RESERVED,
                    FENCE_VMA,
                    FLOAT_LOAD,
                    FLOAT_S,
                    INTEGER_TO_FLOAT_ROUNDED,
                    INTEGER_TO_FLOAT -> Operand.X;
            case FLOAT_R4,
                    FLOAT_R_ROUNDED,
                    FLOAT_R,
                    FLOAT_UNARY_ROUNDED,
                    FLOAT_COMPARE,
                    FLOAT_TO_INTEGER_ROUNDED,
                    FLOAT_TO_INTEGER -> Operand.F;
            case U, J, CSR_IMMEDIATE, NONE -> Operand.NONE;
        };
    }

    private static Operand second(Format format) {
        return switch (format) {
            case R, S, B, AMO, FENCE_VMA -> Operand.X;
            case FLOAT_S, FLOAT_R4, FLOAT_R_ROUNDED, FLOAT_R, FLOAT_COMPARE -> Operand.F;
            case I,
                    SHIFT,
                    SHIFT_64,
                    LOAD,
                    U,
                    J,
                    CSR,
                    CSR_IMMEDIATE,
                    LOAD_RESERVED,
                    FLOAT_LOAD,
                    FLOAT_UNARY_ROUNDED,
                    FLOAT_TO_INTEGER_ROUNDED,
                    FLOAT_TO_INTEGER,
                    INTEGER_TO_FLOAT_ROUNDED,
                    INTEGER_TO_FLOAT,
                    NONE -> Operand.NONE;
        };
    }

    private static Operand result(Format format) {
        if (format.writesFloat()) {
            return Operand.F;
        }
        return switch (format) {
            case S, B, FLOAT_S, FENCE_VMA, NONE -> Operand.NONE;
            default -> Operand.X;
        };
    }
}
