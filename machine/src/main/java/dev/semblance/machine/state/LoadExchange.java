package dev.semblance.machine.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Gives back what a {@link SaveExchange} has taken. */
final class LoadExchange extends StateExchange {

    /** Ends a load; {@link SavedState#loadInto} tells the caller. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }
    }

    private final ByteBuffer fields;
    private final List<byte[]> blocks;
    private final List<int[]> rows;
    private final List<Runnable> last = new ArrayList<>();
    private int nextBlock;
    private int nextRow;
    private String part = "";

    LoadExchange(byte[] fields, List<byte[]> blocks, List<int[]> rows) {
        this.fields = ByteBuffer.wrap(fields).order(ByteOrder.LITTLE_ENDIAN);
        this.blocks = blocks;
        this.rows = rows;
    }

    /** To be called when all parts are loaded. */
    void finish() {
        boolean ended = !fields.hasRemaining() && nextBlock == blocks.size() && nextRow == rows.size();
        require(ended, "it goes on where it should end");
        last.forEach(Runnable::run);
    }

    private ByteBuffer with(int bytes) {
        require(fields.remaining() >= bytes, "it ends too early");
        return fields;
    }

    @Override
    int exchange(int value, boolean digested) {
        return with(Integer.BYTES).getInt();
    }

    @Override
    long exchange(long value, boolean digested) {
        return with(Long.BYTES).getLong();
    }

    @Override
    boolean exchange(boolean value, boolean digested) {
        byte found = with(1).get();
        require(found == 0 || found == 1, "a truth value of it is neither");
        return found == 1;
    }

    @Override
    byte[] exchange(byte[] block, int length, boolean digested) {
        require(nextBlock < blocks.size(), "a block of it is missing");
        byte[] found = blocks.get(nextBlock++);
        require(found.length == length, "a block of it has another size");
        return found;
    }

    @Override
    int[] exchange(int[] row, int length) {
        require(nextRow < rows.size(), "a row of pixels is missing");
        int[] found = rows.get(nextRow++);
        require(found.length == length, "a row of pixels has another length");
        return found;
    }

    @Override
    public void part(String tag, int version) {
        byte[] found = new byte[Integer.BYTES];
        with(found.length).get(found);
        boolean same = Arrays.equals(found, tag.getBytes(StandardCharsets.US_ASCII));
        require(same, "part " + tag.strip() + " is not where it should be");
        part = tag.strip();
        require(exchange(0, false) == version, "it is of another version");
    }

    @Override
    public void onlyDigested(Consumer<StateSink> writer) {
        // It was saved in another form.
    }

    @Override
    public boolean isLoading() {
        return true;
    }

    @Override
    public boolean sharesBlocks() {
        return true;
    }

    @Override
    public void whenLoaded(Runnable action) {
        last.add(action);
    }

    @Override
    public void require(boolean condition, String what) {
        if (!condition) {
            String where = part.isEmpty() ? "" : ", in or after part " + part + " at byte " + fields.position();
            throw new Refusal("The state cannot be loaded: " + what + where + ".");
        }
    }

    @Override
    long room() {
        return fields.remaining();
    }
}
