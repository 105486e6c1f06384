package dev.semblance.machine.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A state that was saved: it never changes, and any number of threads can load it at once. Its fields are copies; its blocks (pages
 * of RAM, blocks of disks, rows of images) are shared with the machine that it was taken from, with those that have loaded it and with
 * other states: whoever writes to a block next copies it before. So taking one costs a pointer for each block.
 *
 * <p>As bytes it is: the eight characters {@code SMBSTATE}; the version, 1; the number of bytes of fields, the number of
 * blocks; the fields; each block, preceded by its length; the SHA-256 of all that. Numbers have 32 bits, little-endian.
 */
public final class SavedState {

    /** What the fields may take: as many stretches of backing as a GPU can have, four times over. */
    static final int MAX_FIELD_BYTES = 1 << 28;

    /** The largest block there can be: a row of the widest image. */
    private static final int MAX_BLOCK_BYTES = 1 << 28;

    private static final byte[] MAGIC = "SMBSTATE".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final byte[] fields;
    private final List<byte[]> blocks;

    /** Makes a state; the blocks are not to be changed any more. */
    SavedState(byte[] fields, List<byte[]> blocks) {
        this.fields = fields.clone();
        this.blocks = List.copyOf(blocks);
    }

    /**
     * {@return the state of a part, and of all that belongs to it} Nothing that the part does from here on changes it, and
     * taking it changes nothing that the part does.
     *
     * @param part what is saved, while it is not doing anything
     */
    public static SavedState of(Stateful part) {
        SaveExchange exchange = new SaveExchange();
        part.state(exchange);
        return exchange.saved();
    }

    /**
     * Loads this state into a part that is as after power-on and made like the one which was saved.
     *
     * @param part what goes on from this state
     * @throws BadStateException if the state is damaged or of another machine; the part is then in no state at all and must
     *     be thrown away
     */
    public void loadInto(Stateful part) throws BadStateException {
        LoadExchange exchange = new LoadExchange(fields, blocks);
        try {
            part.state(exchange);
            exchange.finish();
        } catch (LoadExchange.Refusal e) {
            BadStateException refused = new BadStateException(String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    /** {@return how many bytes {@link #writeTo} writes} */
    public long byteSize() {
        long size = MAGIC.length + 3L * Integer.BYTES + fields.length + 32;
        for (byte[] block : blocks) {
            size += (long) Integer.BYTES + block.length;
        }
        return size;
    }

    /** {@return how many blocks it shares} */
    public int blockCount() {
        return blocks.size();
    }

    /** {@return a copy of the fields} */
    byte[] fields() {
        return fields.clone();
    }

    /** {@return the blocks; they are not to be changed} */
    List<byte[]> blocks() {
        return blocks;
    }

    /**
     * Writes it as bytes.
     *
     * @param out takes them; it is not closed
     * @throws IOException if {@code out} does not take them
     */
    public void writeTo(OutputStream out) throws IOException {
        DigestOutputStream digested = new DigestOutputStream(out, StateDigest.sha256());
        digested.write(MAGIC);
        digested.write(number(VERSION));
        digested.write(number(fields.length));
        digested.write(number(blocks.size()));
        digested.write(fields);
        for (byte[] block : blocks) {
            digested.write(number(block.length));
            digested.write(block);
        }
        out.write(digested.getMessageDigest().digest());
    }

    /**
     * Reads what {@link #writeTo} has written. Memory grows with what is there, not with what the bytes claim.
     *
     * @param in gives the bytes; it is not closed
     * @param most the most bytes that may be read
     * @return the state
     * @throws IOException if {@code in} cannot be read
     * @throws BadStateException if that is no saved state, or a damaged one, or one that is too large
     */
    public static SavedState readFrom(InputStream in, long most) throws IOException, BadStateException {
        MessageDigest sha256 = StateDigest.sha256();
        DigestInputStream digested = new DigestInputStream(in, sha256);
        require(Arrays.equals(digested.readNBytes(MAGIC.length), MAGIC), "it is no saved state");
        require(number(digested) == VERSION, "it is of another version");
        int length = number(digested);
        int count = number(digested);
        require(length >= 0 && length <= MAX_FIELD_BYTES && count >= 0, "it is damaged");
        long left = most - MAGIC.length - 3L * Integer.BYTES - sha256.getDigestLength() - length;
        require(left >= (long) count * Integer.BYTES, "it is larger than " + most + " bytes");
        byte[] fields = exactly(digested, length);
        List<byte[]> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int size = number(digested);
            require(size >= 0 && size <= MAX_BLOCK_BYTES, "it is damaged");
            left -= (long) Integer.BYTES + size;
            require(left >= 0, "it is larger than " + most + " bytes");
            blocks.add(exactly(digested, size));
        }
        byte[] digest = sha256.digest();
        require(Arrays.equals(in.readNBytes(digest.length), digest), "it is damaged");
        return new SavedState(fields, blocks);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static int number(InputStream in) throws IOException, BadStateException {
        return ByteBuffer.wrap(exactly(in, Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException, BadStateException {
        byte[] bytes = in.readNBytes(length);
        require(bytes.length == length, "it ends too early");
        return bytes;
    }

    private static void require(boolean condition, String what) throws BadStateException {
        if (!condition) {
            throw new BadStateException("The state cannot be read: " + what + ".");
        }
    }

    /** {@return whether the other is the same state, byte by byte} */
    @Override
    public boolean equals(Object object) {
        if (!(object instanceof SavedState other)
                || !Arrays.equals(fields, other.fields)
                || blocks.size() != other.blocks.size()) {
            return false;
        }
        for (int i = 0; i < blocks.size(); i++) {
            if (!Arrays.equals(blocks.get(i), other.blocks.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    @Override
    public String toString() {
        return "SavedState[" + fields.length + " bytes, " + blocks.size() + " blocks]";
    }
}
