package dev.semblance.harness.edit.lint;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.edit.lint.FindingList.Place;
import dev.semblance.harness.replay.pixels.PixelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A resource as far as the rules need it: which of its pixels were written, and which of those a flush has not shown yet. */
final class LintedImage {

    private final long id;
    private final int width;
    private final int height;

    /** Everything that a transfer ever wrote. */
    private final PixelSet written;

    /** What was written since it was last flushed. */
    private final PixelSet unflushed;

    /** What was written, not flushed, and has been told. */
    private final PixelSet told;

    private Optional<Place> lastTransfer = Optional.empty();
    private Optional<Place> lastFlush = Optional.empty();
    private boolean lastTransferFenced = true;
    private boolean backed;

    LintedImage(GpuCommand.ResourceCreate2d command) {
        id = command.resourceId();
        width = (int) command.width();
        height = (int) command.height();
        written = new PixelSet(width, height);
        unflushed = new PixelSet(width, height);
        told = new PixelSet(width, height);
    }

    long id() {
        return id;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    long bytes() {
        return (long) width * height * PixelFormat.BYTES_PER_PIXEL;
    }

    Rect all() {
        return new Rect(0, 0, width, height);
    }

    boolean contains(Rect rect) {
        return !rect.isEmpty() && rect.fitsIn(width, height);
    }

    void transfer(GpuCommand.TransferToHost2d command, Place at) {
        if (contains(command.rect())) {
            written.add(command.rect());
            unflushed.add(command.rect());
            lastTransfer = Optional.of(at);
            lastTransferFenced = command.header().isFenced();
        }
    }

    boolean isLastTransferFenced() {
        return lastTransferFenced;
    }

    /** Notes whether there is memory behind it. */
    void back(boolean there) {
        backed = there;
    }

    boolean isBacked() {
        return backed;
    }

    boolean isFlushedSinceTransfer() {
        return lastFlush.isPresent()
                && lastTransfer.map(Place::sequence).orElse(0L)
                        < lastFlush.get().sequence();
    }

    /** {@return where it was last written} */
    Optional<Place> lastTransfer() {
        return lastTransfer;
    }

    /** {@return what of a part was never written} */
    Optional<Rect> unwrittenIn(Rect part) {
        return written.missingIn(part);
    }

    /** {@return whether anything of a rectangle was written since it was last flushed} */
    boolean hasChangesIn(Rect rect) {
        return unflushed.boundsIn(rect).isPresent() || told.boundsIn(rect).isPresent();
    }

    void flush(Rect rect, Place at) {
        unflushed.remove(rect);
        told.remove(rect);
        lastFlush = Optional.of(at);
    }

    /**
     * Pixels that were written and are not flushed, once it is clear that no flush is on its way.
     *
     * @param place the flush that left them out, or the last transfer if none followed
     * @param flushed whether a flush followed
     */
    record Left(Rect bounds, Place place, boolean flushed) {}

    /** {@return what of a part is not flushed, and was not asked for before} */
    Optional<Left> takeUnflushed(Rect part) {
        Optional<Rect> bounds = unflushed.boundsIn(part);
        if (bounds.isEmpty() || lastTransfer.isEmpty()) {
            return Optional.empty();
        }
        unflushed.moveTo(told, bounds.get());
        boolean flushed = isFlushedSinceTransfer();
        return Optional.of(
                new Left(bounds.get(), flushed ? lastFlush.orElseThrow() : lastTransfer.orElseThrow(), flushed));
    }

    /** {@return the address that two entries of a backing have in common, if there is one} */
    static Optional<Long> overlap(List<MemoryEntry> entries) {
        List<MemoryEntry> sorted = new ArrayList<>(entries);
        sorted.removeIf(entry -> entry.length() == 0);
        sorted.sort(Comparator.comparing(MemoryEntry::address, Long::compareUnsigned));
        for (int i = 1; i < sorted.size(); i++) {
            MemoryEntry before = sorted.get(i - 1);
            // No sum: an entry may end behind the last address.
            if (sorted.get(i).address() - before.address() < before.length()) {
                return Optional.of(sorted.get(i).address());
            }
        }
        return Optional.empty();
    }
}
