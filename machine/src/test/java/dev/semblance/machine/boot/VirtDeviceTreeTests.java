package dev.semblance.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.Slot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The device tree of virt: QEMU's nodes (hw/riscv/virt.c) and the bindings that they name. */
class VirtDeviceTreeTests {

    private static Map<String, byte[]> tree(Isa isa) {
        MachineModel model = new MachineModel(Profile.VIRT, isa, 256L << 20);
        Optional<LoadedImage> initrd = Optional.of(new LoadedImage(0x8f00_0000L, 12345));
        return DeviceTreeReader.read(new VirtDeviceTree(model, "quiet", initrd, 42).toBytes());
    }

    private final Map<String, byte[]> tree = tree(Isa.RV64GC);

    private int[] cells(String property) {
        byte[] value = Optional.ofNullable(tree.get(property)).orElseThrow(() -> new AssertionError(property));
        int[] cells = new int[value.length / 4];
        ByteBuffer.wrap(value).asIntBuffer().get(cells);
        return cells;
    }

    private static byte[] text(String value) {
        return (value + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void addressesAndSizesHaveTwoCells() {
        assertThat(cells("/memory@80000000:reg")).containsExactly(0, 0x8000_0000, 0, 256 << 20);
        assertThat(cells("/chosen:linux,initrd-start")).containsExactly(0, 0x8f00_0000);
        assertThat(cells("/chosen:linux,initrd-end")).containsExactly(0, 0x8f00_0000 + 12345);
        assertThat(tree).containsEntry("/chosen:bootargs", text("quiet"));
        assertThat(cells("/cpus:timebase-frequency")).containsExactly(10_000_000);
    }

    @Test
    void theHartIsDescribedAsWhatItIsAndNoMore() {
        assertThat(tree)
                .containsEntry("/cpus/cpu@0:riscv,isa", text("rv64imafdc_zicntr_zicsr_zifencei"))
                .containsEntry("/cpus/cpu@0:riscv,isa-base", text("rv64i"))
                .containsEntry(
                        "/cpus/cpu@0:riscv,isa-extensions", text("i\0m\0a\0f\0d\0c\0zicntr\0zicsr\0zifencei\0svvptc"))
                .containsEntry("/cpus/cpu@0:mmu-type", text("riscv,sv39"));
        assertThat(tree(Isa.RV32GC)).containsEntry("/cpus/cpu@0:mmu-type", text("riscv,sv32"));
        assertThat(tree(Isa.RV32IMA)).containsEntry("/cpus/cpu@0:riscv,isa", text("rv32ima"));
    }

    @Test
    void interruptsLeadFromDevicesToThePlicAndFromItsSecondContextToSupervisorMode() {
        int plic = cells("/soc/interrupt-controller@c000000:phandle")[0];
        int hart = cells("/cpus/cpu@0/interrupt-controller:phandle")[0];
        assertThat(cells("/soc/interrupt-controller@c000000:interrupts-extended"))
                .containsExactly(hart, 11, hart, 9);
        assertThat(cells("/soc:interrupt-parent")).containsExactly(plic);
        assertThat(cells("/soc/serial@10000000:interrupts")).containsExactly(10);
        assertThat(tree).containsEntry("/soc/serial@10000000:compatible", text("ns16550a"));
        for (int slot = 0; slot < 8; slot++) {
            String node = "/soc/virtio@1000" + (slot + 1) + "000";
            assertThat(cells(node + ":interrupts")).containsExactly(slot + 1);
            assertThat(cells(node + ":reg")).containsExactly(0, 0x1000_1000 + 0x1000 * slot, 0, 0x1000);
        }
    }

    @Test
    void theKeyboardComesBeforeThePointers() {
        assertThat(Profile.VIRT.place(Slot.KEYBOARD).base())
                .isLessThan(Profile.VIRT.place(Slot.MOUSE).base());
        assertThat(Profile.VIRT.place(Slot.MOUSE).base())
                .isLessThan(Profile.VIRT.place(Slot.TABLET).base());
    }
}
