package dev.semblance.bridge.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of the C library that are used, each as a method that throws where C returns -1. A call that a signal
 * interrupted is made again.
 */
@SuppressWarnings("restricted") // Calling C is what this class is for.
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a call of this thread leaves errno. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private static final MethodHandle SOCKET =
            bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKETPAIR =
            bind("socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle BIND = bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT =
            bind("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LISTEN = bind("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACCEPT4 =
            bind("accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDMSG =
            bind("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMSG =
            bind("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            bind("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT =
            bind("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle POLL =
            bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCHMOD = bind("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FTRUNCATE =
            bind("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    /** With an argument behind those that C names. */
    private static final MethodHandle FCNTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            ERRNO,
            Linker.Option.firstVariadicArg(2));

    private static final MethodHandle STATX =
            bind("statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle EVENTFD = bind("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle MEMFD_CREATE =
            bind("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle MMAP = bind(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = bind("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle GETEUID = bind("geteuid", FunctionDescriptor.of(JAVA_INT));

    private Libc() {}

    private static MethodHandle bind(String name, FunctionDescriptor function) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), function, ERRNO);
    }

    /** One call of C. */
    private interface Call {
        long make(MemorySegment state) throws Throwable;
    }

    /** The name stands only in messages. */
    private static long call(String function, Call call) throws PosixException {
        MemorySegment state = STATE.get();
        while (true) {
            long result;
            try {
                result = call.make(state);
            } catch (RuntimeException | Error problem) {
                throw problem;
            } catch (Throwable problem) {
                throw new IllegalStateException("C throws nothing", problem);
            }
            if (result != -1) {
                return result;
            }
            int errno = state.get(JAVA_INT, ERRNO_OFFSET);
            if (errno != PosixException.EINTR) {
                throw new PosixException(function, errno);
            }
        }
    }

    static int socket(int domain, int type) throws PosixException {
        return (int) call("socket", state -> (int) SOCKET.invokeExact(state, domain, type, 0));
    }

    static void socketpair(int domain, int type, MemorySegment two) throws PosixException {
        call("socketpair", state -> (int) SOCKETPAIR.invokeExact(state, domain, type, 0, two));
    }

    static void bind(int fd, MemorySegment address) throws PosixException {
        call("bind", state -> (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    static void connect(int fd, MemorySegment address) throws PosixException {
        call("connect", state -> (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    static void listen(int fd, int backlog) throws PosixException {
        call("listen", state -> (int) LISTEN.invokeExact(state, fd, backlog));
    }

    static int accept4(int fd, int flags) throws PosixException {
        return (int) call(
                "accept", state -> (int) ACCEPT4.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, flags));
    }

    static int sendmsg(int fd, MemorySegment message, int flags) throws PosixException {
        return (int) call("sendmsg", state -> (long) SENDMSG.invokeExact(state, fd, message, flags));
    }

    static int recvmsg(int fd, MemorySegment message, int flags) throws PosixException {
        return (int) call("recvmsg", state -> (long) RECVMSG.invokeExact(state, fd, message, flags));
    }

    static void getsockopt(int fd, int level, int option, MemorySegment value, MemorySegment length)
            throws PosixException {
        call("getsockopt", state -> (int) GETSOCKOPT.invokeExact(state, fd, level, option, value, length));
    }

    static void setsockopt(int fd, int level, int option, MemorySegment value) throws PosixException {
        call("setsockopt", state ->
                (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize()));
    }

    static int poll(MemorySegment fds, long count, int milliseconds) throws PosixException {
        return (int) call("poll", state -> (int) POLL.invokeExact(state, fds, count, milliseconds));
    }

    static int read(int fd, MemorySegment buffer) throws PosixException {
        return (int) call("read", state -> (long) READ.invokeExact(state, fd, buffer, buffer.byteSize()));
    }

    static int write(int fd, MemorySegment buffer) throws PosixException {
        return (int) call("write", state -> (long) WRITE.invokeExact(state, fd, buffer, buffer.byteSize()));
    }

    /** Closes; the descriptor is gone whatever close says, so it is not made again. */
    static void close(int fd) {
        MemorySegment state = STATE.get();
        try {
            int unused = (int) CLOSE.invokeExact(state, fd);
        } catch (RuntimeException | Error problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new IllegalStateException("C throws nothing", problem);
        }
    }

    static void fchmod(int fd, int mode) throws PosixException {
        call("fchmod", state -> (int) FCHMOD.invokeExact(state, fd, mode));
    }

    static void ftruncate(int fd, long size) throws PosixException {
        call("ftruncate", state -> (int) FTRUNCATE.invokeExact(state, fd, size));
    }

    static void fcntl(int fd, int command, int argument) throws PosixException {
        call("fcntl", state -> (int) FCNTL.invokeExact(state, fd, command, argument));
    }

    static void statx(int fd, MemorySegment emptyPath, int flags, int mask, MemorySegment status)
            throws PosixException {
        call("statx", state -> (int) STATX.invokeExact(state, fd, emptyPath, flags, mask, status));
    }

    static int eventfd(int initial, int flags) throws PosixException {
        return (int) call("eventfd", state -> (int) EVENTFD.invokeExact(state, initial, flags));
    }

    static int memfdCreate(MemorySegment name, int flags) throws PosixException {
        return (int) call("memfd_create", state -> (int) MEMFD_CREATE.invokeExact(state, name, flags));
    }

    static long mmap(long length, int protection, int flags, int fd) throws PosixException {
        return call("mmap", state -> (long) MMAP.invokeExact(state, 0L, length, protection, flags, fd, 0L));
    }

    static void munmap(long address, long length) throws PosixException {
        call("munmap", state -> (int) MUNMAP.invokeExact(state, address, length));
    }

    static int geteuid() throws PosixException {
        return (int) call("geteuid", state -> Integer.toUnsignedLong((int) GETEUID.invokeExact(state)));
    }
}
