package dev.semblance.machine.virtio.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.state.StateBytes;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.2: the block device. */
class VirtioBlkTests {

    private static final int OK = 0;
    private static final int IO_ERROR = 1;
    private static final int UNSUPPORTED = 2;

    private final BlkFixture disk = new BlkFixture(VirtioBlk.Options.semu());

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void assertUsed(GuestChain chain, long length) {
        assertThat(disk.queue.takeUsed()).containsExactly(new UsedElement(chain.head(), length));
    }

    private boolean needsReset() {
        return (disk.driver.status() & DeviceStatus.DEVICE_NEEDS_RESET) != 0;
    }

    @Test
    @DisplayName("5.2: a request that lacks its header or the room for a status byte needs a reset")
    void unanswerable() {
        disk.send(new byte[15], 513);
        assertThat(needsReset()).isTrue();
        assertThat(disk.queue.takeUsed()).isEmpty();

        BlkFixture other = new BlkFixture(VirtioBlk.Options.semu());
        other.send(BlkFixture.header(BlkFixture.FLUSH, 0), 0);
        assertThat(other.driver.status() & DeviceStatus.DEVICE_NEEDS_RESET).isNotZero();
    }

    @Test
    @DisplayName("5.2: IN reads sectors and counts data and status")
    void in() {
        GuestChain chain = disk.send(BlkFixture.header(BlkFixture.IN, 7), 1025, 3, 9);

        assertThat(disk.status(chain)).isEqualTo(OK);
        assertThat(disk.data(chain)).startsWith(filled(512, 7)).endsWith(filled(512, 8));
        assertUsed(chain, 1025);
    }

    @Test
    @DisplayName("5.2: OUT writes sectors and counts the status alone")
    void out() {
        GuestChain chain = disk.send(BlkFixture.request(BlkFixture.OUT, 99, filled(512, 0xab)), 1, 20, 100);
        assertThat(disk.status(chain)).isEqualTo(OK);
        assertUsed(chain, 1);

        GuestChain back = disk.send(BlkFixture.header(BlkFixture.IN, 99), 513);
        assertThat(disk.data(back)).isEqualTo(filled(512, 0xab));
    }

