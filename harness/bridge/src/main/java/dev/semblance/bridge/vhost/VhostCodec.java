package dev.semblance.bridge.vhost;

import java.util.ArrayList;
import java.util.List;

/** Requests of vhost-user as numbers and payloads, both ways. */
public final class VhostCodec {

    /** The feature bit by which both sides say that they know protocol features. It is the transport's, not the guest's. */
    public static final long F_PROTOCOL_FEATURES = 1L << 30;

    /** Protocol feature: more queues than the device type implies. */
    public static final long P_MQ = 1;

    /** Protocol feature: any request can be asked to be answered. */
    public static final long P_REPLY_ACK = 1L << 3;

    /** Protocol feature: GET_CONFIG and SET_CONFIG. */
    public static final long P_CONFIG = 1L << 9;

    /** The longest payload of a request or a reply that is taken: more than any has. */
    public static final int MAX_PAYLOAD = 4096;

    /** How many regions of memory a table may have without the protocol feature CONFIGURE_MEM_SLOTS. */
    public static final int MAX_REGIONS = 8;

    /** The largest configuration space that goes through one message. */
    public static final int MAX_CONFIG = 256;

    private static final int GET_FEATURES = 1;
    private static final int SET_FEATURES = 2;
    private static final int SET_OWNER = 3;
    private static final int RESET_OWNER = 4;
    private static final int SET_MEM_TABLE = 5;
    private static final int SET_VRING_NUM = 8;
    private static final int SET_VRING_ADDR = 9;
    private static final int SET_VRING_BASE = 10;
    private static final int GET_VRING_BASE = 11;
    private static final int SET_VRING_KICK = 12;
    private static final int SET_VRING_CALL = 13;
    private static final int SET_VRING_ERR = 14;
    private static final int GET_PROTOCOL_FEATURES = 15;
    private static final int SET_PROTOCOL_FEATURES = 16;
    private static final int GET_QUEUE_NUM = 17;
    private static final int SET_VRING_ENABLE = 18;
    private static final int GET_CONFIG = 24;
    private static final int SET_CONFIG = 25;
    private static final int GPU_SET_SOCKET = 33;

    private static final int REGION_BYTES = 32;
    private static final int QUEUE_MASK = 0xff;
    private static final int NO_FD = 0x100;

    private VhostCodec() {}

    /**
     * {@return the request that a message holds; one that is not known is a request too}
     *
     * @param message from a front-end
     * @throws ProtocolException if its payload is not what the request has
     */
    public static VhostRequest decode(Message message) throws ProtocolException {
        if ((message.flags() & 3) != Message.VERSION || message.isReply()) {
            throw new ProtocolException("message " + Integer.toUnsignedLong(message.number()) + " has flags 0x"
                    + Integer.toHexString(message.flags())
                    + ", which are not those of a request of vhost-user, version 1");
        }
        Payload payload = new Payload(name(message.number()), message.payload());
        return switch (message.number()) {
            case GET_FEATURES -> payload.end(new VhostRequest.GetFeatures());
            case SET_FEATURES -> payload.end(new VhostRequest.SetFeatures(payload.u64()));
            case SET_OWNER -> payload.end(new VhostRequest.SetOwner());
            case RESET_OWNER -> payload.end(new VhostRequest.ResetOwner());
            case SET_MEM_TABLE -> memoryTable(payload);
            case SET_VRING_NUM -> payload.end(new VhostRequest.SetQueueSize(payload.u32(), payload.u32()));
            case SET_VRING_ADDR ->
                payload.end(new VhostRequest.SetQueueAddresses(
                        payload.u32(), payload.u32(), payload.u64(), payload.u64(), payload.u64(), payload.u64()));
            case SET_VRING_BASE -> payload.end(new VhostRequest.SetQueueBase(payload.u32(), payload.u32()));
            case GET_VRING_BASE -> {
                int queue = payload.u32();
                payload.u32();
                yield payload.end(new VhostRequest.GetQueueBase(queue));
            }
            case SET_VRING_KICK -> {
                long value = payload.end(payload.u64());
                yield new VhostRequest.SetQueueKick((int) value & QUEUE_MASK, (value & NO_FD) == 0);
            }
            case SET_VRING_CALL -> {
                long value = payload.end(payload.u64());
                yield new VhostRequest.SetQueueCall((int) value & QUEUE_MASK, (value & NO_FD) == 0);
            }
            case SET_VRING_ERR -> {
                long value = payload.end(payload.u64());
                yield new VhostRequest.SetQueueError((int) value & QUEUE_MASK, (value & NO_FD) == 0);
            }
            case GET_PROTOCOL_FEATURES -> payload.end(new VhostRequest.GetProtocolFeatures());
            case SET_PROTOCOL_FEATURES -> payload.end(new VhostRequest.SetProtocolFeatures(payload.u64()));
            case GET_QUEUE_NUM -> payload.end(new VhostRequest.GetQueueCount());
            case SET_VRING_ENABLE -> {
                int queue = payload.u32();
                int enabled = payload.end(payload.u32());
                if (enabled != 0 && enabled != 1) {
                    throw new ProtocolException("SET_VRING_ENABLE says neither 0 nor 1");
                }
                yield new VhostRequest.SetQueueEnabled(queue, enabled == 1);
            }
            case GET_CONFIG -> {
                VhostRequest.GetConfig get = new VhostRequest.GetConfig(payload.u32(), payload.u32(), payload.u32());
                // Room for the reply, with nothing in it.
                checkConfig(get.offset(), get.size(), payload.rest().length);
                yield get;
            }
            case SET_CONFIG -> {
                int offset = payload.u32();
                int size = payload.u32();
                int flags = payload.u32();
                byte[] bytes = payload.rest();
                checkConfig(offset, size, bytes.length);
                yield new VhostRequest.SetConfig(offset, flags, bytes);
            }
            case GPU_SET_SOCKET -> new VhostRequest.SetDisplaySocket();
            default -> new VhostRequest.Unknown(message.number());
        };
    }

