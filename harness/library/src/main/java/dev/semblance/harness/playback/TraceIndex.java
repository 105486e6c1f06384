package dev.semblance.harness.playback;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.record.session.HostActs;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * When the events of a trace happen, what the host does among them, and which moment of the machine is right after which event. It is
 * made in one pass, and takes 8 bytes for each event.
 */
public final class TraceIndex {

    /** The most events that are indexed. */
    static final int MAX_EVENTS = 1 << 24;

    /** The most acts of the host that are kept. */
    static final int MAX_ACTS = 1 << 20;

    private final TraceManifest manifest;
    private final long[] cycles;
    private final List<Stamped> acts;
    private final BitSet flushes;
    private final BitSet commands;

    /** What steps go by. */
    public enum Landmark {
        /** Any event. */
        EVENT,
        /** A command on a queue of any device. */
        COMMAND,
        /** A flush of any scanout. */
        FLUSH
    }

    private TraceIndex(TraceManifest manifest, Collector collector) {
        this.manifest = manifest;
        this.cycles = Arrays.copyOf(collector.cycles, collector.count);
        this.acts = List.copyOf(collector.acts);
        this.flushes = collector.flushes;
        this.commands = collector.commands;
    }

    /** Takes the events of a trace one after the other. */
    static final class Collector {
        private long[] cycles = new long[1024];
        private final List<Stamped> acts = new ArrayList<>();
        private final BitSet flushes = new BitSet();
        private final BitSet commands = new BitSet();
        private final TraceReader reader;
        private final long preamble;
        private final long firstCycle;
        private int count;

        /** Makes one of a trace, at its start. */
        Collector(TraceReader reader) {
            this.reader = reader;
            this.preamble = reader.manifest().preambleEvents();
            this.firstCycle = reader.manifest().firstCycle();
        }

        /**
         * Takes the next event, which was just read.
         *
         * @throws TraceFormatException if the machine did it before its first instruction
         * @throws IncompatibleException if there are too many events
         */
        void take(Stamped event) throws TraceFormatException {
            if (event.sequence() >= preamble && event.cycle() < firstCycle) {
                throw new TraceFormatException(
                        reader.mark().offset(),
                        Text.format(
                                "event %d is of cycle %d, and the trace's machine begins at cycle %d",
                                event.sequence(), event.cycle(), firstCycle));
            }
            if (count == MAX_EVENTS) {
                throw new IncompatibleException(Text.format(
                        "it has more than %,d events, too many to go back and forth in; trim it first", MAX_EVENTS));
            }
            if (count == cycles.length) {
                cycles = Arrays.copyOf(cycles, 2 * count);
            }
            // What the preamble has of the host, it did to a GPU alone.
            if (event.sequence() >= preamble && HostActs.isAct(event.event())) {
                if (acts.size() == MAX_ACTS) {
                    throw new IncompatibleException(Text.format(
                            "it has more than %,d inputs, too many to go back and forth in; trim it first", MAX_ACTS));
                }
                acts.add(event);
            }
            flushes.set(count, event.event() instanceof TraceEvent.Flush);
            commands.set(count, event.event() instanceof TraceEvent.Command);
            cycles[count++] = event.cycle();
        }

        /** {@return the index of what has come} */
        TraceIndex index() {
            return new TraceIndex(reader.manifest(), this);
        }
    }

