package dev.semblance.bridge.qtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.target.SeenChain;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** While a notification lasts, and no longer, all addresses that a device finds are those of its own memory map. */
class AddressShiftTests {

    private static final long FAR = 0x8000_0000L;
    private static final int TABLE = 0;
    private static final int REQUEST = 0x1000;

    private final Ram ram = new Ram(0, 1 << 16);
    private final AddressShift shift = new AddressShift(ram, FAR);

    private SeenChain chain(Descriptor... descriptors) {
        List<Long> places = new ArrayList<>();
        for (Descriptor each : descriptors) {
            long at = TABLE + 16L * each.index();
            ram.putLong(at, each.address());
            places.add(at);
        }
        return new SeenChain(0, 0, List.of(descriptors), places);
    }

    @Test
    void descriptorsAreShiftedAndPutBack() {
        SeenChain chain = chain(new Descriptor(0, 0x1234, 4, Descriptor.NEXT), new Descriptor(2, 0xffff, 4, 0));
        shift.offered(chain);
        // A second chain that shares a descriptor.
        shift.offered(chain);
        assertThat(ram.getLong(0)).isEqualTo(FAR + 0x1234);
        assertThat(ram.getLong(32)).isEqualTo(FAR + 0xffff);
        shift.settled();
        assertThat(ram.getLong(0)).isEqualTo(0x1234);
        assertThat(ram.getLong(32)).isEqualTo(0xffff);
        shift.settled();
        assertThat(ram.getLong(0)).isEqualTo(0x1234);
    }

    @Test
    void entriesOfBackingAreShiftedHoweverTheyAreCut() {
        byte[] request = CommandCodec.encode(new GpuCommand.ResourceAttachBacking(
                Header.NONE, 1, 2, List.of(new MemoryEntry(0x2000, 16), new MemoryEntry(0x3000, 16))));
        ram.write(REQUEST, request, 0, request.length);
        shift.offered(chain(
                new Descriptor(0, REQUEST, 35, Descriptor.NEXT),
                new Descriptor(1, REQUEST + 35, request.length - 35 - 20, Descriptor.NEXT),
                new Descriptor(2, REQUEST + request.length - 20, 20, 0)));
        assertThat(ram.getLong(REQUEST + 32)).isEqualTo(FAR + 0x2000);
        assertThat(ram.getInt(REQUEST + 40)).isEqualTo(16);
        assertThat(ram.getLong(REQUEST + 48)).isEqualTo(FAR + 0x3000);
        shift.settled();
        byte[] after = new byte[request.length];
        ram.read(REQUEST, after, 0, after.length);
        assertThat(after).isEqualTo(request);
    }

    @Test
    void requestsThatHaveNoEntriesStayAsTheyAre() {
        byte[] request = CommandCodec.encode(new GpuCommand.ResourceUnref(Header.NONE, 1));
        ram.write(REQUEST, request, 0, request.length);
        shift.offered(chain(new Descriptor(0, REQUEST, request.length, 0)));
        byte[] during = new byte[request.length];
        ram.read(REQUEST, during, 0, during.length);
        assertThat(during).isEqualTo(request);
    }

    @Test
    void whatTheDeviceWroteMeanwhileStays() {
        shift.offered(chain(new Descriptor(0, 0x1234, 4, 0)));
        ram.putLong(0, -1);
        shift.settled();
        assertThat(ram.getLong(0)).isEqualTo(-1);
    }

    @Test
    void anAddressThatWouldWrapStays() {
        assertThat(shift.apply(-1)).isEqualTo(-1);
        assertThat(shift.apply(-FAR)).isEqualTo(-FAR);
        assertThat(shift.apply(-FAR - 1)).isEqualTo(-1);
        assertThat(shift.apply(0)).isEqualTo(FAR);
    }

    @Test
    void memoryThatIsWhereTheDeviceHasItIsLeftAlone() {
        AddressShift none = new AddressShift(ram, 0);
        none.offered(chain(new Descriptor(0, 0x1234, 4, 0)));
        assertThat(ram.getLong(0)).isEqualTo(0x1234);
    }
}
