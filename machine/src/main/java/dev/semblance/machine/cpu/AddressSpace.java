package dev.semblance.machine.cpu;

/** What an address of guest memory means. */
public enum AddressSpace {
    /** Guest physical: where devices and page tables find it. */
    PHYSICAL,
    /**
     * Virtual: what instructions name, translated by satp as it is at that moment. On a hart of 32 bits, only the low 32 bits of an
     * address count.
     */
    VIRTUAL
}
