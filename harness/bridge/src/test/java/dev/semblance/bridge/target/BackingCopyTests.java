package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Before a device reads an image's backing, guest memory has of it what the device is to find there: those rows and no more. */
class BackingCopyTests {

    private static final int REQUEST = 0x8000;

    private final Ram backing = new Ram(0, 1 << 16);
    private final Ram memory = new Ram(0, 1 << 16);
    private final BackingCopy copy = new BackingCopy(backing, memory);

    BackingCopyTests() {
        for (int i = 0; i < 0x4000; i++) {
            backing.putByte(i, (byte) 7);
        }
    }

    private void offer(GpuCommand command) {
        byte[] bytes = CommandCodec.encode(command);
        memory.write(REQUEST, bytes, 0, bytes.length);
        copy.offered(new SeenChain(0, 0, List.of(new Descriptor(0, REQUEST, bytes.length, 0)), List.of(0L)));
    }

    private void create(int width, int height, MemoryEntry... entries) {
        offer(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 1, width, height));
        offer(new GpuCommand.ResourceAttachBacking(Header.NONE, 1, entries.length, List.of(entries)));
    }

    private void transfer(long x, long y, long width, long height, long offset) {
        offer(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(x, y, width, height), offset, 1));
    }

    private String copied() {
        StringBuilder runs = new StringBuilder();
        int start = -1;
        for (int i = 0; i <= 0x4000; i++) {
            boolean has = i < 0x4000 && memory.getByte(i) == 7;
            if (has && start < 0) {
                start = i;
            } else if (!has && start >= 0) {
                runs.append(start).append('+').append(i - start).append(' ');
                start = -1;
            }
        }
        return runs.toString().strip();
    }

    @Test
    void aRowLiesAStrideBehindTheOneBefore() {
        create(8, 8, new MemoryEntry(0x100, 256));
        transfer(2, 1, 3, 2, 40);
        assertThat(copied()).isEqualTo("296+12 328+12");
    }

    @Test
    void rowsLieAcrossEntries() {
        create(8, 2, new MemoryEntry(0x100, 8), new MemoryEntry(0x300, 100));
        transfer(0, 0, 8, 2, 0);
        assertThat(copied()).isEqualTo("256+8 768+56");
    }

    @Test
    void whatIsNotThereIsNotCopied() {
        create(8, 1, new MemoryEntry(0x100, 32), new MemoryEntry(-8, 0xffff_ffffL));
        transfer(0, 0, 8, 1, -4);
        transfer(0, 0, 0xffff_ffffL, 0xffff_ffffL, 0);
        transfer(0, 0, 8, 1, Long.MAX_VALUE);
        assertThat(copied()).isEmpty();
        transfer(0, 0, 8, 0xffff_ffffL, 0);
        assertThat(copied()).isEqualTo("256+32");
    }

    @Test
    void anImageWithoutBackingOrOneThatIsGoneHasNone() {
        create(8, 1, new MemoryEntry(0x100, 32));
        offer(new GpuCommand.ResourceDetachBacking(Header.NONE, 1));
        transfer(0, 0, 8, 1, 0);
        offer(new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 1, List.of(new MemoryEntry(0x100, 32))));
        offer(new GpuCommand.ResourceUnref(Header.NONE, 1));
        transfer(0, 0, 8, 1, 0);
        create(8, 1, new MemoryEntry(0x100, 32));
        copy.reset();
        transfer(0, 0, 8, 1, 0);
        assertThat(copied()).isEmpty();
    }

    @Test
    void theFirstOfTwoBackingsCounts() {
        create(8, 1, new MemoryEntry(0x100, 32));
        create(4, 1, new MemoryEntry(0x200, 32));
        transfer(0, 0, 8, 1, 0);
        assertThat(copied()).isEqualTo("256+32");
    }
}
