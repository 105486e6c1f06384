package dev.semblance.machine.translate;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** What the bytecode of regions names of the execution core, in whose package its classes are made. */
final class CoreNames {

    private static final String CORE = "dev.semblance.machine.cpu.";

    static final ClassDesc REGION = ClassDesc.of(CORE + "Region");
    static final ClassDesc RUNTIME = ClassDesc.of(CORE + "RegionRuntime");
    static final ClassDesc STATE = ClassDesc.of(CORE + "HartState");
    static final ClassDesc MMU = ClassDesc.of(CORE + "Mmu");
    static final ClassDesc TLB = ClassDesc.of(CORE + "Tlb");
    static final ClassDesc STATUS = ClassDesc.of("dev.semblance.machine.fp.FloatStatus");
    static final ClassDesc LONG_ARRAY = ConstantDescs.CD_long.arrayType();
    static final ClassDesc BYTE_ARRAYS = ConstantDescs.CD_byte.arrayType(2);

    private static final ClassDesc QUICK = ClassDesc.of(CORE + "QuickRegion");
    private static final ClassDesc FULL = ClassDesc.of(CORE + "FullRegion");

    private CoreNames() {}

    /** {@return the class of a region that is made} */
    static ClassDesc made(Effort effort) {
        return switch (effort) {
            case QUICK -> QUICK;
            case FULL -> FULL;
        };
    }
}
