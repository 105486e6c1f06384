package dev.semblance.harness.edit.redact;

import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes everything out of a GPU's requests and answers that is no field ({@link GpuFields}). What the bytes of a part mean
 * only the whole request tells, so that parts wait for their command. Where that does not come, or the request is longer
 * than any device reads, nothing but the header stays of them.
 */
final class GpuRequests {

    /** How much waits at most: the longest request and what stands between its parts. */
    private static final long MAX_HELD = 8 << 20;

    private static final int MAX_HELD_EVENTS = 4096;

    private final int gpu;
    private final Consumer<Stamped> next;
    private final RequestAssembler requests;
    private final List<Stamped> held = new ArrayList<>();
    private long heldBytes;

    /** The queue of the request that has begun, if one has. */
    private Optional<Integer> queue = Optional.empty();

    /** Whether the parts of it that have come went on without waiting for the rest. */
    private boolean givenUp;

    GpuRequests(int gpu, Consumer<Stamped> next) {
        this.gpu = gpu;
        this.next = next;
        this.requests = new RequestAssembler(gpu, RequestAssembler.MAX_BYTES);
    }

    void take(Stamped stamped) {
        if (!(stamped.event() instanceof TraceEvent.OfDevice ofDevice) || ofDevice.device() != gpu) {
            other(stamped);
            return;
        }
        switch (ofDevice) {
            case TraceEvent.RequestPart part -> {
                begin(part.queue());
                requests.take(part);
                hold(stamped, part.bytes().length);
            }
            case TraceEvent.Command command -> {
                begin(command.queue());
                end(stamped, command);
            }
            case TraceEvent.Reset reset -> {
                requests.take(reset);
                forget();
                next.accept(stamped);
            }
            default -> other(stamped);
        }
    }

    private void other(Stamped stamped) {
        if (!held.isEmpty() && !isOfBatch(stamped.event())) {
            giveUp();
        }
        hold(stamped, cost(stamped.event()));
    }

    /** Lets go of what waits: the trace is over. */
    void end() {
        forget();
    }

    /** What may stand between the parts of a request and its command. */
    private boolean isOfBatch(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Memory memory -> memory.device() == gpu;
            case TraceEvent.Flush flush -> true;
            case TraceEvent.ScanoutDisabled disabled -> true;
            case TraceEvent.Cursor cursor -> true;
            default -> false;
        };
    }

    private static long cost(TraceEvent event) {
        return event instanceof TraceEvent.Memory memory
                ? memory.runs().stream().mapToLong(run -> run.bytes().length).sum()
                : 0;
    }

    private void begin(int ofQueue) {
        if (queue.isPresent() && queue.get() != ofQueue) {
            forget();
        }
        queue = Optional.of(ofQueue);
    }

    private void hold(Stamped stamped, long bytes) {
        boolean part = isPart(stamped.event());
        if (givenUp || held.isEmpty() && !part) {
            next.accept(part ? blank(stamped) : stamped);
            return;
        }
        held.add(stamped);
        heldBytes += bytes;
        if (requests.length() > RequestAssembler.MAX_BYTES || heldBytes > MAX_HELD || held.size() > MAX_HELD_EVENTS) {
            giveUp();
        }
    }

    private boolean isPart(TraceEvent event) {
        return event instanceof TraceEvent.RequestPart part && part.device() == gpu;
    }

    private static Stamped blank(Stamped part) {
        TraceEvent.RequestPart event = (TraceEvent.RequestPart) part.event();
        return of(part, event, new byte[event.bytes().length]);
    }

    private static Stamped of(Stamped stamped, TraceEvent.RequestPart part, byte[] bytes) {
        return new Stamped(
                stamped.sequence(), stamped.cycle(), new TraceEvent.RequestPart(part.device(), part.queue(), bytes));
    }

    /** Passes on what waits, with no more of the parts than a header. */
    private void giveUp() {
        byte[] start = new byte[0];
        for (Stamped stamped : held) {
            if (start.length < Header.SIZE && stamped.event() instanceof TraceEvent.RequestPart part) {
                int more = Math.min(part.bytes().length, Header.SIZE - start.length);
                byte[] longer = Arrays.copyOf(start, start.length + more);
                System.arraycopy(part.bytes(), 0, longer, start.length, more);
                start = longer;
            }
        }
        passHeld(start.length < Header.SIZE ? new byte[0] : GpuFields.headerOf(start));
        givenUp = true;
    }

    /** Passes on what waits, with the bytes of a request in its parts, and zeros behind them; returns how many were used. */
    private int passHeld(byte[] request) {
        int at = 0;
        for (Stamped stamped : held) {
            if (isPart(stamped.event())) {
                TraceEvent.RequestPart part = (TraceEvent.RequestPart) stamped.event();
                byte[] bytes = new byte[part.bytes().length];
                int count = Math.min(bytes.length, request.length - at);
                System.arraycopy(request, at, bytes, 0, count);
                at += count;
                next.accept(of(stamped, part, bytes));
            } else {
                next.accept(stamped);
            }
        }
        held.clear();
        heldBytes = 0;
        return at;
    }

    /** Ends a request without its command. */
    private void forget() {
        if (!held.isEmpty()) {
            giveUp();
        }
        queue = Optional.empty();
        givenUp = false;
    }

    private void end(Stamped stamped, TraceEvent.Command command) {
        Optional<Request> request = requests.take(command);
        if (!(command.payload() instanceof Payload.Full full) || request.isEmpty()) {
            forget();
            next.accept(stamped);
            return;
        }
        byte[] last = new byte[full.request().length];
        boolean isCommand = false;
        if (!givenUp && request.get().isWhole()) {
            isCommand = GpuFields.isCommand(request.get().bytes());
            byte[] fields = GpuFields.ofRequest(request.get().bytes());
            int used = passHeld(fields);
            System.arraycopy(fields, used, last, 0, last.length);
        }
        forget();
        next.accept(new Stamped(
                stamped.sequence(),
                stamped.cycle(),
                new TraceEvent.Command(
                        command.device(),
                        command.queue(),
                        command.head(),
                        command.descriptors(),
                        new Payload.Full(last, GpuFields.ofResponse(full.response(), isCommand)),
                        command.usedLength(),
                        command.notification())));
    }
}
