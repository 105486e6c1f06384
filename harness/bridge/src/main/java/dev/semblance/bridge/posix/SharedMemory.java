package dev.semblance.bridge.posix;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Memory that can be shared with another process by its descriptor (memfd_create(2)). */
public final class SharedMemory extends Fd {

    /** MFD_CLOEXEC and MFD_ALLOW_SEALING. */
    private static final int CLOEXEC_SEALABLE = 3;

    private static final int ADD_SEALS = 1033;
    private static final int SEAL_SHRINK = 2;

    private SharedMemory(int number) {
        super(number);
    }

    /**
     * {@return new memory, all zeros}
     *
     * @param name what it is called in /proc, for people
     * @param bytes how large it is
     * @throws PosixException if there is not so much
     */
    public static SharedMemory create(String name, long bytes) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            SharedMemory memory = new SharedMemory(Libc.memfdCreate(arena.allocateFrom(name), CLOEXEC_SEALABLE));
            try {
                memory.resize(bytes);
                return memory;
            } catch (PosixException problem) {
                memory.close();
                throw problem;
            }
        }
    }

    /**
     * Makes it larger or smaller. What maps more than there is left gets a fault when it touches that.
     *
     * @param bytes how large it is to be
     * @throws PosixException if there is not so much
     */
    public void resize(long bytes) throws PosixException {
        Libc.ftruncate(number(), bytes);
    }

    /**
     * Lets nobody make it smaller from now on (fcntl(2), F_SEAL_SHRINK), so that whoever maps it finds it there.
     *
     * @throws PosixException if the system cannot do that
     */
    public void keepSize() throws PosixException {
        Libc.fcntl(number(), ADD_SEALS, SEAL_SHRINK);
    }

    /** {@return a name by which a process of the same user can open it while this process has it} */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + number());
    }
}
