package dev.semblance.bridge.vhost;

import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.Poller;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whole messages over a socket. Nothing here waits longer than its limit, whatever the peer does in the middle of a message; all
 * sizes are checked before they allocate. One thread reads and one writes.
 */
public final class MessageSocket implements AutoCloseable {

    private final UnixSocket socket;
    private final int maxPayload;
    private final Duration limit;

    /**
     * Takes over a socket.
     *
     * @param socket closed with this
     * @param maxPayload the longest payload that is taken, in bytes
     * @param limit how long one message may take, from its first byte to its last
     */
    public MessageSocket(UnixSocket socket, int maxPayload, Duration limit) {
        this.socket = socket;
        this.maxPayload = maxPayload;
        this.limit = limit;
    }

    /** {@return the socket, to wait for} */
    public UnixSocket socket() {
        return socket;
    }

    /**
     * Takes the next message; waits for it.
     *
     * @return the message, or empty if the peer has closed its end between two messages
     * @throws ProtocolException if the peer ends or stops in the middle of a message, sends one that is too long, or too many
     *     file descriptors; those are closed
     * @throws PosixException if the socket fails
     */
    public Optional<Message> receive() throws ProtocolException, PosixException {
        List<Fd> fds = new ArrayList<>();
        boolean whole = false;
        try {
            long deadline = System.nanoTime() + limit.toNanos();
            byte[] header = new byte[Message.HEADER];
            if (!fill(header, fds, deadline, true)) {
                return Optional.empty();
            }
            Payload fields = new Payload("the header of a message", header);
            int number = fields.u32();
            int flags = fields.u32();
            long size = Integer.toUnsignedLong(fields.u32());
            if (size > maxPayload) {
                throw new ProtocolException("message " + Integer.toUnsignedLong(number) + " says that it has " + size
                        + " bytes, and at most " + maxPayload + " are taken");
            }
            byte[] payload = new byte[(int) size];
            fill(payload, fds, deadline, false);
            whole = true;
            return Optional.of(new Message(number, flags, payload, List.copyOf(fds)));
        } finally {
            if (!whole) {
                fds.forEach(Fd::close);
            }
        }
    }

    private boolean fill(byte[] target, List<Fd> fds, long deadline, boolean mayEnd)
            throws ProtocolException, PosixException {
        int filled = 0;
        while (filled < target.length) {
            await(Poller.READABLE, deadline);
            UnixSocket.Received received;
            try {
                received = socket.receive(target, filled, target.length - filled);
            } catch (PosixException problem) {
                if (problem.errno() == PosixException.EAGAIN) {
                    continue;
                }
                if (problem.isPeerGone() && mayEnd && filled == 0) {
                    return false;
                }
                throw problem;
            }
            fds.addAll(received.fds());
            if (received.lostFds() || fds.size() > UnixSocket.MAX_FDS) {
                throw new ProtocolException(
                        "a message came with more than " + UnixSocket.MAX_FDS + " file descriptors");
            }
            if (received.bytes() == 0) {
                if (mayEnd && filled == 0 && fds.isEmpty()) {
                    return false;
                }
                throw new ProtocolException("the connection ended in the middle of a message");
            }
            filled += received.bytes();
        }
        return true;
    }

    /**
     * Sends a message whole.
     *
     * @param message its file descriptors stay the caller's
     * @throws ProtocolException if the peer does not read
     * @throws PosixException if the peer's end is closed
     */
    public void send(Message message) throws ProtocolException, PosixException {
        byte[] bytes = encode(message);
        long deadline = System.nanoTime() + limit.toNanos();
        int sent = socket.send(bytes, 0, bytes.length, message.fds());
        boolean fdsSent = sent > 0;
        while (sent < bytes.length) {
            await(Poller.WRITABLE, deadline);
            int more = socket.send(bytes, sent, bytes.length - sent, fdsSent ? List.of() : message.fds());
            fdsSent |= more > 0;
            sent += more;
        }
    }

    /**
     * {@return a message as bytes}
     *
     * @param message its file descriptors are not among them
     */
    public static byte[] encode(Message message) {
        byte[] payload = message.payload();
        return new PayloadWriter(Message.HEADER + payload.length)
                .u32(message.number())
                .u32(message.flags())
                .u32(payload.length)
                .bytes(payload)
                .done();
    }

    private void await(int events, long deadline) throws ProtocolException, PosixException {
        long left = deadline - System.nanoTime();
        long milliseconds = Math.max(0, left / 1_000_000);
        boolean ready = !Poller.await(
                        List.of(new Poller.Interest(socket, events)), (int) Math.min(milliseconds, Integer.MAX_VALUE))
                .isEmpty();
        if (!ready) {
            throw new ProtocolException(
                    events == Poller.READABLE
                            ? "a message did not come to its end within " + limit.toMillis() + " ms"
                            : "the peer took nothing for " + limit.toMillis() + " ms");
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
