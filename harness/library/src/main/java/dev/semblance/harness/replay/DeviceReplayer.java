package dev.semblance.harness.replay;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Replays the GPU alone. There is no hart: what the driver did is in the trace, and {@link ReplayedGpu} does it again to a
 * device under test. What the device answers, publishes and complains of is compared with the trace, event by event; of a
 * device that gives pictures only when asked ({@link Pictures.Screendump}), all but the frames between the snapshots.
 *
 * <p>After the first difference it goes on without comparing events, so that every snapshot still gets its picture. Memory
 * does not grow with the length of the trace.
 */
public final class DeviceReplayer {

    /** How many bytes of requests and memory of one batch are held before it is done in parts. */
    private static final long MAX_HELD = 16 << 20;

    /** What an event, a descriptor or a run of memory counts besides its bytes. */
    private static final int OVERHEAD = 64;

    /** The most events that follow from one: a request has 16 parts, and there are 16 scanouts. */
    private static final int MAX_OUTPUTS = 4096;

    private final TraceReader reader;
    private final ExpectedEvents expected;
    private final FrameObserver pictures;
    private DisplayConfig displays;
    private final int device;
    private final ReplayedGpu gpu;

    /** The scanouts that have a cursor at this place of the trace. */
    private final BitSet visibleCursors = new BitSet();

    /** What the device is expected to do for the step under way. */
    private final ArrayDeque<Stamped> due = new ArrayDeque<>();

    /** The chains that the device is about to take, the first of them with its memory told. */
    private final ArrayDeque<ReplayedGpu.Chain> underway = new ArrayDeque<>();

    private final FrameDifferences differences;
    private Optional<Divergence> divergence = Optional.empty();
    private Optional<ForeignReplay> foreign = Optional.empty();
    private CursorWatch cursorWatch = (sequence, plane) -> {};
    private Stamped step = new Stamped(0, 0, new TraceEvent.Reset(0));
    private long events;
    private long flushes;

    /** The first event that is not replayed any more. */
    private long end = Long.MAX_VALUE;

    /**
     * Makes a replay into the device that this project tests, with every picture compared.
     *
     * @param reader a trace, at its start; it is not closed
     * @param recorded the GPU of its manifest
     * @param pictures takes the snapshots
     */
    public DeviceReplayer(TraceReader reader, ReplayableGpu recorded, FrameObserver pictures) {
        this(reader, recorded, BuiltinDevice.ours(), pictures, DigestStrictness.EXACT);
    }

    /**
     * Makes a replay into a device whose pictures may differ from the recorded ones where a policy says so.
     *
     * @param digests which digests must be as recorded
     * @param pictures takes the snapshots
     * @param reader a trace, at its start; it is not closed
     * @param recorded the GPU of its manifest
     * @param factory makes the device
     * @throws SemblanceException if the device offers other displays than the recorded one
     */
    public DeviceReplayer(
            TraceReader reader,
            ReplayableGpu recorded,
            DeviceUnderTest.Factory factory,
            FrameObserver pictures,
            DigestStrictness digests) {
        this.differences = new FrameDifferences(digests);
        this.reader = reader;
        this.expected = new ExpectedEvents(reader);
        this.pictures = pictures;
        this.displays = recorded.displays();
        this.device = recorded.device();
        this.gpu = new ReplayedGpu(recorded, factory, this::happened, this::unknownMemory);
        if (!gpu.displays().displays().equals(displays.displays())) {
            gpu.close();
            throw new IncompatibleException(
                    "the device offers other displays than the recorded one, and has no choice");
        }
    }

    /** Told the cursor plane of each snapshot, of a device that publishes it. */
    interface CursorWatch {
        void at(long sequence, CursorPlane plane);
    }

    /** {@return this, with somebody told of the cursors} */
    DeviceReplayer watching(CursorWatch watch) {
        cursorWatch = watch;
        return this;
    }

