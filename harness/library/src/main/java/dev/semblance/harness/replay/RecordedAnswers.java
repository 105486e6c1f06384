package dev.semblance.harness.replay;

import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.ResponseName;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The answers that a trace has of its GPU, by name. */
public final class RecordedAnswers {

    private RecordedAnswers() {}

    /** Told of each answer. */
    @FunctionalInterface
    public interface Taker {

        /**
         * A command was answered.
         *
         * @param command the name of the command
         * @param response the name of the response
         */
        void answered(String command, String response);
    }

    /**
     * Reads a trace, or what a torn one still has.
     *
     * @param trace the file
     * @param taker told of each answer, in the order of the trace
     * @throws IOException if it cannot be read, is corrupt, or has no GPU that could be ours
     */
    public static void read(Path trace, Taker taker) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            int device = ReplayableGpu.of(reader.manifest()).device();
            RequestAssembler requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                Optional<RequestAssembler.Request> request =
                        requests.take(next.get().event());
                if (request.isPresent() && next.get().event() instanceof Command command) {
                    taker.answered(CommandName.of(request.get().bytes()), name(command));
                }
            }
        }
    }

    /** {@return the name of the response that a command has} */
    static String name(Command command) {
        return ResponseName.of(true, command.usedLength(), response(command));
    }

    /** {@return the bytes of the response that a command has} */
    static byte[] response(Command command) {
        return command.payload() instanceof TraceEvent.Payload.Full full ? full.response() : new byte[0];
    }
}
