package dev.semblance.harness.trace.text;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came last before a place of a trace: the last few commands, and what is between and behind them. Events that come
 * in masses and tell little (memory, parts of requests, notifications, console output) are counted, not kept: a full frame
 * of pixels would push every command out. Memory is bounded.
 */
public final class EventHistory {

    /** How many entries are kept, whatever they are. */
    private static final int MOST = 256;

    /** What commands of devices that are not asked about are called, where they are counted. */
    private static final String OTHERS = "other device's command";

    /** The same of all else that drivers do to them: while a guest starts, there are thousands. Input is told. */
    private static final String OTHERS_EVENT = "other device's event";

    /** An event, or a run of events that are only counted. */
    public sealed interface Earlier {
        /** {@return the sequence number of the event, or of the first of them} */
        long sequence();

        /** {@return the sequence number behind it} */
        long end();
    }

    /**
     * An event.
     *
     * @param event what happened
     */
    public record Single(Stamped event) implements Earlier {
        @Override
        public long sequence() {
            return event.sequence();
        }

        @Override
        public long end() {
            return event.sequence() + 1;
        }
    }

    /**
     * Events that follow each other.
     *
     * @param kind their kind, as of {@link EventKinds#of}, or what other devices' commands and events are called
     * @param sequence its number in the trace, from 0
     * @param count 1 or more
     */
    public record Run(String kind, long sequence, long count) implements Earlier {
        @Override
        public long end() {
            return sequence + count;
        }

        private Run upTo(long end) {
            return new Run(kind, sequence, Math.min(count, end - sequence));
        }

        private Run from(long start) {
            return new Run(kind, start, end() - start);
        }
    }

    private final int commands;
    private final int gpu;
    private final ArrayDeque<Earlier> past = new ArrayDeque<>();
    /** From the anchor on; nothing of it is dropped. */
    private final ArrayDeque<Earlier> ahead = new ArrayDeque<>();

    private long anchor = Long.MAX_VALUE;

    /**
     * Makes an empty one.
     *
     * @param manifest what the trace was made with
     * @param commands how many commands to remember
     */
    public EventHistory(TraceManifest manifest, int commands) {
        this.commands = commands;
        this.gpu = manifest.devices().stream()
                .map(TraceManifest.Device::virtioId)
                .toList()
                .indexOf(VirtioGpuDevice.DEVICE_ID);
    }

    /**
     * Takes the next event of the trace.
     *
     * @param event what happened
     */
    public void add(Stamped event) {
        if (event.sequence() >= anchor) {
            append(ahead, entry(event));
        } else {
            append(past, entry(event));
            trim();
        }
    }

    private static Earlier entry(Stamped event) {
        return isCounted(event.event())
                ? new Run(EventKinds.of(event.event()), event.sequence(), 1)
                : new Single(event);
    }

