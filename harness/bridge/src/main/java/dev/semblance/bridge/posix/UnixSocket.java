package dev.semblance.bridge.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One end of a connection in this host, which passes file descriptors beside bytes (unix(7), cmsg(3)). */
public final class UnixSocket extends Fd {

    static final int CLOEXEC = 0x80000;
    static final int STREAM = 1 | CLOEXEC;

    /** How many file descriptors are taken at once. What comes beyond that is closed, and reported. */
    public static final int MAX_FDS = 16;

    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int NO_SIGNAL = 0x4000;
    private static final int DO_NOT_WAIT = 0x40;
    private static final int CMSG_CLOEXEC = 0x40000000;
    private static final int CONTROL_TRUNCATED = 8;

    /** msghdr: name, its length, iov, how many, control, its length, flags. */
    private static final int MESSAGE_BYTES = 56;

    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;

    /** cmsghdr: length with this header, level, type. */
    private static final int CONTROL_HEADER = 16;

    private static final int CONTROL_BYTES = CONTROL_HEADER + 4 * MAX_FDS;

    /** The most bytes that one call moves: about what the kernel takes at once (net.core.wmem_default). */
    private static final int PIECE = 128 << 10;

    /**
     * What one call brought.
     *
     * @param bytes how many bytes; 0 if the other end is closed
     * @param fds file descriptors that came with the first of them, the receiver's to close
     * @param lostFds whether more came than are taken
     */
    public record Received(int bytes, List<Fd> fds, boolean lostFds) {}

    /** What goes out and what comes in lies here for the kernel; one each, since each may have a thread of its own. */
    private Optional<MemorySegment> outgoing = Optional.empty();

    private Optional<MemorySegment> incoming = Optional.empty();

    UnixSocket(int number) {
        super(number);
    }

    private static MemorySegment piece() {
        return Arena.ofAuto().allocate(PIECE);
    }

