package dev.semblance.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.random.SplitMix64;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The device tree is that of semu's minimal.dts and gen-hart-dts.py. */
class SemuDeviceTreeTests {

    private static Map<String, byte[]> tree(int harts, Optional<LoadedImage> initrd, List<Slot> slots) {
        return DeviceTreeReader.read(
                new SemuDeviceTree(harts, SemuPlatform.BOOTARGS_INITRD, initrd, 42, slots).toBytes());
    }

    private static int[] cells(Map<String, byte[]> tree, String property) {
        byte[] value = Optional.ofNullable(tree.get(property)).orElseThrow(() -> new AssertionError(property));
        int[] cells = new int[value.length / 4];
        ByteBuffer.wrap(value).asIntBuffer().get(cells);
        return cells;
    }

    private static byte[] text(String value) {
        return (value + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private final Map<String, byte[]> usual =
            tree(1, Optional.of(new LoadedImage(0x1f70_0000L, 12345)), SemuPlatform.USUAL_SLOTS);

    @Test
    void theKernelIsToldItsCommandLineConsoleAndTheExactEndOfTheInitrd() {
        assertThat(usual).containsEntry("/chosen:bootargs", text("earlycon console=ttyS0"));
        assertThat(usual).containsEntry("/chosen:stdout-path", text("serial0"));
        assertThat(usual).containsEntry("/aliases:serial0", text("/soc@F0000000/serial@4000000"));
        assertThat(cells(usual, "/chosen:linux,initrd-start")).containsExactly(0x1f70_0000);
        assertThat(cells(usual, "/chosen:linux,initrd-end")).containsExactly(0x1f70_0000 + 12345);
        assertThat(tree(1, Optional.empty(), List.of())).doesNotContainKey("/chosen:linux,initrd-start");
    }

    @Test
    void theRandomSeedFollowsFromTheMachinesSeed() {
        assertThat(usual)
                .containsEntry(
                        "/chosen:rng-seed", SplitMix64.stream(42, "rng-seed").nextBytes(64));
    }

    @Test
    void memoryAndTimebaseAreSemus() {
        assertThat(cells(usual, "/memory@0:reg")).containsExactly(0, 512 << 20);
        assertThat(usual).containsEntry("/memory@0:device_type", text("memory"));
        assertThat(cells(usual, "/cpus:timebase-frequency")).containsExactly(65_000_000);
        assertThat(usual).containsEntry(":model", text("semu"));
    }

    @Test
    void aHartIsAnRv32imaWithSv32() {
        assertThat(usual).containsEntry("/cpus/cpu@0:riscv,isa", text("rv32ima"));
        assertThat(usual).containsEntry("/cpus/cpu@0:mmu-type", text("riscv,sv32"));
        assertThat(usual).containsEntry("/cpus/cpu@0:compatible", text("riscv"));
        assertThat(usual).containsEntry("/cpus/cpu@0/interrupt-controller:compatible", text("riscv,cpu-intc"));
        assertThat(usual).doesNotContainKey("/cpus/cpu@1:");
    }

    @Test
    void everyDeviceIsAtItsPlaceWithItsInterrupt() {
        String soc = "/soc@F0000000/";
        assertThat(cells(usual, "/soc@F0000000:ranges")).containsExactly(0, 0xf000_0000, 0x1000_0000);
        assertThat(usual).containsEntry(soc + "serial@4000000:compatible", text("ns16550"));
        assertThat(cells(usual, soc + "serial@4000000:interrupts")).containsExactly(1);
        int[][] virtio = {{0x420_0000, 3}, {0x460_0000, 4}, {0x490_0000, 7}, {0x4a0_0000, 8}, {0x4b0_0000, 9}};
        for (int[] device : virtio) {
            String node = soc + "virtio@" + Integer.toHexString(device[0]);
            assertThat(cells(usual, node + ":reg")).containsExactly(device[0], 0x200);
            assertThat(cells(usual, node + ":interrupts")).containsExactly(device[1]);
            assertThat(usual).containsEntry(node + ":compatible", text("virtio,mmio"));
        }
        assertThat(usual.keySet().stream().filter(path -> path.matches(".*/virtio@[^:]*:")))
                .hasSize(5);
        assertThat(usual).containsEntry(soc + "mtimer@4300000:compatible", text("riscv,aclint-mtimer"));
        assertThat(usual).containsEntry(soc + "mswi@4400000:compatible", text("riscv,aclint-mswi"));
        assertThat(usual).containsEntry(soc + "sswi@4500000:compatible", text("riscv,aclint-sswi"));
    }

    @Test
    void interruptsGoToEveryHart() {
        Map<String, byte[]> two = tree(2, Optional.empty(), List.of());
        int first = cells(two, "/cpus/cpu@0/interrupt-controller:phandle")[0];
        int second = cells(two, "/cpus/cpu@1/interrupt-controller:phandle")[0];
        assertThat(first).isNotEqualTo(second);
        String soc = "/soc@F0000000/";
        Map<String, Integer> causes =
                Map.of("interrupt-controller@0", 9, "sswi@4500000", 1, "mswi@4400000", 3, "mtimer@4300000", 7);
        causes.forEach((node, cause) -> assertThat(cells(two, soc + node + ":interrupts-extended"))
                .as(node)
                .containsExactly(first, cause, second, cause));
        assertThat(cells(two, "/soc@F0000000:interrupt-parent"))
                .isEqualTo(cells(two, soc + "interrupt-controller@0:phandle"));
    }

    @Test
    void theSameMachineGivesTheSameBytes() {
        SemuDeviceTree tree = new SemuDeviceTree(32, "x", Optional.empty(), 1, Arrays.asList(Slot.values()));
        assertThat(tree.toBytes()).isEqualTo(tree.toBytes());
        assertThat(DeviceTreeReader.read(tree.toBytes())).containsKey("/cpus/cpu@1f:");
    }

    @Test
    void aMachineHasFrom1To32Harts() {
        assertThatThrownBy(() -> tree(0, Optional.empty(), List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree(33, Optional.empty(), List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