    private static void checkConfig(int offset, int size, int bytes) throws ProtocolException {
        boolean inside = offset >= 0 && size >= 0 && offset <= MAX_CONFIG && size <= MAX_CONFIG - offset;
        if (!inside || size != bytes) {
            throw new ProtocolException("a configuration of " + Integer.toUnsignedLong(size) + " bytes from "
                    + Integer.toUnsignedLong(offset) + ", of which " + bytes + " came, is not one");
        }
    }

    private static VhostRequest memoryTable(Payload payload) throws ProtocolException {
        int count = payload.u32();
        payload.u32();
        if (count < 0 || count > MAX_REGIONS) {
            throw new ProtocolException("SET_MEM_TABLE has " + Integer.toUnsignedLong(count)
                    + " regions of memory, and at most " + MAX_REGIONS + " are taken");
        }
        List<MemoryRegion> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            regions.add(new MemoryRegion(payload.u64(), payload.u64(), payload.u64(), payload.u64()));
        }
        // Some front-ends send the room of all regions that there could be.
        payload.rest();
        return new VhostRequest.SetMemoryTable(List.copyOf(regions));
    }

    /**
     * {@return the number of a request on the wire}
     *
     * @param request any
     */
    public static int number(VhostRequest request) {
        return switch (request) {
            case VhostRequest.GetFeatures r -> GET_FEATURES;
            case VhostRequest.SetFeatures r -> SET_FEATURES;
            case VhostRequest.SetOwner r -> SET_OWNER;
            case VhostRequest.ResetOwner r -> RESET_OWNER;
            case VhostRequest.SetMemoryTable r -> SET_MEM_TABLE;
            case VhostRequest.SetQueueSize r -> SET_VRING_NUM;
            case VhostRequest.SetQueueAddresses r -> SET_VRING_ADDR;
            case VhostRequest.SetQueueBase r -> SET_VRING_BASE;
            case VhostRequest.GetQueueBase r -> GET_VRING_BASE;
            case VhostRequest.SetQueueKick r -> SET_VRING_KICK;
            case VhostRequest.SetQueueCall r -> SET_VRING_CALL;
            case VhostRequest.SetQueueError r -> SET_VRING_ERR;
            case VhostRequest.GetProtocolFeatures r -> GET_PROTOCOL_FEATURES;
            case VhostRequest.SetProtocolFeatures r -> SET_PROTOCOL_FEATURES;
            case VhostRequest.GetQueueCount r -> GET_QUEUE_NUM;
            case VhostRequest.SetQueueEnabled r -> SET_VRING_ENABLE;
            case VhostRequest.GetConfig r -> GET_CONFIG;
            case VhostRequest.SetConfig r -> SET_CONFIG;
            case VhostRequest.SetDisplaySocket r -> GPU_SET_SOCKET;
            case VhostRequest.Unknown r -> r.number();
        };
    }

    /**
     * {@return the payload of a request}
     *
     * @param request any that is known
     */
    public static byte[] payload(VhostRequest request) {
        return switch (request) {
            case VhostRequest.GetFeatures r -> new byte[0];
            case VhostRequest.SetFeatures r -> Replies.u64(r.features());
            case VhostRequest.SetOwner r -> new byte[0];
            case VhostRequest.ResetOwner r -> new byte[0];
            case VhostRequest.SetMemoryTable r -> {
                PayloadWriter payload =
                        new PayloadWriter(8 + REGION_BYTES * r.regions().size());
                payload.u32(r.regions().size()).u32(0);
                for (MemoryRegion region : r.regions()) {
                    payload.u64(region.guestAddress()).u64(region.size());
                    payload.u64(region.userAddress()).u64(region.offset());
                }
                yield payload.done();
            }
            case VhostRequest.SetQueueSize r -> Replies.queueState(r.queue(), r.size());
            case VhostRequest.SetQueueAddresses r ->
                new PayloadWriter(40)
                        .u32(r.queue())
                        .u32(r.flags())
                        .u64(r.descriptors())
                        .u64(r.used())
                        .u64(r.available())
                        .u64(r.log())
                        .done();
            case VhostRequest.SetQueueBase r -> Replies.queueState(r.queue(), r.base());
            case VhostRequest.GetQueueBase r -> Replies.queueState(r.queue(), 0);
            case VhostRequest.SetQueueKick r -> eventFd(r.queue(), r.fd());
            case VhostRequest.SetQueueCall r -> eventFd(r.queue(), r.fd());
            case VhostRequest.SetQueueError r -> eventFd(r.queue(), r.fd());
            case VhostRequest.GetProtocolFeatures r -> new byte[0];
            case VhostRequest.SetProtocolFeatures r -> Replies.u64(r.features());
            case VhostRequest.GetQueueCount r -> new byte[0];
            case VhostRequest.SetQueueEnabled r -> Replies.queueState(r.queue(), r.enabled() ? 1 : 0);
            case VhostRequest.GetConfig r -> Replies.config(r.offset(), r.flags(), new byte[r.size()]);
            case VhostRequest.SetConfig r -> Replies.config(r.offset(), r.flags(), r.bytes());
            case VhostRequest.SetDisplaySocket r -> new byte[0];
            case VhostRequest.Unknown r -> throw new IllegalArgumentException("not a request that can be sent");
        };
    }

    private static byte[] eventFd(int queue, boolean fd) {
        return Replies.u64(queue & QUEUE_MASK | (fd ? 0 : NO_FD));
    }

    /**
     * {@return what a request is called in the specification}
     *
     * @param number of the request
     */
    public static String name(int number) {
        return switch (number) {
            case GET_FEATURES -> "GET_FEATURES";
            case SET_FEATURES -> "SET_FEATURES";
            case SET_OWNER -> "SET_OWNER";
            case RESET_OWNER -> "RESET_OWNER";
            case SET_MEM_TABLE -> "SET_MEM_TABLE";
            case SET_VRING_NUM -> "SET_VRING_NUM";
            case SET_VRING_ADDR -> "SET_VRING_ADDR";
            case SET_VRING_BASE -> "SET_VRING_BASE";
            case GET_VRING_BASE -> "GET_VRING_BASE";
            case SET_VRING_KICK -> "SET_VRING_KICK";
            case SET_VRING_CALL -> "SET_VRING_CALL";
            case SET_VRING_ERR -> "SET_VRING_ERR";
            case GET_PROTOCOL_FEATURES -> "GET_PROTOCOL_FEATURES";
            case SET_PROTOCOL_FEATURES -> "SET_PROTOCOL_FEATURES";
            case GET_QUEUE_NUM -> "GET_QUEUE_NUM";
            case SET_VRING_ENABLE -> "SET_VRING_ENABLE";
            case GET_CONFIG -> "GET_CONFIG";
            case SET_CONFIG -> "SET_CONFIG";
            case GPU_SET_SOCKET -> "GPU_SET_SOCKET";
            default -> "request " + Integer.toUnsignedLong(number);
        };
    }
}
