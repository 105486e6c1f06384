package dev.semblance.harness.trace;

import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.Memory;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.RequestPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts events that are too long for one into several, always in the same places, so that the same run gives the same
 * events. Whoever makes events puts {@link #splitting} before every sink, the file as well as the comparison with one.
 */
public final class EventParts {

    /** The most bytes of guest memory, request or console input in one part: 256 KiB. */
    public static final int PART_BYTES = 256 * 1024;

    /** What a run of a Memory event may take besides its bytes, at most: two numbers of up to 10 bytes. */
    private static final int RUN_BYTES = 20;

    private EventParts() {}

    /**
     * {@return a sink that passes every event on to {@code sink}, cut where it must be}
     *
     * @param sink takes the parts
     */
    public static EventSink splitting(EventSink sink) {
        return (cycle, event) -> {
            for (TraceEvent part : split(event)) {
                sink.accept(cycle, part);
            }
        };
    }

    /**
     * {@return the events to record for {@code event}: itself where it is short enough; else several Memory or ConsoleInput
     * events, or RequestPart events and the Command with the last part of its request}
     *
     * @param event what happened
     */
    public static List<TraceEvent> split(TraceEvent event) {
        return switch (event) {
            case Memory memory -> cost(memory.runs()) > PART_BYTES ? splitMemory(memory) : List.of(memory);
            case Command command -> splitRequest(command);
            case ConsoleInput input -> splitInput(input);
            default -> List.of(event);
        };
    }

    private static long cost(List<Bytes> runs) {
        long cost = 0;
        for (Bytes run : runs) {
            cost += run.bytes().length + RUN_BYTES;
        }
        return cost;
    }

    private static List<TraceEvent> splitMemory(Memory memory) {
        MemoryParts parts = new MemoryParts(memory.device());
        for (Bytes run : memory.runs()) {
            parts.add(run.address(), run.bytes(), 0, run.bytes().length);
        }
        return List.copyOf(parts.finish());
    }

    /** Makes Memory events of runs, cut where {@link #split} cuts them, with one copy of the bytes. */
    public static final class MemoryParts {
        private final int device;
        private final List<Memory> parts = new ArrayList<>();
        private final List<Bytes> part = new ArrayList<>();
        private int room = PART_BYTES;

        /**
         * Begins with no runs.
         *
         * @param device the device that reads them
         */
        public MemoryParts(int device) {
            this.device = device;
        }

        /**
         * Adds a run.
         *
         * @param address of its first byte
         * @param source has the bytes; they are copied
         * @param offset of the first one in the array
         * @param length in bytes
         */
        public void add(long address, byte[] source, int offset, int length) {
            int done = 0;
            do {
                if (room <= RUN_BYTES) {
                    endPart();
                }
                int count = Math.min(length - done, room - RUN_BYTES);
                part.add(new Bytes(address + done, Arrays.copyOfRange(source, offset + done, offset + done + count)));
                done += count;
                room -= count + RUN_BYTES;
            } while (done < length);
        }

        private void endPart() {
            parts.add(new Memory(device, List.copyOf(part)));
            part.clear();
            room = PART_BYTES;
        }

        /** {@return the events, one at least} It can go on with other runs then. */
        public List<Memory> finish() {
            endPart();
            List<Memory> result = List.copyOf(parts);
            parts.clear();
            return result;
        }
    }

    private static List<TraceEvent> splitInput(ConsoleInput input) {
        return input.bytes().length > PART_BYTES
                ? cut(input.bytes()).stream().<TraceEvent>map(ConsoleInput::new).toList()
                : List.of(input);
    }

    private static List<TraceEvent> splitRequest(Command command) {
        return command.payload() instanceof Payload.Full full && full.request().length > PART_BYTES
                ? splitRequest(command, full)
                : List.of(command);
    }

    private static List<TraceEvent> splitRequest(Command command, Payload.Full full) {
        List<byte[]> pieces = cut(full.request());
        List<TraceEvent> parts = new ArrayList<>();
        for (byte[] piece : pieces.subList(0, pieces.size() - 1)) {
            parts.add(new RequestPart(command.device(), command.queue(), piece));
        }
        parts.add(new Command(
                command.device(),
                command.queue(),
                command.head(),
                command.descriptors(),
                new Payload.Full(pieces.getLast(), full.response()),
                command.usedLength(),
                command.notification()));
        return List.copyOf(parts);
    }

    private static List<byte[]> cut(byte[] bytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += PART_BYTES) {
            pieces.add(Arrays.copyOfRange(bytes, at, Math.min(at + PART_BYTES, bytes.length)));
        }
        return pieces;
    }
}