    /**
     * {@return both ends of a new connection}
     *
     * @throws PosixException if there are too many open files
     */
    public static List<UnixSocket> pair() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment two = arena.allocate(JAVA_INT, 2);
            Libc.socketpair(UnixAddress.AF_UNIX, STREAM, two);
            return List.of(new UnixSocket(two.getAtIndex(JAVA_INT, 0)), new UnixSocket(two.getAtIndex(JAVA_INT, 1)));
        }
    }

    /**
     * {@return a connection to whoever listens at a path}
     *
     * @param path where the socket's file is
     * @throws PosixException {@link PosixException#ECONNREFUSED} if nobody listens
     */
    public static UnixSocket connect(Path path) throws PosixException {
        UnixSocket socket = new UnixSocket(Libc.socket(UnixAddress.AF_UNIX, STREAM));
        try (Arena arena = Arena.ofConfined()) {
            Libc.connect(socket.number(), UnixAddress.of(path, arena));
            return socket;
        } catch (PosixException problem) {
            socket.close();
            throw problem;
        }
    }

    /**
     * {@return a descriptor that came from a peer, as the socket that it should be}
     *
     * @param received taken over: it is closed with what is returned
     */
    public static UnixSocket of(Fd received) {
        return new UnixSocket(received.release());
    }

    /**
     * Asks for room for what is sent and not taken yet. The system may give less, and does where its administrator wants that
     * (net.core.wmem_max); what is no socket has none.
     *
     * @param bytes how much is wanted
     */
    public void wantRoom(int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            Libc.setsockopt(number(), SOL_SOCKET, SO_SNDBUF, arena.allocateFrom(JAVA_INT, bytes));
        } catch (PosixException refused) {
            // It goes without, in smaller pieces.
        }
    }

    /**
     * {@return who is at the other end}
     *
     * @throws PosixException if this is no socket
     */
    public Credentials peer() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment three = arena.allocate(JAVA_INT, 3);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) three.byteSize());
            Libc.getsockopt(number(), SOL_SOCKET, SO_PEERCRED, three, length);
            return new Credentials(
                    three.getAtIndex(JAVA_INT, 0), three.getAtIndex(JAVA_INT, 1), three.getAtIndex(JAVA_INT, 2));
        }
    }

    /**
     * Sends bytes, and with the first of them descriptors, without waiting for room. One thread at a time sends.
     *
     * @param bytes what is sent
     * @param offset of the first byte
     * @param length how many, at least 1
     * @param fds descriptors that the peer gets copies of; at most {@link #MAX_FDS}
     * @return how many bytes were sent, perhaps not all; 0 if there is no room now
     * @throws PosixException if the other end is closed, which raises no signal
     */
    public int send(byte[] bytes, int offset, int length, List<? extends Fd> fds) throws PosixException {
        if (fds.size() > MAX_FDS) {
            throw new IllegalArgumentException("too many descriptors: " + fds.size());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = outgoing.orElseGet(UnixSocket::piece);
            outgoing = Optional.of(memory);
            MemorySegment buffer = memory.asSlice(0, Math.min(PIECE, length));
            MemorySegment.copy(bytes, offset, buffer, JAVA_BYTE, 0, (int) buffer.byteSize());
            MemorySegment message = message(arena, buffer);
            if (!fds.isEmpty()) {
                MemorySegment control = arena.allocate((CONTROL_HEADER + 4L * fds.size() + 7) & ~7L, 8);
                control.set(JAVA_LONG, 0, CONTROL_HEADER + 4L * fds.size());
                control.set(JAVA_INT, 8, SOL_SOCKET);
                control.set(JAVA_INT, 12, SCM_RIGHTS);
                for (int i = 0; i < fds.size(); i++) {
                    control.set(JAVA_INT, CONTROL_HEADER + 4L * i, fds.get(i).number());
                }
                message.set(ADDRESS, CONTROL, control);
                message.set(JAVA_LONG, CONTROL_LENGTH, control.byteSize());
            }
            return Libc.sendmsg(number(), message, NO_SIGNAL | DO_NOT_WAIT);
        } catch (PosixException problem) {
            if (problem.errno() == PosixException.EAGAIN) {
                return 0;
            }
            throw problem;
        }
    }

    /**
     * Takes what has come, without waiting. One thread at a time receives.
     *
     * @param target where bytes go
     * @param offset of the first
     * @param length how many at most, at least 1
     * @return what came
     * @throws PosixException {@link PosixException#EAGAIN} if nothing has
     */
    public Received receive(byte[] target, int offset, int length) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = incoming.orElseGet(UnixSocket::piece);
            incoming = Optional.of(memory);
            MemorySegment buffer = memory.asSlice(0, Math.min(PIECE, length));
            MemorySegment message = message(arena, buffer);
            MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
            message.set(ADDRESS, CONTROL, control);
            message.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_BYTES);
            int count = Libc.recvmsg(number(), message, CMSG_CLOEXEC | DO_NOT_WAIT);
            List<Fd> fds = rights(control, message.get(JAVA_LONG, CONTROL_LENGTH));
            MemorySegment.copy(buffer, JAVA_BYTE, 0, target, offset, count);
            return new Received(count, fds, (message.get(JAVA_INT, FLAGS) & CONTROL_TRUNCATED) != 0);
        }
    }

    private static MemorySegment message(Arena arena, MemorySegment buffer) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ADDRESS, 0, buffer);
        vector.set(JAVA_LONG, 8, buffer.byteSize());
        MemorySegment message = arena.allocate(MESSAGE_BYTES, 8);
        message.set(ADDRESS, IOV, vector);
        message.set(JAVA_LONG, IOV_COUNT, 1);
        return message;
    }

    /** {@return all descriptors in the control messages that the kernel wrote} */
    private static List<Fd> rights(MemorySegment control, long length) {
        List<Fd> fds = new ArrayList<>();
        long at = 0;
        while (at + CONTROL_HEADER <= length) {
            long size = control.get(JAVA_LONG, at);
            if (control.get(JAVA_INT, at + 8) == SOL_SOCKET && control.get(JAVA_INT, at + 12) == SCM_RIGHTS) {
                for (long place = CONTROL_HEADER; place + 4 <= size; place += 4) {
                    fds.add(new Fd(control.get(JAVA_INT, at + place)));
                }
            }
            at += Math.max(CONTROL_HEADER, size + 7 & ~7L);
        }
        return fds;
    }
}
