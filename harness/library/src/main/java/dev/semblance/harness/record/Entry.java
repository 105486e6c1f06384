package dev.semblance.harness.record;

import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;

/** Something for the sink. It shares nothing with the machine that changes, so another thread can deliver it. */
sealed interface Entry {

    /** What an entry takes besides its bytes, about. */
    int OVERHEAD = 128;

    /** Gives the sink the events. */
    void deliver(EventSink sink);

    /** {@return about how many bytes of memory the entry takes} */
    long weight();

    /**
     * An event.
     *
     * @param cycle when it happened
     */
    record Happened(long cycle, TraceEvent event) implements Entry {

        @Override
        public void deliver(EventSink sink) {
            sink.accept(cycle, event);
        }

        @Override
        public long weight() {
            return OVERHEAD
                    + switch (event) {
                        case TraceEvent.Command command ->
                            switch (command.payload()) {
                                case TraceEvent.Payload.Full full ->
                                    (long) full.request().length + full.response().length;
                                case TraceEvent.Payload.Disk disk -> disk.header().length;
                            };
                        case TraceEvent.Memory memory ->
                            memory.runs().stream()
                                    .mapToLong(run -> run.bytes().length)
                                    .sum();
                        case TraceEvent.RequestPart part -> part.bytes().length;
                        case TraceEvent.ConsoleInput input -> input.bytes().length;
                        default -> 0;
                    };
        }
    }

    /**
     * What a device has read of memory, where that was news.
     *
     * @param cycle of the command that it was read for
     * @param device the number of the device
     * @param runs makes the events; used by the thread that delivers, and by no other meanwhile
     */
    record Read(long cycle, int device, MemoryNews news, RunCollector runs) implements Entry {

        @Override
        public void deliver(EventSink sink) {
            news.forEachRun(runs::add);
            news.release();
            runs.drain(device).forEach(event -> sink.accept(cycle, event));
        }

        @Override
        public long weight() {
            return OVERHEAD + news.weight();
        }
    }
}
