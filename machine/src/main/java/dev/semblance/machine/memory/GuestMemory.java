package dev.semblance.machine.memory;

/**
 * Guest memory by guest-physical address: little-endian, byte-addressable, checked.
 *
 * <p>Valid addresses are {@code base()} to {@code base() + size() - 1}, but for holes among them ({@link MemoryMap}). Every access is checked in 64 bits before anything is touched;
 * one that is not wholly inside throws {@link IndexOutOfBoundsException} and changes nothing. Devices check guest-given
 * ranges with {@link #contains} first, so the exception always means a bug of ours.
 *
 * <p>Alignment is never required. Single values go through {@link #read} and {@link #write} unless an implementation knows a
 * faster way.
 */
public interface GuestMemory {

    /** {@return bytes from the first valid address to the last, holes among them} */
    long size();

    /** {@return the first valid address, 0 or more; with {@link #size()} it does not pass 2^63} */
    long base();

    /**
     * {@return whether {@code length} bytes from {@code address} are all inside} Both numbers are taken as unsigned 64-bit
     * values, so a sum that wraps is outside. A range of length 0 is inside if its address is valid or the first behind those.
     * Whoever wraps a memory asks it: base and size alone know of no holes.
     *
     * @param address guest physical address
     * @param length in bytes
     */
    boolean contains(long address, long length);

    /**
     * Copies {@code length} bytes from guest memory at {@code address} to {@code target}.
     *
     * @param address guest physical address
     * @param target where the bytes go
     * @param offset of the first byte in the array
     * @param length in bytes
     */
    void read(long address, byte[] target, int offset, int length);

    /**
     * Copies {@code length} bytes of {@code source} to guest memory at {@code address}.
     *
     * @param address guest physical address
     * @param source where the bytes come from
     * @param offset of the first byte in the array
     * @param length in bytes
     */
    void write(long address, byte[] source, int offset, int length);

    /**
     * {@return the byte at {@code address}, sign-extended}
     *
     * @param address guest physical address
     */
    default byte getByte(long address) {
        byte[] bytes = new byte[1];
        read(address, bytes, 0, 1);
        return bytes[0];
    }

    /**
     * {@return the little-endian 16-bit value at {@code address}}
     *
     * @param address guest physical address
     */
    default short getShort(long address) {
        byte[] bytes = new byte[2];
        read(address, bytes, 0, 2);
        return (short) (bytes[0] & 0xff | bytes[1] << 8);
    }

    /**
     * {@return the little-endian 32-bit value at {@code address}}
     *
     * @param address guest physical address
     */
    default int getInt(long address) {
        byte[] bytes = new byte[4];
        read(address, bytes, 0, 4);
        return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
    }

    /**
     * {@return the little-endian 64-bit value at {@code address}}
     *
     * @param address guest physical address
     */
    default long getLong(long address) {
        byte[] bytes = new byte[8];
        read(address, bytes, 0, 8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /**
     * Stores a byte.
     *
     * @param address guest physical address
     * @param value what is stored
     */
    default void putByte(long address, byte value) {
        write(address, new byte[] {value}, 0, 1);
    }

    /**
     * Stores a little-endian 16-bit value.
     *
     * @param address guest physical address
     * @param value what is stored
     */
    default void putShort(long address, short value) {
        write(address, new byte[] {(byte) value, (byte) (value >> 8)}, 0, 2);
    }

    /**
     * Stores a little-endian 32-bit value.
     *
     * @param address guest physical address
     * @param value what is stored
     */
    default void putInt(long address, int value) {
        write(
                address,
                new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)},
                0,
                4);
    }

    /**
     * Stores a little-endian 64-bit value.
     *
     * @param address guest physical address
     * @param value what is stored
     */
    default void putLong(long address, long value) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (value >> 8 * i);
        }
        write(address, bytes, 0, 8);
    }

    /**
     * {@return the little-endian 16-bit value at {@code address}, so that all can be seen that its writer wrote before it} For what
     * shares its memory with nobody who runs at the same time, this is {@link #getShort}.
     *
     * @param address guest physical address, a multiple of 2
     */
    default short getShortAcquire(long address) {
        return getShort(address);
    }

    /**
     * Stores a little-endian 16-bit value, so that who sees it sees all that was written before it. For what shares its memory with
     * nobody who runs at the same time, this is {@link #putShort}.
     *
     * @param address guest physical address, a multiple of 2
     * @param value what is stored
     */
    default void putShortRelease(long address, short value) {
        putShort(address, value);
    }

    /**
     * Lets nothing behind it happen before all that is in front of it can be seen. For what shares its memory with nobody who runs at
     * the same time, this does nothing.
     */
    default void fence() {}
}
