package dev.semblance.harness.playback.gdb;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A debugger that says what a test wants it to. */
final class GdbClient implements AutoCloseable {

    private final Socket socket = new Socket();

    GdbClient(InetSocketAddress server) throws IOException {
        socket.setSoTimeout(20_000);
        socket.connect(server, 20_000);
    }

    GdbClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    GdbClient packet(String data) throws IOException {
        socket.getOutputStream().write(PacketReader.encode(data));
        return this;
    }

    /** Returns what comes up to the end of the next packet; what there was if the server closes the connection. */
    String read() throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        int left = -1;
        while (left != 0) {
            int next = in.read();
            if (next < 0) {
                return text + "END";
            }
            text.append((char) next);
            left = next == '#' ? 2 : left - 1;
        }
        return text.toString();
    }

    /** Returns whether nothing comes for a while. */
    boolean isSilent() throws IOException {
        socket.setSoTimeout(500);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(20_000);
        }
    }

    /** Returns the next character. */
    int readOne() throws IOException {
        return socket.getInputStream().read();
    }

    String ask(String data) throws IOException {
        return packet(data).read();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
