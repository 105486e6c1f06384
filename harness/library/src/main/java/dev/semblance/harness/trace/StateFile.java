package dev.semblance.harness.trace;

import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A file with a saved state in it and nothing else: the chunks that a trace would have it in (docs/TRACE_FORMAT.md, "Stored state"). */
public final class StateFile {

    private StateFile() {}

    /**
     * Writes a state.
     *
     * @param state the state
     * @param out takes the bytes; it is not closed
     * @throws IOException if it does not take them
     */
    public static void write(SavedState state, OutputStream out) throws IOException {
        StateChunks.write(state, ChunkCodec.best(), (header, stored) -> {
            out.write(header.encode());
            out.write(stored);
        });
    }

    /**
     * Reads a state.
     *
     * @param file what {@link #write} has written
     * @param most the most bytes that it may have in memory
     * @return the state
     * @throws TraceFormatException if it is damaged, or larger
     * @throws IOException if it cannot be read
     */
    public static SavedState read(Path file, long most) throws IOException {
        try (BoundedFile bounded = BoundedFile.open(file)) {
            return StateChunks.read(bounded, 0, most);
        }
    }
}
