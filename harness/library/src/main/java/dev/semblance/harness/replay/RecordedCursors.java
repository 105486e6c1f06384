package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The cursors that our model shows at the snapshots of a trace, for a device that shows none. */
final class RecordedCursors {

    /** How many are kept; a trace with more of them has its later snapshots without. */
    private static final int MOST = 4096;

    private final Map<Long, CursorPlane> planes = new HashMap<>();

    private RecordedCursors() {}

    /** Replays a trace into the model. What differs there is not told: it is about the model. */
    static RecordedCursors of(Path trace, ReplayableGpu gpu, Optional<Place> end, LongConsumer progress)
            throws IOException {
        RecordedCursors cursors = new RecordedCursors();
        try (TraceReader reader = TraceReader.open(trace)) {
            new DeviceReplayer(reader, gpu, BuiltinDevice.ours(), FrameObserver.NONE, DigestStrictness.EXACT)
                    .watching(cursors::add)
                    .run(end, progress);
        }
        return cursors;
    }

    private void add(long sequence, CursorPlane plane) {
        if (plane.image().isPresent() && planes.size() < MOST) {
            planes.put(sequence, plane);
        }
    }

    /** {@return the cursor at the snapshot with this number} */
    CursorPlane at(long sequence) {
        return planes.getOrDefault(sequence, CursorPlane.HIDDEN);
    }
}
