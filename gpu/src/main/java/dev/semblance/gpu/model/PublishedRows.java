package dev.semblance.gpu.model;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.Rect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of views of resources, and keeps the rows, so that publishing a view again converts only what has changed
 * since, also when several buffers take turns. What is kept never shows: without it the same frames come out, slower.
 */
@SuppressWarnings("ReferenceEquality") // Which resource it is counts: an id can be given to another one.
final class PublishedRows {

    /** More views than this are not kept: some buffers to flip between on each of 16 scanouts. */
    static final int MAX_VIEWS = 64;

    /** What the kept rows may take, in bytes. A guest could otherwise multiply its image memory by narrow views. */
    static final long MAX_BYTES = 256L << 20;

    /** Least recently published first. */
    private final List<View> views = new ArrayList<>();

    private long bytes;

    /** A part of a resource that was published, with its rows, and what of each is not true any more. */
    private static final class View {
        final Resource2d resource;
        final Rect rect;
        final int width;
        final Frame.@Nullable Row[] rows;

        /** Where the pixels of each row begin that have changed since, and where they end. */
        final int[] changedFrom;

        final int[] changedTo;

        View(Resource2d resource, Rect rect) {
            this.resource = resource;
            this.rect = rect;
            this.width = (int) rect.width();
            this.rows = new Frame.@Nullable Row[(int) rect.height()];
            this.changedFrom = new int[rows.length];
            this.changedTo = new int[rows.length];
        }

        long byteSize() {
            return rect.height() * Frame.Row.bytes(rect.width());
        }

        /** {@return row {@code i} as it is now} */
        Frame.Row row(int i) {
            Frame.Row row = rows[i];
            if (row != null && changedTo[i] == 0) {
                return row;
            }
            int y = (int) rect.y() + i;
            int from = changedFrom[i];
            Frame.Row now = row == null
                    ? resource.opaqueRow((int) rect.x(), y, width)
                    : row.with(from, resource.opaquePixels((int) rect.x() + from, y, changedTo[i] - from));
            rows[i] = now;
            changedTo[i] = 0;
            return now;
        }

        /** Notes that pixels have changed, counted in the view. */
        void changed(int i, int from, int to) {
            boolean unchanged = changedTo[i] == 0;
            changedFrom[i] = unchanged ? from : Math.min(changedFrom[i], from);
            changedTo[i] = unchanged ? to : Math.max(changedTo[i], to);
            if (changedTo[i] - changedFrom[i] == width) {
                rows[i] = null;
            }
        }
    }

    /** {@return what a view shows now} The rectangle is not empty and fits in the resource. */
    Frame publish(Resource2d resource, Rect rect) {
        View view = take(resource, rect);
        Frame.Row[] rows = new Frame.Row[view.rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = view.row(i);
        }
        return Frame.of(view.width, rows);
    }

    /** Notes that pixels of row {@code y} of a resource have changed. */
    void rowChanged(Resource2d resource, int y, int left, int count) {
        for (View view : views) {
            long row = y - view.rect.y();
            if (view.resource == resource && row >= 0 && row < view.rect.height()) {
                long from = Math.max(0, left - view.rect.x());
                long to = Math.min(view.width, left - view.rect.x() + count);
                if (from < to) {
                    view.changed((int) row, (int) from, (int) to);
                }
            }
        }
    }

    /** Drops everything of a resource that is no more. */
    void forget(Resource2d resource) {
        for (int i = views.size() - 1; i >= 0; i--) {
            if (views.get(i).resource == resource) {
                remove(i);
            }
        }
    }

    /** Drops everything. */
    void clear() {
        views.clear();
        bytes = 0;
    }

    /** {@return about what the kept rows take at most, in bytes} */
    long keptBytes() {
        return bytes;
    }

    private View take(Resource2d resource, Rect rect) {
        for (int i = views.size() - 1; i >= 0; i--) {
            View view = views.get(i);
            if (view.resource == resource && view.rect.equals(rect)) {
                views.remove(i);
                views.add(view);
                return view;
            }
        }
        View view = new View(resource, rect);
        if (view.byteSize() <= MAX_BYTES) {
            while (views.size() >= MAX_VIEWS || bytes + view.byteSize() > MAX_BYTES) {
                remove(0);
            }
            views.add(view);
            bytes += view.byteSize();
        }
        return view;
    }

    private void remove(int i) {
        bytes -= views.remove(i).byteSize();
    }
}
