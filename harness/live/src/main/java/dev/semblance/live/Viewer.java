package dev.semblance.live;

import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.record.live.ConsoleHistory;
import dev.semblance.harness.record.live.LiveCommand;
import dev.semblance.harness.record.live.LiveControls;
import dev.semblance.harness.record.live.LiveStatus;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An open page. It is told one thing at a time, the next when the last has gone out; how the guest shows itself in between is not kept for
 * it. Jetty calls it when it says something, one message at a time; it finds the methods of public classes alone.
 */
public final class Viewer implements Session.Listener.AutoDemanding {

    /** At most 30 pictures a second. */
    private static final long PICTURE_NANOS = TimeUnit.SECONDS.toNanos(1) / 30;

    private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A page that takes nothing, or answers nothing, for so long is let go. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Pictures that were sent and that the page has not drawn yet. */
    private static final int MOST_UNDRAWN = 2;

    /** More messages in a second than hands and a mouse make. */
    private static final int MOST_MESSAGES = 1000;

    private static final int MOST_REFUSALS = 16;
    private static final int CONSOLE_BYTES = 1 << 15;
    private static final byte CONSOLE = 3;

    private final Viewers viewers;
    private final ScanoutEncoders encoders;
    private final BlockingQueue<String> refusals = new ArrayBlockingQueue<>(MOST_REFUSALS);
    /** What became of each text that was typed: why it was not taken, or nothing. A page waits for one before it sends the next. */
    private final BlockingQueue<Optional<String>> typings = new ArrayBlockingQueue<>(MOST_REFUSALS);

    private final AtomicInteger undrawn = new AtomicInteger();
    private volatile Optional<Session> session = Optional.empty();
    private volatile boolean busy;
    private volatile long busySince;
    private volatile boolean answers = true;
    private volatile boolean knowsTheEnd;

    // Of the thread that tells.
    private boolean greeted;
    private long console;
    private long lastPicture;
    private long lastStatus;
    private Optional<LiveStatus> told = Optional.empty();
    private String toldControl = "";
    private long lastPing;
    private long firstUnanswered;

    // Of the thread that listens.
    private long second;
    private int messages;

    Viewer(Viewers viewers) {
        this.viewers = viewers;
        encoders = ScanoutEncoders.of(viewers.guest().scanouts());
        second = viewers.nanos();
        lastPicture = second - SECOND;
        lastPing = second;
    }

    // ---- what the page says --------------------------------------------------------------------------------------

    @Override
    public void onWebSocketOpen(Session opened) {
        session = Optional.of(opened);
        if (!viewers.add(this)) {
            opened.close(StatusCode.TRY_AGAIN_LATER, "too many pages are open", Callback.NOOP);
        }
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        answers = true;
    }

    @Override
    public void onWebSocketText(String text) {
        answers = true;
        long now = viewers.nanos();
        if (now - second > SECOND) {
            second = now;
            messages = 0;
        }
        if (++messages > MOST_MESSAGES) {
            misbehaves("too many messages");
            return;
        }
        try {
            listen(ClientMessage.parse(text));
        } catch (IllegalArgumentException e) {
            misbehaves("a message that is none");
        }
    }

    private void listen(ClientMessage message) {
        switch (message) {
            case ClientMessage.Drawn drawn -> undrawn.updateAndGet(count -> Math.max(0, count - 1));
            case ClientMessage.TakeControl take -> {
                if (!viewers.takeControl(this)) {
                    refuse("another page has the controls");
                }
            }
            case ClientMessage.GiveControl give -> viewers.giveControl(this);
            case ClientMessage.Command command -> {
                Optional<String> refusal = viewers.submit(this, command.command());
                if (command.command() instanceof LiveCommand.Type) {
                    answerTyped(refusal);
                } else {
                    refusal.ifPresent(this::refuse);
                }
            }
        }
    }

    /** What does not fit is the answer to a page that did not wait for one. */
    @SuppressWarnings("ReturnValueIgnored")
    private void answerTyped(Optional<String> refusal) {
        typings.offer(refusal);
    }

    /** What does not fit is no loss: it says what was said already. */
    @SuppressWarnings("ReturnValueIgnored")
    private void refuse(String why) {
        refusals.offer(message("refused").put("why", why).toString());
    }

    private void misbehaves(String how) {
        session.ifPresent(open -> open.close(StatusCode.POLICY_VIOLATION, how, Callback.NOOP));
        viewers.remove(this);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        misbehaves("a message that is none");
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        viewers.remove(this);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        viewers.remove(this);
        callback.succeed();
    }

    void close() {
        session.ifPresent(open -> open.close(StatusCode.SHUTDOWN, "", Callback.NOOP));
    }

    // ---- what the page is told -----------------------------------------------------------------------------------

    /** Tells what there is to tell, as far as it goes out at once. */
    void tell() {
        Optional<Session> open = session.filter(Session::isOpen);
        if (open.isEmpty()) {
            return;
        }
        if (isSilent(open.get()) || busy && viewers.nanos() - busySince > STUCK_NANOS) {
            letGo();
            return;
        }
        while (!busy && tellNext(open.get())) {
            // The next one.
        }
    }

    /**
     * Asks from time to time whether somebody is there: a computer that went to sleep, or a tunnel that broke, closes nothing. Returns whether nobody
     * has answered for long.
     */
    private boolean isSilent(Session open) {
        long now = viewers.nanos();
        if (now - lastPing >= PING_NANOS) {
            lastPing = now;
            if (answers) {
                answers = false;
                firstUnanswered = now;
            }
            open.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        }
        return !answers && now - firstUnanswered > STUCK_NANOS;
    }

