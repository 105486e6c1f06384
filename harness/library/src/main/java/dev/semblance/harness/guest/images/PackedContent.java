package dev.semblance.harness.guest.images;

import dev.semblance.harness.DamagedImageException;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.util.Text;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SeekableInputStream;
import org.tukaani.xz.SeekableXZInputStream;
import org.tukaani.xz.UnsupportedOptionsException;

/**
 * Bytes in an {@code .xz} file of many blocks, which are unpacked when they are read: a few are held, and never all. The file is
 * mapped, so it must stay as it is.
 */
final class PackedContent implements ImageContent {

    /** The largest block that is unpacked, in bytes: {@code xz -T0} makes blocks of 24 MiB. */
    static final int MAX_BLOCK = 32 << 20;

    /**
     * Unpacked blocks that are held, in bytes; two at least, whatever their size. Of the 36 that a desktop reads while it starts, 16 MiB
     * have each unpacked twice, and these once.
     */
    private static final long HELD = 32L << 20;

    /** Memory that the decoder may ask for, in KiB: what xz -9 needs, and an index of a million blocks. */
    private static final int MEMORY_KIB = 96 << 10;

    private static final String REPACK =
            "; unpack it, or pack it again in blocks that can be read one by one: xz -T1 --block-size=1MiB";

    private final Path file;
    private final PlainContent packed;
    private SeekableXZInputStream in;
    private final Map<Integer, byte[]> held;

    private PackedContent(Path file, PlainContent packed) throws IOException {
        this.file = file;
        this.packed = packed;
        this.in = decoder(packed);
        this.held = new LeastRecentlyUsed((int) Math.max(2, HELD / Math.max(1, in.getLargestBlockSize())));
    }

    /** Throws out the block that was read least recently when there are more than there may be. */
    private static final class LeastRecentlyUsed extends LinkedHashMap<Integer, byte[]> {
        private static final long serialVersionUID = 1L;

        private final int most;

        LeastRecentlyUsed(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
            return size() > most;
        }
    }

    /**
     * Opens a file; of its blocks none is unpacked.
     *
     * @throws IOException if it is no {@code .xz} file, or not a whole one
     * @throws IncompatibleException if it asks for more memory than there is to be had for it
     */
    static PackedContent open(Path file) throws IOException {
        try {
            return new PackedContent(file, PlainContent.map(file));
        } catch (MemoryLimitException e) {
            throw tooMuchMemory(file, e);
        } catch (UnsupportedOptionsException e) {
            throw unsupported(file, e);
        }
    }

    private static SeekableXZInputStream decoder(PlainContent packed) throws IOException {
        return new SeekableXZInputStream(new Mapped(packed), MEMORY_KIB);
    }

    /**
     * Checks that any byte can be had without unpacking too much.
     *
     * @throws IncompatibleException if a block is too large for that
     */
    synchronized PackedContent checked() {
        if (in.getLargestBlockSize() > MAX_BLOCK) {
            throw new IncompatibleException(Text.format(
                    "%s has a block of %,d MiB, too large to be unpacked whenever a byte of it is read%s",
                    file, in.getLargestBlockSize() >> 20, REPACK));
        }
        return this;
    }

    private static IncompatibleException tooMuchMemory(Path file, MemoryLimitException e) {
        return new IncompatibleException(
                Text.format("%s needs %,d MiB of memory to be unpacked%s", file, e.getMemoryNeeded() >> 10, REPACK), e);
    }

    private static IncompatibleException unsupported(Path file, UnsupportedOptionsException e) {
        return new IncompatibleException(
                Text.format(
                        "%s is packed in a way that cannot be unpacked here (%s)%s",
                        file, String.valueOf(e.getMessage()), REPACK),
                e);
    }

    @Override
    public synchronized long size() {
        return in.length();
    }

    @Override
    public Optional<ImageContent> packed() {
        return Optional.of(packed);
    }

    @Override
    public synchronized void read(long position, byte[] target, int offset, int length) {
        long end = size();
        Objects.checkFromIndexSize(position, length, end);
        long at = position;
        int to = offset;
        while (at < position + length) {
            int number = in.getBlockNumber(at);
            byte[] block = block(number);
            int from = (int) (at - in.getBlockPos(number));
            int count = (int) Math.min(block.length - from, position + length - at);
            System.arraycopy(block, from, target, to, count);
            at += count;
            to += count;
        }
    }

    private byte[] block(int number) {
        byte[] known = held.get(number);
        if (known != null) {
            return known;
        }
        byte[] block = new byte[Math.toIntExact(in.getBlockSize(number))];
        try {
            in.seekToBlock(number);
            if (readNBytes(block) < block.length) {
                throw new EOFException("it ends too early");
            }
        } catch (IOException e) {
            long at = in.getBlockCompPos(number);
            restart();
            throw failure(e, at, block.length);
        }
        held.put(number, block);
        return block;
    }

    /** After a failure, the decoder repeats it for ever; the other blocks may be good. */
    private void restart() {
        try {
            in = decoder(packed);
        } catch (IOException e) {
            // Then the one that there is says again what is wrong.
        }
    }

    private RuntimeException failure(IOException problem, long at, int length) {
        return switch (problem) {
            case MemoryLimitException e -> tooMuchMemory(file, e);
            case UnsupportedOptionsException e -> unsupported(file, e);
            default ->
                new DamagedImageException(
                        Text.format(
                                "%s is damaged: what it has at byte %,d cannot be unpacked (%s), and a block of %,d bytes that the"
                                        + " guest reads is lost; get the file again",
                                file, at, String.valueOf(problem.getMessage()), length),
                        problem);
        };
    }

    /** {@return how many bytes there were; the check of a block is compared when its last byte is read} */
    private int readNBytes(byte[] block) throws IOException {
        int count = 0;
        while (count < block.length) {
            int more = in.read(block, count, block.length - count);
            if (more < 0) {
                break;
            }
            count += more;
        }
        return count;
    }

    /** The file, as the decoder reads it. */
    private static final class Mapped extends SeekableInputStream {

        private final ImageContent content;
        private long position;

        Mapped(ImageContent content) {
            this.content = content;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length > 0 && position >= content.size()) {
                return -1;
            }
            int count = (int) Math.min(length, content.size() - position);
            content.read(position, target, offset, count);
            position += count;
            return count;
        }

        @Override
        public long length() {
            return content.size();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void seek(long to) {
            position = to;
        }
    }
}
