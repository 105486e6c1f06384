package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.machine.memory.Ram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is kept of a chain's bytes is the same however a device cuts its reads and writes (VIRTIO 1.2, 2.7.4.1). */
class ChainCaptureProperties {

    private static final int READABLE = 0x1000;
    private static final int WRITABLE = 0x8000;

    /** Passes a request and a response through a capture, in pieces of any lengths, empty ones included. */
    private static void pass(ChainCapture capture, byte[] request, byte[] response, Random random) {
        capture.write(READABLE, new byte[0], 0, 0);
        for (int done = 0; done < request.length; ) {
            int length = random.nextInt(Math.min(request.length - done, 20) + 1);
            byte[] target = new byte[length + 3];
            capture.read(READABLE + done, target, 2, length);
            assertThat(Arrays.copyOfRange(target, 2, 2 + length))
                    .isEqualTo(Arrays.copyOfRange(request, done, done + length));
            done += length;
        }
        for (int done = 0; done < response.length; ) {
            int length = random.nextInt(Math.min(response.length - done, 20) + 1);
            capture.write(WRITABLE + done, response, done, length);
            done += length;
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Ram memory(byte[] request) {
        Ram ram = new Ram(1 << 16);
        ram.write(READABLE, request, 0, request.length);
        return ram;
    }

    @Property(tries = 200)
    void requestAndResponseAreKeptWhole(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 100) int reads,
            @ForAll @IntRange(min = 0, max = 100) int writes) {
        Random random = new Random(seed);
        byte[] request = bytes(random, reads);
        byte[] response = bytes(random, writes);
        Ram ram = memory(request);
        FullCapture capture = new FullCapture(ram);
        pass(capture, request, response, random);
        assertThat(capture.payload()).isEqualTo(new Payload.Full(request, response));
        byte[] written = new byte[writes];
        ram.read(WRITABLE, written, 0, writes);
        assertThat(written).isEqualTo(response);
        assertThat(capture.size()).isEqualTo(ram.size());
    }

    /** VIRTIO 1.2, 5.2.6: 16 bytes of header, data either way, one byte of status at the end. */
    @Property(tries = 300)
    void ofADiskRequestHeaderStatusAndADigestOfTheDataAreKept(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 90) int reads,
            @ForAll @IntRange(min = 0, max = 90) int writes)
            throws NoSuchAlgorithmException {
        Random random = new Random(seed);
        byte[] request = bytes(random, reads);
        byte[] response = bytes(random, writes);
        DiskCapture capture = new DiskCapture(memory(request));
        pass(capture, request, response, random);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int header = Math.min(reads, 16);
        digest.update(request, header, reads - header);
        digest.update(response, 0, Math.max(0, writes - 1));
        assertThat(capture.payload())
                .isEqualTo(new Payload.Disk(
                        Arrays.copyOf(request, header),
                        header == 16
                                ? ByteBuffer.wrap(request)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getLong(8)
                                : 0,
                        reads - header + Math.max(0, writes - 1),
                        ByteBuffer.wrap(digest.digest()).getLong(0),
                        writes == 0 ? OptionalLong.empty() : OptionalLong.of(response[writes - 1] & 0xff)));
    }
}
