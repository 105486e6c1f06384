package dev.semblance.live;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.replay.TraceVerdict;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Traces to look into.
 *
 * @param traces one or more
 * @param replayer replays one of them
 * @param blamer says who made a pixel of one of them
 */
public record Viewing(List<TraceFile> traces, Replayer replayer, Blamer blamer) {

    /** Copies the list. */
    public Viewing {
        traces = List.copyOf(traces);
    }

    /** Replays a trace. Called by any thread, once for each trace. */
    @FunctionalInterface
    public interface Replayer {

        /**
         * {@return what came of it}
         *
         * @param trace the trace
         * @param progress told the cycle now and then
         */
        TraceVerdict replay(TraceFile trace, LongConsumer progress);
    }

    /** Says who made a pixel. Called by any thread, for one pixel at a time. */
    @FunctionalInterface
    public interface Blamer {

        /**
         * {@return who did, in lines}
         *
         * @param trace the trace
         * @param event right after which it is looked at
         * @param scanout whose pixel
         * @param x its column
         * @param y its row
         */
        List<String> blame(TraceFile trace, long event, int scanout, int x, int y);
    }
}
