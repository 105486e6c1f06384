package dev.semblance.harness.edit.redact;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.RequestAssembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What of a GPU's requests and answers is a field that means something (VIRTIO 1.2, 5.7.6.7 to 5.7.6.10). Only that is
 * copied; paddings, what follows a structure, and whatever is no structure stay zero. No codec is asked: it is a part of
 * the device, and one at fault would change the request that shows the fault.
 *
 * <p>Of a header stay a type that lies among the specification's, its flags, and, if a whole command follows, the fence and
 * its context where there is a fence, and the ring's index where the flag says that there is one. Of what is no command
 * neither those nor their echo in the answer stay: they could be anything.
 */
final class GpuFields {

    private static final int FLAGS = 4;
    private static final int FENCE_ID = 8;
    private static final int CONTEXT_ID = 16;
    private static final int RING_INDEX = 20;

    /** No range of types has more numbers. */
    private static final int MAX_TYPE = 0x1f;

    private static final int OK_DISPLAY_INFO = 0x1101;
    private static final int OK_EDID = 0x1104;

    /** {@code struct virtio_gpu_display_one}, for each scanout that there can be: a rectangle and two numbers. */
    private static final int DISPLAYS = ResponseCodec.MAX_SCANOUTS * 24;

    private static final int EDID_BYTES = Header.SIZE + 8;

    /** What the longest request has room for. */
    static final int MAX_ENTRIES =
            (RequestAssembler.MAX_BYTES - CommandType.RESOURCE_ATTACH_BACKING.size()) / MemoryEntry.SIZE;

    private final byte[] from;
    private final byte[] kept;

    private GpuFields(byte[] from) {
        this.from = from;
        this.kept = new byte[from.length];
    }

    /** {@return whether a request is a whole command} */
    static boolean isCommand(byte[] request) {
        return new GpuFields(request).command().isPresent();
    }

    /** {@return a request, all of it, with nothing but its fields; of one that is no whole command, the header's} */
    static byte[] ofRequest(byte[] request) {
        GpuFields fields = new GpuFields(request);
        if (request.length >= Header.SIZE) {
            Optional<CommandType> command = fields.command();
            fields.header(command.isPresent());
            command.ifPresent(fields::body);
        }
        return fields.kept;
    }

    /** {@return what stays of a header when it is not known what follows it} */
    static byte[] headerOf(byte[] header) {
        GpuFields fields = new GpuFields(header);
        fields.header(false);
        return fields.kept;
    }

    /**
     * {@return an answer, or as much of one as there was room for, with nothing but its fields}
     *
     * @param toCommand whether it answers a whole command, whose fence it may echo
     */
    static byte[] ofResponse(byte[] response, boolean toCommand) {
        GpuFields fields = new GpuFields(response);
        fields.header(toCommand);
        if (response.length >= Header.SIZE) {
            switch (fields.u32(0)) {
                case OK_DISPLAY_INFO -> fields.keep(Header.SIZE, DISPLAYS);
                case OK_EDID -> {
                    fields.keep(Header.SIZE, Integer.BYTES);
                    long size = response.length >= EDID_BYTES ? fields.u32(Header.SIZE) & 0xffff_ffffL : 0;
                    fields.keep(EDID_BYTES, size <= ResponseCodec.EDID_CAPACITY ? (int) size : 0);
                }
                default -> {
                    // The others are headers.
                }
            }
        }
        return fields.kept;
    }

    private Optional<CommandType> command() {
        return from.length < Header.SIZE
                ? Optional.empty()
                : CommandType.of(u32(0)).filter(type -> from.length >= type.size());
    }

    /** {@return whether a number lies where the specification has its types: of 2D, 3D and cursor commands, and answers} */
    private static boolean isType(int number) {
        return switch (number >> Byte.SIZE) {
            case 1, 2, 3, 0x11, 0x12 -> (number & 0xff) <= MAX_TYPE;
            default -> false;
        };
    }

    private void header(boolean ofCommand) {
        if (from.length < Integer.BYTES || isType(u32(0))) {
            keep(0, Integer.BYTES);
        }
        // An answer may end anywhere, also inside its flags; the specification's are all in the first byte.
        int flags = from.length > FLAGS ? from[FLAGS] & (Header.FENCE | Header.INFO_RING_IDX) : 0;
        if (flags != 0) {
            kept[FLAGS] = (byte) flags;
        }
        if (ofCommand && (flags & Header.FENCE) != 0) {
            keep(FENCE_ID, Long.BYTES);
            keep(CONTEXT_ID, Integer.BYTES);
        }
        if (ofCommand && (flags & Header.INFO_RING_IDX) != 0) {
            keep(RING_INDEX, 1);
        }
    }

    private void body(CommandType type) {
        switch (type) {
            case GET_DISPLAY_INFO -> {}
            case RESOURCE_CREATE_2D -> numbers(24, 4);
            case RESOURCE_UNREF, RESOURCE_DETACH_BACKING, GET_EDID -> numbers(24, 1);
            case SET_SCANOUT -> numbers(24, 6);
            case RESOURCE_FLUSH -> numbers(24, 5);
            case TRANSFER_TO_HOST_2D -> numbers(24, 7);
            case RESOURCE_ATTACH_BACKING -> {
                numbers(24, 2);
                entries(type.size(), u32(28) & 0xffff_ffffL);
            }
            case UPDATE_CURSOR, MOVE_CURSOR -> {
                numbers(24, 3);
                numbers(40, 3);
            }
        }
    }

    private void entries(int start, long count) {
        if (count > MAX_ENTRIES) {
            return; // No device reads them.
        }
        long there = Math.min(count, (from.length - start) / MemoryEntry.SIZE);
        for (int i = 0; i < there; i++) {
            numbers(start + i * MemoryEntry.SIZE, 3);
        }
    }

    /** Keeps so many 32-bit numbers. */
    private void numbers(int at, int count) {
        keep(at, count * Integer.BYTES);
    }

    private void keep(int at, int length) {
        int end = Math.min(at + length, from.length);
        if (at < end) {
            System.arraycopy(from, at, kept, at, end - at);
        }
    }

    private int u32(int at) {
        return ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }
}
