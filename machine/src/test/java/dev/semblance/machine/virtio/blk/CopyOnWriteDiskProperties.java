package dev.semblance.machine.virtio.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.state.StateBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CopyOnWriteDiskProperties {

    /** Not a whole number of 4 KiB blocks, so that the last block is a short one. */
    private static final int SECTORS = 37;

    private static byte[] randomBytes(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Property(tries = 200)
    void theDiskIsWhatWasWrittenOverWhatTheImageHasAndTheImageStaysWhatItIs(
            @ForAll Random random, @ForAll @IntRange(max = 30) int steps) {
        byte[] image = randomBytes(SECTORS * 512, random);
        byte[] untouched = image.clone();
        byte[] model = image.clone();
        CopyOnWriteDisk disk = new CopyOnWriteDisk(DiskImage.of(image));
        for (int i = 0; i < steps; i++) {
            int sector = random.nextInt(SECTORS + 1);
            int count = random.nextInt(SECTORS - sector + 1);
            byte[] data = randomBytes(count * 512 + 9, random);
            disk.write(sector, data, 9, count);
            System.arraycopy(data, 9, model, sector * 512, count * 512);

            int from = random.nextInt(SECTORS);
            byte[] back = new byte[(SECTORS - from) * 512 + 3];
            disk.read(from, back, 3, SECTORS - from);
            assertThat(Arrays.copyOfRange(back, 3, back.length))
                    .isEqualTo(Arrays.copyOfRange(model, from * 512, model.length));
        }
        assertThat(image).isEqualTo(untouched);
    }

    /** The state follows from what is on the disk, not from the order in which blocks came to be written. */
    @Property(tries = 50)
    void theStateDoesNotDependOnTheOrderOfWrites(@ForAll Random random) {
        byte[] image = new byte[SECTORS * 512];
        CopyOnWriteDisk forwards = new CopyOnWriteDisk(DiskImage.of(image));
        CopyOnWriteDisk backwards = new CopyOnWriteDisk(DiskImage.of(image));
        List<byte[]> sectors = random.ints(SECTORS)
                .mapToObj(seed -> randomBytes(512, new Random(seed)))
                .toList();
        for (int i = 0; i < SECTORS; i++) {
            forwards.write(i, sectors.get(i), 0, 1);
            backwards.write(SECTORS - 1 - i, sectors.get(SECTORS - 1 - i), 0, 1);
        }
        assertThat(StateBytes.of(forwards)).isEqualTo(StateBytes.of(backwards));
        forwards.write(0, randomBytes(512, random), 0, 1);
        assertThat(StateBytes.of(forwards)).isNotEqualTo(StateBytes.of(backwards));
    }

    @Example
    void anImageOfOddSizeIsRefusedWithASentence() {
        assertThatThrownBy(() -> new CopyOnWriteDisk(DiskImage.of(new byte[1000])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The disk image has 1000 bytes, which is not a whole number of 512-byte sectors; pad it with zeros to 1024 bytes.");
    }

    @Example
    void aRangeBeyondTheEndIsABugOfOurs() {
        CopyOnWriteDisk disk = new CopyOnWriteDisk(DiskImage.of(new byte[1024]));
        assertThatThrownBy(() -> disk.read(1, new byte[1024], 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> disk.write(0, new byte[100], 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(disk.blocksWritten()).isZero();
    }
}
