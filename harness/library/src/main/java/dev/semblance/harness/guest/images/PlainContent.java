package dev.semblance.harness.guest.images;

import dev.semblance.harness.DamagedImageException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes as they are, on the heap or in a mapped file.
 *
 * @param file what to call their file
 * @param segment the bytes, read-only
 */
record PlainContent(String file, MemorySegment segment) implements ImageContent {

    static PlainContent of(byte[] bytes) {
        return new PlainContent("", MemorySegment.ofArray(bytes).asReadOnly());
    }

    /** Maps a file: the system reads from it what is asked for. */
    static PlainContent map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new PlainContent(file.toString(), channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        }
    }

    @Override
    public long size() {
        return segment.byteSize();
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        try {
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, target, offset, length);
        } catch (InternalError e) {
            // What the JVM makes of a mapped page that the system cannot read, as of a file that was cut.
            throw new DamagedImageException(
                    Text.format(
                            "%s cannot be read any more at byte %,d; it has become shorter, or the disk that it is on fails",
                            file, position),
                    e);
        }
    }
}