    /**
     * {@return this, for a device that is not ours}
     *
     * @param judgement by what it is judged
     * @param watcher told of each answer
     * @param goldens whether the snapshots are compared with goldens; else they must be as recorded
     * @param source makes the cursors for a device that shows none
     */
    DeviceReplayer judgedBy(
            TargetJudgement judgement, AnswerWatcher watcher, boolean goldens, ForeignReplay.CursorSource source) {
        foreign = Optional.of(new ForeignReplay(judgement, watcher, gpu.capabilities(), goldens, source));
        return this;
    }

    /**
     * Runs to the end of the trace, and closes the device, whatever happens. It runs once.
     *
     * @param progress told the cycle of the trace now and then
     * @return what came of it
     * @throws IOException if the trace cannot be read, or is corrupt
     */
    public ReplayOutcome run(LongConsumer progress) throws IOException {
        return run(Optional.empty(), progress);
    }

    /**
     * Runs up to a place of the trace, and closes the device, whatever happens. It runs once. Events behind the place are not
     * compared; where the place is inside of a command, that is done to its end.
     *
     * @param until where to stop; empty for the end of the trace
     * @param progress told the cycle of the trace now and then
     * @return what came of it
     * @throws IOException if the trace cannot be read, or is corrupt
     */
    public ReplayOutcome run(Optional<Place> until, LongConsumer progress) throws IOException {
        end = until.map(Place::passed).orElse(Long.MAX_VALUE);
        boolean stopped;
        Optional<TargetFailure> failure = Optional.empty();
        try (gpu) {
            if (foreign.isPresent()) {
                foreign.get().begin(gpu.pictures());
            }
            Optional<Stamped> head = expected.peek();
            while (head.isPresent()
                    && head.get().sequence() < end
                    && gpu.failure().isEmpty()) {
                step(head.get());
                progress.accept(head.get().cycle());
                head = expected.peek();
            }
            stopped = head.isPresent();
            pictures.reached(Math.min(events, end), displays.count(), this::seen);
            divergence = divergence.or(() -> differences.settle(expected));
            failure = gpu.finish();
            divergence = failure.isPresent() ? ended(failure.get()) : divergence;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Optional<TargetFailure> found = failure;
        Optional<TargetOutcome> outcome = foreign.map(target -> target.outcome(found));
        return new ReplayOutcome(
                divergence,
                events,
                flushes,
                stopped ? Optional.empty() : Optional.of(reader.status()),
                differences.excused(),
                outcome);
    }

    /** {@return the difference that a failure of the device leaves: itself, or what came before one that is known} */
    private Optional<Divergence> ended(TargetFailure failure) {
        boolean known = foreign.filter(target -> target.knows(failure)).isPresent();
        return known
                // That it gave nothing back in the end follows from that.
                ? divergence.filter(found -> found.expected().sequence() < step.sequence())
                : Optional.of(new Divergence.Missing(step, failure.text(), expected.before(step)));
    }

    private Stamped pass() {
        Stamped event = expected.peek().orElseThrow();
        expected.advance();
        events += event.sequence() < end ? 1 : 0;
        if (event.event() instanceof TraceEvent.Cursor cursor) {
            visibleCursors.set(cursor.scanout(), cursor.image().isPresent());
        }
        return event;
    }

    /** Tells that all before an event has happened. */
    private void reached(long sequence) {
        pictures.reached(Math.min(sequence, end), displays.count(), this::seen);
    }

    private void reachedNextDue() {
        if (!due.isEmpty()) {
            reached(due.getFirst().sequence());
        }
    }

    /** Notes that the device is expected to do what an event says, if it is one that can tell. */
    private void expect(Stamped event) {
        if (!isOutput(event.event()) || gpu.pictures() instanceof Pictures.Published) {
            due.add(event);
        }
    }

    /** {@return whether what the device shows of a scanout now is what was recorded, if the device is right} */
    private boolean showsAll(int scanout) {
        return switch (gpu.pictures()) {
            case Pictures.Published published -> true;
            case Pictures.Screendump screendump -> screendump.showsCursor() || !visibleCursors.get(scanout);
        };
    }

    /** {@return whether an event is about the replayed device or its pictures} */
    private boolean concerns(TraceEvent event) {
        return switch (event) {
            case TraceEvent.OfDevice ofDevice -> ofDevice.device() == device && !(event instanceof TraceEvent.Input);
            case TraceEvent.Flush flush -> true;
            case TraceEvent.ScanoutDisabled disabled -> true;
            case TraceEvent.Cursor cursor -> true;
            case TraceEvent.Snapshot snapshot -> true;
            case TraceEvent.ConsoleInput input -> false;
            case TraceEvent.ConsoleOutput output -> false;
            case TraceEvent.Checkpoint checkpoint -> false;
            case TraceEvent.End end -> false;
        };
    }

    private void step(Stamped next) throws TraceFormatException {
        expected.keepFrom(next.sequence());
        reached(next.sequence());
        pass();
        if (!concerns(next.event())) {
            return;
        }
        step = next;
        gpu.setTime(next.cycle());
        switch (next.event()) {
            case TraceEvent.Snapshot snapshot -> snapshot(next, snapshot);
            case TraceEvent.Notify notify -> batch(notify.queue(), next.cycle());
            default -> {
                expect(next);
                gatherOutputs(next.cycle());
                reachedNextDue();
                attempt(next, () -> gpu.drive(next.event()));
                if (next.event() instanceof TraceEvent.DisplayChange change) {
                    displays = change.appliedTo(displays).orElse(displays);
                }
                settle();
            }
        }
    }

    /**
     * Has the driver do something that only a damaged or made-up trace can ask for in vain.
     *
     * @throws TraceFormatException if it cannot be done; but once a replay has left its trace, everything is possible
     */
    private void attempt(Stamped event, Runnable action) throws TraceFormatException {
        try {
            action.run();
        } catch (ImpossibleEventException e) {
            if (divergence.isEmpty()) {
                throw impossible(e.event().orElse(event), String.valueOf(e.getMessage()));
            }
        }
    }

    private static TraceFormatException impossible(Stamped event, String reason) {
        return ImpossibleEventException.asCorruption(event, reason);
    }

    /** Takes what the device did by itself at this cycle, up to the next thing that the driver did. */
    private void gatherOutputs(long cycle) throws TraceFormatException {
        Optional<Stamped> head = expected.peek();
        while (head.isPresent()
                && head.get().cycle() == cycle
                && isOutput(head.get().event())) {
            checkCount(head.get(), due.size());
            expect(pass());
            head = expected.peek();
        }
    }

    private static void checkCount(Stamped event, int count) throws TraceFormatException {
        if (count >= MAX_OUTPUTS) {
            throw impossible(event, "no device does that much at once");
        }
    }

    private boolean isOutput(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Flush flush -> true;
            case TraceEvent.ScanoutDisabled disabled -> true;
            case TraceEvent.Cursor cursor -> true;
            default -> false;
        };
    }

