package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.gpu.display.Display;
import dev.semblance.harness.target.TargetFailure.Cause;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The window of one head of a QEMU's device, as far as its size goes: a client of the Remote Framebuffer Protocol (RFC 6143) that
 * never asks for a picture, and says which size it would like (ExtendedDesktopSize of its community version). That is how the
 * device learns of its displays.
 */
final class Monitor implements AutoCloseable {

    private static final String VERSION = "RFB 003.008\n";
    private static final byte NO_SECURITY = 1;
    private static final int SET_ENCODINGS = 2;
    private static final int SET_DESKTOP_SIZE = 251;
    private static final int EXTENDED_DESKTOP_SIZE = -308;

    /** In the answer to a SetDesktopSize, where other sizes come by themselves. */
    private static final int BY_THIS_CLIENT = 1;

    private static final int SERVER_INIT_BYTES = 24;
    private static final int MOST_NAME_BYTES = 1 << 12;
    private static final int SCREEN_BYTES = 16;

    /** How many other updates may come before the answer. */
    private static final int MOST_UPDATES = 1000;

    private static final String ANSWER = "its answer over VNC";

    private final TimedChannel channel;

    /**
     * Says hello.
     *
     * @param channel to the VNC server of the head; closed with this
     */
    Monitor(TimedChannel channel) throws LinkFailedException {
        this.channel = channel;
        String version = StandardCharsets.US_ASCII
                .decode(channel.receive(VERSION.length(), "its greeting over VNC"))
                .toString();
        if (!version.equals(VERSION)) {
            throw broke("greets otherwise than version 3.8 does");
        }
        channel.send(VERSION.getBytes(StandardCharsets.US_ASCII));
        int kinds = channel.receive(1, ANSWER).get() & 0xff;
        boolean open = false;
        for (byte kind : channel.receive(kinds, ANSWER).array()) {
            open |= kind == NO_SECURITY;
        }
        if (!open) {
            throw broke("wants a password");
        }
        channel.send(new byte[] {NO_SECURITY});
        if (channel.receive(Integer.BYTES, ANSWER).getInt() != 0) {
            throw broke("lets nobody in");
        }
        channel.send(new byte[] {1});
        long name = channel.receive(SERVER_INIT_BYTES, ANSWER).getInt(SERVER_INIT_BYTES - Integer.BYTES) & 0xffff_ffffL;
        if (name > MOST_NAME_BYTES) {
            throw broke("has a name without end");
        }
        channel.receive((int) name, ANSWER);
        channel.send(ByteBuffer.allocate(8)
                .put((byte) SET_ENCODINGS)
                .put((byte) 0)
                .putShort((short) 1)
                .putInt(EXTENDED_DESKTOP_SIZE)
                .array());
    }

    private static LinkFailedException broke(String what) {
        return new LinkFailedException(new Cause.BrokeProtocol("cannot be told of displays: its VNC server " + what));
    }

    /**
     * Wants a size, and waits until that is heard.
     *
     * @param display the size; none at all for one that is off
     */
    void want(Display display) throws LinkFailedException {
        channel.send(ByteBuffer.allocate(8)
                .put((byte) SET_DESKTOP_SIZE)
                .put((byte) 0)
                .putShort((short) (display.enabled() ? display.width() : 0))
                .putShort((short) (display.enabled() ? display.height() : 0))
                .putShort((short) 0)
                .array());
        for (int updates = 0; updates < MOST_UPDATES; updates++) {
            if (takesUpdate()) {
                return;
            }
        }
        throw broke("sends updates that nobody asked for");
    }

    /** Reads a FramebufferUpdate; returns whether it answers a wish. */
    private boolean takesUpdate() throws LinkFailedException {
        ByteBuffer header = channel.receive(4, ANSWER);
        if (header.get(0) != 0) {
            throw broke("sends what nobody asked for");
        }
        boolean answers = false;
        for (int rectangles = header.getShort(2) & 0xffff; rectangles > 0; rectangles--) {
            ByteBuffer rectangle = channel.receive(12, ANSWER);
            if (rectangle.getInt(8) != EXTENDED_DESKTOP_SIZE) {
                throw broke("sends a picture that nobody asked for");
            }
            answers |= rectangle.getShort(0) == BY_THIS_CLIENT;
            int screens = channel.receive(4, ANSWER).get(0) & 0xff;
            channel.receive(SCREEN_BYTES * screens, ANSWER);
        }
        return answers;
    }

    @Override
    public void close() {
        channel.close();
    }
}
