package dev.semblance.harness.record;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.util.Sha256;
import dev.semblance.machine.memory.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Keeps a block request's header and status, and a digest of the data between them (VIRTIO 1.2, 5.2.6): what follows the
 * 16 bytes of header on the way in, and all but the last byte on the way out.
 */
final class DiskCapture extends ChainCapture {

    private static final int HEADER_SIZE = 16;
    private static final int SECTOR_OFFSET = 8;

    private final byte[] header = new byte[HEADER_SIZE];
    private int headerLength;
    private final MessageDigest digest;
    private long dataLength;
    private int lastWritten = -1;

    DiskCapture(GuestMemory memory) {
        super(memory);
        digest = Sha256.start();
    }

    @Override
    void noteRead(byte[] bytes, int offset, int length) {
        int ofHeader = Math.min(length, HEADER_SIZE - headerLength);
        System.arraycopy(bytes, offset, header, headerLength, ofHeader);
        headerLength += ofHeader;
        noteData(bytes, offset + ofHeader, length - ofHeader);
    }

    @Override
    void noteWrite(byte[] bytes, int offset, int length) {
        if (length > 0) {
            // The byte held back may be the status; it is data if another follows it.
            if (lastWritten >= 0) {
                noteData(new byte[] {(byte) lastWritten}, 0, 1);
            }
            noteData(bytes, offset, length - 1);
            lastWritten = bytes[offset + length - 1] & 0xff;
        }
    }

    private void noteData(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        dataLength += length;
    }

    @Override
    TraceEvent.Payload payload() {
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        return new TraceEvent.Payload.Disk(
                Arrays.copyOf(header, headerLength),
                headerLength == HEADER_SIZE ? fields.getLong(SECTOR_OFFSET) : 0,
                dataLength,
                ByteBuffer.wrap(digest.digest()).getLong(0),
                lastWritten < 0 ? OptionalLong.empty() : OptionalLong.of(lastWritten));
    }
}
