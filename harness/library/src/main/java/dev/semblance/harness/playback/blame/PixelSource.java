package dev.semblance.harness.playback.blame;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuCommand.ResourceAttachBacking;
import dev.semblance.gpu.protocol.GpuCommand.ResourceCreate2d;
import dev.semblance.gpu.protocol.GpuCommand.SetScanout;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import java.util.List;
import java.util.Optional;

/**
 * Where a pixel of a picture comes from, as far as the GPU knows.
 *
 * @param scanout the number of the scanout, from 0
 * @param x the column in its picture, from 0
 * @param y the row in its picture, from 0
 * @param argb the colour that is seen: opaque, red in bits 16 to 23
 * @param cursor the cursor's pixel there, if it is not wholly transparent
 * @param primary the pixel of the primary plane, also where the cursor hides it; empty where the scanout is dark
 */
public record PixelSource(int scanout, int x, int y, int argb, Optional<Layer> cursor, Optional<Layer> primary) {

    /** {@return the pixel that is seen foremost; empty where nothing is shown} */
    public Optional<Layer> foremost() {
        return cursor.or(() -> primary);
    }

    /** Which plane of a scanout. */
    public enum Plane {
        /** What SET_SCANOUT shows. */
        PRIMARY,
        /** What UPDATE_CURSOR shows. */
        CURSOR
    }

    /**
     * The pixel of a plane.
     *
     * @param plane which plane
     * @param argb its colour: of the primary plane opaque, of the cursor with straight alpha
     * @param shown the command that showed it: a RESOURCE_FLUSH or an UPDATE_CURSOR
     * @param bound the command that put the image on the scanout; of a cursor, which {@code shown} says, there is none
     * @param created the command that made the image
     * @param imageX the column in the image, from 0
     * @param imageY the row in the image, from 0
     * @param written what last wrote the pixel before it was shown; empty if nothing did, and it is as the image was created: 0
     */
    public record Layer(
            Plane plane,
            int argb,
            GpuStep<GpuCommand> shown,
            Optional<GpuStep<SetScanout>> bound,
            GpuStep<ResourceCreate2d> created,
            int imageX,
            int imageY,
            Optional<Written> written) {}

    /**
     * How a pixel came into an image.
     *
     * @param transfer the command that copied it
     * @param attached the command that put memory behind the image
     * @param offset of the pixel in the backing, in bytes
     * @param parts where its four bytes lay in guest memory, in their order; more than one where entries of the backing divide them
     */
    public record Written(
            GpuStep<TransferToHost2d> transfer,
            GpuStep<ResourceAttachBacking> attached,
            long offset,
            List<Part> parts) {

        /** Copies the list. */
        public Written {
            parts = List.copyOf(parts);
        }
    }

    /**
     * Some of the bytes of a pixel.
     *
     * @param address guest physical address of the first
     * @param length how many
     */
    public record Part(long address, int length) {}
}
