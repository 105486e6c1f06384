package dev.semblance.harness.golden;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A picture file in memory. It ends the patience with decoders that go on asking behind the end of a damaged file: some
 * take the end for zeros and would spin for hours.
 */
final class ImageFileInput extends ImageInputStreamImpl {

    /** Far more than the few looks that a decoder takes at the end of a sound file. */
    private static final int MAX_READS_AT_THE_END = 4096;

    private final byte[] bytes;
    private int readsAtTheEnd;

    ImageFileInput(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        if (streamPos >= bytes.length) {
            return end();
        }
        return bytes[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= bytes.length) {
            return end();
        }
        int count = (int) Math.min(length, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    private int end() throws IOException {
        if (++readsAtTheEnd > MAX_READS_AT_THE_END) {
            throw new IOException("it ends too early");
        }
        return -1;
    }
}
