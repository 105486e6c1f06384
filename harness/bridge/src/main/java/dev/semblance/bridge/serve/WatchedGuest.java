package dev.semblance.bridge.serve;

import dev.semblance.bridge.serve.Requests.Request;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.record.live.ConsoleHistory;
import dev.semblance.harness.record.live.LiveCommand;
import dev.semblance.harness.record.live.LiveControls;
import dev.semblance.harness.record.live.LiveStatus;
import dev.semblance.harness.record.live.LiveStatus.Phase;
import dev.semblance.harness.record.live.Shown;
import dev.semblance.harness.record.live.ShownScanouts;
import dev.semblance.harness.record.live.Watchable;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The guest that is served, for those who watch it: its planes as they are recorded, and how the recording stands. The thread that serves leaves them
 * here whether or not anybody looks, and waits for nobody; so a guest that is watched is served as one that is not.
 */
final class WatchedGuest implements Watchable, FrameSink {

    private static final String NOT_HERE =
            "QEMU has the guest's keyboard, mouse, console, displays and time; here are its"
                    + " pictures, snapshots and the end of the recording";

    private final List<DisplayMode> displays;
    private final HostTime time;
    private final Requests requests;
    private final Snapshots snapshots;
    private final FrameSink next;
    private final ShownScanouts shown = new ShownScanouts();
    private final AtomicLong flushes = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private volatile Phase phase = Phase.NOT_CONNECTED;
    private volatile boolean begun;

    /**
     * @param displays what the guest is offered
     * @param time the recording's
     * @param requests takes what people want
     * @param snapshots the recording's
     * @param next told of all pictures, after they are here
     */
    WatchedGuest(DisplayConfig displays, HostTime time, Requests requests, Snapshots snapshots, FrameSink next) {
        this.displays = DisplayMode.of(displays);
        this.time = time;
        this.requests = requests;
        this.snapshots = snapshots;
        this.next = next;
    }

    // ---- for those who watch ------------------------------------------------------------------------------------

    @Override
    public LiveControls controls() {
        return LiveControls.NONE;
    }

    @Override
    public LiveStatus status() {
        return new LiveStatus(
                phase, time.elapsed(), flushes.get(), OptionalLong.of(events.get()), snapshots.count(), displays, 0);
    }

    @Override
    public Shown shown(int scanout) {
        return shown.get(scanout);
    }

    @Override
    public Optional<ConsoleHistory> console() {
        return Optional.empty();
    }

    @Override
    public int typingRoom() {
        return 0;
    }

    @Override
    public Optional<String> submit(LiveCommand command) {
        if (phase == Phase.ENDED) {
            return Optional.of("the recording is over");
        }
        return switch (command) {
            case LiveCommand.Snapshot snapshot -> submit(snapshot.label());
            case LiveCommand.Finish finish -> ask(new Request.Finish());
            // Nothing is held down from here.
            case LiveCommand.ReleaseAll release -> Optional.empty();
            case LiveCommand.Key key -> Optional.of(NOT_HERE);
            case LiveCommand.Move move -> Optional.of(NOT_HERE);
            case LiveCommand.MoveTo moveTo -> Optional.of(NOT_HERE);
            case LiveCommand.Scroll scroll -> Optional.of(NOT_HERE);
            case LiveCommand.Type type -> Optional.of(NOT_HERE);
            case LiveCommand.ChangeDisplay change -> Optional.of(NOT_HERE);
            case LiveCommand.Pause pause -> Optional.of(NOT_HERE);
            case LiveCommand.Resume resume -> Optional.of(NOT_HERE);
            case LiveCommand.StepToFlush step -> Optional.of(NOT_HERE);
            case LiveCommand.PowerOff off -> Optional.of(NOT_HERE);
        };
    }

    private Optional<String> submit(String label) {
        if (!SnapshotLabel.isPlain(label)) {
            return Optional.of("a label is " + SnapshotLabel.RULE);
        }
        if (!begun) {
            return Optional.of("there is no picture yet: no driver has started");
        }
        if (!snapshots.claim(label)) {
            return Optional.of(Text.format("there is a snapshot \"%s\" already", label));
        }
        return ask(new Request.Snapshot(label));
    }

    private Optional<String> ask(Request request) {
        return requests.ask(request) ? Optional.empty() : Optional.of("too much waits to be done already");
    }

    // ---- for the thread that serves -----------------------------------------------------------------------------

    /** Says that a front-end has connected. */
    void connected() {
        phase = Phase.NO_DRIVER;
    }

    /** Says that the recording has begun: there are pictures from now on. */
    void begin() {
        begun = true;
    }

    /** Says whether a driver uses the device. */
    void driven(boolean driven) {
        phase = driven ? Phase.RUNNING : Phase.NO_DRIVER;
    }

    /** Says that it is over. */
    void end() {
        phase = Phase.ENDED;
    }

    /**
     * {@return a recording whose events are counted here}
     *
     * @param recording takes them, before they count
     */
    EventSink counting(EventSink recording) {
        return (cycle, event) -> {
            recording.accept(cycle, event);
            events.incrementAndGet();
        };
    }

    @Override
    public void flushed(int scanout, Frame frame) {
        flushes.incrementAndGet();
        shown.publish(scanout, Optional.of(frame), shown.get(scanout).cursor());
        next.flushed(scanout, frame);
    }

    @Override
    public void disabled(int scanout) {
        shown.publish(scanout, Optional.empty(), shown.get(scanout).cursor());
        next.disabled(scanout);
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        shown.publish(scanout, shown.get(scanout).picture(), cursor);
        next.cursorChanged(scanout, cursor);
    }
}
