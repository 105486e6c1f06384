package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.SharedMemory;
import dev.semblance.machine.memory.MemoryMap;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a target shares with us is there for as long as we have it. */
class SharedRamTests {

    private static final int PAGE = 4096;

    @Test
    void nobodyCanTakeItAway() {
        try (SharedRam ram = SharedRam.create(MemoryMap.of(0, 2 * PAGE))) {
            SharedMemory file = ram.files().getFirst();
            assertThatThrownBy(() -> file.resize(PAGE)).isInstanceOf(PosixException.class);
            ram.memory().putInt(2 * PAGE - 4, 7);
            assertThat(ram.memory().getInt(2 * PAGE - 4)).isEqualTo(7);
        }
    }

    @Test
    void anotherProcessOpensItByItsName() throws IOException {
        MemoryMap map = new MemoryMap(List.of(new MemoryMap.Region(0, PAGE), new MemoryMap.Region(4 * PAGE, PAGE)));
        try (SharedRam ram = SharedRam.create(map)) {
            ram.memory().putInt(4 * PAGE, 0x01020304);
            assertThat(Files.readAllBytes(ram.files().getLast().path()))
                    .hasSize(PAGE)
                    .startsWith(4, 3, 2, 1);
            assertThat(ram.memory().contains(PAGE, 1)).isFalse();
        }
    }
}
