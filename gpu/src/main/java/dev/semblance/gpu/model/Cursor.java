package dev.semblance.gpu.model;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.machine.state.StateExchange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of one scanout (VIRTIO 1.2, 5.7.6.10): its image is a copy, taken at UPDATE_CURSOR, of a resource that is
 * {@link CursorPlane#SIZE} pixels wide and high.
 */
@SuppressWarnings("ReferenceEquality") // Which resource it is counts: an id can be given to another one.
final class Cursor {

    private static final int PIXEL_BYTES = CursorPlane.SIZE * CursorPlane.SIZE * Integer.BYTES;

    private static final byte[] NO_PIXELS = {};

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
        Optional<Frame> image = plane.image();
        if (s.saved(image.isPresent())) {
            byte[] pixels = s.savedBlock(image.map(Cursor::toBytes).orElse(NO_PIXELS), PIXEL_BYTES);
            image = s.isLoading() ? Optional.of(toFrame(pixels)) : image;
        }
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

    private static byte[] toBytes(Frame image) {
        ByteBuffer bytes = ByteBuffer.allocate(PIXEL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                bytes.putInt(image.argb(x, y));
            }
        }
        return bytes.array();
    }

    private static Frame toFrame(byte[] pixels) {
        int[] argb = new int[CursorPlane.SIZE * CursorPlane.SIZE];
        ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(argb);
        return Frame.ofPixels(CursorPlane.SIZE, CursorPlane.SIZE, argb);
    }
}
