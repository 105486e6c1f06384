package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/SCENARIOS.md: profile, isa, ram. */
class MachineSettingsTests {

    private static final byte[] KERNEL_OF_64 = ByteBuffer.allocate(64)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(8, 2 << 20)
            .putInt(0x38, 0x05435352)
            .array();

    private static MachineSettings said(String profile, String isa, String ram) {
        return new MachineSettings(Profile.of(profile), Isa.of(isa), MachineSettings.ram(ram));
    }

    @ParameterizedTest
    @CsvSource({
        "16M, 16777216",
        "96M, 100663296",
        "1G, 1073741824",
        "2G, 2147483648",
        "65536K, 67108864",
        "16781312, 16781312"
    })
    void aSizeOfRamHasAUnitOrIsBytes(String text, long bytes) {
        assertThat(MachineSettings.ram(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "0", "15M", "3G", "16777217", "1T", "1.5G", "-1G", "999999999999G", "16 M", "16m"})
    void otherSizesAreNone(String text) {
        assertThat(MachineSettings.ram(text)).isEmpty();
    }

    @Test
    void aKernelFor64BitsChoosesVirtAndAllElseSemu() {
        assertThat(MachineSettings.NONE.model(Optional.of(KERNEL_OF_64))).isEqualTo(MachineModel.usual(Profile.VIRT));
        assertThat(MachineSettings.NONE.model(Optional.of(new byte[64]))).isEqualTo(MachineModel.SEMU);
        byte[] elf = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, (byte) 243, 0};
        assertThat(MachineSettings.NONE.model(Optional.of(elf))).isEqualTo(MachineModel.usual(Profile.VIRT));
        elf[4] = 1;
        assertThat(MachineSettings.NONE.model(Optional.of(elf))).isEqualTo(MachineModel.SEMU);
        assertThat(MachineSettings.NONE.model(Optional.empty())).isEqualTo(MachineModel.SEMU);
        assertThat(said("semu", "", "").model(Optional.of(KERNEL_OF_64)))
                .as("what is said wins; that the kernel is for another machine is found when it is loaded")
                .isEqualTo(MachineModel.SEMU);
    }

    @Test
    void anInstructionSetThatOnlyVirtHasSaysVirt() {
        assertThat(said("", "rv32gc", "96M").model(Optional.empty()))
                .isEqualTo(new MachineModel(Profile.VIRT, Isa.RV32GC, 96L << 20));
        assertThat(said("virt", "rv32ima", "").model(Optional.empty()).isa()).isEqualTo(Isa.RV32IMA);
        assertThat(said("", "rv32ima", "").model(Optional.empty())).isEqualTo(MachineModel.SEMU);
    }

    @Test
    void semuHasItsHartAndItsRamAlone() {
        assertThatThrownBy(() -> said("semu", "rv64gc", "").model(Optional.empty()))
                .hasMessage("profile semu has no hart of rv64gc; it has rv32ima");
        assertThatThrownBy(() -> said("", "", "96M").model(Optional.empty())).hasMessageContaining("512 MiB");
        assertThat(said("semu", "", "512M").model(Optional.empty())).isEqualTo(MachineModel.SEMU);
    }

    @Test
    void whatIsSaidFirstWins() {
        assertThat(said("virt", "", "1G").orElse(said("semu", "rv32gc", "96M")))
                .isEqualTo(new MachineSettings(
                        Optional.of(Profile.VIRT), Optional.of(Isa.RV32GC), OptionalLong.of(1L << 30)));
    }
}