    private void snapshot(Stamped next, TraceEvent.Snapshot recorded) throws TraceFormatException {
        if (recorded.scanout() >= displays.count()) {
            throw impossible(next, "there is no scanout " + recorded.scanout());
        }
        if (gpu.pictures() instanceof Pictures.Published published) {
            cursorWatch.at(next.sequence(), published.frames().cursor(recorded.scanout()));
        }
        if (foreign.isPresent()) {
            snapshot(next, recorded, foreign.get());
            return;
        }
        if (!showsAll(recorded.scanout())) {
            return;
        }
        Frame picture = picture(recorded.scanout());
        pictures.snapshot(recorded, picture);
        due.add(next);
        happened(
                next.cycle(),
                new TraceEvent.Snapshot(
                        recorded.label(), recorded.scanout(), picture.width(), picture.height(), picture.digest()));
    }

    private void snapshot(Stamped next, TraceEvent.Snapshot recorded, ForeignReplay target) {
        if (!target.showsPictures()) {
            return;
        }
        Frame shown = picture(recorded.scanout());
        if (gpu.failure().isPresent()) {
            return;
        }
        Frame picture = target.withCursor(next.sequence(), shown);
        pictures.snapshot(recorded, picture);
        TraceEvent.Snapshot actual = new TraceEvent.Snapshot(
                recorded.label(), recorded.scanout(), picture.width(), picture.height(), picture.digest());
        if (target.differs(recorded, actual) && divergence.isEmpty()) {
            divergence = Optional.of(new Divergence.Different(next, next.cycle(), actual, expected.before(next)));
        }
    }

