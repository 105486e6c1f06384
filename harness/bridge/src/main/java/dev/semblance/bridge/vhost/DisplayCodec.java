package dev.semblance.bridge.vhost;

import java.util.List;

/** Messages of the display protocol as numbers and payloads, both ways. */
public final class DisplayCodec {

    /** Feature of the display protocol: GET_EDID. */
    public static final long P_EDID = 1;

    /** Width and height of a cursor. */
    public static final int CURSOR_SIZE = 64;

    /** Bytes of a picture of a cursor. */
    public static final int CURSOR_BYTES = 4 * CURSOR_SIZE * CURSOR_SIZE;

    /** Bytes of an {@link DisplayMessage.Update} on the wire before its pixels. */
    public static final int UPDATE_HEADER = Message.HEADER + 5 * Integer.BYTES;

    /** The longest payload that is taken: a picture of 8192 times 8192, and its place. */
    public static final int MAX_PAYLOAD = 4 * 8192 * 8192 + 20;

    private static final int GET_PROTOCOL_FEATURES = 1;
    private static final int SET_PROTOCOL_FEATURES = 2;
    private static final int GET_DISPLAY_INFO = 3;
    private static final int CURSOR_POS = 4;
    private static final int CURSOR_POS_HIDE = 5;
    private static final int CURSOR_UPDATE = 6;
    private static final int SCANOUT = 7;
    private static final int UPDATE = 8;
    private static final int GET_EDID = 11;

    private static final byte[] NOTHING = {};

    private DisplayCodec() {}

    /**
     * {@return what a message of a back-end holds; one that is not known is a message too}
     *
     * @param message from a back-end
     * @throws ProtocolException if its payload is not what the message has
     */
    public static DisplayMessage decode(Message message) throws ProtocolException {
        if (message.isReply()) {
            throw new ProtocolException("display message " + Integer.toUnsignedLong(message.number())
                    + " is a reply that nobody asked for");
        }
        Payload payload = new Payload("display message " + Integer.toUnsignedLong(message.number()), message.payload());
        return switch (message.number()) {
            case GET_PROTOCOL_FEATURES -> payload.end(new DisplayMessage.GetProtocolFeatures());
            case SET_PROTOCOL_FEATURES -> payload.end(new DisplayMessage.SetProtocolFeatures(payload.u64()));
            case GET_DISPLAY_INFO -> payload.end(new DisplayMessage.GetDisplayInfo());
            case CURSOR_POS ->
                payload.end(new DisplayMessage.CursorPosition(payload.u32(), payload.u32(), payload.u32()));
            case CURSOR_POS_HIDE ->
                payload.end(new DisplayMessage.CursorHide(payload.u32(), payload.u32(), payload.u32()));
            case CURSOR_UPDATE ->
                payload.end(new DisplayMessage.CursorUpdate(
                        payload.u32(),
                        payload.u32(),
                        payload.u32(),
                        payload.u32(),
                        payload.u32(),
                        payload.bytes(CURSOR_BYTES)));
            case SCANOUT -> payload.end(new DisplayMessage.Scanout(payload.u32(), payload.u32(), payload.u32()));
            case UPDATE -> update(payload);
            case GET_EDID -> payload.end(new DisplayMessage.GetEdid(payload.u32()));
            default -> new DisplayMessage.Unknown(message.number());
        };
    }

    private static DisplayMessage update(Payload payload) throws ProtocolException {
        int scanout = payload.u32();
        int x = payload.u32();
        int y = payload.u32();
        int width = payload.u32();
        int height = payload.u32();
        byte[] pixels = payload.rest();
        // 16 bits each: the product of two sides fits 64 bits, and no picture is larger.
        boolean sound = (width | height) >>> 16 == 0 && 4L * width * height == pixels.length;
        if (!sound) {
            throw new ProtocolException("an update of " + Integer.toUnsignedLong(width) + " times "
                    + Integer.toUnsignedLong(height) + " pixels has " + pixels.length + " bytes of them");
        }
        return new DisplayMessage.Update(scanout, x, y, width, height, pixels);
    }

    /**
     * {@return a message as it is sent}
     *
     * @param message any that is known
     */
    public static Message encode(DisplayMessage message) {
        return switch (message) {
            case DisplayMessage.GetProtocolFeatures m -> of(GET_PROTOCOL_FEATURES, NOTHING);
            case DisplayMessage.SetProtocolFeatures m -> of(SET_PROTOCOL_FEATURES, Replies.u64(m.features()));
            case DisplayMessage.GetDisplayInfo m -> of(GET_DISPLAY_INFO, NOTHING);
            case DisplayMessage.CursorPosition m -> of(CURSOR_POS, words(NOTHING, m.scanout(), m.x(), m.y()));
            case DisplayMessage.CursorHide m -> of(CURSOR_POS_HIDE, words(NOTHING, m.scanout(), m.x(), m.y()));
            case DisplayMessage.CursorUpdate m ->
                of(CURSOR_UPDATE, words(m.pixels(), m.scanout(), m.x(), m.y(), m.hotX(), m.hotY()));
            case DisplayMessage.Scanout m -> of(SCANOUT, words(NOTHING, m.scanout(), m.width(), m.height()));
            case DisplayMessage.Update m ->
                of(UPDATE, words(m.pixels(), m.scanout(), m.x(), m.y(), m.width(), m.height()));
            case DisplayMessage.GetEdid m -> of(GET_EDID, words(NOTHING, m.scanout()));
            case DisplayMessage.Unknown m -> throw new IllegalArgumentException("not a message that can be sent");
        };
    }

    /**
     * Writes what comes before the pixels of an {@link DisplayMessage.Update}, so that they need not be copied to be encoded.
     *
     * @param update all of the message, as it is sent: {@link #UPDATE_HEADER} bytes, and the pixels
     * @param scanout number of the scanout
     * @param y of the top row
     * @param width in pixels; rows are whole, from column 0 on
     * @param height in pixels
     */
    public static void putUpdateHeader(byte[] update, int scanout, int y, int width, int height) {
        byte[] header = new PayloadWriter(UPDATE_HEADER)
                .u32(UPDATE)
                .u32(0)
                .u32(update.length - Message.HEADER)
                .u32(scanout)
                .u32(0)
                .u32(y)
                .u32(width)
                .u32(height)
                .done();
        System.arraycopy(header, 0, update, 0, header.length);
    }

    private static Message of(int number, byte[] payload) {
        return new Message(number, 0, payload, List.of());
    }

    private static byte[] words(byte[] behind, int... words) {
        PayloadWriter payload = new PayloadWriter(Integer.BYTES * words.length + behind.length);
        for (int word : words) {
            payload.u32(word);
        }
        return payload.bytes(behind).done();
    }
}
