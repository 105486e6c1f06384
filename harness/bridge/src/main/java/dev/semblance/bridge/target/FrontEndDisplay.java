package dev.semblance.bridge.target;

import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Composition;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.machine.memory.Ram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a front-end of vhost-user-gpu keeps for its scanouts: the pictures and cursors that the back-end sends, and the answers to
 * what it asks. A new size is seen with the first pixels for it, as in QEMU.
 */
final class FrontEndDisplay implements DisplayControl, Pictures.Screendump {

    /** As many as a device's 256 MiB of images can have. */
    private static final long MOST_PIXELS = 1L << 26;

    private static final int OPAQUE = 0xff00_0000;

    /** A picture of a scanout, black until it is sent. */
    private static final class Plane {
        private final int width;
        private final int height;
        private final int[] argb;
        private Optional<Frame> frame = Optional.empty();

        Plane(int width, int height) {
            this.width = width;
            this.height = height;
            argb = new int[width * height];
            Arrays.fill(argb, OPAQUE);
        }

        Frame frame() {
            Frame now = frame.orElseGet(() -> Frame.ofPixels(width, height, argb.clone()));
            frame = Optional.of(now);
            return now;
        }

        /** Copies what is inside of the picture. */
        void update(DisplayMessage.Update update) {
            frame = Optional.empty();
            ByteBuffer pixels = ByteBuffer.wrap(update.pixels()).order(ByteOrder.LITTLE_ENDIAN);
            long left = update.x() & 0xffff_ffffL;
            long top = update.y() & 0xffff_ffffL;
            int columns = Math.clamp(width - left, 0, update.width());
            int rows = Math.clamp(height - top, 0, update.height());
            for (int row = 0; row < rows; row++) {
                int to = (int) (top + row) * width + (int) left;
                for (int column = 0; column < columns; column++) {
                    argb[to + column] = OPAQUE | pixels.getInt(4 * (row * update.width() + column));
                }
            }
        }
    }

    /** A scanout: what is seen, the picture that pixels go to, and the cursor, which keeps its image while it is hidden. */
    private static final class Scanout {
        private Optional<Plane> seen = Optional.empty();
        private Optional<Plane> next = Optional.empty();
        private Optional<Frame> cursor = Optional.empty();
        private CursorPlane plane = CursorPlane.HIDDEN;
    }

    private final List<Scanout> scanouts = new ArrayList<>();
    private final Runnable changed;
    private DisplayConfig displays;

    /**
     * Makes displays, all dark.
     *
     * @param displays what is answered when the back-end asks
     * @param changed told when they were changed
     */
    FrontEndDisplay(DisplayConfig displays, Runnable changed) {
        this.displays = displays;
        this.changed = changed;
        clear();
    }

    /** Goes back to what is shown before a back-end says anything. */
    void clear() {
        scanouts.clear();
        for (int i = 0; i < displays.count(); i++) {
            scanouts.add(new Scanout());
        }
    }

    /**
     * Takes a message.
     *
     * @param message of the back-end
     * @return the payload of the reply, if one is due
     * @throws LinkFailedException if no front-end can make anything of it
     */
    Optional<byte[]> take(DisplayMessage message) throws LinkFailedException {
        switch (message) {
            case DisplayMessage.GetProtocolFeatures m -> {
                return Optional.of(Replies.u64(DisplayCodec.P_EDID));
            }
            case DisplayMessage.SetProtocolFeatures m -> {
                // What both know: nothing follows from it here.
            }
            case DisplayMessage.GetDisplayInfo m -> {
                return Optional.of(answer(new GpuCommand.GetDisplayInfo(Header.NONE)));
            }
            case DisplayMessage.GetEdid m -> {
                return Optional.of(answer(new GpuCommand.GetEdid(Header.NONE, m.scanout() & 0xffff_ffffL)));
            }
            case DisplayMessage.Scanout m -> scanout(m);
            case DisplayMessage.Update m -> update(m);
            case DisplayMessage.CursorUpdate m -> cursor(m);
            case DisplayMessage.CursorPosition m ->
                at(m.scanout())
                        .ifPresent(scanout -> scanout.plane = new CursorPlane(
                                scanout.cursor, m.x(), m.y(), scanout.plane.hotX(), scanout.plane.hotY()));
            case DisplayMessage.CursorHide m ->
                at(m.scanout()).ifPresent(scanout -> scanout.plane = CursorPlane.HIDDEN);
            case DisplayMessage.Unknown m ->
                throw new LinkFailedException(new Cause.BrokeProtocol("sent display message "
                        + Integer.toUnsignedLong(m.number()) + ", which is not one that this front-end has agreed to"));
        }
        return Optional.empty();
    }

