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
import java.util.Optional;
import java.util.TreeMap;

/**
 * A state that was saved: it never changes, and any number of threads can load it at once. Its fields are copies; its blocks (pages
 * of RAM, blocks of disks and of images) are shared with the machine that it was taken from, with those that have loaded it and with
 * other states: whoever writes to a block next copies it before. So are the rows of pictures, which nobody writes to. So taking
 * one costs a pointer for each block and row.
 *
 * <p>As bytes it is: the eight characters {@code SMBSTATE}; the {@link #LAYOUT}; the number of bytes of fields, the number of
 * blocks, the number of rows; the fields; each block, preceded by its length; each row likewise, its length in pixels; the SHA-256
 * of all that. A block or row that is like one before is the number of that instead, from 0 among those that are there in full, with all bits
 * inverted: so pages cost their bytes once, however many are the same. Numbers and pixels have 32 bits, little-endian.
 */
public final class SavedState {

    /**
     * The version of what is saved: which fields each part has, in which order and width, and how they become bytes. States of one version
     * are of no use to another. It goes up with every change of that.
     */
    public static final int LAYOUT = 2;

    /** What the fields may take: as many stretches of backing as a GPU can have, four times over. */
    static final int MAX_FIELD_BYTES = 1 << 28;

    /** The largest block there can be: a row of the widest image. */
    private static final int MAX_BLOCK_BYTES = 1 << 28;

    private static final String DAMAGED = "it is damaged";
    private static final byte[] MAGIC = "SMBSTATE".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = MAGIC.length + 4 * Integer.BYTES;
    private static final int DIGEST_BYTES = 32;
    private static final byte[] NOTHING = {};

    private final byte[] fields;
    private final List<byte[]> blocks;
    private final List<int[]> rows;