    /**
     * {@return whether an event is one of those that come in masses and tell little}
     *
     * @param event what happened
     */
    public static boolean isCounted(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Memory memory -> true;
            case TraceEvent.RequestPart part -> true;
            case TraceEvent.Notify notify -> true;
            case TraceEvent.ConsoleOutput output -> true;
            default -> false;
        };
    }

    private static void append(Deque<Earlier> entries, Earlier entry) {
        if (entry instanceof Run next
                && entries.peekLast() instanceof Run last
                && last.kind().equals(next.kind())
                && last.end() == next.sequence()) {
            entries.removeLast();
            entries.addLast(new Run(last.kind(), last.sequence(), last.count() + next.count()));
        } else {
            entries.addLast(entry);
        }
    }

    private void trim() {
        while (past.size() > MOST) {
            past.removeFirst();
        }
    }

    /**
     * Lets events be taken in advance, and {@link #before} still be asked for those before the event of this sequence
     * number, or any later one.
     *
     * @param sequence its number in the trace, from 0
     */
    public void keepFrom(long sequence) {
        anchor = sequence;
        while (!ahead.isEmpty() && ahead.getFirst().sequence() < sequence) {
            Earlier first = ahead.removeFirst();
            if (first instanceof Run run && run.end() > sequence) {
                append(past, run.upTo(sequence));
                ahead.addFirst(run.from(sequence));
            } else {
                append(past, first);
            }
        }
        trim();
    }

    /**
     * {@return what came before an event, oldest first: from the last few commands of its device, or of the GPU, on}
     *
     * @param event what happened
     */
    public List<Earlier> before(Stamped event) {
        return before(event.sequence(), event.event() instanceof TraceEvent.OfDevice of ? of.device() : gpu);
    }

    /**
     * {@return what came before a place, oldest first: from the last few commands of the GPU on}
     *
     * @param sequence its number in the trace, from 0
     */
    public List<Earlier> before(long sequence) {
        return before(sequence, gpu);
    }

    private List<Earlier> before(long sequence, int device) {
        ArrayDeque<Earlier> earlier = new ArrayDeque<>();
        past.forEach(entry -> addBefore(entry, sequence, device, earlier));
        ahead.forEach(entry -> addBefore(entry, sequence, device, earlier));
        List<Earlier> all = new ArrayList<>(earlier);
        int from = all.size();
        int seen = 0;
        while (from > 0 && seen < commands) {
            from--;
            if (all.get(from) instanceof Single single && single.event().event() instanceof TraceEvent.Command) {
                seen++;
            }
        }
        return List.copyOf(all.subList(from, all.size()));
    }

    private static void addBefore(Earlier entry, long sequence, int device, Deque<Earlier> earlier) {
        if (entry.sequence() < sequence) {
            append(
                    earlier,
                    switch (entry) {
                        case Run run -> run.upTo(sequence);
                        case Single single ->
                            kindOfOthers(single.event().event(), device)
                                    .<Earlier>map(kind -> new Run(kind, single.sequence(), 1))
                                    .orElse(single);
                    });
        }
    }

    private static Optional<String> kindOfOthers(TraceEvent event, int device) {
        if (!(event instanceof TraceEvent.OfDevice of) || of.device() == device || event instanceof TraceEvent.Input) {
            return Optional.empty();
        }
        return Optional.of(event instanceof TraceEvent.Command ? OTHERS : OTHERS_EVENT);
    }

    /**
     * A line, with the sequence number of the event that it is about, or of the first.
     *
     * @param sequence its number in the trace, from 0
     * @param text what is understood
     */
    public record Line(long sequence, String text) {}

    /**
     * {@return the lines for what came before: one for an event, and one for runs that follow each other, such as
     * {@code ... 8 memory events, 1 notify event}}
     *
     * @param before the event to end at
     * @param text returns the line of an event
     */
    public static List<Line> lines(List<Earlier> before, Function<Stamped, String> text) {
        List<Line> lines = new ArrayList<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        long first = 0;
        for (Earlier entry : before) {
            switch (entry) {
                case Run run -> {
                    first = counts.isEmpty() ? run.sequence() : first;
                    counts.merge(run.kind(), run.count(), Long::sum);
                }
                case Single single -> {
                    flush(counts, first, lines);
                    lines.add(new Line(single.sequence(), text.apply(single.event())));
                }
            }
        }
        flush(counts, first, lines);
        return lines;
    }

    private static void flush(Map<String, Long> counts, long first, List<Line> lines) {
        if (!counts.isEmpty()) {
            List<String> parts = new ArrayList<>();
            counts.forEach((kind, count) -> parts.add(counted(kind, count)));
            lines.add(new Line(first, "... " + String.join(", ", parts)));
            counts.clear();
        }
    }

    private static String counted(String kind, long count) {
        String one = kind.equals(OTHERS) || kind.equals(OTHERS_EVENT) ? kind : kind + " event";
        // "other device's event" of several devices is "other devices' events".
        String many = one.replace("device's", "devices'") + "s";
        return Text.format("%,d %s", count, count == 1 ? one : many);
    }
}