    @Test
    @DisplayName("5.2: what is not wholly on the disk is an I/O error, answered, with the data untouched")
    void beyondTheEnd() {
        for (long sector : new long[] {99, 100, 1L << 54, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            GuestChain in = disk.send(BlkFixture.header(BlkFixture.IN, sector), 1025);
            assertThat(disk.status(in)).as("sector %x", sector).isEqualTo(IO_ERROR);
            assertThat(disk.data(in)).containsOnly(0);
            // VIRTIO 1.2, 2.7.8: nothing was written before the status, so the gapless length is 0.
            assertUsed(in, 0);

            GuestChain out = disk.send(BlkFixture.request(BlkFixture.OUT, sector, filled(1024, 1)), 1);
            assertThat(disk.status(out)).isEqualTo(IO_ERROR);
            assertUsed(out, 1);
        }
        assertThat(disk.disk.blocksWritten()).isZero();
        assertThat(needsReset()).isFalse();
    }

    @Test
    @DisplayName("5.2: a length that is no multiple of 512 is an I/O error")
    void oddLength() {
        assertThat(disk.status(disk.send(BlkFixture.header(BlkFixture.IN, 0), 512)))
                .isEqualTo(IO_ERROR);
        assertThat(disk.status(disk.send(BlkFixture.request(BlkFixture.OUT, 0, new byte[513]), 1)))
                .isEqualTo(IO_ERROR);
        assertThat(disk.disk.blocksWritten()).isZero();
    }

    @Test
    @DisplayName("5.2: a length of 0 is no error")
    void nothing() {
        GuestChain chain = disk.send(BlkFixture.header(BlkFixture.IN, 100), 1);
        assertThat(disk.status(chain)).isEqualTo(OK);
        assertUsed(chain, 1);
    }

    @Test
    @DisplayName("5.2: FLUSH is offered and answered")
    void flush() {
        assertThat(disk.driver.offeredFeatures()).isEqualTo(VirtioFeatures.VERSION_1 | VirtioBlk.FLUSH);
        GuestChain chain = disk.send(BlkFixture.header(BlkFixture.FLUSH, -1), 1);
        assertThat(disk.status(chain)).isEqualTo(OK);
        assertUsed(chain, 1);
    }

    @Test
    @DisplayName("5.2: GET_ID answers 20 bytes, filled up with zeros")
    void id() {
        GuestChain chain = disk.send(BlkFixture.header(BlkFixture.GET_ID, 0), 21);
        assertThat(disk.status(chain)).isEqualTo(OK);
        assertThat(disk.data(chain)).isEqualTo(Arrays.copyOf("semu-vda".getBytes(StandardCharsets.US_ASCII), 20));
        assertUsed(chain, 21);

        GuestChain small = disk.send(BlkFixture.header(BlkFixture.GET_ID, 0), 5);
        assertThat(disk.data(small)).isEqualTo("semu".getBytes(StandardCharsets.US_ASCII));
        assertUsed(small, 5);
    }

    @Test
    @DisplayName("5.2: other types are unsupported, answered")
    void unknownTypes() {
        for (int type : new int[] {2, 3, 5, 7, 10, 11, 13, 14, -1}) {
            GuestChain chain = disk.send(BlkFixture.header(type, 0), 1);
            assertThat(disk.status(chain)).as("type %d", type).isEqualTo(UNSUPPORTED);
            assertUsed(chain, 1);
        }
        assertThat(needsReset()).isFalse();
    }

    @Test
    @DisplayName("5.2: a read-only disk says so and is not written")
    void readOnly() {
        BlkFixture fixed = new BlkFixture(new VirtioBlk.Options("x", true, 0));
        assertThat(fixed.driver.offeredFeatures() & VirtioBlk.READ_ONLY).isNotZero();
        GuestChain chain = fixed.send(BlkFixture.request(BlkFixture.OUT, 0, new byte[512]), 1);
        assertThat(fixed.status(chain)).isEqualTo(IO_ERROR);
        assertThat(fixed.disk.blocksWritten()).isZero();
    }

    @Test
    @DisplayName("5.2: the status is the very last writable byte")
    void statusPlace() {
        GuestChain chain = disk.send(BlkFixture.header(99, 0), 40);
        assertThat(disk.status(chain)).isEqualTo(UNSUPPORTED);
        assertThat(disk.data(chain)).containsOnly(0);
        assertUsed(chain, 0);
    }

    @Test
    @DisplayName("5.2: the capacity is in sectors, cannot be written, and is 0 without a disk")
    void capacity() {
        disk.driver.writeConfig(0, 4, 5);
        assertThat(disk.driver.readConfig(0, 4)).isEqualTo(BlkFixture.SECTORS);
        assertThat(disk.driver.readConfig(4, 4)).isZero();
        assertThat(disk.driver.readConfig(0, 1)).isEqualTo(BlkFixture.SECTORS);

        VirtioBlk none =
                new VirtioBlk(new CopyOnWriteDisk(DiskImage.none()), new CycleTimeline(), VirtioBlk.Options.semu());
        assertThat(none.readConfig(0, 4)).isZero();
    }

    @Test
    @DisplayName("5.2: requests are answered in order, the delay after they were made available")
    void delay() {
        BlkFixture slow = new BlkFixture(new VirtioBlk.Options("slow", false, 1000));
        GuestChain first = slow.send(BlkFixture.request(BlkFixture.OUT, 3, filled(512, 9)), 1);
        slow.timeline.setNow(10);
        GuestChain second = slow.send(BlkFixture.header(BlkFixture.IN, 3), 513);
        assertThat(StateBytes.of(slow.device)).containsSubsequence("int 2", "int " + first.head(), "long 1000");

        slow.timeline.setNow(999);
        slow.timeline.runDue();
        assertThat(slow.queue.takeUsed()).isEmpty();
        slow.timeline.setNow(1000);
        slow.timeline.runDue();
        assertThat(slow.queue.takeUsed()).containsExactly(new UsedElement(first.head(), 1));
        slow.timeline.setNow(1010);
        slow.timeline.runDue();
        assertThat(slow.queue.takeUsed()).containsExactly(new UsedElement(second.head(), 513));
        assertThat(slow.data(second)).isEqualTo(filled(512, 9));
    }

    @Test
    void aResetForgetsWhatIsUnderWay() {
        BlkFixture slow = new BlkFixture(new VirtioBlk.Options("slow", false, 1000));
        slow.send(BlkFixture.request(BlkFixture.OUT, 3, filled(512, 9)), 1);
        slow.driver.reset();

        assertThat(slow.timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
        assertThat(slow.disk.blocksWritten()).isZero();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> new VirtioBlk.Options("a".repeat(21), false, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new VirtioBlk.Options("\u00e9", false, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new VirtioBlk.Options("a", false, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheGuestWritesIsState() {
        BlkFixture other = new BlkFixture(VirtioBlk.Options.semu());
        List<String> before = StateBytes.of(other.device);
        other.send(BlkFixture.request(BlkFixture.OUT, 0, filled(512, 1)), 1);
        assertThat(StateBytes.of(other.device)).isNotEqualTo(before);
    }
}
