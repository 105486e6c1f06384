package dev.semblance.harness.trace;

import dev.semblance.harness.trace.ChunkScanner.Found;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a trace event by event. Memory does not grow with the length of the file: two chunks are held at a time. Files are
 * not trusted; what is wrong with one is told by type:
 *
 * <ul>
 *   <li>{@link TraceFormatException}: no trace, or damaged;
 *   <li>{@link IncompatibleTraceException}: made for a later reader;
 *   <li>{@link TraceStatus.Torn}: it stops early, and everything before is good.
 * </ul>
 */
public final class TraceReader implements AutoCloseable {

    private static final Found.Chunk NONE =
            new Found.Chunk(0, new ChunkHeader(ChunkHeader.EVENTS, 0, 0, 0, 0, 0, 0, 0), new byte[0]);

    /** More than the images, pictures and fields of any machine here come to. */
    private static final long STATE_WITHOUT_MEMORY = 2L << 30;

    private final BoundedFile file;
    private final FileHeader header;
    private final TraceDigest tally = new TraceDigest();
    private final ChunkSource source;
    private Optional<TraceStatus> status = Optional.empty();
    private boolean ended;
    private long cycle;

    /** Whether this began at a mark: what is before it was not seen, so that the totals of the file cannot be checked. */
    private final boolean resumed;

    private Mark mark;

    // The chunk being read, and its content expanded.
    private Found.Chunk chunk = NONE;
    private byte[] raw = chunk.stored();
    private int position;
    private int eventsLeft;
    private long sequence;
    private long expandedBytes;

    private TraceReader(BoundedFile file, FileHeader header, Optional<Mark> from) {
        this.file = file;
        this.header = header;
        this.resumed = from.isPresent();
        this.mark = from.orElse(new Mark(header.size(), 0, 0));
        this.sequence = mark.sequence();
        this.cycle = mark.cycle();
        this.source = new ChunkSource(file, mark.offset(), tally);
    }

    /**
     * A place where reading can begin: a chunk's start.
     *
     * @param offset of the chunk in the file, in bytes
     * @param sequence the number of its first event
     * @param cycle the cycle of the event before that, or 0
     */
    public record Mark(long offset, long sequence, long cycle) {

        /** Checks that the numbers can be. */
        public Mark {
            if (offset < 0 || sequence < 0 || cycle < 0) {
                throw new IllegalArgumentException(Text.format("no mark: %d, %d, %d", offset, sequence, cycle));
            }
        }
    }

    /**
     * Opens a trace, or the part that an unfinished recording left.
     *
     * @param path the file
     * @return a reader, before the first event
     * @throws TraceFormatException if the file is not a trace, or its manifest is damaged
     * @throws IOException if it cannot be read
     */
    public static TraceReader open(Path path) throws IOException {
        return open(BoundedFile.open(path));
    }

    /**
     * Opens a trace that is not a file, such as one in memory; as {@link #open(Path)}. The reader closes the channel.
     *
     * @param channel at its start; it must be able to seek
     * @return a reader, before the first event
     * @throws IOException if it cannot be read or written
     */
    public static TraceReader open(SeekableByteChannel channel) throws IOException {
        return open(BoundedFile.of(channel));
    }

    /**
     * Opens a trace that was read before, to read a part of it again. There is no {@link #status} then: a file that ends, or has
     * become another, gives no more events.
     *
     * @param path the file
     * @param mark what {@link #mark} of a reader of the same file has said
     * @return a reader, before the first event of the chunk there
     * @throws TraceFormatException if the file is no trace any more
     * @throws IOException if it cannot be read
     */
    public static TraceReader openAt(Path path, Mark mark) throws IOException {
        return open(BoundedFile.open(path), Optional.of(mark));
    }

    private static TraceReader open(BoundedFile file) throws IOException {
        return open(file, Optional.empty());
    }

