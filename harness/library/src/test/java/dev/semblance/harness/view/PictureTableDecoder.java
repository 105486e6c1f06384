package dev.semblance.harness.view;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.view.ViewedTrace.Planes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads a picture table as docs/VIEWER.md has it, and as the page's script does. */
final class PictureTableDecoder {

    private final List<byte[]> rows;
    private final List<byte[]> cursors;

    PictureTableDecoder(List<byte[]> rows, List<byte[]> cursors) {
        this.rows = rows;
        this.cursors = cursors;
    }

    /** Returns what a scanout shows at a place. */
    Planes at(List<byte[]> groups, List<Integer> places, int place) {
        int group = 0;
        while (group + 1 < places.size() && places.get(group + 1) <= place) {
            group++;
        }
        ByteBuffer in = ByteBuffer.wrap(inflate(groups.get(group)));
        int at = places.get(group);
        int[] ids = {};
        int width = 0;
        boolean dark = true;
        int nextRow = 0;
        CursorPlane cursor = CursorPlane.HIDDEN;
        while (in.hasRemaining()) {
            at += (int) unsigned(in);
            if (at > place) {
                break;
            }
            long what = unsigned(in);
            if ((what & PictureList.DARK) != 0) {
                dark = true;
            }
            if ((what & PictureList.ROWS) != 0) {
                int newWidth = (int) unsigned(in);
                int height = (int) unsigned(in);
                int changed = (int) unsigned(in);
                if (dark || newWidth != width || height != ids.length) {
                    assert changed == height;
                    ids = new int[height];
                }
                width = newWidth;
                dark = false;
                int y = 0;
                for (int i = 0; i < changed; i++) {
                    y += (int) unsigned(in);
                    ids[y] = nextRow + (int) signed(in);
                    nextRow = ids[y] + 1;
                    y++;
                }
            }
            if ((what & PictureList.CURSOR) != 0) {
                int image = (int) unsigned(in);
                cursor = image == 0
                        ? CursorPlane.HIDDEN
                        : new CursorPlane(
                                Optional.of(cursor(cursors.get(image - 1))), (int) signed(in), (int) signed(in), 0, 0);
            }
        }
        return new Planes(dark ? Optional.empty() : Optional.of(picture(width, ids)), cursor);
    }

    private Frame picture(int width, int[] ids) {
        Frame.Row[] picture = new Frame.Row[ids.length];
        List<byte[]> inflated = new ArrayList<>();
        rows.forEach(block -> inflated.add(new byte[0]));
        for (int y = 0; y < ids.length; y++) {
            int block = ids[y] / RowBlock.ROWS;
            if (inflated.get(block).length == 0) {
                inflated.set(block, inflate(rows.get(block)));
            }
            picture[y] = new Frame.Row(row(ByteBuffer.wrap(inflated.get(block)), width, ids[y] % RowBlock.ROWS));
        }
        return Frame.of(width, picture);
    }

    private static int[] row(ByteBuffer in, int wanted, int number) {
        int form = (int) unsigned(in);
        int width = (int) unsigned(in);
        int count = (int) unsigned(in);
        assert width == wanted && number < count;
        byte[] palette = {};
        if (form == RowBlock.PALETTE) {
            palette = new byte[3 * ((in.get() & 0xff) + 1)];
            in.get(palette);
        }
        byte[] colours = new byte[3 * width];
        for (int row = 0; row <= number; row++) {
            for (int x = 0; x < width; x++) {
                if (form == RowBlock.PALETTE) {
                    System.arraycopy(palette, 3 * (in.get() & 0xff), colours, 3 * x, 3);
                } else {
                    for (int i = 3 * x; i < 3 * x + 3; i++) {
                        colours[i] = (byte) ((form == RowBlock.ABOVE ? colours[i] : 0) + in.get());
                    }
                }
            }
        }
        int[] argb = new int[width];
        Arrays.setAll(
                argb,
                x -> 0xff << 24
                        | (colours[3 * x] & 0xff) << 16
                        | (colours[3 * x + 1] & 0xff) << 8
                        | colours[3 * x + 2] & 0xff);
        return argb;
    }

    private static Frame cursor(byte[] deflated) {
        ByteBuffer in = ByteBuffer.wrap(inflate(deflated));
        int width = in.getShort();
        int height = in.getShort();
        int[] argb = new int[width * height];
        Arrays.setAll(argb, i -> Integer.rotateRight(in.getInt(), 8));
        return Frame.ofPixels(width, height, argb);
    }

    private static long unsigned(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static long signed(ByteBuffer in) {
        long value = unsigned(in);
        return value >>> 1 ^ -(value & 1);
    }

    static byte[] inflate(byte[] deflated) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] bytes = new byte[1 << 16];
            int length = 0;
            while (!inflater.finished()) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
                length += inflater.inflate(bytes, length, bytes.length - length);
            }
            return Arrays.copyOf(bytes, length);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        } finally {
            inflater.end();
        }
    }
}
