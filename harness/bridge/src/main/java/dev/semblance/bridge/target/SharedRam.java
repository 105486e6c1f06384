package dev.semblance.bridge.target;

import dev.semblance.bridge.memory.RegionMemory;
import dev.semblance.bridge.posix.Mapping;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.SharedMemory;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.machine.memory.MemoryMap;
import java.util.ArrayList;
import java.util.List;

/** Guest memory that a process of a device can map too: a file in memory for each region, without a name. */
public final class SharedRam implements AutoCloseable {

    private final List<SharedMemory> files = new ArrayList<>();
    private final List<RegionMemory.Region> regions = new ArrayList<>();
    private final RegionMemory memory;

    private SharedRam(MemoryMap map) throws PosixException {
        try {
            for (MemoryMap.Region region : map.regions()) {
                SharedMemory file = SharedMemory.create("semblance-ram", region.size());
                files.add(file);
                // A target that took memory away would be a fault here, wherever that is touched next.
                file.keepSize();
                regions.add(new RegionMemory.Region(region.base(), Mapping.map(file, 0, region.size())));
            }
            memory = new RegionMemory(regions);
        } catch (PosixException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /**
     * Makes memory, all zeros.
     *
     * @param map where it is
     * @return the memory, for the caller to close
     * @throws UnusableTargetException if the system has none to share
     */
    public static SharedRam create(MemoryMap map) {
        try {
            return new SharedRam(map);
        } catch (PosixException e) {
            throw new UnusableTargetException("no memory can be shared with the target: " + e.getMessage(), e);
        }
    }

    /** {@return the memory} */
    public RegionMemory memory() {
        return memory;
    }

    /** {@return the file of each region, in the order of the map} */
    public List<SharedMemory> files() {
        return List.copyOf(files);
    }

    private void release() {
        regions.forEach(region -> region.mapping().close());
        files.forEach(SharedMemory::close);
    }

    @Override
    public void close() {
        release();
    }
}
