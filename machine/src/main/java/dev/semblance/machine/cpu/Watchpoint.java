package dev.semblance.machine.cpu;

/**
 * A range of addresses, and which accesses to it are told to who watches.
 *
 * <p>By {@link AddressSpace#PHYSICAL} addresses, all that reaches the bytes is seen: by whatever virtual address, and also writes of
 * devices and of page table walks. By {@link AddressSpace#VIRTUAL} addresses, loads and stores of instructions that name such an
 * address are, in every address space and mode, wherever it leads; another name of the same bytes is another address. Only RAM is
 * watched: an access to a device, or one that traps, touches nothing.
 *
 * @param space what the addresses mean
 * @param address of the first byte
 * @param length in bytes, 1 or more; with the address it stays inside of the 64 bits
 * @param loads whether loads are told. Fetches of instructions, and what page table walks read, are no loads
 * @param stores whether writes are told: stores, SCs that succeed, AMOs, what walks set, what devices write
 * @param stops whether the run also ends, after the instruction that made the access
 */
public record Watchpoint(AddressSpace space, long address, long length, boolean loads, boolean stores, boolean stops) {

    /** Checks that the range is one. */
    public Watchpoint {
        if (length <= 0 || space == AddressSpace.PHYSICAL && (address < 0 || address > Long.MAX_VALUE - length)) {
            throw new IllegalArgumentException(
                    "no range to watch: 0x" + Long.toHexString(address) + ", " + length + " bytes");
        }
    }

    /**
     * {@return a watchpoint that tells of writes to a range of physical addresses, and ends no run}
     *
     * @param address of the first byte
     * @param length in bytes
     */
    public static Watchpoint ofWrites(long address, long length) {
        return new Watchpoint(AddressSpace.PHYSICAL, address, length, false, true, false);
    }
}