    /**
     * Reads a trace to its end, or as far as it is there.
     *
     * @param reader the trace, at its start
     * @return its index
     * @throws IOException if it cannot be read, or is damaged
     * @throws IncompatibleException if it has too many events
     */
    public static TraceIndex of(TraceReader reader) throws IOException {
        Collector collector = new Collector(reader);
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            collector.take(next.get());
        }
        return collector.index();
    }

    /** {@return what the trace was made with} */
    public TraceManifest manifest() {
        return manifest;
    }

    /** {@return how many events there are} */
    public int events() {
        return cycles.length;
    }

    /** {@return what the host did between instructions, in its order: input, changes of displays, checkpoints, snapshots, the end} */
    public List<Stamped> acts() {
        return acts;
    }

    /** {@return the first moment that the trace tells of: before the first instruction of its machine} */
    public Moment start() {
        return new Moment(manifest.firstCycle(), 0);
    }

    /** {@return the last moment that the trace tells of} */
    public Moment end() {
        return cycles.length == 0 ? start() : after(cycles.length - 1);
    }

    /**
     * {@return the first moment at which an event has happened: for what the guest did, after the instruction that did it; for what is
     * of the preamble, the start}
     *
     * @param sequence the number of the event
     */
    public Moment after(long sequence) {
        if (sequence < manifest.preambleEvents()) {
            return start();
        }
        int event = Math.toIntExact(sequence);
        int done = actsBefore(event);
        boolean isAct = done < acts.size() && acts.get(done).sequence() == sequence;
        return isAct ? new Moment(cycles[event], done + 1) : new Moment(cycles[event] + 1, done);
    }

    /**
     * {@return the moment of a place}
     *
     * @param place a place of this trace
     */
    public Moment at(Place place) {
        return place.passed() > place.first() ? after(place.passed() - 1) : before(place.cycle());
    }

    /**
     * {@return the moment before all that happens at a cycle; the start if that is not before it}
     *
     * @param cycle the cycle
     */
    public Moment before(long cycle) {
        return cycle <= manifest.firstCycle() ? start() : new Moment(cycle, actsBefore(firstAt(cycle)));
    }

    /**
     * {@return the moment before the instruction at a cycle, when the host has done all that it did there}
     *
     * @param cycle the cycle
     */
    public Moment endOf(long cycle) {
        return cycle < manifest.firstCycle()
                ? start()
                : new Moment(cycle, before(cycle + 1).acts());
    }

    /**
     * {@return how many events have happened at a moment}
     *
     * @param moment any
     */
    public int passed(Moment moment) {
        int passed = firstAt(moment.cycle());
        if (moment.cycle() <= manifest.firstCycle()) {
            passed = (int) Math.min(manifest.preambleEvents(), cycles.length);
        }
        if (moment.acts() > 0 && moment.acts() <= acts.size()) {
            passed = Math.max(passed, (int) acts.get(moment.acts() - 1).sequence() + 1);
        }
        return passed;
    }

    /**
     * {@return the moment right after the next event of a kind, if there is one that has not happened}
     *
     * @param kind of the event
     * @param from the moment to look from
     */
    public Optional<Moment> next(Landmark kind, Moment from) {
        int event = passed(from) - 1;
        while (true) {
            event = next(kind, event + 1);
            if (event < 0 || event >= cycles.length) {
                return Optional.empty();
            }
            // Several events of an instruction have one moment.
            Moment after = after(event);
            if (from.isBefore(after)) {
                return Optional.of(after);
            }
        }
    }

    /**
     * {@return the moment right after the last event of a kind before a moment, if there is one}
     *
     * @param kind of the event
     * @param from the moment to look from
     */
    public Optional<Moment> previous(Landmark kind, Moment from) {
        int event = passed(from);
        while (true) {
            event = previous(kind, event - 1);
            if (event < 0) {
                return Optional.empty();
            }
            Moment after = after(event);
            if (after.isBefore(from)) {
                return Optional.of(after);
            }
        }
    }

    /** {@return the number of the first event of a kind from one on, which may be too large for there to be such an event; -1 if there is none} */
    int next(Landmark kind, int event) {
        return switch (kind) {
            case EVENT -> event;
            case COMMAND -> commands.nextSetBit(event);
            case FLUSH -> flushes.nextSetBit(event);
        };
    }

    /** {@return the number of the last event of a kind up to one, or -1} */
    int previous(Landmark kind, int event) {
        return switch (kind) {
            case EVENT -> event;
            case COMMAND -> commands.previousSetBit(event);
            case FLUSH -> flushes.previousSetBit(event);
        };
    }

    /** {@return the number of the first event at a cycle or later} */
    private int firstAt(long cycle) {
        int low = 0;
        int high = cycles.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cycles[middle] < cycle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int actsBefore(int event) {
        int low = 0;
        int high = acts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (acts.get(middle).sequence() < event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
