package dev.semblance.harness.view;

import dev.semblance.harness.view.ViewedTrace.Planes;
import java.util.ArrayList;
import java.util.List;

/**
 * What scanouts showed from one event to another, so that a page can show each moment of it without a server: each distinct row and each distinct
 * image of a cursor once, and for each scanout a list of what changed when. docs/VIEWER.md has the form. For one thread.
 */
final class PictureTable {

    private final RowTable rows;
    private final CursorImages cursors;
    private final List<PictureList> lists = new ArrayList<>();

    /**
     * Makes one without pictures.
     *
     * @param scanouts how many there are
     * @param room that it takes
     */
    PictureTable(int scanouts, PageRoom room) {
        rows = new RowTable(room);
        cursors = new CursorImages(room);
        for (int scanout = 0; scanout < scanouts; scanout++) {
            lists.add(new PictureList(rows, cursors, room));
        }
    }

    /**
     * Takes what is shown at the next place.
     *
     * @param place how many events of those that are in the page have happened; more than the last time
     * @param shown what each scanout shows there
     */
    void take(int place, List<Planes> shown) {
        for (int scanout = 0; scanout < lists.size(); scanout++) {
            lists.get(scanout).take(place, shown.get(scanout));
        }
    }

    /** Ends it: there are no more pictures. */
    void end() {
        lists.forEach(PictureList::end);
        rows.end();
    }

    /** {@return the blocks of rows, deflated} */
    List<byte[]> rows() {
        return rows.blocks();
    }

    /** {@return the images of cursors, deflated} */
    List<byte[]> cursors() {
        return cursors.images();
    }

    /** {@return for each scanout the groups of its pictures, deflated} */
    List<List<byte[]>> pictures() {
        return lists.stream().map(PictureList::groups).toList();
    }

    /** {@return for each scanout the place at which each group begins} */
    List<List<Integer>> places() {
        return lists.stream().map(PictureList::places).toList();
    }
}