    /** {@return what a scanout shows; empty where its display is off and nothing is shown} */
    private Optional<Frame> seen(int scanout) {
        boolean shown = gpu.pictures().primary(scanout).isPresent();
        return displays.display(scanout).hasPicture(shown) ? Optional.of(picture(scanout)) : Optional.empty();
    }

    private Frame picture(int scanout) {
        Display display = displays.display(scanout);
        return gpu.pictures().picture(scanout, display.width(), display.height());
    }

    // ---- batches ------------------------------------------------------------------------------------------------

    /** Does a batch again: all its chains go on the ring together, as they did. */
    private void batch(int queue, long cycle) throws TraceFormatException {
        Batch batch = new Batch(queue);
        Optional<Stamped> head = expected.peek();
        while (head.isPresent()
                && head.get().cycle() == cycle
                && isOfBatch(head.get().event(), queue)
                && (head.get().sequence() < end || batch.isInsideCommand())) {
            batch.take(pass());
            head = expected.peek();
        }
        batch.finish();
    }

    /** The events of a batch on their way to the device. */
    private final class Batch {
        private final int queue;
        private final List<ReplayedGpu.Chain> chains = new ArrayList<>();

        // What belongs to the next chain.
        private final List<TraceEvent.Bytes> memory = new ArrayList<>();
        private final RequestAssembler requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
        private final List<Stamped> outputs = new ArrayList<>();

        /** Bytes in all of that. */
        private long held;

        Batch(int queue) {
            this.queue = queue;
        }

        /** {@return whether something of a command has come, and the command has not} */
        boolean isInsideCommand() {
            return !outputs.isEmpty();
        }

        void take(Stamped next) throws TraceFormatException {
            checkCount(next, outputs.size());
            held += OVERHEAD;
            switch (next.event()) {
                case TraceEvent.Memory told -> takeMemory(next, told);
                case TraceEvent.RequestPart part -> {
                    requests.take(part);
                    checkRequest(next, requests.length());
                    held += part.bytes().length;
                    outputs.add(next);
                }
                case Command command -> {
                    byte[] request = request(next, command);
                    outputs.add(next);
                    held += cost(command);
                    chains.add(new ReplayedGpu.Chain(command, request, List.copyOf(memory), List.copyOf(outputs)));
                    clear();
                    if (chains.size() >= ReplayedGpu.MAX_QUEUE_SIZE || held > MAX_HELD) {
                        submit(next, Optional.empty());
                    }
                }
                case TraceEvent.Fault fault -> {
                    outputs.add(next);
                    // What follows from a fault; anywhere else, a register was misused.
                    if (expected.peek().filter(this::isNeedsReset).isPresent()) {
                        outputs.add(pass());
                    }
                    submit(next, Optional.of(fault));
                }
                default -> outputs.add(next);
            }
        }

        private static long cost(Command command) {
            long bytes = command.payload() instanceof TraceEvent.Payload.Full full
                    ? (long) full.request().length + full.response().length
                    : 0;
            return bytes + (long) command.descriptors().size() * OVERHEAD;
        }

