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
import java.util.Optional;
import java.util.OptionalLong;

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
        if (thread.isPresent()) {
            thread.get().put(entry);
        } else {
            entry.deliver(sink);
        }
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
    public void inBackground(Runnable work) {
        if (thread.isPresent()) {
            throw new IllegalStateException("events are given away in the background already");
        }
        try (RecordingThread started = new RecordingThread(sink)) {
            thread = Optional.of(started);
            work.run();
        } finally {
            thread = Optional.empty();
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
