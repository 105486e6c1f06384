package dev.semblance.machine.memory;

/**
 * Guest memory by guest-physical address: little-endian, byte-addressable, checked.
 *
 * <p>Valid addresses are {@code 0} to {@code size() - 1}. Every access is checked in 64 bits before anything is touched;
 * one that is not wholly inside throws {@link IndexOutOfBoundsException} and changes nothing. Devices check guest-given
 * ranges with {@link #contains} first, so the exception always means a bug of ours.
 *
 * <p>Alignment is never required. Single values go through {@link #read} and {@link #write} unless an implementation knows a
 * faster way.
 */
public interface GuestMemory {

    /** Returns the size in bytes. */
    long size();

    /**
     * Tells whether {@code length} bytes from {@code address} are all inside. Both numbers are taken as unsigned 64-bit
     * values, so a sum that wraps is outside. A range of length 0 is inside if its address is at most {@link #size()}.
     */
    default boolean contains(long address, long length) {
        return length >= 0 && length <= size() && address >= 0 && address <= size() - length;
    }

    /** Copies {@code length} bytes from guest memory at {@code address} to {@code target}. */
    void read(long address, byte[] target, int offset, int length);

    /** Copies {@code length} bytes of {@code source} to guest memory at {@code address}. */
    void write(long address, byte[] source, int offset, int length);

    /** Returns the byte at {@code address}, sign-extended. */
    default byte getByte(long address) {
        byte[] bytes = new byte[1];
        read(address, bytes, 0, 1);
        return bytes[0];
    }

    /** Returns the little-endian 16-bit value at {@code address}. */
    default short getShort(long address) {
        byte[] bytes = new byte[2];
        read(address, bytes, 0, 2);
        return (short) (bytes[0] & 0xff | bytes[1] << 8);
    }

    /** Returns the little-endian 32-bit value at {@code address}. */
    default int getInt(long address) {
        byte[] bytes = new byte[4];
        read(address, bytes, 0, 4);
        return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
    }

    /** Returns the little-endian 64-bit value at {@code address}. */
    default long getLong(long address) {
        byte[] bytes = new byte[8];
        read(address, bytes, 0, 8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /** Stores a byte. */
    default void putByte(long address, byte value) {
        write(address, new byte[] {value}, 0, 1);
    }

    /** Stores a little-endian 16-bit value. */
    default void putShort(long address, short value) {
        write(address, new byte[] {(byte) value, (byte) (value >> 8)}, 0, 2);
    }

    /** Stores a little-endian 32-bit value. */
    default void putInt(long address, int value) {
        write(
                address,
                new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)},
                0,
                4);
    }

    /** Stores a little-endian 64-bit value. */
    default void putLong(long address, long value) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (value >> 8 * i);
        }
        write(address, bytes, 0, 8);
    }
}
