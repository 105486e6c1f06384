package dev.semblance.gpu.model;

import dev.semblance.gpu.protocol.Rect;
import dev.semblance.machine.state.StateExchange;
import java.util.Optional;
import java.util.function.Function;
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

    /**
     * Exchanges the scanout.
     *
     * @param resources finds, once everything is loaded, the resource that it shows
     */
    void state(StateExchange s, Function<Long, Optional<Resource2d>> resources) {
        long id = s.digested(Optional.ofNullable(resource).map(Resource2d::id).orElse(0L));
        view = new Rect(place(s, view.x()), place(s, view.y()), place(s, view.width()), place(s, view.height()));
        lit = s.digested(lit);
        cursor.state(s, resources);
        s.whenLoaded(() -> {
            Optional<Resource2d> shown = resources.apply(id);
            resource = shown.orElse(null);
            boolean fits = shown.isPresent()
                    ? !view.isEmpty()
                            && view.fitsIn(shown.get().width(), shown.get().height())
                    : id == 0 && view.equals(NOTHING);
            s.require(fits, "a scanout of it shows what is not there");
        });
    }

    private static long place(StateExchange s, long value) {
        long exchanged = s.digested(value);
        s.require(exchanged >= 0 && exchanged < 1L << 32, "a view of it is nowhere");
        return exchanged;
    }
}
