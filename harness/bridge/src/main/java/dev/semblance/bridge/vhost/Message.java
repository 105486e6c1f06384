package dev.semblance.bridge.vhost;

import dev.semblance.bridge.posix.Fd;
import java.util.List;

/**
 * A message of vhost-user or of its display protocol: both have the same header of 12 bytes.
 *
 * @param number which request it is, or answers
 * @param flags as on the wire
 * @param payload what follows the header
 * @param fds file descriptors that came with it, or go with it; a receiver closes what it does not keep
 */
public record Message(int number, int flags, byte[] payload, List<Fd> fds) {

    /** Size of the header: number, flags, size of the payload, 32 bits each. */
    public static final int HEADER = 12;

    /** The version of vhost-user, in the two lowest bits of its flags. The display protocol has none. */
    public static final int VERSION = 1;

    /** The message is a reply. */
    public static final int REPLY = 4;

    /** The sender wants a reply even where the request has none by itself (the protocol feature REPLY_ACK). */
    public static final int NEED_REPLY = 8;

    /** {@return whether it is a reply} */
    public boolean isReply() {
        return (flags & REPLY) != 0;
    }

    /** {@return whether its sender wants an answer whatever it is} */
    public boolean needsReply() {
        return (flags & NEED_REPLY) != 0;
    }

    /** Closes all file descriptors that nobody took. */
    public void closeFds() {
        fds.forEach(Fd::close);
    }
}
