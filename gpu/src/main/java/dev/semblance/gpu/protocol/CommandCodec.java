package dev.semblance.gpu.protocol;

import dev.semblance.gpu.protocol.GpuCommand.GetDisplayInfo;
import dev.semblance.gpu.protocol.GpuCommand.GetEdid;
import dev.semblance.gpu.protocol.GpuCommand.MoveCursor;
import dev.semblance.gpu.protocol.GpuCommand.NoHeader;
import dev.semblance.gpu.protocol.GpuCommand.ResourceAttachBacking;
import dev.semblance.gpu.protocol.GpuCommand.ResourceCreate2d;
import dev.semblance.gpu.protocol.GpuCommand.ResourceDetachBacking;
import dev.semblance.gpu.protocol.GpuCommand.ResourceFlush;
import dev.semblance.gpu.protocol.GpuCommand.ResourceUnref;
import dev.semblance.gpu.protocol.GpuCommand.SetScanout;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import dev.semblance.gpu.protocol.GpuCommand.Truncated;
import dev.semblance.gpu.protocol.GpuCommand.Unknown;
import dev.semblance.gpu.protocol.GpuCommand.UpdateCursor;
import dev.semblance.machine.virtio.ChainReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Commands from and to bytes (VIRTIO 1.2, 5.7.6.7 to 5.7.6.10). Decoding takes any bytes and never throws: what is no
 * command becomes {@link Unknown}, {@link Truncated} or {@link NoHeader}. It reads the structure and what belongs to it,
 * each byte once; bytes after that are left alone.
 */
public final class CommandCodec {

    /** How much of an unknown command is kept, to show it: more than any fixed structure of the specification has. */
    public static final int MAX_UNKNOWN_BODY = 256;

    /** The most entries that can be read whatever the memory: what an array of bytes can hold. */
    private static final int MOST_ENTRIES = Integer.MAX_VALUE / MemoryEntry.SIZE;

    private CommandCodec() {}

    /**
     * Decodes a request from a chain.
     *
     * @param request the bytes that the driver sent
     * @param maxEntries above this entry count the entries of an ATTACH_BACKING are not read
     * @return the command, or what stands for one that cannot be read
     */
    public static GpuCommand decode(ChainReader request, long maxEntries) {
        return decode(request::readUpTo, maxEntries);
    }

    /**
     * Decodes a request from an array.
     *
     * @param request the bytes that the driver sent
     * @return the command, or what stands for one that cannot be read
     */
    public static GpuCommand decode(byte[] request) {
        return decode(request, MOST_ENTRIES);
    }

    /**
     * Decodes a request from an array; {@code maxEntries} as for a chain.
     *
     * @param request the bytes that the driver sent
     * @param maxEntries how many entries of backing may follow; more are refused
     * @return the command, or what stands for one that cannot be read
     */
    public static GpuCommand decode(byte[] request, long maxEntries) {
        ByteBuffer buffer = ByteBuffer.wrap(request);
        return decode(
                limit -> {
                    byte[] bytes = new byte[Math.min(limit, buffer.remaining())];
                    buffer.get(bytes);
                    return bytes;
                },
                maxEntries);
    }

    private static GpuCommand decode(IntFunction<byte[]> source, long maxEntries) {
        byte[] head = source.apply(Header.SIZE);
        if (head.length < Header.SIZE) {
            return new NoHeader(head);
        }
        ByteBuffer buffer = Wire.of(head);
        int number = buffer.getInt();
        Header header = Header.decode(buffer);
        Optional<CommandType> known = CommandType.of(number);
        if (known.isEmpty()) {
            return new Unknown(header, number, source.apply(MAX_UNKNOWN_BODY));
        }
        CommandType type = known.get();
        byte[] body = source.apply(type.size() - Header.SIZE);
        if (body.length < type.size() - Header.SIZE) {
            return new Truncated(header, type, body);
        }
        return decode(type, header, Wire.of(body), source, maxEntries);
    }

    private static GpuCommand decode(
            CommandType type, Header header, ByteBuffer body, IntFunction<byte[]> source, long maxEntries) {
        return switch (type) {
            case GET_DISPLAY_INFO -> new GetDisplayInfo(header);
            case RESOURCE_CREATE_2D ->
                new ResourceCreate2d(header, Wire.u32(body), Wire.u32(body), Wire.u32(body), Wire.u32(body));
            case RESOURCE_UNREF -> new ResourceUnref(header, Wire.u32(body));
            case SET_SCANOUT -> new SetScanout(header, Wire.rect(body), Wire.u32(body), Wire.u32(body));
            case RESOURCE_FLUSH -> new ResourceFlush(header, Wire.rect(body), Wire.u32(body));
            case TRANSFER_TO_HOST_2D -> new TransferToHost2d(header, Wire.rect(body), body.getLong(), Wire.u32(body));
            case RESOURCE_ATTACH_BACKING -> {
                long resourceId = Wire.u32(body);
                long count = Wire.u32(body);
                yield new ResourceAttachBacking(header, resourceId, count, entries(source, count, maxEntries));
            }
            case RESOURCE_DETACH_BACKING -> new ResourceDetachBacking(header, Wire.u32(body));
            case GET_EDID -> new GetEdid(header, Wire.u32(body));
            case UPDATE_CURSOR -> {
                CursorPosition position = position(body);
                yield new UpdateCursor(header, position, Wire.u32(body), Wire.u32(body), Wire.u32(body));
            }
            case MOVE_CURSOR -> {
                CursorPosition position = position(body);
                yield new MoveCursor(header, position, Wire.u32(body), Wire.u32(body), Wire.u32(body));
            }
        };
    }

