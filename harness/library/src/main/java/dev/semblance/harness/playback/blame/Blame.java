package dev.semblance.harness.playback.blame;

import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.PixelSource.Part;
import dev.semblance.harness.playback.blame.PixelSource.Written;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.machine.Machine;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.MemoryEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Follows a pixel from guest memory to the instructions that stored it, one after the other: where one had copied what it had
 * loaded from elsewhere in memory, or computed the value of that, to who stored it there.
 */
public final class Blame {

    private static final int SATP = 0x180;
    private static final int RA = 1;

    /** In cycles: what is looked at of the way to a store is seldom further before it. */
    private static final long AROUND_STORE = 1 << 12;

    private final Path trace;
    private final Playback playback;
    private final SymbolFiles symbols;
    private final LongConsumer progress;

    /**
     * A step towards who made the value.
     *
     * @param address physical, of the first byte that counts
     * @param length how many bytes
     * @param source what wrote the latest of them
     * @param bytes how many of them that was: fewer than {@code length} where others were written before
     * @param value where an instruction that stored had the value from; of other sources there is nothing to follow
     */
    public record Hop(long address, int length, WriteSource source, int bytes, Optional<ValueOrigin> value) {}

    /**
     * Makes one.
     *
     * @param trace the file that is played back
     * @param playback of its machine; it is moved about
     * @param symbols of programs that may run in it
     * @param progress told the cycle now and then
     */
    public Blame(Path trace, Playback playback, SymbolFiles symbols, LongConsumer progress) {
        this.trace = trace;
        this.playback = playback;
        this.symbols = symbols;
        this.progress = progress;
    }

    /**
     * {@return who stored a pixel, latest first; empty if nothing of guest memory went into it}
     *
     * @param layer the pixel
     * @param copies how many loads to follow
     * @throws IOException if the trace cannot be read
     */
    public List<Hop> follow(Layer layer, int copies) throws IOException {
        List<Hop> hops = new ArrayList<>();
        Optional<Written> written = layer.written();
        if (written.isEmpty()) {
            return hops;
        }
        Part part = written.get().parts().getFirst();
        long address = part.address();
        int length = part.length();
        // What the host does at a cycle comes before the command that a guest gives there.
        Moment before = playback.index().endOf(written.get().transfer().cycle());
        while (true) {
            Hop hop = hop(address, length, before, hops.size() <= copies);
            hops.add(hop);
            Optional<ValueOrigin.Copied> load = hop.value().flatMap(ValueOrigin::followed);
            if (hops.size() > copies || load.isEmpty()) {
                return hops;
            }
            address = load.get().physical() + load.get().lane();
            length = load.get().length();
            before = playback.index().endOf(load.get().cycle());
        }
    }

    private Hop hop(long address, int length, Moment before, boolean wantsValue) throws IOException {
        List<Optional<MemoryEvent>> writes = new WriteSearch(playback, progress).lastWrites(address, length, before);
        Optional<MemoryEvent> latest = Optional.empty();
        for (Optional<MemoryEvent> write : writes) {
            if (write.isPresent()
                    && latest.map(l -> l.cycle() < write.get().cycle()).orElse(true)) {
                latest = write;
            }
        }
        if (latest.isEmpty()) {
            return new Hop(address, length, new WriteSource.Loaded(), length, Optional.empty());
        }
        Optional<MemoryEvent> found = latest;
        int bytes = (int) writes.stream().filter(found::equals).count();
        return switch (found.get()) {
            case MemoryEvent.Store store ->
                new Hop(
                        address,
                        length,
                        stored(store),
                        bytes,
                        wantsValue ? Optional.of(value(store, address, length)) : Optional.empty());
            case MemoryEvent.PageTableUpdate update ->
                new Hop(address, length, new WriteSource.Walked(update), bytes, Optional.empty());
            case MemoryEvent.DeviceWrite write ->
                new Hop(
                        address,
                        length,
                        new WriteSource.ByDevice(write, event(write.cycle())),
                        bytes,
                        Optional.empty());
            case MemoryEvent.Load load -> throw new IllegalStateException("a load is no write: " + load);
        };
    }

    private ValueOrigin value(MemoryEvent.Store store, long address, int length) {
        int lane = (int) Math.max(0, address - store.physical());
        int first = (int) Math.max(0, store.physical() - address);
        return new ValueSearch(playback, progress)
                .find(store, lane, (int) Math.min(length - first, store.length() - lane));
    }

    private WriteSource stored(MemoryEvent.Store store) {
        // A state that is kept a little before is where all that is asked of the store begins.
        playback.seek(playback.index().before(Math.max(0, store.cycle() - AROUND_STORE)), progress);
        playback.visit(playback.index().endOf(store.cycle()), progress);
        Machine machine = playback.machine();
        String text = machine.view()
                .instruction(store.pc())
                .map(HartView.InstructionText::text)
                .orElse("");
        return new WriteSource.Stored(
                store,
                text,
                machine.view().controlRegister(SATP).orElse(0),
                machine.hart().x(RA),
                symbols.program(machine.view()));
    }

    /** {@return the last command or input that the trace has at a cycle} */
    private Optional<Stamped> event(long cycle) throws IOException {
        Optional<Stamped> found = Optional.empty();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().cycle() <= cycle;
                    next = reader.next()) {
                boolean writes = next.get().event() instanceof TraceEvent.Command
                        || next.get().event() instanceof TraceEvent.Input;
                if (next.get().cycle() == cycle && writes) {
                    found = next;
                }
            }
        }
        return found;
    }
}