    /** Makes a state; its parts are not to be changed any more. */
    SavedState(byte[] fields, List<byte[]> blocks, List<int[]> rows) {
        this.fields = fields;
        this.blocks = List.copyOf(blocks);
        this.rows = List.copyOf(rows);
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
        LoadExchange exchange = new LoadExchange(fields, blocks, rows);
        try {
            part.state(exchange);
            exchange.finish();
        } catch (LoadExchange.Refusal e) {
            BadStateException refused = new BadStateException(String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    /** {@return how many bytes {@link #writeTo} writes at the most: if no block and no row comes twice} */
    public long byteSize() {
        long size = (long) HEADER_BYTES + fields.length + DIGEST_BYTES;
        for (byte[] block : blocks) {
            size += (long) Integer.BYTES + block.length;
        }
        for (int[] row : rows) {
            size += Integer.BYTES * (1L + row.length);
        }
        return size;
    }

    /** {@return how many blocks it shares} */
    public int blockCount() {
        return blocks.size();
    }

    /** {@return how many bytes of its own it has; blocks and rows are shared} */
    public int fieldBytes() {
        return fields.length;
    }

    /** Told of what states share. */
    @FunctionalInterface
    public interface SharingVisitor {
        /**
         * Called for each block and each row.
         *
         * @param array the block or row itself, to be told from others of the same content; it is not to be changed
         * @param bytes how much memory it takes, in bytes
         */
        void visit(Object array, long bytes);
    }

    /**
     * Tells of the blocks and rows that this state shares with whoever has them too, so that what several states take together can
     * be counted.
     *
     * @param visitor told of each, perhaps more than once of the same
     */
    public void visitShared(SharingVisitor visitor) {
        for (byte[] block : blocks) {
            visitor.visit(block, block.length);
        }
        for (int[] row : rows) {
            visitor.visit(row, (long) Integer.BYTES * row.length);
        }
    }

    /** {@return a copy of the fields} */
    byte[] fields() {
        return fields.clone();
    }

    /** {@return the blocks; they are not to be changed} */
    List<byte[]> blocks() {
        return blocks;
    }

    /** {@return the rows; they are not to be changed} */
    List<int[]> rows() {
        return rows;
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
        digested.write(number(LAYOUT));
        digested.write(number(fields.length));
        digested.write(number(blocks.size()));
        digested.write(number(rows.size()));
        digested.write(fields);
        TreeMap<byte[], Integer> blocksBefore = new TreeMap<>(Arrays::compare);
        for (byte[] block : blocks) {
            Optional<Integer> same = Optional.ofNullable(blocksBefore.putIfAbsent(block, blocksBefore.size()));
            digested.write(number(same.map(n -> ~n).orElse(block.length)));
            digested.write(same.isPresent() ? NOTHING : block);
        }
        TreeMap<int[], Integer> rowsBefore = new TreeMap<>(Arrays::compare);
        for (int[] row : rows) {
            Optional<Integer> same = Optional.ofNullable(rowsBefore.putIfAbsent(row, rowsBefore.size()));
            digested.write(number(same.map(n -> ~n).orElse(row.length)));
            digested.write(same.isPresent() ? NOTHING : bytes(row));
        }
        out.write(digested.getMessageDigest().digest());
    }

    private static byte[] bytes(int[] row) {
        byte[] pixels = new byte[Integer.BYTES * row.length];
        ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(row);
        return pixels;
    }

    /**
     * Reads what {@link #writeTo} has written. Memory grows with what is there, not with what the bytes claim.
     *
     * @param in gives the bytes; it is not closed
     * @param most the most bytes that the state may have: {@link #byteSize}
     * @return the state
     * @throws IOException if {@code in} cannot be read
     * @throws BadStateException if that is no saved state, or a damaged one, or one of another {@link #LAYOUT}, or one that is too large
     */
    public static SavedState readFrom(InputStream in, long most) throws IOException, BadStateException {
        MessageDigest sha256 = StateDigest.sha256();
        DigestInputStream digested = new DigestInputStream(in, sha256);
        require(Arrays.equals(digested.readNBytes(MAGIC.length), MAGIC), "it is no saved state");
        int layout = number(digested);
        require(layout == LAYOUT, "it is of layout " + layout + ", and this version knows layout " + LAYOUT);
        int length = number(digested);
        int blockCount = number(digested);
        int rowCount = number(digested);
        require(length >= 0 && length <= MAX_FIELD_BYTES && blockCount >= 0 && rowCount >= 0, DAMAGED);
        Budget budget = new Budget(most);
        budget.take(HEADER_BYTES + DIGEST_BYTES + (long) length);
        byte[] fields = exactly(digested, length);
        List<byte[]> blocks = new ArrayList<>();
        List<byte[]> different = new ArrayList<>();
        for (int i = 0; i < blockCount; i++) {
            int size = number(digested);
            if (size < 0) {
                require(~size < different.size(), DAMAGED);
                byte[] same = different.get(~size);
                budget.take(Integer.BYTES + (long) same.length);
                // Whoever has a block copies it before writing to it, and is told from others that have one by the
                // array.
                blocks.add(same.clone());
            } else {
                different.add(block(digested, size, 1, budget));
                blocks.add(different.getLast());
            }
        }
        List<int[]> rows = new ArrayList<>();
        List<int[]> differentRows = new ArrayList<>();
        for (int i = 0; i < rowCount; i++) {
            int size = number(digested);
            if (size < 0) {
                require(~size < differentRows.size(), DAMAGED);
                int[] same = differentRows.get(~size);
                budget.take(Integer.BYTES * (1L + same.length));
                rows.add(same);
            } else {
                byte[] pixels = block(digested, size, Integer.BYTES, budget);
                int[] row = new int[size];
                ByteBuffer.wrap(pixels)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asIntBuffer()
                        .get(row);
                differentRows.add(row);
                rows.add(row);
            }
        }
        byte[] digest = sha256.digest();
        require(Arrays.equals(in.readNBytes(digest.length), digest), DAMAGED);
        return new SavedState(fields, blocks, rows);
    }

    /** How many bytes may be read still. */
    private static final class Budget {
        private final long most;
        private long left;

        Budget(long most) {
            this.most = most;
            this.left = most;
        }

        void take(long bytes) throws BadStateException {
            left -= bytes;
            require(left >= 0, "it is larger than " + most + " bytes");
        }
    }

    private static byte[] block(InputStream in, int length, int unit, Budget budget)
            throws IOException, BadStateException {
        require(length <= MAX_BLOCK_BYTES / unit, DAMAGED);
        budget.take(Integer.BYTES + (long) length * unit);
        return exactly(in, length * unit);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] number(int value) {
        return littleEndian(Integer.BYTES).putInt(value).array();
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
                || blocks.size() != other.blocks.size()
                || rows.size() != other.rows.size()) {
            return false;
        }
        for (int i = 0; i < blocks.size(); i++) {
            if (!Arrays.equals(blocks.get(i), other.blocks.get(i))) {
                return false;
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!Arrays.equals(rows.get(i), other.rows.get(i))) {
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
        return "SavedState[" + fields.length + " bytes, " + blocks.size() + " blocks, " + rows.size() + " rows]";
    }
}