    private static List<MemoryEntry> entries(IntFunction<byte[]> source, long count, long maxEntries) {
        if (count > Math.min(maxEntries, MOST_ENTRIES)) {
            return List.of();
        }
        byte[] bytes = source.apply((int) count * MemoryEntry.SIZE);
        ByteBuffer buffer = Wire.of(bytes);
        List<MemoryEntry> entries = new ArrayList<>(bytes.length / MemoryEntry.SIZE);
        while (buffer.remaining() >= MemoryEntry.SIZE) {
            entries.add(new MemoryEntry(buffer.getLong(), Wire.u32(buffer)));
            buffer.getInt(); // padding
        }
        return entries;
    }

    private static CursorPosition position(ByteBuffer buffer) {
        CursorPosition position = new CursorPosition(Wire.u32(buffer), buffer.getInt(), buffer.getInt());
        buffer.getInt(); // padding
        return position;
    }

    /**
     * {@return the number of the command on the wire, empty where the request had no whole header}
     *
     * @param command what is asked for
     */
    public static Optional<Integer> numberOf(GpuCommand command) {
        return command instanceof Unknown unknown
                ? Optional.of(unknown.type())
                : typeOf(command).map(CommandType::number);
    }

    /**
     * {@return which command it is, empty where a 2D device has no such command}
     *
     * @param command what is asked for
     */
    public static Optional<CommandType> typeOf(GpuCommand command) {
        return switch (command) {
            case GetDisplayInfo c -> Optional.of(CommandType.GET_DISPLAY_INFO);
            case ResourceCreate2d c -> Optional.of(CommandType.RESOURCE_CREATE_2D);
            case ResourceUnref c -> Optional.of(CommandType.RESOURCE_UNREF);
            case SetScanout c -> Optional.of(CommandType.SET_SCANOUT);
            case ResourceFlush c -> Optional.of(CommandType.RESOURCE_FLUSH);
            case TransferToHost2d c -> Optional.of(CommandType.TRANSFER_TO_HOST_2D);
            case ResourceAttachBacking c -> Optional.of(CommandType.RESOURCE_ATTACH_BACKING);
            case ResourceDetachBacking c -> Optional.of(CommandType.RESOURCE_DETACH_BACKING);
            case GetEdid c -> Optional.of(CommandType.GET_EDID);
            case UpdateCursor c -> Optional.of(CommandType.UPDATE_CURSOR);
            case MoveCursor c -> Optional.of(CommandType.MOVE_CURSOR);
            case Truncated c -> Optional.of(c.type());
            case Unknown c -> Optional.empty();
            case NoHeader c -> Optional.empty();
        };
    }

    /**
     * {@return the bytes of a request, padding zero} What {@link #decode} made of bytes encodes to the same ones.
     *
     * @param command what is asked for
     */
    public static byte[] encode(GpuCommand command) {
        return switch (command) {
            case GetDisplayInfo c -> start(c, CommandType.GET_DISPLAY_INFO).done();
            case ResourceCreate2d c ->
                start(c, CommandType.RESOURCE_CREATE_2D)
                        .u32(c.resourceId(), c.format(), c.width(), c.height())
                        .done();
            case ResourceUnref c ->
                start(c, CommandType.RESOURCE_UNREF).u32(c.resourceId()).done();
            case SetScanout c ->
                start(c, CommandType.SET_SCANOUT)
                        .rect(c.rect())
                        .u32(c.scanoutId(), c.resourceId())
                        .done();
            case ResourceFlush c ->
                start(c, CommandType.RESOURCE_FLUSH)
                        .rect(c.rect())
                        .u32(c.resourceId())
                        .done();
            case TransferToHost2d c ->
                start(c, CommandType.TRANSFER_TO_HOST_2D)
                        .rect(c.rect())
                        .u64(c.offset())
                        .u32(c.resourceId())
                        .done();
            case ResourceAttachBacking c -> encodeAttach(c);
            case ResourceDetachBacking c ->
                start(c, CommandType.RESOURCE_DETACH_BACKING)
                        .u32(c.resourceId())
                        .done();
            case GetEdid c -> start(c, CommandType.GET_EDID).u32(c.scanoutId()).done();
            case UpdateCursor c ->
                startCursor(c, CommandType.UPDATE_CURSOR, c.position())
                        .u32(c.resourceId(), c.hotX(), c.hotY())
                        .done();
            case MoveCursor c ->
                startCursor(c, CommandType.MOVE_CURSOR, c.position())
                        .u32(c.resourceId(), c.hotX(), c.hotY())
                        .done();
            case Unknown c -> withBody(c.header(), c.type(), c.body());
            case Truncated c -> withBody(c.header(), c.type().number(), c.body());
            case NoHeader c -> c.bytes().clone();
        };
    }

    private static WireWriter start(GpuCommand command, CommandType type) {
        return new WireWriter(type.size(), type.number(), command.header());
    }

    private static WireWriter startCursor(GpuCommand command, CommandType type, CursorPosition position) {
        return start(command, type).u32(position.scanoutId(), position.x(), position.y(), 0);
    }

    private static byte[] withBody(Header header, int type, byte[] body) {
        int size = Math.addExact(Header.SIZE, body.length);
        return new WireWriter(size, type, header).bytes(body).done();
    }

    private static byte[] encodeAttach(ResourceAttachBacking attach) {
        CommandType type = CommandType.RESOURCE_ATTACH_BACKING;
        int entryBytes = Math.multiplyExact(attach.entries().size(), MemoryEntry.SIZE);
        int size = Math.addExact(type.size(), entryBytes);
        WireWriter writer = new WireWriter(size, type.number(), attach.header());
        writer.u32(attach.resourceId(), attach.entryCount());
        for (MemoryEntry entry : attach.entries()) {
            writer.u64(entry.address()).u32(entry.length(), 0);
        }
        return writer.done();
    }
}
