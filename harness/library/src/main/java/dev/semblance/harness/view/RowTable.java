package dev.semblance.harness.view;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.util.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct rows of pictures, each of them once, in blocks of rows of one width. Rows with the same SHA-256 are the same: of what is in a
 * finished block nothing but that is held, so that a table takes little more memory than the page that it goes into.
 */
final class RowTable {

    /** So many blocks of different widths are filled at a time; where there are more, the oldest one is ended. */
    private static final int MOST_OPEN = 8;

    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final Map<Integer, RowBlock> open = new LinkedHashMap<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private final MessageDigest digest = Sha256.start();
    private final PageRoom room;

    /**
     * Makes one without rows.
     *
     * @param room that its blocks take
     */
    RowTable(PageRoom room) {
        this.room = room;
    }

    /** {@return the number of a row of a picture: that of its block, times 64, and its place in that} */
    int idOf(Frame frame, int y) {
        int[] argb = new int[frame.width()];
        frame.copyRow(y, argb, 0);
        byte[] colours = RowBlock.colours(argb);
        digest.update(colours);
        return ids.computeIfAbsent(Sha256.hex(digest), unknown -> add(frame.width(), colours));
    }

    private int add(int width, byte[] colours) {
        RowBlock block = open.computeIfAbsent(width, unknown -> begin(width));
        int id = block.add(colours);
        if (block.isFull()) {
            open.remove(width);
            end(block);
        }
        return id;
    }

    private RowBlock begin(int width) {
        // Its place is held; what goes there comes when it is full.
        blocks.add(new byte[0]);
        return new RowBlock(blocks.size() - 1, width);
    }

    private void end(RowBlock block) {
        byte[] encoded = block.encoded();
        blocks.set(block.number(), encoded);
        room.take(encoded.length);
    }

    /** Ends blocks so that no more than some are open. */
    private void endBut(int left) {
        for (Iterator<RowBlock> each = open.values().iterator(); open.size() > left; ) {
            end(each.next());
            each.remove();
        }
    }

    /** Says that a picture is done. */
    void endPicture() {
        endBut(MOST_OPEN);
    }

    /** Ends the table: there are no more rows. */
    void end() {
        endBut(0);
    }

    /** {@return the blocks, all of which are there at the end} */
    List<byte[]> blocks() {
        return List.copyOf(blocks);
    }
}
