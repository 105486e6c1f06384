package dev.semblance.harness.view;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.view.ViewedTrace.Planes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one scanout showed: a picture for each place at which it, or its cursor, is another than before. Pictures are in groups, each of which can be
 * read without the others. All numbers are written by {@link NumberWriter}:
 *
 * <ul>
 *   <li>by how many places later than the picture before; of the first one of a group, 0;
 *   <li>what follows: 1 rows of a picture, 2 nothing since it is dark, with 4 the cursor;
 *   <li>of a picture, width and height; how many rows are others than before, all if the size is another or it was dark; for each of them how many rows
 *       are left out before it, and its number less the one after the last that was written in the group, signed;
 *   <li>of a cursor, 0 where it is hidden, else the number of its image and one, and its left and upper edge, signed.
 * </ul>
 */
final class PictureList {

    /** How many pictures a group has; the last one may have fewer. */
    static final int GROUP = 64;

    static final int ROWS = 1;
    static final int DARK = 2;
    static final int CURSOR = 4;

    private final RowTable rows;
    private final CursorImages cursors;
    private final PageRoom room;
    private final NumberWriter open = new NumberWriter();
    private final List<byte[]> groups = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();

    /** How many pictures the open group has. */
    private int pictures;

    private int lastPlace;
    private int nextRow;
    private Optional<Planes> last = Optional.empty();

    PictureList(RowTable rows, CursorImages cursors, PageRoom room) {
        this.rows = rows;
        this.cursors = cursors;
        this.room = room;
    }

    void take(int place, Planes now) {
        boolean samePrimary = last.isPresent() && last.get().primary().equals(now.primary());
        boolean sameCursor = last.isPresent() && isSame(last.get().cursor(), now.cursor());
        if (samePrimary && sameCursor) {
            return;
        }
        if (pictures == GROUP) {
            end();
        }
        boolean first = pictures == 0;
        if (first) {
            places.add(place);
            nextRow = 0;
        }
        open.unsigned(first ? 0 : place - lastPlace);
        boolean writesPrimary = first || !samePrimary;
        boolean writesCursor = first || !sameCursor;
        int rowsOrDark = now.primary().isPresent() ? ROWS : DARK;
        open.unsigned((writesPrimary ? rowsOrDark : 0) | (writesCursor ? CURSOR : 0));
        if (writesPrimary && now.primary().isPresent()) {
            write(now.primary().get(), first ? Optional.empty() : last.flatMap(Planes::primary));
        }
        if (writesCursor) {
            write(now.cursor());
        }
        pictures++;
        lastPlace = place;
        last = Optional.of(now);
    }

    /** The hot spot is not seen, nor is anything of a cursor that is hidden. */
    private static boolean isSame(CursorPlane one, CursorPlane other) {
        return one.image().equals(other.image())
                && (one.image().isEmpty() || one.x() == other.x() && one.y() == other.y());
    }

    private void write(Frame picture, Optional<Frame> before) {
        Optional<Frame> same =
                before.filter(frame -> frame.width() == picture.width() && frame.height() == picture.height());
        List<Integer> changed = new ArrayList<>();
        for (int y = 0; y < picture.height(); y++) {
            if (same.isEmpty() || !same.get().sameRow(picture, y)) {
                changed.add(y);
            }
        }
        open.unsigned(picture.width()).unsigned(picture.height()).unsigned(changed.size());
        int next = 0;
        for (int y : changed) {
            int id = rows.idOf(picture, y);
            open.unsigned(y - next).signed((long) id - nextRow);
            next = y + 1;
            nextRow = id + 1;
        }
        rows.endPicture();
    }

    private void write(CursorPlane cursor) {
        if (cursor.image().isEmpty()) {
            open.unsigned(0);
            return;
        }
        open.unsigned(cursors.numberOf(cursor.image().get()) + 1L)
                .signed(cursor.x())
                .signed(cursor.y());
    }

    /** Ends the open group. */
    void end() {
        if (pictures > 0) {
            byte[] group = RawDeflate.smallest(open.bytes());
            room.take(group.length);
            groups.add(group);
            open.clear();
            pictures = 0;
        }
    }

    /** {@return the groups, deflated} */
    List<byte[]> groups() {
        return List.copyOf(groups);
    }

    /** {@return the place at which each group begins} */
    List<Integer> places() {
        return List.copyOf(places);
    }
}
