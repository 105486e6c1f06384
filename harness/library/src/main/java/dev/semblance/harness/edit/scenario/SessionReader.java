package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.MachineModel;
import java.util.List;

/** Makes a {@link RecordedSession} of the events of a trace, told in order. */
final class SessionReader {

    /** How much can be done in a session: by a mouse that is never still, in half an hour. */
    private static final int MAX_HANDS = 1 << 18;

    /** How many pictures: 60 a second for ten hours. */
    private static final int MAX_PICTURES = 2 << 20;

    /** What comes later than this happens at this cycle: sums of times stay in 64 bits. */
    private static final long LATEST = 1L << 60;

    private final TraceManifest manifest;
    private final ReplayableGpu gpu;
    private final Pointer pointer;
    private final HandReader hands;
    private final ConsoleLog console = new ConsoleLog();
    private final PictureLog pictures = new PictureLog();
    private final SnapshotLog snapshots = new SnapshotLog();
    private long cycle;
    private long shown;

    /**
     * Makes one of a trace with a manifest.
     *
     * @throws IncompatibleTraceException if it has a GPU that none here can be
     */
    SessionReader(TraceManifest manifest) throws IncompatibleTraceException {
        this.manifest = manifest;
        this.gpu = ReplayableGpu.of(manifest);
        this.pointer = HandReader.pointer(manifest);
        this.hands = new HandReader(manifest, pointer, gpu.displays());
    }

    private static MachineModel model(TraceManifest manifest) {
        if (manifest.parent().isPresent()) {
            throw new IncompatibleException(Text.format(
                    "the trace goes on from %s, and no scenario is made of a recording that goes on from another one; if it was"
                            + " recorded by a scenario, that is in its manifest",
                    Printable.line(manifest.parent().get().file())));
        }
        if (manifest.storedState().isPresent()) {
            throw new IncompatibleException(
                    "the machine of the trace begins in a state that is stored in it, and a scenario begins where the guest is"
                            + " booted; make one of the whole recording that the range was cut out of");
        }
        if (manifest.kind() != TraceManifest.Kind.MACHINE) {
            throw new IncompatibleException(
                    "the trace was made without a machine, so there is no session to make a scenario of");
        }
        return SessionImages.model(manifest)
                .orElseThrow(() -> new IncompatibleException(Text.format(
                        "the trace was made on a machine \"%s\" (%s) that is not here",
                        manifest.profile(), manifest.isa())));
    }

    /**
     * Takes the next event.
     *
     * @throws UnusableInputException if the session is too long
     */
    void take(long at, TraceEvent event) {
        cycle = Math.min(at, LATEST);
        hands.take(cycle, event);
        snapshots.take(event);
        pictures.take(cycle, event);
        if (event instanceof TraceEvent.ConsoleOutput output) {
            console.add(cycle, output.value());
        } else if (event instanceof TraceEvent.Flush || event instanceof TraceEvent.Cursor) {
            shown++;
        }
        if (hands.events().size() > MAX_HANDS || shown > MAX_PICTURES) {
            throw new UnusableInputException(Text.format(
                    "the session is too long for a scenario: more than %,d things were done, or more than %,d pictures"
                            + " shown",
                    MAX_HANDS, MAX_PICTURES));
        }
    }

    /**
     * {@return the session, once all events are told} A trace that is cut off ends where it is cut.
     *
     * @throws IncompatibleException if it was made without a machine, on one that is not here, or on one that was not booted in it
     */
    RecordedSession session(TraceStatus status) {
        MachineModel model = model(manifest);
        if (hands.events().isEmpty() || !(hands.events().getLast() instanceof HandEvent.Ended)) {
            hands.take(cycle, TraceEvent.End.UNKNOWN);
        }
        console.close();
        return new RecordedSession(
                manifest,
                gpu,
                model,
                pointer,
                List.copyOf(hands.events()),
                hands.omitted(),
                console,
                pictures,
                snapshots,
                status);
    }
}
