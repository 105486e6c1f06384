package dev.semblance.harness.record;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.device.ConsoleSink;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.time.Timeline;
import dev.semblance.machine.virtio.VirtioDevice;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Turns a run into events. It hands out decorators for the interfaces through which everything observable passes;
 * whatever goes through one of them is stamped with the current cycle and given to the sink, at once or {@linkplain #inBackground
 * by another thread}. Without a recorder the same
 * interfaces connect directly, so not recording costs nothing.
 */
public final class Recorder {

    private final Timeline timeline;
    private final EventSink sink;
    private Optional<RecordingThread> thread = Optional.empty();

    /** What has happened in a step that is not done yet. */
    private Optional<List<Entry>> step = Optional.empty();

    /**
     * Makes a recorder that stamps with the time of {@code timeline}.
     *
     * @param timeline tells the cycle of each event
     * @param sink takes the events
     */
    public Recorder(Timeline timeline, EventSink sink) {
        this.timeline = timeline;
        this.sink = EventParts.splitting(sink);
    }

    /**
     * Gives an event to the sink, now.
     *
     * @param event what happened
     */
    public void emit(TraceEvent event) {
        emit(new Entry.Happened(timeline.now(), event));
    }

    /** Has the sink told, now, what a device has read of memory. Nobody may change the news any more. */
    void emit(int device, MemoryNews news, RunCollector runs) {
        emit(new Entry.Read(timeline.now(), device, news, runs));
    }

    private void emit(Entry entry) {
        if (step.isPresent()) {
            step.get().add(entry);
            return;
        }
        if (thread.isPresent()) {
            thread.get().put(entry);
        } else {
            entry.deliver(sink);
        }
    }

    /**
     * Does one thing whole or not at all: what it emits goes to the sink when it has returned. If it throws, the sink gets
     * nothing of it, and nothing must be emitted any more that depends on what it has read.
     *
     * @param work emits events, on this thread
     * @param <T> what it returns
     * @return what the work returns
     * @throws IllegalStateException if this is called in such a step
     */
    public <T> T step(Supplier<T> work) {
        if (step.isPresent()) {
            throw new IllegalStateException("a step is being done");
        }
        List<Entry> emitted = new ArrayList<>();
        step = Optional.of(emitted);
        T result;
        try {
            result = work.get();
        } finally {
            step = Optional.empty();
        }
        emitted.forEach(this::emit);
        return result;
    }

    /**
     * Has another thread give the sink what is emitted from now on, as {@link #inBackground} does, until what is returned is
     * closed.
     *
     * @return for the same thread to close; that waits until the sink has all, and throws what the sink has thrown
     * @throws IllegalStateException if another thread does that already
     */
    public Background background() {
        if (thread.isPresent()) {
            throw new IllegalStateException("events are given away in the background already");
        }
        RecordingThread started = new RecordingThread(sink);
        thread = Optional.of(started);
        return () -> {
            try {
                started.close();
            } finally {
                thread = Optional.empty();
            }
        };
    }

    /** Another thread that gives the sink what is emitted. Closed once. */
    @FunctionalInterface
    public interface Background extends AutoCloseable {

        /** Waits until the sink has all. */
        @Override
        void close();
    }

    /**
     * Does work, and has another thread give the sink meanwhile what the work emits: the same events, in the same order, one
     * at a time. All are with the sink when this returns, or throws what the work has thrown. What the sink throws is
     * thrown by a later {@link #emit}, or from here; it gets nothing any more then.
     *
     * @param work emits events, on this thread
     * @throws UncheckedIOException if this thread is interrupted while it waits for the other one; it stays interrupted
     * @throws IllegalStateException if such work is being done
     */
    @SuppressWarnings("try") // It is there to be closed.
    public void inBackground(Runnable work) {
        try (Background running = background()) {
            work.run();
        }
    }

    /** Lets the sink have soon what was emitted up to here: within {@link #inBackground} some of it may wait for more. */
    public void handOver() {
        thread.ifPresent(RecordingThread::handOver);
    }

    /** Waits until the sink has all that was emitted up to here. */
    public void drain() {
        thread.ifPresent(RecordingThread::drain);
    }

    /**
     * {@return guest memory for a device whose reads beyond its requests are to be in the trace}
     *
     * @param device the device's number in the manifest
     * @param memory guest memory, as the device sees it
     */
    public RecordingMemory memory(int device, GuestMemory memory) {
        return new RecordingMemory(device, memory);
    }

    /**
     * {@return a device whose life and commands are recorded in full}
     *
     * @param device the number of the device in the manifest, from 0
     * @param delegate the device that is recorded
     */
    public VirtioDevice device(int device, VirtioDevice delegate) {
        return new RecordingDevice(this, device, delegate, FullCapture::new, () -> {});
    }

    /**
     * {@return a device whose life and commands are recorded in full, after what it reads of {@code memory}}
     *
     * @param device the number of the device in the manifest, from 0
     * @param delegate the device that is recorded
     * @param memory guest memory, as the device sees it
     */
    public VirtioDevice device(int device, VirtioDevice delegate, RecordingMemory memory) {
        return new RecordingDevice(this, device, delegate, FullCapture::new, () -> memory.drain(this));
    }

    /**
     * {@return a block device whose commands are recorded with a digest of their data}
     *
     * @param device the number of the device in the manifest, from 0
     * @param delegate the device that is recorded
     */
    public VirtioDevice disk(int device, VirtioDevice delegate) {
        return new RecordingDevice(this, device, delegate, DiskCapture::new, () -> {});
    }

    /**
     * {@return a sink that records what is published, then passes it on}
     *
     * @param next what it is passed on to
     */
    public FrameSink frames(FrameSink next) {
        return new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                next.flushed(scanout, frame);
                emit(new TraceEvent.Flush(scanout, frame.width(), frame.height(), frame.digest()));
            }

            @Override
            public void disabled(int scanout) {
                next.disabled(scanout);
                emit(new TraceEvent.ScanoutDisabled(scanout));
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                next.cursorChanged(scanout, cursor);
                OptionalLong image = cursor.image().isPresent()
                        ? OptionalLong.of(cursor.image().get().digest())
                        : OptionalLong.empty();
                emit(new TraceEvent.Cursor(scanout, image, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY()));
            }
        };
    }

    /**
     * {@return a console that records each byte, then passes it on}
     *
     * @param next what it is passed on to
     */
    public ConsoleSink console(ConsoleSink next) {
        return value -> {
            emit(new TraceEvent.ConsoleOutput(value));
            next.put(value);
        };
    }

    /**
     * {@return a port that records what is put in, then passes it on}
     *
     * @param next what it is passed on to
     */
    public HostPort port(HostPort next) {
        return new HostPort() {
            @Override
            public void console(byte[] bytes) {
                emit(new TraceEvent.ConsoleInput(bytes));
                next.console(bytes);
            }

            @Override
            public void input(TraceEvent.Input report) {
                emit(report);
                next.input(report);
            }

            @Override
            public void display(TraceEvent.DisplayChange change) {
                emit(change);
                next.display(change);
            }
        };
    }
}
