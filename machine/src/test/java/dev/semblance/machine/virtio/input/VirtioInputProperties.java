package dev.semblance.machine.virtio.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class VirtioInputProperties {

    private static final int QUEUE_SIZE = 16;

    /** VIRTIO 1.2, 5.8: however reports and buffers come in, the guest sees whole reports, all of them, in order. */
    @Property(tries = 200)
    void theGuestSeesWholeReportsInOrder(@ForAll Random random, @ForAll @IntRange(max = 60) int steps) {
        Ram memory = new Ram(1 << 20);
        Wire interrupt = new Wire();
        VirtioInput device = new VirtioInput(InputProfile.keyboard());
        GuestDriver driver = new GuestDriver(
                new MmioTransport(device, memory, interrupt), memory, new GuestArena(0x1000, memory.size()));
        driver.begin();
        GuestQueue events = driver.enableQueue(0, QUEUE_SIZE).orElseThrow();
        driver.driverOk();

        ArrayDeque<GuestChain> given = new ArrayDeque<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        for (int step = 0; step < steps; step++) {
            if (random.nextBoolean()) {
                InputEvent[] report = new InputEvent[1 + random.nextInt(5)];
                Arrays.setAll(report, i -> new InputEvent(InputEvent.EV_KEY, random.nextInt(128), random.nextInt()));
                assertThat(device.report(Arrays.asList(report))).isTrue();
                for (InputEvent event : report) {
                    expected.writeBytes(event.encode());
                }
                expected.writeBytes(new byte[InputEvent.SIZE]);
            } else {
                // Two descriptors a buffer, since each is cut in two.
                for (int i = random.nextInt(QUEUE_SIZE / 2 + 1 - given.size()); i > 0; i--) {
                    given.add(events.chain().writable(8, random.nextInt(9)).offer());
                }
                driver.kick(events);
            }
            int used = events.takeUsed().size();
            byte[] last = new byte[InputEvent.SIZE];
            for (int i = 0; i < used; i++) {
                last = given.remove().readWritable(memory, 0, InputEvent.SIZE);
                seen.writeBytes(last);
            }
            assertThat(last).as("what came ends with SYN_REPORT").isEqualTo(new byte[InputEvent.SIZE]);
            assertThat(driver.takeInterrupts()).isEqualTo(used > 0 ? 1 : 0);
        }
        byte[] all = expected.toByteArray();
        assertThat(seen.toByteArray()).isEqualTo(Arrays.copyOf(all, seen.size()));
        assertThat(device.waitingReports() > 0).isEqualTo(seen.size() < all.length);
    }
}
