package dev.semblance.bridge.memory;

import dev.semblance.bridge.posix.Mapping;
import dev.semblance.bridge.posix.SharedMemory;
import java.util.List;

/**
 * Takes memory away while it is being used, again and again, in every way that there is to use it. Ends well if each time the
 * access says so itself, and nothing comes up later. A program, so that it can be run with a JVM of its own.
 */
final class TruncatedMemory {

    private static final int PAGES = 64;
    private static final long SIZE = PAGES * RegionMemory.PAGE_SIZE;

    private TruncatedMemory() {}

    /** One way to use memory. */
    private interface Access {
        void make(RegionMemory memory, long address);
    }

    public static void main(String[] arguments) throws Exception {
        run(Integer.parseInt(arguments[0]));
    }

    static void run(int rounds) throws Exception {
        byte[] bytes = new byte[(int) RegionMemory.PAGE_SIZE];
        List<Access> accesses = List.of(
                (memory, address) -> memory.read(address, bytes, 0, bytes.length),
                (memory, address) -> memory.write(address, bytes, 0, bytes.length),
                (memory, address) -> memory.read(address, bytes, 0, 3),
                (memory, address) -> memory.getShortAcquire(address),
                (memory, address) -> memory.putShortRelease(address, (short) 1),
                RegionMemory::getLong,
                (memory, address) -> memory.putInt(address, 5));
        for (int round = 0; round < rounds; round++) {
            for (Access access : accesses) {
                takeAway(access, round);
            }
        }
    }

    private static void takeAway(Access access, int round) throws Exception {
        try (SharedMemory file = SharedMemory.create("test", SIZE);
                RegionMemory memory =
                        new RegionMemory(List.of(new RegionMemory.Region(0, Mapping.map(file, 0, SIZE))))) {
            Thread peer = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(0, 50_000 * (round % 7));
                    file.resize(SIZE / 2);
                } catch (Exception problem) {
                    throw new IllegalStateException(problem);
                }
            });
            boolean gone = false;
            for (long turn = 0; !gone && turn < 2_000_000_000L; turn++) {
                gone = isGone(access, memory, turn % PAGES * RegionMemory.PAGE_SIZE);
            }
            peer.join();
            if (!gone) {
                throw new IllegalStateException("memory that is gone was used");
            }
            // What is left can still be used.
            if (isGone(access, memory, 0)) {
                throw new IllegalStateException("memory that is there was said to be gone");
            }
        }
    }

    private static boolean isGone(Access access, RegionMemory memory, long address) {
        try {
            access.make(memory, address);
            return false;
        } catch (MemoryGoneException gone) {
            return true;
        }
    }
}
