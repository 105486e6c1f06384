package dev.semblance.live;

import dev.semblance.harness.record.live.LiveCommand;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The pages that are open, of which at most one controls the guest. A thread looks again and again at what there is to tell them, so that
 * the thread that runs the machine has to wake nobody.
 */
final class Viewers implements AutoCloseable {

    /** More pages than anybody looks at. */
    private static final int MOST = 8;

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(8);

    private final LiveGuest guest;
    private final LongSupplier nanos;
    private final List<Viewer> open = new CopyOnWriteArrayList<>();

    /** Whose memory is still to be given back, by the thread that used it. */
    private final Queue<Viewer> gone = new ConcurrentLinkedQueue<>();

    private Optional<Viewer> controller = Optional.empty();
    private volatile String ending = "";
    private volatile boolean closed;
    private final Thread thread = Thread.ofPlatform().daemon().name("live page").unstarted(this::tellAll);

    Viewers(LiveGuest guest, LongSupplier nanos) {
        this.guest = guest;
        this.nanos = nanos;
    }

    void start() {
        thread.start();
    }

    LiveGuest guest() {
        return guest;
    }

    /** Returns the time from some moment on. */
    long nanos() {
        return nanos.getAsLong();
    }

    /** Returns why the run ended, as a sentence; empty while it goes on. */
    String ending() {
        return ending;
    }

    int count() {
        return open.size();
    }

    /** Takes a page in, and gives it control if nobody has it. Returns whether there is room. */
    synchronized boolean add(Viewer viewer) {
        if (open.size() >= MOST || closed) {
            gone.add(viewer);
            return false;
        }
        open.add(viewer);
        takeControl(viewer);
        return true;
    }

    /**
     * Lets a page go. What it held down comes up. The last one that is left has control from then on: most often it is the same, whose
     * new connection came before the end of the old one was noticed.
     */
    synchronized void remove(Viewer viewer) {
        if (!open.remove(viewer)) {
            return;
        }
        gone.add(viewer);
        giveControl(viewer);
        if (open.size() == 1) {
            takeControl(open.getFirst());
        }
    }

    /** Gives a page control if nobody has it. */
    synchronized boolean takeControl(Viewer viewer) {
        if (controller.isEmpty()) {
            controller = Optional.of(viewer);
        }
        return controls(viewer);
    }

    synchronized void giveControl(Viewer viewer) {
        if (controls(viewer)) {
            controller = Optional.empty();
            guest.run().submit(new LiveCommand.ReleaseAll());
        }
    }

    /** Has something done for the page that has control. Returns why it is not, as a sentence without a full stop. */
    synchronized Optional<String> submit(Viewer viewer, LiveCommand command) {
        return controls(viewer) ? guest.run().submit(command) : Optional.of("this page only watches");
    }

    synchronized boolean controls(Viewer viewer) {
        return controller.filter(viewer::equals).isPresent();
    }

    synchronized boolean isControlled() {
        return controller.isPresent();
    }

    private void tellAll() {
        while (!closed) {
            open.forEach(Viewers::tell);
            endThoseGone();
            LockSupport.parkNanos(this, TICK);
        }
        open.forEach(Viewer::end);
        endThoseGone();
    }

    /** One page's trouble is no other's. */
    private static void tell(Viewer viewer) {
        try {
            viewer.tell();
        } catch (RuntimeException e) {
            viewer.letGo();
        }
    }

    private void endThoseGone() {
        for (Viewer viewer = gone.poll(); viewer != null; viewer = gone.poll()) {
            viewer.end();
        }
    }

    /** Tells all pages that the run has ended, and gives them a moment to hear it. */
    void end(String sentence) {
        ending = sentence;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (System.nanoTime() < deadline && !open.stream().allMatch(Viewer::knowsTheEnd)) {
            LockSupport.parkNanos(this, TICK);
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Viewer::close);
    }
}
