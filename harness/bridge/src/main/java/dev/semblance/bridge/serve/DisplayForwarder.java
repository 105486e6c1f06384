package dev.semblance.bridge.serve;

import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows what scanouts show in the front-end's window, over the display socket. It only looks on: nothing of it is in the trace, and
 * it never waits. What the front-end has not taken yet is replaced by what is newer, so that no more than the newest picture of
 * each scanout and one message are held; only rows that changed are sent.
 *
 * <p>SCANOUT goes before the first UPDATE on a socket, and whenever the size has changed: QEMU up to 10.0 dies of an UPDATE for
 * a scanout without a surface.
 */
final class DisplayForwarder implements FrameSink {

    /** How much is put into one message, and sent in one {@link #pump}: about a millisecond of work. */
    private static final int BAND_BYTES = 1 << 20;

    /** What may be on its way: enough that the front-end need not be waited for again and again in a picture. */
    private static final int ROOM = 512 << 10;

    private final List<Head> heads = new ArrayList<>();
    private Optional<UnixSocket> socket = Optional.empty();

    /** The message that is being sent, and how much of it was. */
    private byte[] message = {};

    private int sent;

    DisplayForwarder(int scanouts) {
        for (int scanout = 0; scanout < scanouts; scanout++) {
            heads.add(new Head(scanout));
        }
    }

    /** Begins anew on a socket, which shows nothing yet. */
    void connect(UnixSocket newSocket) {
        disconnect();
        newSocket.wantRoom(ROOM);
        socket = Optional.of(newSocket);
        heads.forEach(Head::forget);
    }

    void disconnect() {
        socket.ifPresent(UnixSocket::close);
        socket = Optional.empty();
        message = new byte[0];
        sent = 0;
    }

    Optional<UnixSocket> socket() {
        return socket;
    }

    /** {@return whether there is something to send, and somebody to send it to} */
    boolean hasMore() {
        return socket.isPresent() && (sent < message.length || heads.stream().anyMatch(Head::hasMore));
    }

    /** Sends what the socket takes now, up to a bound. A socket that is closed at the other end is closed here too. */
    void pump() {
        try {
            int budget = BAND_BYTES;
            while (budget > 0 && hasMore()) {
                if (sent == message.length) {
                    message = next();
                    sent = 0;
                }
                int some = socket.orElseThrow().send(message, sent, message.length - sent, List.of());
                if (some == 0) {
                    return;
                }
                sent += some;
                budget -= some;
            }
        } catch (PosixException gone) {
            disconnect();
        }
    }

    /** Takes what the front-end sends, which nobody asked for; a socket that is closed is closed here too. */
    void drain() {
        try {
            if (socket.isPresent()) {
                UnixSocket.Received received = socket.get().receive(new byte[4096], 0, 4096);
                received.fds().forEach(fd -> fd.close());
                if (received.bytes() == 0) {
                    disconnect();
                }
            }
        } catch (PosixException problem) {
            if (problem.errno() != PosixException.EAGAIN) {
                disconnect();
            }
        }
    }

    private byte[] next() {
        for (Head head : heads) {
            Optional<byte[]> next = head.next();
            if (next.isPresent()) {
                return next.get();
            }
        }
        return new byte[0];
    }

    @Override
    public void flushed(int scanout, Frame frame) {
        heads.get(scanout).show(Optional.of(frame));
    }

    @Override
    public void disabled(int scanout) {
        heads.get(scanout).show(Optional.empty());
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        heads.get(scanout).show(cursor);
    }

    /** A scanout: what is to be shown, and what is. */
    private static final class Head {

        private final int scanout;
        private Optional<Frame> wanted = Optional.empty();
        private boolean rowsToLookAt;

        private int width;
        private int height;

        /** For each row the picture that it was sent of; of none where {@code known} is false. */
        private Frame[] rows = {};

        private boolean[] known = {};

        /** The first row that was not looked at since there was a new picture. */
        private int look;

        private CursorPlane wantedCursor = CursorPlane.HIDDEN;
        private CursorPlane cursor = CursorPlane.HIDDEN;

        Head(int scanout) {
            this.scanout = scanout;
        }

        void forget() {
            width = 0;
            height = 0;
            rows = new Frame[0];
            known = new boolean[0];
            cursor = CursorPlane.HIDDEN;
            rowsToLookAt = wanted.isPresent();
            look = 0;
        }

        void show(Optional<Frame> frame) {
            wanted = frame;
            rowsToLookAt = frame.isPresent();
            look = 0;
        }

        void show(CursorPlane plane) {
            wantedCursor = plane;
        }

        private boolean hasSize() {
            return width == wanted.map(Frame::width).orElse(0)
                    && height == wanted.map(Frame::height).orElse(0);
        }

        boolean hasMore() {
            if (!hasSize() || !cursor.equals(wantedCursor)) {
                return true;
            }
            if (rowsToLookAt) {
                findChanged();
            }
            return rowsToLookAt;
        }

        private boolean isChanged(int y) {
            return !known[y] || !wanted.orElseThrow().sameRow(rows[y], y);
        }

        /** Goes on to the next row that is to be sent, if there is one. */
        private void findChanged() {
            Frame frame = wanted.orElseThrow();
            while (look < height && !isChanged(look)) {
                rows[look] = frame;
                look++;
            }
            rowsToLookAt = look < height;
        }

        /** {@return the next thing to tell the front-end, as it is sent} */
        Optional<byte[]> next() {
            if (!hasSize()) {
                return Optional.of(encoded(size()));
            }
            if (rowsToLookAt) {
                findChanged();
            }
            if (rowsToLookAt) {
                return Optional.of(band(wanted.orElseThrow()));
            }
            return cursor.equals(wantedCursor) ? Optional.empty() : Optional.of(encoded(cursor()));
        }

        private static byte[] encoded(DisplayMessage message) {
            return MessageSocket.encode(DisplayCodec.encode(message));
        }

        private DisplayMessage size() {
            width = wanted.map(Frame::width).orElse(0);
            height = wanted.map(Frame::height).orElse(0);
            rows = new Frame[height];
            known = new boolean[height];
            rowsToLookAt = wanted.isPresent();
            look = 0;
            return new DisplayMessage.Scanout(scanout, width, height);
        }

        private byte[] band(Frame frame) {
            int first = look;
            int most = Math.max(1, BAND_BYTES / (width * Integer.BYTES));
            while (look < height && look - first < most && isChanged(look)) {
                rows[look] = frame;
                known[look] = true;
                look++;
            }
            int count = look - first;
            byte[] update = new byte[DisplayCodec.UPDATE_HEADER + width * count * Integer.BYTES];
            DisplayCodec.putUpdateHeader(update, scanout, first, width, count);
            Pixels.put(frame, first, count, update, DisplayCodec.UPDATE_HEADER);
            return update;
        }

        private DisplayMessage cursor() {
            CursorPlane before = cursor;
            cursor = wantedCursor;
            Optional<Frame> image = cursor.image();
            if (image.isEmpty()) {
                return new DisplayMessage.CursorHide(scanout, cursor.x(), cursor.y());
            }
            boolean same =
                    image.equals(before.image()) && cursor.hotX() == before.hotX() && cursor.hotY() == before.hotY();
            return same
                    ? new DisplayMessage.CursorPosition(scanout, cursor.x(), cursor.y())
                    : new DisplayMessage.CursorUpdate(
                            scanout, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY(), Pixels.of(image.get()));
        }
    }
}
