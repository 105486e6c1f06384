package dev.semblance.machine.cpu;

/**
 * An access to watched memory. Of a range that it only overlaps, it is told as a whole. Values are little-endian, in the low
 * {@code length} bytes; the others are 0.
 *
 * <p>A load or store that lies on two pages is two of these, the lower addresses first. An AMO is a load and then a store.
 */
public sealed interface MemoryEvent {

    /** {@return the cycle of the instruction, or the one at which a device or the host wrote} */
    long cycle();

    /** {@return the guest physical address of the first byte} */
    long physical();

    /** {@return how many bytes} */
    long length();

    /** Told of accesses, one after the other, on the thread that runs the machine. */
    @FunctionalInterface
    interface Listener {

        /** Does nothing. */
        Listener NOBODY = event -> {};

        /**
         * Called at an access; of a write, before the bytes change. The machine is in the middle of an instruction: whoever
         * listens does not touch it.
         *
         * @param event what happens
         */
        void accessed(MemoryEvent event);
    }

    /**
     * An instruction loads.
     *
     * @param cycle at which it executes
     * @param pc where it stands
     * @param privilege its mode
     * @param virtual the address it loads from
     * @param physical where that is
     * @param length 1 to 8
     * @param value what it loads
     */
    record Load(long cycle, long pc, Privilege privilege, long virtual, long physical, long length, long value)
            implements MemoryEvent {}

    /**
     * An instruction stores.
     *
     * @param cycle at which it executes
     * @param pc where it stands
     * @param privilege its mode
     * @param virtual the address it stores to
     * @param physical where that is
     * @param length 1 to 8
     * @param before what the bytes were
     * @param value what they become, the same perhaps
     */
    record Store(
            long cycle, long pc, Privilege privilege, long virtual, long physical, long length, long before, long value)
            implements MemoryEvent {}

    /**
     * A page table walk sets A or D in an entry, for an instruction that is fetched, loads or stores. That may trap afterwards.
     *
     * @param cycle at which the instruction executes
     * @param pc where it stands
     * @param privilege its mode
     * @param translated the virtual address that is looked up
     * @param physical where the entry is
     * @param length 4 or 8
     * @param before the entry as it was
     * @param value as it becomes
     */
    record PageTableUpdate(
            long cycle,
            long pc,
            Privilege privilege,
            long translated,
            long physical,
            long length,
            long before,
            long value)
            implements MemoryEvent {}

    /**
     * A device, the firmware or the host writes. What, can be read afterwards.
     *
     * @param cycle the present one
     * @param physical of the first byte
     * @param length in bytes
     */
    record DeviceWrite(long cycle, long physical, long length) implements MemoryEvent {}
}
