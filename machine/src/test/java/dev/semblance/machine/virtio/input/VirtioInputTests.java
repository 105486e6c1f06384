package dev.semblance.machine.virtio.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.StateBytes;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.Virtqueue;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.8: the input device. */
class VirtioInputTests {

    private static final int KEY_A = 30;

    private final Ram memory = new Ram(1 << 20);
    private final Wire interrupt = new Wire();
    private final GuestArena arena = new GuestArena(0x1000, memory.size());
    private VirtioInput device = new VirtioInput(InputProfile.keyboard());
    private GuestDriver driver = driverOf(device);

    private GuestDriver driverOf(VirtioInput input) {
        return new GuestDriver(new MmioTransport(input, memory, interrupt), memory, arena);
    }

    private void use(InputProfile profile) {
        device = new VirtioInput(profile);
        driver = driverOf(device);
    }

    /** Returns the event queue of a driver that has given no buffers yet. */
    private GuestQueue live() {
        driver.begin();
        GuestQueue events = driver.enableQueue(0, 64).orElseThrow();
        driver.enableQueue(1, 64);
        driver.driverOk();
        return events;
    }

    private List<GuestChain> giveBuffers(GuestQueue events, int count) {
        List<GuestChain> buffers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            buffers.add(events.chain().writable(8).offer());
        }
        driver.kick(events);
        return buffers;
    }

    private static List<InputEvent> key(int value) {
        return List.of(new InputEvent(InputEvent.EV_KEY, KEY_A, value));
    }

    private String answer(int select, int subsel) {
        driver.writeConfig(0, 1, select);
        driver.writeConfig(1, 1, subsel);
        int size = driver.readConfig(2, 1);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) driver.readConfig(8 + i, 1);
        }
        assertThat(driver.readConfig(8 + size, 1)).as("beyond the data").isZero();
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String event(GuestChain buffer) {
        return HexFormat.of().formatHex(buffer.readWritable(memory, 0, 8));
    }

    @Test
    @DisplayName("5.8: what is not supported has size 0")
    void unsupported() {
        for (int[] query : new int[][] {{0, 0}, {1, 1}, {0x11, 2}, {0x11, 0}, {0x12, 0}, {0x10, 0}, {0xff, 0xff}}) {
            assertThat(answer(query[0], query[1]))
                    .as("%x/%x", query[0], query[1])
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("5.8: names without NUL, serial and ids are semu's")
    void identity() {
        assertThat(answer(1, 0)).isEqualTo(hex("VirtIO Keyboard"));
        assertThat(answer(2, 0)).isEqualTo(hex("None"));
        assertThat(answer(3, 0)).isEqualTo("0600000000000100");
        use(InputProfile.mouse());
        assertThat(answer(1, 0)).isEqualTo(hex("VirtIO Mouse"));
        use(InputProfile.tablet());
        assertThat(answer(1, 0)).isEqualTo(hex("VirtIO Tablet"));
        assertThat(device.deviceId()).isEqualTo(18);
    }

    @Test
    @DisplayName("5.8: properties and event types of the keyboard, up to the last byte that is not 0")
    void keyboardCapabilities() {
        assertThat(answer(0x10, 0)).isEmpty();
        // Keys 1 to 83, 87, 88, 96 to 98, 100, 102 to 111.
        assertThat(answer(0x11, 1)).isEqualTo("feffffffffffffffffff8f01d7ff");
        assertThat(answer(0x11, 0x11)).isEqualTo("07");
        assertThat(answer(0x11, 0x14)).isEqualTo("03");
        assertThat(InputProfile.keyboardKeys()).hasSize(99);
    }

    @Test
    @DisplayName("5.8: properties and event types of the mouse")
    void mouseCapabilities() {
        use(InputProfile.mouse());
        assertThat(answer(0x10, 0)).isEqualTo("01");
        assertThat(answer(0x11, 1)).isEqualTo("00".repeat(34) + "07");
        assertThat(answer(0x11, 2)).isEqualTo("4301");
        assertThat(answer(0x11, 3)).isEmpty();
    }

    @Test
    @DisplayName("5.8: properties, event types and axes of the tablet")
    void tabletCapabilities() {
        use(InputProfile.tablet());
        assertThat(answer(0x10, 0)).isEqualTo("01");
        assertThat(answer(0x11, 1)).isEqualTo("00".repeat(34) + "07");
        assertThat(answer(0x11, 2)).isEqualTo("0001");
        assertThat(answer(0x11, 3)).isEqualTo("03");
        String axis = "00000000" + "ff7f0000" + "00000000".repeat(3);
        assertThat(answer(0x12, 0)).isEqualTo(axis);
        assertThat(answer(0x12, 1)).isEqualTo(axis);
        assertThat(answer(0x12, 2)).isEmpty();
    }

    @Test
    @DisplayName("5.8: the configuration is bytes for every width, and only select and subsel can be written")
    void configurationWidths() {
        driver.writeConfig(0, 4, 0x7777_0001);
        assertThat(driver.readConfig(0, 4)).isEqualTo(15 << 16 | 1);
        assertThat(driver.readConfig(8, 4)).isEqualTo('V' | 'i' << 8 | 'r' << 16 | 't' << 24);
        driver.writeConfig(8, 4, -1);
        driver.writeConfig(2, 2, -1);
        assertThat(driver.readConfig(8, 2)).isEqualTo('V' | 'i' << 8);
        driver.writeConfig(0, 2, 0x1111);
        assertThat(driver.readConfig(2, 1)).isEqualTo(1);
    }

    @Test
    @DisplayName("5.8: event queue 0 and status queue 1")
    void queues() {
        assertThat(device.queueCount()).isEqualTo(2);
        assertThat(device.maxQueueSize(0)).isEqualTo(1024);
    }

    @Test
    @DisplayName("5.8: a report is delivered whole, closed by SYN_REPORT, with one interrupt")
    void report() {
        GuestQueue events = live();
        List<GuestChain> buffers = giveBuffers(events, 64);
        int rises = interrupt.rises();

        assertThat(device.report(key(1))).isTrue();

        assertThat(event(buffers.get(0))).isEqualTo("01001e0001000000");
        assertThat(event(buffers.get(1))).isEqualTo("0000000000000000");
        assertThat(events.takeUsed()).extracting(UsedElement::length).containsExactly(8L, 8L);
        assertThat(interrupt.rises()).isEqualTo(rises + 1);
    }

    @Test
    @DisplayName("5.8: a report for which buffers are missing waits whole, and goes out with the next notification")
    void waitingReport() {
        GuestQueue events = live();
        giveBuffers(events, 1);
        assertThat(device.report(key(1))).isTrue();
        assertThat(events.takeUsed()).isEmpty();
        assertThat(interrupt.isHigh()).isFalse();

        giveBuffers(events, 1);
        assertThat(events.takeUsed()).hasSize(2);
        assertThat(device.waitingReports()).isZero();
    }

    @Test
    @DisplayName("5.8: reports go out in order, and a later, shorter one does not overtake")
    void order() {
        use(InputProfile.mouse());
        GuestQueue events = live();
        device.report(List.of(
                new InputEvent(InputEvent.EV_REL, InputEvent.REL_X, -1),
                new InputEvent(InputEvent.EV_REL, InputEvent.REL_Y, 2)));
        device.report(List.of(new InputEvent(InputEvent.EV_KEY, InputEvent.BTN_LEFT, 1)));
        giveBuffers(events, 2);
        assertThat(events.takeUsed()).isEmpty();

        List<GuestChain> more = giveBuffers(events, 2);
        assertThat(events.takeUsed()).as("the first three of four").hasSize(3);
        assertThat(event(more.get(0))).isEqualTo("0000000000000000");
        List<GuestChain> last = giveBuffers(events, 1);
        assertThat(event(more.get(1))).isEqualTo("0100100101000000");
        assertThat(event(last.get(0))).isEqualTo("0000000000000000");
    }

    @Test
    @DisplayName("5.8: the FIFO holds 1024 reports, and full it drops the newest")
    void fullFifo() {
        GuestQueue events = live();
        for (int i = 0; i < 1024; i++) {
            assertThat(device.report(key(i))).isTrue();
        }
        assertThat(device.report(key(7777))).isFalse();
        assertThat(device.waitingReports()).isEqualTo(1024);

        List<GuestChain> buffers = giveBuffers(events, 2);
        assertThat(event(buffers.get(0))).isEqualTo("01001e0000000000");
        assertThat(device.report(key(7777))).isTrue();
    }

    @Test
    @DisplayName("5.8: what no driver could ever take is dropped whole and blocks nothing")
    void impossibleReports() {
        GuestQueue events = live();
        assertThat(device.report(List.of())).isFalse();
        assertThat(device.report(Collections.nCopies(64, key(1).getFirst()))).isFalse();
        assertThat(device.report(Collections.nCopies(63, key(1).getFirst()))).isTrue();
        giveBuffers(events, 64);
        assertThat(events.takeUsed()).hasSize(64);

        driver.begin();
        GuestQueue small = driver.enableQueue(0, 2).orElseThrow();
        driver.driverOk();
        device.report(Collections.nCopies(2, key(1).getFirst()));
        device.report(key(0));
        giveBuffers(small, 2);
        assertThat(small.takeUsed()).hasSize(2);
        assertThat(device.waitingReports()).isZero();
    }

    @Test
    @DisplayName("5.8: what is reported before DRIVER_OK is dropped")
    void beforeDriverOk() {
        assertThat(device.report(key(1))).isFalse();
        driver.begin();
        GuestQueue events = driver.enableQueue(0, 64).orElseThrow();
        giveBuffers(events, 4);
        assertThat(device.report(key(1))).isFalse();
        driver.driverOk();
        assertThat(events.takeUsed()).isEmpty();
        assertThat(device.waitingReports()).isZero();
    }

    @Test
    @DisplayName("5.8: an unusable buffer needs a reset before anything of the report is written")
    void unusableBuffers() {
        for (int kind = 0; kind < 3; kind++) {
            GuestQueue events = live();
            GuestChain good = giveBuffers(events, 1).getFirst();
            switch (kind) {
                case 0 -> events.chain().writable(7).offer();
                case 1 -> events.chain().readable(new byte[8]).offer();
                default -> events.chain().buffer(memory.size() - 4, 8, 2).offer();
            }
            driver.kick(events);
            device.report(key(1));

            assertThat(driver.status() & DeviceStatus.DEVICE_NEEDS_RESET)
                    .as("kind %d", kind)
                    .isNotZero();
            assertThat(events.takeUsed()).isEmpty();
            assertThat(event(good)).isEqualTo("0000000000000000");
        }
    }

    @Test
    @DisplayName("5.8: what the driver says is taken, used length 0, and its LEDs are remembered")
    void leds() {
        driver.begin();
        driver.enableQueue(0, 8);
        GuestQueue status = driver.enableQueue(1, 8).orElseThrow();
        driver.driverOk();
        status.chain().readable(HexFormat.of().parseHex("1100010001000000"), 3).offer();
        status.chain().readable(HexFormat.of().parseHex("1100020001000000")).offer();
        status.chain().readable(new byte[3]).writable(5).offer();
        driver.kick(status);
        assertThat(status.takeUsed()).extracting(UsedElement::length).containsExactly(0L, 0L, 0L);
        assertThat(device.leds()).isEqualTo(0b110);

        status.chain().readable(HexFormat.of().parseHex("1100010000000000")).offer();
        status.chain().readable(HexFormat.of().parseHex("1100ffff01000000")).offer();
        driver.kick(status);
        assertThat(device.leds()).isEqualTo(0b100);
    }

    /** A queue of buffers that are all there, which writes down how each was announced. */
    private final class ListeningQueue implements Virtqueue {
        final List<Announce> announced = new ArrayList<>();
        private int next;

        @Override
        public int index() {
            return 0;
        }

        @Override
        public int available() {
            return 64;
        }

        @Override
        public Optional<DescriptorChain> poll() {
            int index = next++;
            Descriptor buffer = new Descriptor(index, 0x8000 + 8L * index, 8, Descriptor.WRITE);
            return Optional.of(new DescriptorChain(memory, index, List.of(buffer)));
        }

        @Override
        public Notification complete(DescriptorChain chain, long written, Announce announce) {
            announced.add(announce);
            return Notification.HELD;
        }
    }

    @Test
    @DisplayName("5.8: only the last event of a report is announced")
    void announcement() {
        ListeningQueue queue = new ListeningQueue();
        device.start(new DeviceContext() {
            @Override
            public long features() {
                return 0;
            }

            @Override
            public Virtqueue queue(int number) {
                return queue;
            }

            @Override
            public void configChanged() {
                throw new AssertionError();
            }

            @Override
            public void needsReset() {
                throw new AssertionError();
            }
        });
        device.report(Collections.nCopies(2, key(1).getFirst()));

        assertThat(queue.announced)
                .containsExactly(Virtqueue.Announce.LATER, Virtqueue.Announce.LATER, Virtqueue.Announce.NOW);
    }

    @Test
    @DisplayName("5.8: a reset empties the FIFO and forgets the selection")
    void reset() {
        List<String> powerOn = StateBytes.of(device);
        live();
        device.report(key(1));
        answer(1, 0);
        assertThat(StateBytes.of(device)).isNotEqualTo(powerOn);

        driver.reset();
        assertThat(StateBytes.of(device)).isEqualTo(powerOn);
        assertThat(device.report(key(0))).isFalse();
    }
}