        private static long cost(List<TraceEvent.Bytes> runs) {
            long cost = 0;
            for (TraceEvent.Bytes run : runs) {
                cost += run.bytes().length + OVERHEAD;
            }
            return cost;
        }

        private boolean isNeedsReset(Stamped event) {
            return event.event().equals(new TraceEvent.NeedsReset(device));
        }

        private void clear() {
            memory.clear();
            requests.clear();
            outputs.clear();
        }

        private void takeMemory(Stamped next, TraceEvent.Memory told) throws TraceFormatException {
            for (TraceEvent.Bytes run : told.runs()) {
                if (!gpu.hasMemory(run)) {
                    throw impossible(
                            next, Text.format("%d bytes at 0x%x are outside RAM", run.bytes().length, run.address()));
                }
            }
            held += cost(told.runs());
            if (held > MAX_HELD && !chains.isEmpty()) {
                submit(next, Optional.empty());
                held = cost(memory) + cost(told.runs());
            }
            if (held > MAX_HELD && chains.isEmpty()) {
                // One command's memory alone: it is not read before that.
                memory.forEach(gpu::learn);
                told.runs().forEach(gpu::learn);
                memory.clear();
                expected.keepFrom(next.sequence());
                held = 0;
            } else {
                memory.addAll(told.runs());
            }
        }

        private static void checkRequest(Stamped next, long length) throws TraceFormatException {
            if (length > RequestAssembler.MAX_BYTES) {
                throw impossible(next, "its request is longer than 4 MiB");
            }
        }

        private byte[] request(Stamped next, Command command) throws TraceFormatException {
            RequestAssembler.Request request = requests.take(command)
                    .orElseThrow(() -> impossible(next, "it is a disk's request on the GPU's queue"));
            checkRequest(next, request.length());
            return request.bytes();
        }

        /** Hands over what has come so far, up to and including {@code last}. */
        private void submit(Stamped last, Optional<TraceEvent.Fault> fault) throws TraceFormatException {
            chains.forEach(chain -> chain.outputs().forEach(DeviceReplayer.this::expect));
            underway.addAll(chains);
            if (fault.isPresent()) {
                outputs.forEach(DeviceReplayer.this::expect);
                clear();
            }
            learnForNext();
            reachedNextDue();
            foreign.ifPresent(target -> target.send(chains));
            attempt(last, () -> gpu.submit(queue, chains, fault));
            settle();
            chains.clear();
            held = 0;
            expected.keepFrom(last.sequence());
        }

        void finish() throws TraceFormatException {
            if (!chains.isEmpty()) {
                submit(step, Optional.empty());
            }
            // In a torn trace the command that they belong to may be gone.
            if (!outputs.isEmpty() && expected.peek().isPresent()) {
                outputs.forEach(DeviceReplayer.this::expect);
                settle();
            }
        }
    }

    /** Tells the memory that the next chain under way reads: it was so when that chain's turn came, not before. */
    private void learnForNext() {
        if (!underway.isEmpty()) {
            underway.getFirst().memory().forEach(gpu::learn);
        }
    }

    /** {@return whether an event belongs to a batch of this queue: its commands, what they need, and what they lead to} */
    private boolean isOfBatch(TraceEvent event, int queue) {
        return switch (event) {
            case TraceEvent.Memory memory -> memory.device() == device;
            case TraceEvent.RequestPart part -> part.device() == device && part.queue() == queue;
            case Command command -> command.device() == device && command.queue() == queue;
            case TraceEvent.Fault fault -> fault.device() == device && fault.queue() == queue;
            default -> isOutput(event);
        };
    }

    // ---- comparing ----------------------------------------------------------------------------------------------

