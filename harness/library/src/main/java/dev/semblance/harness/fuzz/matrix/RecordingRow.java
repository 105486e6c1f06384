package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.TraceFile;
import java.util.List;

/**
 * A recording on all targets.
 *
 * @param trace the recording
 * @param cells a cell for each target
 */
public record RecordingRow(TraceFile trace, List<RecordingCell> cells) {

    /** Copies the list. */
    public RecordingRow {
        cells = List.copyOf(cells);
    }
}