    /** Ends the connection without a word, which nobody would hear. */
    void letGo() {
        session.ifPresent(Session::disconnect);
        viewers.remove(this);
    }

    /** Gives memory back that is not Java's; called by the thread that tells, and the last that it calls. */
    void end() {
        encoders.end();
    }

    private boolean tellNext(Session open) {
        if (!greeted) {
            greeted = true;
            return send(open, hello());
        }
        Optional<String> refusal = Optional.ofNullable(refusals.poll());
        if (refusal.isPresent()) {
            return send(open, refusal.get());
        }
        if (tellTyped(open) || tellPicture(open)) {
            return true;
        }
        Optional<ConsoleHistory.Part> part = viewers.guest()
                .run()
                .console()
                .map(history -> history.read(console, CONSOLE_BYTES))
                .filter(read -> read.bytes().length > 0);
        if (part.isPresent()) {
            console = part.get().end();
            byte[] bytes = part.get().bytes();
            return send(
                    open,
                    ByteBuffer.allocate(bytes.length + 4)
                            .put(new byte[] {CONSOLE, 0, 0, 0})
                            .put(bytes)
                            .flip());
        }
        return tellStatus(open) || tellEnd(open);
    }

    /** Asks for more to be typed when there is room for a whole message of it, or says why the last was not taken. */
    private boolean tellTyped(Session open) {
        Optional<Optional<String>> answer = Optional.ofNullable(typings.peek());
        boolean hasRoom = viewers.guest().run().typingRoom() >= ClientMessage.MOST_BYTES;
        if (answer.isEmpty()
                || answer.get().isEmpty() && !hasRoom && viewers.ending().isEmpty()) {
            return false;
        }
        typings.remove();
        ObjectNode message = message("typed");
        answer.get().ifPresent(why -> message.put("why", why));
        return send(open, message.toString());
    }

    private boolean tellPicture(Session open) {
        long now = viewers.nanos();
        if (undrawn.get() >= MOST_UNDRAWN || now - lastPicture < PICTURE_NANOS) {
            return false;
        }
        Optional<ByteBuffer> picture = encoders.next(viewers.guest().run()::shown);
        if (picture.isEmpty()) {
            return false;
        }
        lastPicture = now;
        undrawn.incrementAndGet();
        return send(open, picture.get());
    }

    private boolean tellStatus(Session open) {
        LiveStatus status = viewers.guest().run().status();
        String control = viewers.controls(this) ? "you" : viewers.isControlled() ? "other" : "nobody";
        long now = viewers.nanos();
        boolean news = told.isEmpty()
                || !control.equals(toldControl)
                || told.get().phase() != status.phase()
                || told.get().snapshots() != status.snapshots()
                || told.get().held() != status.held()
                || !told.get().displays().equals(status.displays());
        boolean due =
                now - lastStatus >= STATUS_NANOS && !told.equals(Optional.of(status)) || now - lastStatus >= 4 * SECOND;
        if (!news && !due) {
            return false;
        }
        told = Optional.of(status);
        toldControl = control;
        lastStatus = now;
        ObjectNode message = message("status")
                .put("phase", status.phase().name())
                .put("cycle", status.cycle())
                .put("flushes", status.flushes())
                .put("snapshots", status.snapshots())
                .put("held", status.held())
                .put("control", control)
                .put("pages", viewers.count());
        status.events().ifPresent(events -> message.put("events", events));
        ArrayNode displays = message.putArray("displays");
        status.displays().stream().map(DisplayMode::toString).forEach(displays::add);
        return send(open, message.toString());
    }

    private boolean tellEnd(Session open) {
        String ending = viewers.ending();
        if (ending.isEmpty() || knowsTheEnd) {
            return false;
        }
        boolean sent = send(open, message("ended").put("text", ending).toString());
        knowsTheEnd = true;
        return sent;
    }

    boolean knowsTheEnd() {
        return knowsTheEnd || session.filter(Session::isOpen).isEmpty();
    }

    private String hello() {
        LiveGuest guest = viewers.guest();
        LiveControls controls = guest.run().controls();
        Optional<Pointer> pointer = controls.pointer();
        ObjectNode hello = message("hello")
                .put("title", guest.title())
                .put("records", guest.records())
                .put("scanouts", guest.scanouts())
                .put("keyboard", pointer.isPresent())
                .put("mouse", pointer.filter(Pointer::hasMouse).isPresent())
                .put("tablet", pointer.filter(Pointer::hasTablet).isPresent())
                .put("console", guest.run().console().isPresent())
                .put("time", controls.time())
                .put("displays", controls.displays())
                .put("power", controls.power())
                .put("clock", guest.clock());
        ArrayNode keys = hello.putArray("keys");
        if (pointer.isPresent()) {
            PhysicalKeys.all().keySet().forEach(keys::add);
        }
        return hello.toString();
    }

    private static ObjectNode message(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private boolean send(Session open, String text) {
        open.sendText(text, begin());
        return true;
    }

    private boolean send(Session open, ByteBuffer bytes) {
        open.sendBinary(bytes, begin());
        return true;
    }

    private Callback begin() {
        busySince = viewers.nanos();
        busy = true;
        return Callback.from(() -> busy = false, problem -> viewers.remove(this));
    }
}
