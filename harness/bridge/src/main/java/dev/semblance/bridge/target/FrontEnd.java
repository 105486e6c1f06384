package dev.semblance.bridge.target;

import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.Poller;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.MemoryRegion;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.ProtocolException;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.bridge.vhost.VhostCodec;
import dev.semblance.bridge.vhost.VhostRequest;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.QueueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The front-end's side of a vhost-user connection to a GPU back-end, as QEMU is one. One thread serves control and display socket:
 * a back-end may wait for an answer on the one while it owes an answer on the other, and it stops where nobody takes its pictures.
 */
final class FrontEnd implements AutoCloseable {

    /** Where guest memory lies in the front-end's own address space, as far as the back-end is told. */
    private static final long USER = 1L << 46;

    /** Between looks at the used index of a queue whose interrupts the driver has turned off. */
    private static final int LOOK_MILLIS = 1;

    /** A queue that the back-end serves. */
    private static final class Queue {
        private final EventFd kick;
        private final EventFd call;
        private final EventFd error;
        private boolean broken;

        Queue() throws PosixException {
            kick = EventFd.create();
            call = EventFd.create();
            error = EventFd.create();
        }

        void close() {
            kick.close();
            call.close();
            error.close();
        }
    }

    private final MessageSocket control;
    private final FrontEndDisplay display;
    private final SharedRam ram;
    private final MemoryMap map;
    private final Duration timeout;
    private final TreeMap<Integer, Queue> queues = new TreeMap<>();
    private Optional<MessageSocket> displaySocket = Optional.empty();
    private final long offered;
    private final boolean acknowledges;
    private boolean interrupted;

    /**
     * Begins with a back-end that was just connected to.
     *
     * @param socket the connection; closed with this
     * @param display takes pictures, and answers
     * @param ram guest memory
     * @param map where it is
     * @param timeout how long anything may take
     */
    FrontEnd(UnixSocket socket, FrontEndDisplay display, SharedRam ram, MemoryMap map, Duration timeout)
            throws LinkFailedException {
        this.control = new MessageSocket(socket, VhostCodec.MAX_PAYLOAD, timeout);
        this.display = display;
        this.ram = ram;
        this.map = map;
        this.timeout = timeout;
        long features = askNumber(new VhostRequest.GetFeatures());
        if ((features & VhostCodec.F_PROTOCOL_FEATURES) == 0) {
            throw new LinkFailedException(new Cause.BrokeProtocol(
                    "does not offer VHOST_USER_F_PROTOCOL_FEATURES, without which a GPU has no configuration space"));
        }
        offered = features & ~VhostCodec.F_PROTOCOL_FEATURES;
        long protocol = askNumber(new VhostRequest.GetProtocolFeatures());
        if ((protocol & VhostCodec.P_CONFIG) == 0) {
            throw new LinkFailedException(new Cause.BrokeProtocol(
                    "does not offer VHOST_USER_PROTOCOL_F_CONFIG, without which a GPU has no configuration space"));
        }
        acknowledges = (protocol & VhostCodec.P_REPLY_ACK) != 0;
        long wanted = VhostCodec.P_CONFIG | VhostCodec.P_REPLY_ACK | VhostCodec.P_MQ;
        send(new VhostRequest.SetProtocolFeatures(protocol & wanted), List.of(), false);
        if ((protocol & VhostCodec.P_MQ) != 0) {
            askNumber(new VhostRequest.GetQueueCount());
        }
        send(new VhostRequest.SetOwner(), List.of(), false);
    }

    /** {@return the features that the back-end offers to a driver} */
    long offeredFeatures() {
        return offered;
    }

    /** {@return a part of the configuration space, as the back-end has it} */
    byte[] config(int offset, int size) throws LinkFailedException {
        VhostRequest.GetConfig get = new VhostRequest.GetConfig(offset, size, 0);
        Message reply = ask(get);
        return checked(() -> {
            byte[] bytes = Replies.readConfig(reply);
            if (bytes.length != size) {
                throw new ProtocolException("GET_CONFIG of " + size + " bytes was answered with " + bytes.length);
            }
            return bytes;
        });
    }

