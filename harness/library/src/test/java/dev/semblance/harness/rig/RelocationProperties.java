package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** docs/SCRIPT.md: images that lie where a rig has its rings move, whole and apart from all others. */
class RelocationProperties {

    private static final int PAGE = 4096;

    /** Pages of the guest's RAM, of which the rig reserves the last ones. */
    private static final int PAGES = DeviceRig.RESERVED_BYTES / PAGE + 40;

    private static final int FREE = PAGES - DeviceRig.RESERVED_BYTES / PAGE;
    private static final long RAM = PAGES * (long) PAGE;

    /** Where the guest's RAM begins: as on semu and on virt. */
    @Provide
    Arbitrary<Long> bases() {
        return Arbitraries.of(0L, 0x8000_0000L);
    }

    /** Stretches of pages around the border between the script's memory and the rig's. */
    private static void stretches(Random random, int count, BitSet used, BitSet joined) {
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(FREE + 30);
            int pages = 1 + random.nextInt(6);
            used.set(from, from + pages);
            joined.set(from, from + pages - 1);
        }
    }

    private static long placed(Relocation relocation, long address) {
        List<MemoryWrite> writes = relocation.place(new Bytes(address, new byte[] {5}));
        assertThat(writes).hasSize(1);
        assertThat(writes.getFirst().bytes()).containsExactly(5);
        return writes.getFirst().address();
    }

    @Property(tries = 300)
    void allImagesAreBelowTheRigsPartWithoutMeetingAndStayInOnePiece(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 10) int count, @ForAll("bases") long base) {
        Random random = new Random(seed);
        BitSet used = new BitSet();
        BitSet joined = new BitSet();
        stretches(random, count, used, joined);
        Optional<Relocation> found = Relocation.of(used, joined, GuestRam.of(base, RAM), GuestRam.of(0, RAM));
        if (found.isEmpty()) {
            assertThat(used.cardinality() > FREE / 3)
                    .as("there is no room only where much is taken: %s", used)
                    .isTrue();
            return;
        }
        TreeMap<Integer, Integer> taken = new TreeMap<>();
        boolean moved = false;
        for (int page = used.nextSetBit(0); page >= 0; page = used.nextSetBit(page + 1)) {
            long to = placed(found.get(), base + page * (long) PAGE + 7);
            assertThat(to % PAGE).isEqualTo(7);
            int target = (int) (to / PAGE);
            assertThat(target).isBetween(0, FREE - 1);
            assertThat(taken.put(target, page)).as("two pages at one place").isNull();
            if (joined.get(page)) {
                assertThat(placed(found.get(), base + (page + 1L) * PAGE)).isEqualTo((target + 1L) * PAGE);
            }
            moved |= target != page;
            if (joined.nextClearBit(page) < FREE) {
                assertThat(target).as("what ends below the border stays").isEqualTo(page);
            }
        }
        assertThat(found.get().moved()).isEqualTo(moved || base != 0);
    }

    @Property(tries = 200)
    void whatIsToldOfMemoryAndWhatARequestNamesMoveAlike(@ForAll long seed, @ForAll("bases") long base) {
        Random random = new Random(seed);
        BitSet used = new BitSet();
        BitSet joined = new BitSet();
        stretches(random, 4, used, joined);
        Optional<Relocation> found = Relocation.of(used, joined, GuestRam.of(base, RAM), GuestRam.of(0, RAM));
        if (found.isEmpty()) {
            return;
        }
        int page = used.nextSetBit(random.nextInt(FREE + 30));
        if (page < 0) {
            return;
        }
        int pages = 1;
        while (joined.get(page + pages - 1)) {
            pages++;
        }
        byte[] bytes = new byte[pages * PAGE - 10];
        random.nextBytes(bytes);
        long address = base + page * (long) PAGE + 3;
        GpuCommand.ResourceAttachBacking attach = new GpuCommand.ResourceAttachBacking(
                Header.NONE, 1, 2, List.of(new MemoryEntry(address, bytes.length), new MemoryEntry(address + 5, 1)));
        byte[] request = CommandCodec.encode(attach);
        byte[] before = request.clone();
        GpuCommand.ResourceAttachBacking placed =
                (GpuCommand.ResourceAttachBacking) DecodedCommand.of(found.get().place(request));
        assertThat(request).as("the request given is not changed").isEqualTo(before);
        long at = placed.entries().get(0).address();
        assertThat(placed.entries().get(0).length()).isEqualTo(bytes.length);
        assertThat(placed.entries().get(1)).isEqualTo(new MemoryEntry(at + 5, 1));
        byte[] there = new byte[bytes.length];
        int told = 0;
        for (MemoryWrite write : found.get().place(new Bytes(address, bytes))) {
            System.arraycopy(write.bytes(), 0, there, (int) (write.address() - at), write.bytes().length);
            told += write.bytes().length;
        }
        assertThat(told).isEqualTo(bytes.length);
        assertThat(there).isEqualTo(bytes);
    }

    @Property(tries = 200)
    void aLongRunGoesByteByByteToWhereEachOfItsBytesGoes(@ForAll long seed, @ForAll("bases") long base) {
        Random random = new Random(seed);
        BitSet used = new BitSet();
        BitSet joined = new BitSet();
        stretches(random, 1 + random.nextInt(5), used, joined);
        Optional<Relocation> found = Relocation.of(used, joined, GuestRam.of(base, RAM), GuestRam.of(0, RAM));
        if (found.isEmpty()) {
            return;
        }
        byte[] bytes = new byte[12 * PAGE];
        random.nextBytes(bytes);
        long address = base + (FREE - 6L) * PAGE + random.nextInt(10 * PAGE);
        int told = 0;
        for (MemoryWrite write : found.get().place(new Bytes(address, bytes))) {
            for (int at = 0; at < write.bytes().length; at += 512) {
                assertThat(write.address() + at).isEqualTo(placed(found.get(), address + told + at));
                assertThat(write.bytes()[at]).isEqualTo(bytes[told + at]);
            }
            int last = write.bytes().length - 1;
            assertThat(write.address() + last).isEqualTo(placed(found.get(), address + told + last));
            told += write.bytes().length;
        }
        assertThat(told).isEqualTo(bytes.length);
    }

    /** VIRTIO 1.2, 5.7.6.8: what the guest's device refuses for its addresses, the rig's has to refuse. */
    @Example
    void whatIsOutsideOfTheGuestsRamIsOutsideOfTheRigs() {
        long small = 16L << 20;
        long large = 512L << 20;
        Relocation relocation = Relocation.of(new BitSet(), new BitSet(), GuestRam.of(0, small), GuestRam.of(0, large))
                .orElseThrow();
        for (long address : new long[] {small, small - 1, large - 4, 1L << 40, -1}) {
            GpuCommand.ResourceAttachBacking placed = (GpuCommand.ResourceAttachBacking) DecodedCommand.of(
                    relocation.place(CommandCodec.encode(new GpuCommand.ResourceAttachBacking(
                            Header.NONE, 1, 1, List.of(new MemoryEntry(address, 4))))));
            assertThat(GuestRam.of(0, large)
                            .contains(placed.entries().getFirst().address(), 4))
                    .isFalse();
            assertThat(GuestRam.of(0, large).contains(relocation.placeRefused(address, 4), 4))
                    .isFalse();
        }
        assertThat(relocation.placeRefused(small - 4, 4)).isEqualTo(small - 4);
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> relocation.check(new Bytes(small - 3, new byte[4])))
                .withMessage("the trace tells of 4 bytes at 0xfffffd, outside RAM");
        relocation.check(new Bytes(small - 4, new byte[4]));
    }

    /** A count of entries beyond one for each page, and one more, is refused by the guest's device and by the rig's. */
    @Example
    void aCountOfEntriesThatTheGuestsDeviceRefusesIsRefusedHereToo() {
        long small = 16L << 20;
        Relocation relocation = Relocation.of(
                        new BitSet(), new BitSet(), GuestRam.of(0, small), GuestRam.of(0, 512L << 20))
                .orElseThrow();
        for (long count : new long[] {small / PAGE + 1, small / PAGE + 2}) {
            GpuCommand.ResourceAttachBacking placed = (GpuCommand.ResourceAttachBacking) DecodedCommand.of(
                    relocation.place(CommandCodec.encode(new GpuCommand.ResourceAttachBacking(
                            Header.NONE, 1, count, List.of(new MemoryEntry(0, 4))))));
            assertThat(placed.entryCount()).isEqualTo(count == small / PAGE + 1 ? count : 0xffff_ffffL);
        }
    }

    @Example
    void containsDoesNotWrap() {
        for (long base : new long[] {0, PAGE}) {
            GuestRam ram = GuestRam.of(base, PAGE);
            assertThat(ram.contains(base, PAGE)).isTrue();
            assertThat(ram.contains(base + 1, PAGE)).isFalse();
            assertThat(ram.contains(base - 1, 1)).isFalse();
            assertThat(ram.contains(-1, 1)).isFalse();
            assertThat(ram.contains(Long.MIN_VALUE, 1)).isFalse();
            assertThat(ram.contains(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
            assertThat(ram.contains(base + PAGE, 0)).isTrue();
        }
        assertThat(Relocation.typeOf(new byte[3])).isEqualTo(-1);
        assertThat(Relocation.typeOf(new byte[] {1, 2, 0, 0, 9})).isEqualTo(0x201);
    }
}
