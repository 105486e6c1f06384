package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.state.StateBytes;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MmioTransportProperties {

    private static final int[] REGISTERS = {
        0x014, 0x020, 0x024, 0x030, 0x038, 0x044, 0x050, 0x064, 0x070, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4
    };

    private static final int[] WIDTHS = {1, 2, 4};

    /** Does what a driver might, and much that it should not. */
    private static void disturb(TransportFixture machine, Random random, int steps) {
        for (int i = 0; i < steps; i++) {
            int offset = random.nextInt(20) == 0 ? random.nextInt(0x1000) : REGISTERS[random.nextInt(REGISTERS.length)];
            int value = switch (random.nextInt(8)) {
                case 0 -> random.nextInt();
                case 1, 2 -> 1 << random.nextInt(20);
                case 3 -> 0x1000 * random.nextInt(256);
                default -> random.nextInt(16);
            };
            int width = random.nextInt(20) == 0 ? WIDTHS[random.nextInt(3)] : 4;
            machine.transport.store(offset, width, value);
        }
    }

    /** No store throws, and the interrupt line always says whether InterruptStatus is 0 (VIRTIO 1.2, 4.2.2). */
    @Property(tries = 1000)
    void noStoreThrowsAndTheLineFollowsInterruptStatus(@ForAll Random random) {
        TransportFixture machine = new TransportFixture();
        for (int round = 0; round < 20; round++) {
            if (random.nextInt(5) == 0) {
                machine.live(1 + random.nextInt(32));
            }
            disturb(machine, random, 10);
            assertThat(machine.interrupt.isHigh()).isEqualTo(machine.driver.read(MmioRegisters.INTERRUPT_STATUS) != 0);
            assertThat(machine.driver.status()).isBetween(0, 0xff);
        }
    }

    /** Registers and configuration can be read at any time, by any width, to no effect. */
    @Property(tries = 300)
    void noLoadChangesStateOrTheInterruptLine(@ForAll Random random, @ForAll @IntRange(max = 0x1fff) int anywhere) {
        TransportFixture machine = new TransportFixture();
        if (random.nextBoolean()) {
            machine.live(16);
            machine.device.context().configChanged();
        }
        disturb(machine, random, random.nextInt(30));
        List<String> state = StateBytes.of(machine.transport);
        byte[] config = machine.device.config.clone();
        List<String> notices = List.copyOf(machine.device.notices);
        int rises = machine.interrupt.rises();
        boolean level = machine.interrupt.isHigh();

        for (int offset = 0; offset < 0x200; offset++) {
            for (int width : WIDTHS) {
                machine.transport.load(offset, width);
            }
        }
        machine.transport.load(anywhere, 4);

        assertThat(StateBytes.of(machine.transport)).isEqualTo(state);
        assertThat(machine.device.config).isEqualTo(config);
        assertThat(machine.device.notices).isEqualTo(notices);
        assertThat(machine.interrupt.rises()).isEqualTo(rises);
        assertThat(machine.interrupt.isHigh()).isEqualTo(level);
    }
}