    /** Has the back-end begin: DRIVER_OK was set (VIRTIO 1.2, 3.1.1). */
    void start(long features, Map<Integer, QueueLayout> layouts) throws LinkFailedException {
        // First of all, as QEMU does: a back-end may look at its queues as soon as it knows where they are, enabled or
        // not.
        for (int number : layouts.keySet()) {
            Queue queue = checked(Queue::new);
            queues.put(number, queue);
            send(new VhostRequest.SetQueueError(number, true), List.of(queue.error), false);
            send(new VhostRequest.SetQueueCall(number, true), List.of(queue.call), false);
        }
        List<UnixSocket> ends = checked(UnixSocket::pair);
        displaySocket = Optional.of(new MessageSocket(ends.getFirst(), DisplayCodec.MAX_PAYLOAD, timeout));
        try (UnixSocket theirs = ends.getLast()) {
            send(new VhostRequest.SetDisplaySocket(), List.of(theirs), false);
        }
        send(new VhostRequest.SetFeatures(features | VhostCodec.F_PROTOCOL_FEATURES), List.of(), false);
        List<MemoryRegion> regions = map.regions().stream()
                .map(region -> new MemoryRegion(region.base(), region.size(), USER + region.base(), 0))
                .toList();
        send(new VhostRequest.SetMemoryTable(regions), ram.files(), acknowledges);
        for (Map.Entry<Integer, QueueLayout> queue : layouts.entrySet()) {
            describe(queue.getKey(), queue.getValue());
        }
        for (int number : layouts.keySet()) {
            enable(number, true);
        }
    }

    /** Tells of a queue, without having it served yet. */
    private void describe(int number, QueueLayout layout) throws LinkFailedException {
        send(new VhostRequest.SetQueueSize(number, layout.size()), List.of(), false);
        send(new VhostRequest.SetQueueBase(number, 0), List.of(), false);
        send(
                new VhostRequest.SetQueueAddresses(
                        number,
                        0,
                        USER + layout.descriptorTable(),
                        USER + layout.usedRing(),
                        USER + layout.availableRing(),
                        0),
                List.of(),
                false);
        Queue queue = Optional.ofNullable(queues.get(number)).orElseThrow();
        send(new VhostRequest.SetQueueKick(number, true), List.of(queue.kick), false);
    }

    private void enable(int number, boolean enabled) throws LinkFailedException {
        send(new VhostRequest.SetQueueEnabled(number, enabled), List.of(), acknowledges);
    }

    /** Has the back-end stop: there is no message for a reset but this. */
    void stop() throws LinkFailedException {
        if (displaySocket.isEmpty()) {
            return;
        }
        List<Integer> numbers = List.copyOf(queues.keySet());
        for (int number : numbers) {
            enable(number, false);
        }
        for (int number : numbers) {
            Message reply = ask(new VhostRequest.GetQueueBase(number));
            checked(() -> Replies.readQueueState(reply));
        }
        release();
    }

    private void release() {
        queues.values().forEach(Queue::close);
        queues.clear();
        displaySocket.ifPresent(MessageSocket::close);
        displaySocket = Optional.empty();
    }

    /** Wakes the back-end for a queue that it serves. */
    void kick(int number) {
        Optional.ofNullable(queues.get(number)).ifPresent(queue -> queue.kick.signal());
    }

    /** {@return whether the back-end has interrupted since this was last asked} */
    boolean takeInterrupt() {
        boolean now = interrupted;
        interrupted = false;
        return now;
    }