    private void happened(long cycle, TraceEvent event) {
        switch (event) {
            // The driver's doing, which is being followed, and not always in the same portions.
            case TraceEvent.Notify notify -> {}
            case TraceEvent.Flush flush -> {
                long sequence = due.isEmpty() ? events : due.getFirst().sequence();
                flushes += sequence < end ? 1 : 0;
                changed(cycle, flush.scanout());
                pictures.shown(sequence, flush.scanout(), () -> picture(flush.scanout()));
                compare(cycle, event);
            }
            case TraceEvent.Cursor cursor -> {
                changed(cycle, cursor.scanout());
                compare(cycle, event);
            }
            case TraceEvent.ScanoutDisabled disabled -> {
                changed(cycle, disabled.scanout());
                compare(cycle, event);
            }
            case Command command -> {
                compare(cycle, event);
                passUnderway(command);
                learnForNext();
            }
            default -> compare(cycle, event);
        }
    }

    /** Passes the chain whose turn it was. A device that is not ours may leave some out, and whose they were is looked up. */
    private void passUnderway(Command command) {
        if (foreign.isEmpty()) {
            underway.pollFirst();
            return;
        }
        // A driver may offer one chain twice.
        underway.stream()
                .filter(chain -> ForeignReplay.isSameChain(chain.command(), command))
                .findFirst()
                .ifPresent(underway::remove);
    }

    private void changed(long cycle, int scanout) {
        pictures.changed(cycle, scanout, () -> picture(scanout));
    }

    private void differs(ForeignReplay.Different found) {
        if (divergence.isEmpty()) {
            Stamped wanted = found.wanted();
            divergence = Optional.of(
                    found.actual().isPresent()
                            ? new Divergence.Different(
                                    wanted, wanted.cycle(), found.actual().get(), expected.before(wanted))
                            : new Divergence.Missing(
                                    wanted, "the target did not give it back", expected.before(wanted)));
        }
    }

    private void compare(long cycle, TraceEvent event) {
        if (foreign.isPresent()) {
            if (event instanceof Command actual) {
                foreign.get().answered(actual, due, underway, end).ifPresent(this::differs);
            }
            return;
        }
        if (divergence.isPresent()) {
            return;
        }
        boolean isExtra = due.isEmpty();
        Optional<Stamped> next = isExtra ? expected.peek() : Optional.of(due.removeFirst());
        // Without a next event the trace is torn, and what happens from here on has nothing to be compared with.
        if (next.isPresent() && (isExtra || next.get().sequence() < end)) {
            compare(next.get(), cycle, event);
        }
        reachedNextDue();
    }

    private void compare(Stamped wanted, long cycle, TraceEvent event) {
        if (wanted.cycle() != cycle || !wanted.event().equals(event)) {
            Divergence found = new Divergence.Different(wanted, cycle, event, expected.before(wanted));
            if (wanted.cycle() != cycle || !differences.mayBeExcused(wanted.event(), event)) {
                divergence = Optional.of(found);
                return;
            }
            differences.add(found);
        }
        if (wanted.event() instanceof TraceEvent.Snapshot snapshot) {
            divergence = differences.passed(snapshot);
        }
    }

    private void unknownMemory(long address, int length) {
        // A device of others may read what it does not need, and sees zeros there.
        if (divergence.isEmpty() && foreign.isEmpty()) {
            Stamped at = due.isEmpty() ? step : due.getFirst();
            if (at.sequence() >= end) {
                return;
            }
            divergence = Optional.of(new Divergence.UnknownMemory(at, address, length, expected.before(at)));
        }
    }

    /** Ends a step: everything that was due must have happened. */
    private void settle() {
        if (foreign.isPresent() && gpu.failure().isEmpty()) {
            foreign.get().unanswered(due, underway, end).ifPresent(this::differs);
        }
        if (foreign.isEmpty()
                && !due.isEmpty()
                && divergence.isEmpty()
                && due.getFirst().sequence() < end) {
            Stamped missed = due.getFirst();
            divergence =
                    Optional.of(new Divergence.Missing(missed, "the device did not do it", expected.before(missed)));
        }
        due.clear();
        underway.clear();
    }
}
