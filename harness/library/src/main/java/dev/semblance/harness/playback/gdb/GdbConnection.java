package dev.semblance.harness.playback.gdb;

import dev.semblance.harness.playback.gdb.GdbSession.Answer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One debugger at the end of a socket, until it goes. A thread of its own reads, so that an interrupt is heard while the machine runs; what it has read and nobody
 * has answered is bounded, and then it reads no further.
 */
final class GdbConnection {

    /** Packets that wait for their answer: a debugger sends the next when it has the last answer. */
    private static final int MAX_WAITING = 16;

    private final Socket socket;
    private final BlockingQueue<PacketReader.Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING);

    /** How many packets were read, and how many of them when the user last wanted the machine to stop. */
    private final AtomicLong read = new AtomicLong();

    private volatile long interruptedAfter;
    private volatile boolean ended;

    /** Whether the debugger has to be told of each packet that it came: read by the reader, and written before its last acknowledgement is due. */
    private volatile boolean acknowledges = true;

    private byte[] last = {};

    /** The packet that was answered last of those that ask to move, if it was a step; else 0. */
    private long stepped;

    /** After how many packets the last interrupt came that stopped something. */
    private long honoured;

    GdbConnection(Socket socket) {
        this.socket = socket;
    }

    /** {@return whether the debugger has gone} */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Answers until the debugger goes, on this thread.
     *
     * @param machine what it looks at
     * @throws InterruptedException if this thread is interrupted
     */
    void serve(DebuggedMachine machine) throws InterruptedException {
        GdbSession session = new GdbSession(machine);
        Thread reader = Thread.ofPlatform().daemon().name("gdb-reader").start(this::read);
        try {
            long answered = 0;
            boolean goesOn = true;
            while (goesOn) {
                PacketReader.Event event = waiting.take();
                goesOn = switch (event) {
                    case PacketReader.Packet packet -> {
                        answered++;
                        yield answer(session, packet.data(), answered);
                    }
                    case PacketReader.TooLong tooLong -> {
                        answered++;
                        send("E.the packet is longer than PacketSize");
                        yield true;
                    }
                    case PacketReader.Damaged damaged -> {
                        answered++;
                        send("E.the checksum of the packet is wrong");
                        yield true;
                    }
                    case PacketReader.Again again -> true;
                    case PacketReader.Interrupt interrupt -> true;
                    case PacketReader.End end -> false;
                };
            }
        } catch (IOException e) {
            // It has gone in the middle of an answer. There is nobody to tell.
            ended = true;
        } finally {
            close();
            reader.interrupt();
            reader.join();
        }
    }

    /** Ends it, from any thread. */
    void close() {
        ended = true;
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was to be written any more.
        }
    }

    private boolean answer(GdbSession session, String packet, long number) throws IOException {
        boolean isStep = GdbSession.isStep(packet);
        long since = isStep && stepped > 0 ? stepped : number;
        Answer answer = session.answer(packet, () -> ended || interruptedSince(since));
        if (answer.saysInterrupted()) {
            honoured = interruptedAfter;
        }
        if (isStep) {
            stepped = number;
        } else if (GdbSession.isRun(packet)) {
            stepped = 0;
        }
        acknowledges = session.acknowledges();
        for (String each : answer.packets()) {
            send(each);
        }
        ended |= answer.ends();
        return !ended;
    }

    /**
     * {@return whether the user wanted the machine to stop when some packet had come already} An interrupt that came before the packet of a run is
     * for a machine that had stopped by itself. Of steps, one is over before the interrupt is here, and the debugger goes on with the next:
     * that one is meant too.
     */
    private boolean interruptedSince(long packet) {
        long after = interruptedAfter;
        return after >= packet && after > honoured;
    }

    private void send(String packet) throws IOException {
        byte[] bytes = PacketReader.encode(packet);
        synchronized (this) {
            last = bytes;
            write(bytes);
        }
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    // ---- the reader's thread ------------------------------------------------------------------------------------

    private void read() {
        try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
            PacketReader packets = new PacketReader();
            for (int next = in.read(); next >= 0; next = in.read()) {
                Optional<PacketReader.Event> event = packets.take(next);
                if (event.isPresent()) {
                    take(event.get());
                }
            }
        } catch (IOException e) {
            // As if it had said that it goes.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        ended = true;
        try {
            waiting.put(new PacketReader.End());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(PacketReader.Event event) throws IOException, InterruptedException {
        switch (event) {
            case PacketReader.Packet packet -> {
                acknowledge('+');
                read.incrementAndGet();
                waiting.put(event);
            }
            case PacketReader.TooLong tooLong -> {
                acknowledge('+');
                read.incrementAndGet();
                waiting.put(event);
            }
            case PacketReader.Damaged damaged -> {
                if (acknowledges) {
                    // It is sent again.
                    acknowledge('-');
                } else {
                    read.incrementAndGet();
                    waiting.put(event);
                }
            }
            case PacketReader.Again again -> {
                synchronized (this) {
                    if (acknowledges) {
                        write(last);
                    }
                }
            }
            case PacketReader.Interrupt interrupt -> interruptedAfter = read.get();
            case PacketReader.End end -> waiting.put(event);
        }
    }

    private void acknowledge(char sign) throws IOException {
        if (acknowledges) {
            synchronized (this) {
                write(new byte[] {(byte) sign});
            }
        }
    }
}
