package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is peculiar to what each scanout shows, by the commands that were done: by that a dialect tells one fault of pictures from
 * another ({@link Deviation#shows}).
 */
final class ShownTraits {

    /** A view that does not begin at the corner of its image. */
    static final String OFFSET = "offset";

    /** Pixels that no transfer brought, or not one alone. */
    static final String UNTRANSFERRED = "untransferred";

    /** A view that was set, and of which not all was flushed since. */
    static final String UNFLUSHED = "unflushed";

    private final TreeMap<Long, Image> images = new TreeMap<>();
    private final TreeMap<Integer, View> views = new TreeMap<>();

    private static final class Image {
        private final long format;
        private final List<Rect> transferred = new ArrayList<>();

        Image(long format) {
            this.format = format;
        }
    }

    private static final class View {
        private final long image;
        private final Rect rect;
        private boolean flushed;

        /** What was peculiar when the picture last changed. */
        private SortedSet<String> shown = new TreeSet<>();

        View(long image, Rect rect) {
            this.image = image;
            this.rect = rect;
        }
    }

    /** Notes a command that was answered with OK. */
    void done(byte[] request) {
        switch (DecodedCommand.of(request)) {
            case GpuCommand.ResourceCreate2d create -> images.put(create.resourceId(), new Image(create.format()));
            case GpuCommand.ResourceUnref unref -> images.remove(unref.resourceId());
            case GpuCommand.TransferToHost2d transfer -> transferred(transfer);
            case GpuCommand.SetScanout set -> {
                View view = new View(set.resourceId(), set.rect());
                // Until the next flush the picture of before may stand.
                view.shown = of((int) set.scanoutId());
                views.put((int) set.scanoutId(), view);
            }
            case GpuCommand.ResourceFlush flush -> flushed(flush);
            default -> {
                // It changes nothing of that.
            }
        }
    }

    private void transferred(GpuCommand.TransferToHost2d transfer) {
        Image image = images.get(transfer.resourceId());
        if (image != null && image.transferred.stream().noneMatch(known -> contains(known, transfer.rect()))) {
            image.transferred.removeIf(known -> contains(transfer.rect(), known));
            image.transferred.add(transfer.rect());
        }
    }

    private void flushed(GpuCommand.ResourceFlush flush) {
        for (View view : views.values()) {
            if (view.image == flush.resourceId()) {
                view.flushed |= contains(flush.rect(), view.rect);
                view.shown = now(view);
            }
        }
    }

    /** Forgets all, as a reset does. */
    void reset() {
        images.clear();
        views.clear();
    }

    /** Returns what is peculiar to what a scanout shows, now and when it last changed: the words above, and a format. */
    SortedSet<String> of(int head) {
        View view = views.get(head);
        if (view == null) {
            return Collections.emptySortedSet();
        }
        SortedSet<String> traits = now(view);
        traits.addAll(view.shown);
        return traits;
    }

    private SortedSet<String> now(View view) {
        SortedSet<String> traits = new TreeSet<>();
        Image image = images.get(view.image);
        if (image == null) {
            return traits;
        }
        PixelFormat.of(image.format).ifPresent(format -> traits.add(format.name()));
        if (view.rect.x() != 0 || view.rect.y() != 0) {
            traits.add(OFFSET);
        }
        if (image.transferred.stream().noneMatch(known -> contains(known, view.rect))) {
            traits.add(UNTRANSFERRED);
        }
        if (!view.flushed) {
            traits.add(UNFLUSHED);
        }
        return traits;
    }

    /** Rectangles of commands that were done lie within images: their sums do not overflow. */
    private static boolean contains(Rect outer, Rect inner) {
        return outer.x() <= inner.x()
                && outer.y() <= inner.y()
                && inner.x() + inner.width() <= outer.x() + outer.width()
                && inner.y() + inner.height() <= outer.y() + outer.height();
    }
}
