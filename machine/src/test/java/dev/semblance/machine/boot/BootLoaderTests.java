package dev.semblance.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.SemuPlatform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootLoaderTests {

    private static final int MIB = 1 << 20;

    private final BootLoader loader = new BootLoader(MachineModel.SEMU);
    private final Ram memory = new Ram(SemuPlatform.RAM_SIZE);
    private final byte[] deviceTree = new FlattenedDeviceTree().toBytes();

    private static byte[] kernel(long imageSize) {
        return ByteBuffer.allocate(4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x6f)
                .putLong(0x08, 4 * MIB)
                .putLong(0x10, imageSize)
                .putInt(0x38, 0x05435352)
                .array();
    }

    private static byte[] startingWith(int... bytes) {
        byte[] file = new byte[100];
        for (int i = 0; i < bytes.length; i++) {
            file[i] = (byte) bytes[i];
        }
        return file;
    }

    @Test
    void aKernelImageIsKnownByItsHeader() throws BadImageException {
        KernelImage image = KernelImage.parse(kernel(8L * MIB), MachineModel.SEMU);

        assertThat(image.textOffset()).isEqualTo(4 * MIB);
        assertThat(image.imageSize()).isEqualTo(8 * MIB);
        assertThat(KernelImage.parse(kernel(0), MachineModel.SEMU).imageSize())
                .as("at least the file")
                .isEqualTo(4096);
    }

    @Test
    void aFileThatIsNoImageIsRefusedWithWhatItIs() {
        assertThatThrownBy(() -> KernelImage.parse(new byte[10], MachineModel.SEMU))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining("it has only 10 bytes");
        assertThatThrownBy(() -> KernelImage.parse(new byte[100], MachineModel.SEMU))
                .hasMessageContaining("RSC\\x05");
        assertThatThrownBy(() -> KernelImage.parse(startingWith(0x1f, 0x8b), MachineModel.SEMU))
                .hasMessageContaining("gzip");
        assertThatThrownBy(() -> KernelImage.parse(startingWith(0x7f, 'E', 'L', 'F'), MachineModel.SEMU))
                .hasMessageContaining("ELF");
        assertThatThrownBy(() -> KernelImage.parse(startingWith(0xfd, '7', 'z', 'X'), MachineModel.SEMU))
                .hasMessageContaining("xz");
        assertThatThrownBy(() -> KernelImage.parse(kernel(-1), MachineModel.SEMU))
                .isInstanceOf(BadImageException.class);
        assertThatThrownBy(() -> KernelImage.parse(kernel(1L << 40), MachineModel.SEMU))
                .isInstanceOf(BadImageException.class);
    }

    @Test
    void everythingLiesWhereSemuPutsIt() throws BadImageException {
        byte[] initrd = {1, 2, 3};
        loader.load(memory, loader.kernel(kernel(MIB)), Optional.of(initrd), deviceTree);

        assertThat(memory.getInt(0)).isEqualTo(0x6f);
        assertThat(memory.getInt(0x1f70_0000)).isEqualTo(0x030201);
        assertThat(memory.getInt(0x1ff0_0000)).isEqualTo(0xedfe0dd0);
    }

    @Test
    void anInitrdOfMoreThan8MibBeginsLowerOnAMebibyte() throws BadImageException {
        BootLoader.Program kernel = loader.kernel(kernel(MIB));

        assertThat(loader.placeInitrd(kernel, 8L * MIB)).isEqualTo(new LoadedImage(0x1f70_0000, 8L * MIB));
        assertThat(loader.placeInitrd(kernel, 8L * MIB + 1)).isEqualTo(new LoadedImage(0x1f60_0000, 8L * MIB + 1));
        assertThat(loader.placeInitrd(kernel, 510L * MIB).address()).isEqualTo(MIB);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() throws BadImageException {
        BootLoader.Program kernel = loader.kernel(kernel(MIB));
        assertThatThrownBy(() -> loader.placeInitrd(kernel, 510L * MIB + 1)).isInstanceOf(BadImageException.class);
        assertThatThrownBy(() -> loader.placeInitrd(kernel, Long.MAX_VALUE)).isInstanceOf(BadImageException.class);
        assertThatThrownBy(() -> loader.kernel(kernel(505L * MIB))).isInstanceOf(BadImageException.class);
        assertThatThrownBy(() -> loader.load(memory, kernel, Optional.of(new byte[0]), deviceTree))
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> loader.load(memory, kernel, Optional.empty(), new byte[50]))
                .hasMessageContaining("d00dfeed");

        for (int page = 0; page < memory.pageCount(); page++) {
            assertThat(memory.isMaterialized(page)).isFalse();
        }
    }

    @Test
    void aDeviceTreeThatIsCutOffOrTooLargeIsRefused() {
        byte[] cut = ByteBuffer.allocate(40).putInt(0xd00dfeed).putInt(41).array();
        assertThatThrownBy(() -> loader.checkDeviceTree(cut)).hasMessageContaining("cut off");
        byte[] large =
                ByteBuffer.allocate(MIB + 1).putInt(0xd00dfeed).putInt(40).array();
        assertThatThrownBy(() -> loader.checkDeviceTree(large)).hasMessageContaining("there is room for 1048576");
    }

    @Test
    void aFlatBinaryIsLoadedAt0() throws BadImageException {
        loader.load(memory, loader.bare(new byte[] {0x13}), Optional.empty(), deviceTree);
        assertThat(memory.getInt(0)).isEqualTo(0x13);
        assertThat(memory.getInt(0x1ff0_0000)).isEqualTo(0xedfe0dd0);
        assertThatThrownBy(() -> loader.bare(new byte[0])).isInstanceOf(BadImageException.class);
    }
}
