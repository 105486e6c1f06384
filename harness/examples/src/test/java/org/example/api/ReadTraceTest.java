package org.example.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Reads a trace: what the driver asked for, and which pictures were kept. */
class ReadTraceTest {

    @Test
    void everyEventOfATraceIsReadInItsOrder() throws IOException {
        Map<CommandType, Integer> commands = new TreeMap<>();
        List<String> snapshots = new ArrayList<>();

        try (TraceReader reader = TraceReader.open(Path.of("recordings", "bars.trace"))) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                switch (next.get().event()) {
                    case TraceEvent.Command command ->
                        type(command).ifPresent(type -> commands.merge(type, 1, Integer::sum));
                    case TraceEvent.Snapshot snapshot -> snapshots.add(snapshot.label());
                    default -> {}
                }
            }
            switch (reader.status()) {
                case TraceStatus.Complete complete -> {}
                case TraceStatus.Torn torn -> throw new IOException("cut off at byte " + torn.offset());
            }
        }

        assertEquals(
                Map.of(
                        CommandType.RESOURCE_CREATE_2D, 1,
                        CommandType.RESOURCE_ATTACH_BACKING, 1,
                        CommandType.SET_SCANOUT, 1,
                        CommandType.TRANSFER_TO_HOST_2D, 2,
                        CommandType.RESOURCE_FLUSH, 2),
                commands);
        assertEquals(List.of("bars", "turned", "end"), snapshots);
    }

    /** The type is the first field of a request, 32 bits, little-endian (VIRTIO 1.2, 5.7.6.7). */
    private static Optional<CommandType> type(TraceEvent.Command command) {
        byte[] request =
                switch (command.payload()) {
                    case Payload.Full full -> full.request();
                    case Payload.Disk disk -> new byte[0];
                };
        return request.length < Integer.BYTES
                ? Optional.empty()
                : CommandType.of(
                        ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }
}
