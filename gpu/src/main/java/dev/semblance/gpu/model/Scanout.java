package dev.semblance.gpu.model;

import dev.semblance.gpu.protocol.Rect;
import dev.semblance.machine.state.StateSink;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One scanout: which part of which resource a flush shows (VIRTIO 1.2, 5.7.6.8, SET_SCANOUT), and the cursor.
 *
 * <p>Binding a resource changes no picture: the one before stays until a flush.
 */
@SuppressWarnings("ReferenceEquality") // Which resource it is counts: an id can be given to another one.
final class Scanout {

    private static final Rect NOTHING = new Rect(0, 0, 0, 0);

    private final Cursor cursor = new Cursor();
    private @Nullable Resource2d resource;
    private Rect view = NOTHING;
    private boolean lit;

    Cursor cursor() {
        return cursor;
    }

    void bind(Resource2d newResource, Rect newView) {
        resource = newResource;
        view = newView;
    }

    boolean shows(Resource2d other) {
        return resource == other;
    }

    Rect view() {
        return view;
    }

    /** Notes that a picture was published. */
    void light() {
        lit = true;
    }

    /** Takes the resource away; returns whether there was a picture that is gone now. */
    boolean disable() {
        boolean wasLit = lit;
        resource = null;
        view = NOTHING;
        lit = false;
        return wasLit;
    }

    void writeState(StateSink sink) {
        sink.putLong(Optional.ofNullable(resource).map(Resource2d::id).orElse(0L));
        sink.putLong(view.x());
        sink.putLong(view.y());
        sink.putLong(view.width());
        sink.putLong(view.height());
        sink.putInt(lit ? 1 : 0);
        cursor.writeState(sink);
    }
}
