package dev.semblance.machine.cpu;

import dev.semblance.machine.profile.Isa;

/**
 * A page-based virtual memory system, and how the hart keeps its translations (privileged architecture, 12.3 and 12.4). A
 * <em>region</em> is what the largest leaf maps.
 */
enum TranslationScheme {
    /** Two levels of 1,024 entries of 4 bytes; leaves map 4 KiB or 4 MiB. */
    SV32(2, 10, 4, 256),
    /** Three levels of 512 entries of 8 bytes; leaves map 4 KiB, 2 MiB or 1 GiB. */
    SV39(3, 9, 8, 1024);

    /** satp.MODE of {@link #SV39}; the other modes of 64 bits are Bare, 0, and such as are not there. */
    static final int MODE_SV39 = 8;

    private static final int PAGE_SHIFT = 12;

    /** Of an entry of Sv39 that leads to another table, the bits that must be 0: U, A and D. */
    private static final int PTE_OF_LEAF = 16 | 64 | 128;

    /** N, PBMT and what is reserved: bits of an entry of Sv39 of extensions that are not there. */
    private static final long PTE_RESERVED = 0xffc0_0000_0000_0000L;

    private final int levels;
    private final int indexBits;
    private final int entrySize;
    private final int tlbEntries;

    TranslationScheme(int levels, int indexBits, int entrySize, int tlbEntries) {
        this.levels = levels;
        this.indexBits = indexBits;
        this.entrySize = entrySize;
        this.tlbEntries = tlbEntries;
    }

    static TranslationScheme of(Isa isa) {
        return isa.is64() ? SV39 : SV32;
    }

    /** {@return how many page table entries lead to a page of 4 KiB} */
    int levels() {
        return levels;
    }

    /** {@return the bytes of a page table entry} */
    int entrySize() {
        return entrySize;
    }

    /** {@return how many bits of an address lie below those that a level translates, 0 being the last level} */
    int shift(int level) {
        return PAGE_SHIFT + level * indexBits;
    }

    /** {@return which entry of its table an address has at a level} */
    int index(long address, int level) {
        return (int) (address >>> shift(level)) & (1 << indexBits) - 1;
    }

    /** {@return how many translations are kept of each kind of access} */
    int tlbEntries() {
        return tlbEntries;
    }

    /** {@return whether a virtual address can be translated: on 64 bits, the upper bits are copies of the highest that is} */
    boolean isAddress(long address) {
        int unused = Long.SIZE - (this == SV32 ? Integer.SIZE : shift(levels));
        return address << unused >> unused == address;
    }

    /** {@return how many regions of addresses there are} */
    int regions() {
        return 1 << indexBits;
    }

    /** {@return the number of the region that an address lies in} */
    int region(long address) {
        return index(address, levels - 1);
    }

    /** {@return the bits by which the addresses of two regions differ} */
    long regionMask() {
        return -1L << shift(levels - 1);
    }

    /** {@return whether satp can hold a value: a mode that is there, and no bits of an address space} */
    boolean canBe(long satp) {
        return this == SV32
                ? ((int) satp & ~0x803f_ffff) == 0
                : satp == 0 || satp >>> Long.SIZE - 20 == (long) MODE_SV39 << 16;
    }

    /** {@return whether addresses are not translated} */
    boolean isBare(long satp) {
        return this == SV32 ? satp >= 0 : satp == 0;
    }

    /** {@return the physical address of an access that is not translated} */
    long untranslated(long address) {
        return this == SV32 ? address & 0xffff_ffffL : address;
    }

    /** {@return the address of a physical page, whose number lies in the low bits: 22 for Sv32, 44 for Sv39} */
    long physicalPage(long number) {
        return (number & (this == SV32 ? 0x3f_ffffL : 0xfff_ffff_ffffL)) << PAGE_SHIFT;
    }

    /** {@return whether an entry of Sv39 has bits set that must be 0 (12.4.1)} Of Sv32, the bits of an inner entry are left alone. */
    boolean isReserved(long pte, boolean leaf) {
        return this == SV39 && ((pte & PTE_RESERVED) != 0 || !leaf && (pte & PTE_OF_LEAF) != 0);
    }
}
