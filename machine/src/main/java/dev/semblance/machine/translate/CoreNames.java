package dev.semblance.machine.translate;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** What the bytecode of regions names of the execution core, in whose package its classes are made. */
final class CoreNames {

    private static final String CORE = "dev.semblance.machine.cpu.";

    static final ClassDesc MADE = ClassDesc.of(CORE + "MadeRegion");
    static final ClassDesc REGION = ClassDesc.of(CORE + "Region");
    static final ClassDesc RUNTIME = ClassDesc.of(CORE + "RegionRuntime");
    static final ClassDesc STATE = ClassDesc.of(CORE + "HartState");
    static final ClassDesc MMU = ClassDesc.of(CORE + "Mmu");
    static final ClassDesc TLB = ClassDesc.of(CORE + "Tlb");
    static final ClassDesc STATUS = ClassDesc.of("dev.semblance.machine.fp.FloatStatus");
    static final ClassDesc LONG_ARRAY = ConstantDescs.CD_long.arrayType();
    static final ClassDesc BYTE_ARRAYS = ConstantDescs.CD_byte.arrayType(2);

    private CoreNames() {}
}
