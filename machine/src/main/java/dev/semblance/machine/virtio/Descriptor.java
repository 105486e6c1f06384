package dev.semblance.machine.virtio;

import dev.semblance.machine.state.StateExchange;

/**
 * One descriptor of a chain, as its table has it (VIRTIO 1.2, 2.7.5): a buffer, or a pointer to a table of more.
 *
 * @param index its place in its table
 * @param address guest-physical, unsigned 64 bits
 * @param length in bytes, 0 to 2^32 - 1
 * @param flags the 16 flag bits as read
 */
public record Descriptor(int index, long address, long length, int flags) {

    /** One that is yet to be loaded. */
    public static final Descriptor NONE = new Descriptor(0, 0, 0, 0);

    /** VIRTQ_DESC_F_NEXT. */
    public static final int NEXT = 1;

    /** VIRTQ_DESC_F_WRITE: the device writes the buffer; otherwise it reads it. */
    public static final int WRITE = 2;

    /** VIRTQ_DESC_F_INDIRECT. */
    public static final int INDIRECT = 4;

    /** Bytes that a descriptor takes in the table. */
    public static final int SIZE = 16;

    /**
     * {@return this descriptor, or the one that is loaded}
     *
     * @param s saves or loads it; it is not digested, since it follows from the chain's head while the driver keeps the rules
     */
    public Descriptor exchanged(StateExchange s) {
        int itsIndex = s.saved(index, 0, 0xffff);
        long itsAddress = s.saved(address);
        long itsLength = s.saved(length);
        s.require(itsLength >= 0 && itsLength < 1L << 32, "a descriptor of it has an impossible length");
        return new Descriptor(itsIndex, itsAddress, itsLength, s.saved(flags, 0, 0xffff));
    }

    /** {@return whether the device writes this buffer} */
    public boolean isWritable() {
        return (flags & WRITE) != 0;
    }

    /**
     * {@return whether this is no buffer but points to a table of descriptors (2.7.5.3)} Its other flags mean nothing then, and
     * the descriptors behind it in a chain have their index in that table.
     */
    public boolean isIndirect() {
        return (flags & INDIRECT) != 0;
    }
}
