package dev.semblance.bridge.target;

import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.bridge.vhost.VhostCodec;
import dev.semblance.bridge.vhost.VhostRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The other end of a front-end's socket: it answers as a back-end does that has no queue of its own, on a thread of its own, or as
 * a test wants.
 */
final class FakeBackEnd {

    /** What every back-end has: EDID and VERSION_1, and protocol features. */
    static final long FEATURES = 1L << 1 | 1L << 32 | VhostCodec.F_PROTOCOL_FEATURES;

    /** The bytes of the configuration space that it answers with: 1, 2, 3 and so on. */
    static final int CONFIG_BYTES = 16;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final MessageSocket socket;
    private final UnaryOperator<Message> change;
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final TreeMap<Integer, EventFd> calls = new TreeMap<>();
    private final TreeMap<Integer, EventFd> errors = new TreeMap<>();
    private Optional<MessageSocket> display = Optional.empty();
    private final Thread thread;

    /**
     * Begins to answer.
     *
     * @param socket its end
     * @param change what becomes of its replies
     */
    FakeBackEnd(UnixSocket socket, UnaryOperator<Message> change) {
        this.socket = new MessageSocket(socket, VhostCodec.MAX_PAYLOAD, LIMIT);
        this.change = change;
        thread = Thread.ofPlatform().daemon().start(this::serve);
    }

    /** Returns the requests in their order, by their names. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    private void serve() {
        try {
            for (Optional<Message> next = socket.receive(); next.isPresent(); next = socket.receive()) {
                VhostRequest request = VhostCodec.decode(next.get());
                take(request, next.get().fds());
                heard.add(VhostCodec.name(next.get().number()));
                Optional<byte[]> reply = reply(request);
                if (reply.isPresent() || next.get().needsReply()) {
                    socket.send(change.apply(new Message(
                            next.get().number(),
                            Message.VERSION | Message.REPLY,
                            reply.orElseGet(() -> Replies.u64(0)),
                            List.of())));
                }
            }
        } catch (IOException | LeavingException e) {
            heard.add("ended: " + e.getMessage());
        } finally {
            // Here alone: a number that is closed may be another file's at once.
            socket.close();
        }
    }

    /** Thrown by what changes replies, to go away instead. */
    static final class LeavingException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private synchronized void take(VhostRequest request, List<Fd> fds) {
        switch (request) {
            case VhostRequest.SetDisplaySocket r ->
                display =
                        Optional.of(new MessageSocket(UnixSocket.of(fds.getFirst()), DisplayCodec.MAX_PAYLOAD, LIMIT));
            case VhostRequest.SetQueueCall r -> calls.put(r.queue(), EventFd.of(fds.getFirst()));
            case VhostRequest.SetQueueError r -> errors.put(r.queue(), EventFd.of(fds.getFirst()));
            default -> fds.forEach(Fd::close);
        }
    }

    private static Optional<byte[]> reply(VhostRequest request) {
        return switch (request) {
            case VhostRequest.GetFeatures r -> Optional.of(Replies.u64(FEATURES));
            case VhostRequest.GetProtocolFeatures r ->
                Optional.of(Replies.u64(VhostCodec.P_CONFIG | VhostCodec.P_REPLY_ACK | VhostCodec.P_MQ));
            case VhostRequest.GetQueueCount r -> Optional.of(Replies.u64(2));
            case VhostRequest.GetQueueBase r -> Optional.of(Replies.queueState(r.queue(), 0));
            case VhostRequest.GetConfig r -> {
                byte[] bytes = new byte[r.size()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (r.offset() + i + 1);
                }
                yield Optional.of(Replies.config(r.offset(), r.flags(), bytes));
            }
            default -> Optional.empty();
        };
    }

    /** Shows something. */
    synchronized void show(DisplayMessage message) {
        send(DisplayCodec.encode(message));
    }

    /** Sends any message on the display socket. */
    synchronized void send(Message message) {
        try {
            display.orElseThrow().send(message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Asks the front-end something, and returns the payload of the reply. */
    synchronized byte[] ask(DisplayMessage message) {
        send(DisplayCodec.encode(message));
        try {
            Message reply = display.orElseThrow().receive().orElseThrow();
            return reply.payload();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Says something on the control socket that nobody asked for. */
    void interject(Message message) {
        try {
            socket.send(message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    synchronized void call(int queue) {
        Optional.ofNullable(calls.get(queue)).orElseThrow().signal();
    }

    synchronized void refuse(int queue) {
        Optional.ofNullable(errors.get(queue)).orElseThrow().signal();
    }

    /** Waits for its end, which comes with the end of the connection. */
    void close() throws InterruptedException {
        thread.join();
        display.ifPresent(MessageSocket::close);
        calls.values().forEach(EventFd::close);
        errors.values().forEach(EventFd::close);
    }
}
