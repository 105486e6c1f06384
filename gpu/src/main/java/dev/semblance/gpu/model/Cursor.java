package dev.semblance.gpu.model;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.machine.state.StateExchange;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of one scanout (VIRTIO 1.2, 5.7.6.10): its image is a copy, taken at UPDATE_CURSOR, of a resource that is
 * {@link CursorPlane#SIZE} pixels wide and high.
 */
@SuppressWarnings("ReferenceEquality") // Which resource it is counts: an id can be given to another one.
final class Cursor {

    private @Nullable Resource2d resource;
    private CursorPlane plane = CursorPlane.HIDDEN;

    /** {@return what the cursor looks like now} */
    CursorPlane plane() {
        return plane;
    }

    /** Shows a resource. One of another size is no cursor: the image before stays, if there is one, as QEMU has it. */
    void show(Resource2d shown, CursorPosition position, int hotX, int hotY) {
        Optional<Frame> image = plane.image();
        if (shown.width() == CursorPlane.SIZE && shown.height() == CursorPlane.SIZE) {
            resource = shown;
            image = Optional.of(shown.toFrame());
        }
        plane = new CursorPlane(image, position.x(), position.y(), hotX, hotY);
    }

    void hide(CursorPosition position, int hotX, int hotY) {
        resource = null;
        plane = new CursorPlane(Optional.empty(), position.x(), position.y(), hotX, hotY);
    }

    void move(CursorPosition position) {
        plane = new CursorPlane(plane.image(), position.x(), position.y(), plane.hotX(), plane.hotY());
    }

    /** Hides the cursor if its image is of this resource, which is no more; returns whether it was. */
    boolean forget(Resource2d gone) {
        if (resource != gone) {
            return false;
        }
        resource = null;
        plane = new CursorPlane(Optional.empty(), plane.x(), plane.y(), plane.hotX(), plane.hotY());
        return true;
    }

    /** Goes back to the state after power-on; returns whether that made a difference. */
    boolean reset() {
        boolean changed = !plane.equals(CursorPlane.HIDDEN);
        resource = null;
        plane = CursorPlane.HIDDEN;
        return changed;
    }

    /**
     * Exchanges the cursor.
     *
     * @param resources finds, once everything is loaded, the resource that the image is of
     */
    void state(StateExchange s, Function<Long, Optional<Resource2d>> resources) {
        long id = s.digested(resource == null ? 0 : resource.id());
        s.onlyDigested(sink -> sink.putLong(plane.image().map(Frame::digest).orElse(0L)));
        Optional<Frame> image = Frame.exchanged(s, plane.image());
        s.require(image.stream().allMatch(Cursor::isCursorSize), "a cursor of it has another size");
        plane = new CursorPlane(
                image,
                s.digested(plane.x()),
                s.digested(plane.y()),
                s.digested(plane.hotX()),
                s.digested(plane.hotY()));
        s.whenLoaded(() -> {
            resource = resources.apply(id).orElse(null);
            s.require(id == 0 || resource != null, "a cursor of it is of a resource that is not there");
        });
    }

    private static boolean isCursorSize(Frame image) {
        return image.width() == CursorPlane.SIZE && image.height() == CursorPlane.SIZE;
    }
}
