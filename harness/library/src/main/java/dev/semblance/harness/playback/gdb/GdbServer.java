package dev.semblance.harness.playback.gdb;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Waits for debuggers, one at a time, by the GDB remote serial protocol: {@code target remote HOST:PORT}. One that comes while another is there is
 * refused: its connection is closed, and the other is not disturbed. What they send is taken for hostile. Whoever can connect reads all of
 * the machine, and nothing else.
 */
public final class GdbServer implements AutoCloseable {

    private final ServerSocket server;
    private final BlockingQueue<GdbConnection> accepted = new SynchronousQueue<>();

    /** The debugger that was accepted last. */
    private final AtomicReference<Optional<GdbConnection>> current = new AtomicReference<>(Optional.empty());

    private final Thread acceptor;

    private GdbServer(ServerSocket server) {
        this.server = server;
        this.acceptor = Thread.ofPlatform().daemon().name("gdb-acceptor").unstarted(this::accept);
    }

    /**
     * Begins to listen.
     *
     * @param address where: a loopback address, unless others are to be let in; port 0 for any that is free
     * @return the server; nobody is answered before {@link #serve}
     * @throws IOException if it cannot listen there
     */
    public static GdbServer listen(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, 1);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        GdbServer server = new GdbServer(socket);
        server.acceptor.start();
        return server;
    }

    /** {@return where it listens} */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /**
     * Answers the next debugger, on this thread, until it goes. Then it may be called again.
     *
     * @param machine what it looks at; the next one finds it where this one left it
     * @return whether a debugger came; false if the server was closed
     * @throws InterruptedException if this thread is interrupted
     */
    public boolean serve(DebuggedMachine machine) throws InterruptedException {
        GdbConnection connection = accepted.take();
        if (server.isClosed()) {
            connection.close();
            return false;
        }
        connection.serve(machine);
        return true;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                if (current.get().filter(connection -> !connection.hasEnded()).isPresent()) {
                    socket.close();
                } else {
                    hand(new GdbConnection(socket));
                }
            }
        } catch (IOException e) {
            // The server was closed: whoever waits for a debugger is told so by a socket that is none.
            handNothing();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hand(GdbConnection connection) throws InterruptedException {
        current.set(Optional.of(connection));
        accepted.put(connection);
    }

    private void handNothing() {
        try {
            accepted.put(new GdbConnection(new Socket()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens no more, and ends the connection that there is. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // It listens no more all the same.
        }
        current.get().ifPresent(GdbConnection::close);
    }
}
