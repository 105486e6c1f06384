package dev.semblance.bridge.vhost;

/** Payloads of replies of vhost-user, both ways; the requests that carry the same use them too. */
public final class Replies {

    /**
     * A queue and a number about it.
     *
     * @param queue its number
     * @param value what is said of it
     */
    public record QueueState(int queue, int value) {}

    private Replies() {}

    /**
     * {@return a u64 as a payload}
     *
     * @param value any
     */
    public static byte[] u64(long value) {
        return new PayloadWriter(8).u64(value).done();
    }

    /**
     * {@return the u64 of a reply}
     *
     * @param reply from a back-end
     * @throws ProtocolException if it is something else
     */
    public static long readU64(Message reply) throws ProtocolException {
        Payload payload = payload(reply);
        return payload.end(payload.u64());
    }

    /**
     * {@return a queue and a number about it as a payload}
     *
     * @param queue its number
     * @param value what is said of it
     */
    public static byte[] queueState(int queue, int value) {
        return new PayloadWriter(8).u32(queue).u32(value).done();
    }

    /**
     * {@return the queue and the number of a reply}
     *
     * @param reply from a back-end
     * @throws ProtocolException if it is something else
     */
    public static QueueState readQueueState(Message reply) throws ProtocolException {
        Payload payload = payload(reply);
        return payload.end(new QueueState(payload.u32(), payload.u32()));
    }

    /**
     * {@return a part of the configuration space as a payload}
     *
     * @param offset of the first byte
     * @param flags as asked
     * @param bytes what is there
     */
    public static byte[] config(int offset, int flags, byte[] bytes) {
        return new PayloadWriter(12 + bytes.length)
                .u32(offset)
                .u32(bytes.length)
                .u32(flags)
                .bytes(bytes)
                .done();
    }

    /**
     * {@return the bytes of a part of the configuration space}
     *
     * @param reply from a back-end
     * @throws ProtocolException if it is something else, or the back-end says that there is none
     */
    public static byte[] readConfig(Message reply) throws ProtocolException {
        Payload payload = payload(reply);
        payload.u32();
        int size = payload.u32();
        payload.u32();
        return payload.end(payload.bytes(size));
    }

    private static Payload payload(Message reply) throws ProtocolException {
        String name = "the reply to " + VhostCodec.name(reply.number());
        if (!reply.isReply()) {
            throw new ProtocolException(name + " is not marked as a reply");
        }
        return new Payload(name, reply.payload());
    }
}