    /**
     * Serves the back-end until something has happened, and takes what it has shown by then.
     *
     * @param number a queue; if the back-end refuses that, nothing will happen any more
     * @param done whether it has
     * @throws LinkFailedException if it does not happen in time, or the back-end fails
     */
    void await(int number, BooleanSupplier done) throws LinkFailedException {
        long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            Queue queue = queues.get(number);
            if (queue == null || queue.broken) {
                return;
            }
            long left = timeout.toMillis() - (System.nanoTime() - start) / 1_000_000;
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                throw new LinkFailedException(new Cause.Hung("the end of a command of queue " + number, timeout));
            }
            turn((int) Math.min(left, LOOK_MILLIS));
        }
        // It shows first and answers then, so what it has shown is here.
        while (turn(0)) {
            if (System.nanoTime() - start > 2 * timeout.toNanos()) {
                throw new LinkFailedException(new Cause.BrokeProtocol("sent pictures without end"));
            }
        }
    }

    /** Waits a while for the back-end, and takes one thing that it says; returns whether there was one to take. */
    private boolean turn(int milliseconds) throws LinkFailedException {
        List<Poller.Interest> interests = new ArrayList<>();
        displaySocket.ifPresent(socket -> interests.add(new Poller.Interest(socket.socket(), Poller.READABLE)));
        interests.add(new Poller.Interest(control.socket(), Poller.READABLE));
        int others = interests.size();
        for (Queue queue : queues.values()) {
            interests.add(new Poller.Interest(queue.call, Poller.READABLE));
            interests.add(new Poller.Interest(queue.error, Poller.READABLE));
        }
        BitSet ready = checked(() -> Poller.await(interests, milliseconds));
        for (Queue queue : queues.values()) {
            interrupted |= ready.get(others) && queue.call.drain();
            queue.broken |= ready.get(others + 1) && queue.error.drain();
            others += 2;
        }
        if (displaySocket.isPresent() && ready.get(0)) {
            serveDisplay(displaySocket.get());
            return true;
        }
        if (ready.get(displaySocket.isPresent() ? 1 : 0)) {
            Message unasked = receive(control, "control");
            unasked.closeFds();
            throw new LinkFailedException(new Cause.BrokeProtocol("sent message "
                    + Integer.toUnsignedLong(unasked.number()) + " on the control socket, which nobody asked for"));
        }
        return false;
    }

    private void serveDisplay(MessageSocket socket) throws LinkFailedException {
        Message message = receive(socket, "display");
        message.closeFds();
        // QEMU's back-end leaves the flags of its pictures to chance, and QEMU does not look at them.
        Message request = new Message(message.number(), 0, message.payload(), List.of());
        Optional<byte[]> reply = display.take(checked(() -> DisplayCodec.decode(request)));
        if (reply.isPresent()) {
            checked(() -> {
                socket.send(FrontEndDisplay.reply(message, reply.get()));
                return true;
            });
        }
    }

    private static Message receive(MessageSocket socket, String name) throws LinkFailedException {
        return checked(socket::receive)
                .orElseThrow(() ->
                        new LinkFailedException(new Cause.BrokeProtocol("closed its end of the " + name + " socket")));
    }

    private long askNumber(VhostRequest request) throws LinkFailedException {
        Message reply = ask(request);
        return checked(() -> Replies.readU64(reply));
    }

    private Message ask(VhostRequest request) throws LinkFailedException {
        write(request, List.of(), false);
        return reply(request);
    }

    /** Sends a request that has no reply of its own, and has it acknowledged if that was agreed upon. */
    private void send(VhostRequest request, List<? extends Fd> fds, boolean acknowledged) throws LinkFailedException {
        write(request, fds, acknowledged);
        if (acknowledged) {
            Message reply = reply(request);
            long failed = checked(() -> Replies.readU64(reply));
            if (failed != 0) {
                throw new LinkFailedException(
                        new Cause.BrokeProtocol("refused " + VhostCodec.name(VhostCodec.number(request))));
            }
        }
    }

    private void write(VhostRequest request, List<? extends Fd> fds, boolean acknowledged) throws LinkFailedException {
        Message message = new Message(
                VhostCodec.number(request),
                Message.VERSION | (acknowledged ? Message.NEED_REPLY : 0),
                VhostCodec.payload(request),
                List.copyOf(fds));
        checked(() -> {
            control.send(message);
            return true;
        });
    }

    /** Waits for a reply, and serves the display meanwhile. */
    private Message reply(VhostRequest request) throws LinkFailedException {
        String name = VhostCodec.name(VhostCodec.number(request));
        long start = System.nanoTime();
        while (true) {
            List<Poller.Interest> interests = new ArrayList<>();
            interests.add(new Poller.Interest(control.socket(), Poller.READABLE));
            displaySocket.ifPresent(socket -> interests.add(new Poller.Interest(socket.socket(), Poller.READABLE)));
            long left = timeout.toMillis() - (System.nanoTime() - start) / 1_000_000;
            BitSet ready = checked(() -> Poller.await(interests, (int) Math.max(0, left)));
            if (ready.get(0)) {
                Message reply = receive(control, "control");
                reply.closeFds();
                if (reply.number() != VhostCodec.number(request)) {
                    throw new LinkFailedException(new Cause.BrokeProtocol(
                            "answered " + name + " with message " + Integer.toUnsignedLong(reply.number())));
                }
                return reply;
            }
            if (ready.get(1)) {
                serveDisplay(displaySocket.orElseThrow());
            } else if (left <= 0) {
                throw new LinkFailedException(new Cause.Hung("the reply to " + name, timeout));
            }
        }
    }

    /** Something that talks to the back-end. */
    @FunctionalInterface
    private interface Talk<T> {
        T talk() throws ProtocolException, PosixException;
    }

    private static <T> T checked(Talk<T> talk) throws LinkFailedException {
        try {
            return talk.talk();
        } catch (ProtocolException e) {
            throw new LinkFailedException(new Cause.BrokeProtocol("broke the protocol: " + e.getMessage()));
        } catch (PosixException e) {
            throw new LinkFailedException(new Cause.BrokeProtocol("cannot be spoken to: " + e.getMessage()));
        }
    }

    @Override
    public void close() {
        release();
        control.close();
    }
}