    /** The answer of a device of these displays; only the displays are asked of it. */
    private byte[] answer(GpuCommand command) {
        return ResponseCodec.encode(new Gpu2d(new Ram(0, Ram.PAGE_SIZE), displays, new NoFrames()).execute(command));
    }

    /** A scanout that does not exist is none of ours: QEMU's device passes the numbers of cursor commands on unseen. */
    private Optional<Scanout> at(int number) {
        return number >= 0 && number < scanouts.size() ? Optional.of(scanouts.get(number)) : Optional.empty();
    }

    private void scanout(DisplayMessage.Scanout message) throws LinkFailedException {
        Optional<Scanout> at = at(message.scanout());
        if (at.isEmpty()) {
            return;
        }
        Scanout scanout = at.get();
        if (message.width() == 0) {
            scanout.seen = Optional.empty();
            scanout.next = Optional.empty();
            return;
        }
        boolean fits =
                message.width() > 0 && message.height() > 0 && (long) message.width() * message.height() <= MOST_PIXELS;
        if (!fits) {
            throw new LinkFailedException(new Cause.BrokeProtocol("set a scanout to "
                    + Integer.toUnsignedLong(message.width()) + " times "
                    + Integer.toUnsignedLong(message.height()) + " pixels, which no image of a device has"));
        }
        scanout.next = Optional.of(new Plane(message.width(), message.height()));
    }

    private void update(DisplayMessage.Update message) throws LinkFailedException {
        Optional<Scanout> at = at(message.scanout());
        if (at.isEmpty()) {
            return;
        }
        Plane plane = at.get()
                .next
                .orElseThrow(() -> new LinkFailedException(new Cause.BrokeProtocol(
                        "sent pixels for scanout " + message.scanout() + " before its size, which ends QEMU")));
        plane.update(message);
        at.get().seen = Optional.of(plane);
    }

    private void cursor(DisplayMessage.CursorUpdate message) {
        at(message.scanout()).ifPresent(scanout -> {
            int[] argb = new int[DisplayCodec.CURSOR_SIZE * DisplayCodec.CURSOR_SIZE];
            ByteBuffer.wrap(message.pixels())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(argb);
            scanout.cursor = Optional.of(Frame.ofPixels(DisplayCodec.CURSOR_SIZE, DisplayCodec.CURSOR_SIZE, argb));
            scanout.plane = new CursorPlane(scanout.cursor, message.x(), message.y(), message.hotX(), message.hotY());
        });
    }

    @Override
    public DisplayConfig displays() {
        return displays;
    }

    @Override
    public void changeDisplays(DisplayConfig now) {
        displays = now;
        changed.run();
    }

    @Override
    public boolean showsCursor() {
        return true;
    }

    @Override
    public boolean hasCursorInPrimary() {
        return false;
    }

    @Override
    public Optional<Frame> primary(int scanout) {
        return scanouts.get(scanout).seen.map(Plane::frame);
    }

    @Override
    public Frame picture(int scanout, int darkWidth, int darkHeight) {
        return Composition.compose(primary(scanout), scanouts.get(scanout).plane, darkWidth, darkHeight);
    }

    /** {@return a message's reply} */
    static Message reply(Message to, byte[] payload) {
        return new Message(to.number(), Message.REPLY, payload, List.of());
    }
}
