package org.example.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Replays a trace in a program, and holds its snapshots against goldens. */
class ReplayInProgramTest {

    @Test
    void everySnapshotIsComparedWithItsGolden() {
        TraceFile trace = TraceFile.of(Path.of("recordings", "bars.trace"));
        TraceReplay replay = new TraceReplay(GuestImages.ofUser(), List.of(), TraceReplay.Kind.DEVICE);

        TraceVerdict verdict = replay.replay(trace, Goldens.of(trace, Optional.empty()), cycle -> {});

        switch (verdict) {
            case TraceVerdict.Replayed replayed -> {
                assertEquals(Optional.empty(), replayed.cause(), "the device answers as it was recorded");
                assertEquals(3, replayed.snapshots().size());
                for (SnapshotVerdict snapshot : replayed.snapshots()) {
                    assertTrue(snapshot instanceof SnapshotVerdict.Match, snapshot::label);
                }
            }
            case TraceVerdict.Refused refused -> throw new AssertionError(refused.reason());
            case TraceVerdict.TimedOut late -> throw new AssertionError("took longer than " + late.limit());
            case TraceVerdict.Crashed crashed -> throw new AssertionError(crashed.problem());
        }
    }
}