    private static TraceReader open(BoundedFile file, Optional<Mark> from) throws IOException {
        try {
            return new TraceReader(file, FileHeader.read(file), from);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** {@return what the trace was made with} */
    public TraceManifest manifest() {
        return header.manifest();
    }

    /**
     * {@return the state that the machine of the trace begins in, if the manifest says that it is stored here} Events are read on from
     * where reading was.
     *
     * @throws TraceFormatException if it is not there, or damaged
     * @throws IncompatibleTraceException if this computer cannot expand it
     * @throws IOException if it cannot be read
     */
    public Optional<SavedState> readStoredState() throws IOException {
        return manifest().storedState().isPresent()
                ? Optional.of(StateChunks.read(file, header.size(), mostOfState()))
                : Optional.empty();
    }

    /** {@return what a state of the machine may have at the most: memory twice, as it is and as it was told of, and the disk} */
    private long mostOfState() {
        long disk = manifest().images().stream()
                .filter(image -> image.role() == TraceManifest.Image.Role.DISK)
                .mapToLong(image -> Math.min(image.size(), TraceManifest.MAX_MEMORY_END))
                .sum();
        return 2 * manifest().ramBytes() + disk + STATE_WITHOUT_MEMORY;
    }

    /** {@return the version of the format that the file was written in} */
    public int formatVersion() {
        return header.version();
    }

    /**
     * {@return the next event, or empty at the end, when {@link #status} says how it ended}
     *
     * @throws TraceFormatException if the file is damaged here; all events before were good
     * @throws IOException if it cannot be read
     */
    public Optional<Stamped> next() throws IOException {
        while (eventsLeft == 0) {
            if (status.isPresent() || !nextChunk()) {
                return Optional.empty();
            }
        }
        EventCodec.Decoded decoded = decode();
        long now = cycle + decoded.cycleDelta();
        checkCycle(now);
        boolean lastOfChunk = eventsLeft == 1;
        if (lastOfChunk && decoded.end() != raw.length) {
            throw new TraceFormatException(chunk.offset(), "the chunk has bytes after its last event");
        }
        Stamped stamped = new Stamped(sequence, now, decoded.event());
        position = decoded.end();
        cycle = now;
        sequence++;
        eventsLeft--;
        ended = decoded.event() instanceof TraceEvent.End;
        if (lastOfChunk) {
            tally.add(chunk.header(), chunk.offset(), cycle);
        }
        return Optional.of(stamped);
    }

    /** {@return where the chunk begins that has the event which was read last; before the first event, where reading began} */
    public Mark mark() {
        return mark;
    }

    /** {@return how many bytes the chunks of events read so far came to when expanded} */
    public long expandedBytes() {
        return expandedBytes;
    }

    /**
     * Reads to the end, passing every event on.
     *
     * @param sink takes the events
     * @return how the trace had ended
     * @throws IOException if it cannot be read or written
     */
    public TraceStatus readAll(EventSink sink) throws IOException {
        for (Optional<Stamped> next = next(); next.isPresent(); next = next()) {
            sink.accept(next.get().cycle(), next.get().event());
        }
        return status();
    }

    /**
     * {@return how the trace had ended}
     *
     * @throws IllegalStateException before {@link #next} has returned empty
     */
    public TraceStatus status() {
        return status.orElseThrow(() -> new IllegalStateException("the trace has not been read to its end"));
    }

    /**
     * {@return the totals that a complete file announces in its footer, without reading the events; empty for a torn file}
     * They are proved only by reading all.
     *
     * @throws IOException if it cannot be read or written
     */
    public Optional<TraceTotals> unverifiedTotals() throws IOException {
        Optional<Found.Chunk> footer = unverifiedFooter();
        return footer.isPresent()
                ? Optional.of(TraceDigest.totalsOf(ChunkSource.expand(footer.get())))
                : Optional.empty();
    }

    /**
     * {@return the last event of a complete file, found by the index in its footer, without reading those before; empty for a
     * torn file} It is proved only by reading all. Reading goes on where it was.
     *
     * @throws IOException if it cannot be read or written
     */
    public Optional<TraceEvent.End> unverifiedEnd() throws IOException {
        Optional<Found.Chunk> footer = unverifiedFooter();
        if (footer.isEmpty()) {
            return Optional.empty();
        }
        long end = footer.get().offset();
        OptionalLong start = TraceDigest.lastEntryOf(ChunkSource.expand(footer.get()));
        if (start.isEmpty() || start.getAsLong() < header.size() || start.getAsLong() >= end) {
            return Optional.empty();
        }
        ChunkScanner chunks = new ChunkScanner(file, start.getAsLong());
        Found.Chunk last = NONE;
        while (chunks.position() < end && chunks.next() instanceof Found.Chunk next) {
            last = next.header().type().equals(ChunkHeader.EVENTS) ? next : last;
        }
        byte[] events = ChunkSource.expand(last);
        Optional<TraceEvent> event = Optional.empty();
        for (int at = 0; at < events.length; ) {
            EventCodec.Decoded decoded = EventCodec.decode(events, at, events.length);
            event = Optional.of(decoded.event());
            at = decoded.end();
        }
        return event.filter(TraceEvent.End.class::isInstance).map(TraceEvent.End.class::cast);
    }

    private Optional<Found.Chunk> unverifiedFooter() throws IOException {
        if (file.size() < header.size() + ChunkHeader.SIZE + Trailer.SIZE) {
            return Optional.empty();
        }
        OptionalLong offset = Trailer.decode(file.read(file.size() - Trailer.SIZE, Trailer.SIZE));
        if (offset.isEmpty()
                || offset.getAsLong() < header.size()
                || offset.getAsLong() > file.size() - Trailer.SIZE - ChunkHeader.SIZE) {
            return Optional.empty();
        }
        return new ChunkScanner(file, offset.getAsLong()).next() instanceof Found.Chunk footer
                        && footer.header().type().equals(ChunkHeader.FOOTER)
                ? Optional.of(footer)
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        source.close();
        file.close();
    }

    /** Takes the next chunk in; false at the end. */
    private boolean nextChunk() throws IOException {
        ChunkSource.Next next = source.next();
        if (resumed && next.content().isEmpty() && isEnd(next.found())) {
            return false;
        }
        switch (next.found()) {
            case Found.Torn torn -> {
                if (tally.events() == 0) {
                    throw new TraceFormatException(
                            torn.offset(), "the file stops before its first event; nothing in it can be read");
                }
                status = Optional.of(new TraceStatus.Torn(tally.totals(), torn.offset(), torn.reason()));
            }
            case Found.Chunk found -> take(found, next.content());
        }
        return status.isEmpty();
    }

    private static boolean isEnd(Found found) {
        return switch (found) {
            case Found.Torn torn -> true;
            case Found.Chunk chunk -> chunk.header().type().equals(ChunkHeader.FOOTER);
        };
    }

    private void take(Found.Chunk found, Optional<ChunkSource.Content> content) throws IOException {
        if (content.isPresent()) {
            takeEvents(found, content.get());
            return;
        }
        switch (found.header().type()) {
            case ChunkHeader.FOOTER -> takeFooter(found);
            default -> {
                if (found.header().isCritical()) {
                    throw new IncompatibleTraceException(
                            found.offset(),
                            Text.format(
                                    "a chunk of type %s, which this version does not know. Use a newer Semblance",
                                    found.header().type()));
                }
                checkNoEvents(found);
            }
        }
    }

    private void takeEvents(Found.Chunk found, ChunkSource.Content content) throws IOException {
        ChunkHeader announced = found.header();
        // Each event takes at least two bytes, so the count is bounded by the length.
        if (announced.events() < 1 || announced.events() > announced.rawLength() / 2) {
            throw new TraceFormatException(
                    found.offset(),
                    Text.format(
                            "a chunk of %s in %s",
                            Text.count(Integer.toUnsignedLong(announced.events()), "event"),
                            Text.count(announced.rawLength(), "byte")));
        }
        if (announced.firstSequence() != sequence) {
            throw new TraceFormatException(
                    found.offset(),
                    Text.format(
                            "the chunk starts with event %s instead of %d: chunks are missing or out of order",
                            Long.toUnsignedString(announced.firstSequence()), sequence));
        }
        mark = new Mark(found.offset(), sequence, cycle);
        raw = content.bytes();
        expandedBytes += raw.length;
        chunk = found;
        position = 0;
        eventsLeft = announced.events();
    }

    private void takeFooter(Found.Chunk footer) throws IOException {
        if (!ended) {
            throw new TraceFormatException(footer.offset(), "a finished trace whose last event is not End");
        }
        checkNoEvents(footer);
        if (footer.header().firstSequence() != sequence || footer.header().firstCycle() != cycle) {
            throw new TraceFormatException(
                    footer.offset(),
                    Text.format(
                            "the footer's header says that %s events end at cycle %s, and %d end at %d",
                            Long.toUnsignedString(footer.header().firstSequence()),
                            Long.toUnsignedString(footer.header().firstCycle()),
                            sequence,
                            cycle));
        }
        if (!Arrays.equals(ChunkSource.expand(footer), tally.footer())) {
            throw new TraceFormatException(
                    footer.offset(), "the footer's counts, identity or index do not fit the events in the file");
        }
        long end = source.position();
        long left = file.size() - end;
        if (left < Trailer.SIZE) {
            status = Optional.of(new TraceStatus.Torn(tally.totals(), end, "the file ends inside its trailer"));
            return;
        }
        OptionalLong offset = Trailer.decode(file.read(end, Trailer.SIZE));
        if (offset.isEmpty() || offset.getAsLong() != footer.offset()) {
            throw new TraceFormatException(end, "the trailer is damaged");
        }
        if (left > Trailer.SIZE) {
            throw new TraceFormatException(
                    end + Trailer.SIZE, Text.format("%d bytes follow the end of the trace", left - Trailer.SIZE));
        }
        status = Optional.of(new TraceStatus.Complete(tally.totals()));
    }

    private static void checkNoEvents(Found.Chunk found) throws TraceFormatException {
        if (found.header().events() != 0) {
            throw new TraceFormatException(
                    found.offset(),
                    Text.format(
                            "a chunk of type %s has no events", found.header().type()));
        }
    }

    private void checkCycle(long now) throws TraceFormatException {
        if (now < cycle) {
            throw new TraceFormatException(chunk.offset(), Text.format("event %d is beyond the last cycle", sequence));
        }
        if (position == 0 && now != chunk.header().firstCycle()) {
            throw new TraceFormatException(
                    chunk.offset(),
                    Text.format(
                            "the chunk starts at cycle %d, and its header says %s",
                            now, Long.toUnsignedString(chunk.header().firstCycle())));
        }
    }

    private EventCodec.Decoded decode() throws TraceFormatException {
        try {
            EventCodec.Decoded decoded = EventCodec.decode(raw, position, raw.length);
            if (ended) {
                throw new TraceFormatException(position, "an event after End");
            }
            int version = FormatVersions.of(decoded.event());
            if (version > header.version()) {
                throw new TraceFormatException(
                        position,
                        Text.format(
                                "it belongs to format version %d, and the trace is of version %d",
                                version, header.version()));
            }
            if (decoded.event() instanceof TraceEvent.OfDevice event
                    && event.device() >= manifest().devices().size()) {
                throw new TraceFormatException(
                        position,
                        Text.format(
                                "the device is %d, and the manifest lists %d",
                                event.device(), manifest().devices().size()));
            }
            return decoded;
        } catch (TraceFormatException e) {
            throw new TraceFormatException(
                    chunk.offset(),
                    Text.format(
                            "event %d (at byte %d of the expanded chunk) is malformed: %s",
                            sequence, e.offset(), e.reason()));
        }
    }
}
