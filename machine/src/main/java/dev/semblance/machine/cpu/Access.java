package dev.semblance.machine.cpu;

/** What an access to memory wants to do; each faults with a cause of its own (privileged architecture, table 22). */
enum Access {
    FETCH(Cause.INSTRUCTION_PAGE_FAULT, Cause.INSTRUCTION_ACCESS_FAULT),
    LOAD(Cause.LOAD_PAGE_FAULT, Cause.LOAD_ACCESS_FAULT),
    STORE(Cause.STORE_PAGE_FAULT, Cause.STORE_ACCESS_FAULT);

    private final int pageFault;
    private final int accessFault;

    Access(int pageFault, int accessFault) {
        this.pageFault = pageFault;
        this.accessFault = accessFault;
    }

    int pageFault() {
        return pageFault;
    }

    int accessFault() {
        return accessFault;
    }
}
