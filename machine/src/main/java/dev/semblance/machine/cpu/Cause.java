package dev.semblance.machine.cpu;

/** Exception codes of scause (privileged architecture, table 22), and the bits of sip and sie. */
final class Cause {
    static final int INSTRUCTION_MISALIGNED = 0;
    static final int INSTRUCTION_ACCESS_FAULT = 1;
    static final int ILLEGAL_INSTRUCTION = 2;
    static final int BREAKPOINT = 3;
    static final int LOAD_MISALIGNED = 4;
    static final int LOAD_ACCESS_FAULT = 5;
    static final int STORE_MISALIGNED = 6;
    static final int STORE_ACCESS_FAULT = 7;
    static final int ECALL_FROM_USER = 8;
    static final int INSTRUCTION_PAGE_FAULT = 12;
    static final int LOAD_PAGE_FAULT = 13;
    static final int STORE_PAGE_FAULT = 15;

    static final int SUPERVISOR_SOFTWARE = 1;
    static final int SUPERVISOR_TIMER = 5;
    static final int SUPERVISOR_EXTERNAL = 9;

    private Cause() {}
}
