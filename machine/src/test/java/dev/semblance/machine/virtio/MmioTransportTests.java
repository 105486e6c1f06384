package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.state.StateBytes;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2: registers (4.2.2), status (2.1), features (2.2), reset (2.4) and start (3.1.1). */
class MmioTransportTests {

    private static final int ALL_BUT_NEEDS_RESET = 0xbf;

    private final TransportFixture machine = new TransportFixture();
    private final EchoDevice device = machine.device;
    private final GuestDriver driver = machine.driver;

    @Nested
    class Registers {

        @Test
        @DisplayName("4.2.2: magic, version, device and vendor identify the device")
        void identification() {
            assertThat(driver.read(MmioRegisters.MAGIC_VALUE)).isEqualTo(0x74726976);
            assertThat(driver.read(MmioRegisters.VERSION)).isEqualTo(2);
            assertThat(driver.read(MmioRegisters.DEVICE_ID)).isEqualTo(42);
            assertThat(driver.read(MmioRegisters.VENDOR_ID)).isEqualTo(0x12345678);
        }

        @Test
        @DisplayName("4.2.2: words 0 and 1 of the features are offered, all others are 0")
        void deviceFeatureWords() {
            assertThat(driver.offeredFeatures()).isEqualTo(device.offered);
            for (int word : new int[] {2, 3, 64, -1}) {
                driver.write(MmioRegisters.DEVICE_FEATURES_SEL, word);
                assertThat(driver.read(MmioRegisters.DEVICE_FEATURES)).isZero();
            }
        }

        @Test
        @DisplayName("4.2.2: both words of the driver's features count")
        void driverFeatureWords() {
            driver.reset();
            assertThat(driver.negotiate(VirtioFeatures.VERSION_1 | EchoDevice.FEATURE))
                    .isTrue();
            assertThat(device.notices).contains("accepted 100000020");
        }

        @Test
        @DisplayName("4.2.2: any queue may be selected; one that does not exist reads 0 and ignores writes")
        void unknownQueues() {
            for (int queue : new int[] {2, 1024, -1, Integer.MIN_VALUE}) {
                driver.write(MmioRegisters.QUEUE_SEL, queue);
                assertThat(driver.read(MmioRegisters.QUEUE_NUM_MAX)).isZero();
                driver.write(MmioRegisters.QUEUE_NUM, 100_000);
                driver.write(MmioRegisters.QUEUE_READY, 1);
                assertThat(driver.read(MmioRegisters.QUEUE_READY)).isZero();
            }
            assertThat(machine.needsReset()).isFalse();
        }

        @Test
        @DisplayName("4.2.2: QueueNumMax is the device's")
        void queueNumMax() {
            driver.write(MmioRegisters.QUEUE_SEL, 0);
            assertThat(driver.read(MmioRegisters.QUEUE_NUM_MAX)).isEqualTo(1024);
            driver.write(MmioRegisters.QUEUE_SEL, 1);
            assertThat(driver.read(MmioRegisters.QUEUE_NUM_MAX)).isEqualTo(64);
        }

        @Test
        @DisplayName("4.2.2: a size of 0 or beyond the maximum is ignored and needs a reset")
        void queueSizes() {
            for (int size : new int[] {0, 65, -1}) {
                driver.begin();
                driver.write(MmioRegisters.QUEUE_SEL, 1);
                driver.write(MmioRegisters.QUEUE_NUM, size);
                assertThat(machine.needsReset()).as("size %d", size).isTrue();
            }
        }

        @Test
        @DisplayName("4.2.2: a size that is no power of two works, with the index taken modulo the size")
        void oddQueueSize() {
            GuestQueue queue = machine.live(3);
            for (int i = 0; i < 10; i++) {
                queue.chain().readable(new byte[] {(byte) i}).writable(1).offer();
                driver.kick(queue);
                assertThat(queue.takeUsed()).hasSize(1);
            }
            assertThat(machine.needsReset()).isFalse();
        }

        @Test
        @DisplayName("4.2.2: there is no shared memory region")
        void sharedMemory() {
            driver.write(0x0ac, 0);
            for (int register : new int[] {0x0b0, 0x0b4, 0x0b8, 0x0bc}) {
                assertThat(driver.read(register)).isEqualTo(-1);
            }
        }

        @Test
        @DisplayName("4.2.2: QueueReset is not there")
        void queueReset() {
            GuestQueue queue = machine.live(8);
            driver.write(MmioRegisters.QUEUE_SEL, queue.index());
            driver.write(0x0c0, 1);
            assertThat(driver.read(0x0c0)).isZero();
            assertThat(driver.read(MmioRegisters.QUEUE_READY)).isEqualTo(1);
        }

        @Test
        @DisplayName("2.3: ConfigGeneration changes with the configuration, and a notification is sent")
        void configGeneration() {
            machine.live(8);
            int before = driver.read(MmioRegisters.CONFIG_GENERATION);
            device.context().configChanged();

            assertThat(driver.read(MmioRegisters.CONFIG_GENERATION)).isNotEqualTo(before);
            assertThat(driver.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(MmioRegisters.CONFIG_CHANGE);
            assertThat(machine.interrupt.isHigh()).isTrue();
        }

        @Test
        @DisplayName("2.5: the configuration is accessed by 1, 2 or 4 aligned bytes; beyond its end it reads 0")
        void configuration() {
            assertThat(driver.readConfig(0, 4)).isEqualTo(0x04030201);
            assertThat(driver.readConfig(6, 2)).isEqualTo(0x0807);
            assertThat(driver.readConfig(7, 1)).isEqualTo(8);
            assertThat(driver.readConfig(8, 4)).isZero();
            assertThat(driver.readConfig(0xfc, 4)).isZero();
            driver.writeConfig(4, 1, 0x99);
            driver.writeConfig(8, 4, -1);

            assertThat(device.notices).containsExactly("config 4/1=99");
            assertThat(driver.readConfig(4, 4)).isEqualTo(0x08070699);
        }

        @Test
        @DisplayName("4.2.2: only aligned 32-bit accesses reach a control register; the rest is counted and ignored")
        void narrowAccesses() {
            machine.live(8);
            List<String> before = StateBytes.of(machine.transport);
            long ignored = machine.transport.ignoredAccesses();
            for (int offset = 0; offset < 0x100; offset++) {
                assertThat(machine.transport.load(offset, 1)).isZero();
                machine.transport.store(offset, 2, -1);
            }
            machine.transport.store(MmioRegisters.DEVICE_ID, 4, 1);
            assertThat(driver.read(MmioRegisters.QUEUE_DESC_LOW))
                    .as("write-only")
                    .isZero();

            assertThat(StateBytes.of(machine.transport)).isEqualTo(before);
            assertThat(machine.transport.ignoredAccesses()).isEqualTo(ignored + 514);
        }

        @Test
        @DisplayName("4.2.2: what lies beyond the registers reads 0")
        void restOfTheSlot() {
            assertThat(machine.transport.load(0x200, 4)).isZero();
            assertThat(machine.transport.load(0xffffc, 4)).isZero();
            machine.transport.store(0xffffc, 4, -1);
            assertThat(device.notices).isEmpty();
        }
    }

    @Nested
    class Queues {

        @Test
        @DisplayName("4.2.2: a queue that is not ready is not touched, and its notification is ignored")
        void notReady() {
            GuestQueue queue = machine.live(8);
            driver.disableQueue(0);
            queue.chain().readable(new byte[1]).publish();
            driver.notifyQueue(0);

            assertThat(device.notices).containsExactly("disabled 0");
            assertThat(queue.takeUsed()).isEmpty();
            assertThat(machine.needsReset()).isFalse();
            assertThat(device.context().queue(0).available()).isZero();
            assertThat(device.context().queue(0).poll()).isEmpty();
        }

        @Test
        @DisplayName("4.2.2: ring registers written while the queue is ready change nothing and need a reset")
        void ringRegistersOfALiveQueue() {
            for (int register : new int[] {0x038, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4}) {
                machine.live(8);
                driver.write(MmioRegisters.QUEUE_SEL, 0);
                driver.write(register, 4);
                assertThat(machine.needsReset()).as("register 0x%x", register).isTrue();
                assertThat(device.notices).containsExactly("reset needed");
            }
        }

        @Test
        @DisplayName("2.7: rings that are misaligned or not wholly in memory are refused and need a reset")
        void ringsThatDoNotFit() {
            long end = TransportFixture.RAM_SIZE;
            QueueLayout fine = new QueueLayout(8, 0x1000, 0x2000, 0x3000);
            List<QueueLayout> bad = List.of(
                    new QueueLayout(8, 0x1008, 0x2000, 0x3000),
                    new QueueLayout(8, 0x1000, 0x2001, 0x3000),
                    new QueueLayout(8, 0x1000, 0x2000, 0x3002),
                    new QueueLayout(8, end - 112, 0x2000, 0x3000),
                    new QueueLayout(8, 0x1000, end - 18, 0x3000),
                    new QueueLayout(8, 0x1000, 0x2000, end - 64),
                    new QueueLayout(8, -128, 0x2000, 0x3000),
                    new QueueLayout(8, 0x1000, 1L << 32, 0x3000),
                    new QueueLayout(8, 0x1000, 0x2000, Long.MIN_VALUE));
            for (QueueLayout layout : bad) {
                driver.begin();
                device.notices.clear();
                assertThat(driver.enableQueue(0, layout)).as("%s", layout).isEmpty();
                assertThat(machine.needsReset()).as("%s", layout).isTrue();
                assertThat(device.notices).containsExactly("reset needed");
            }
            driver.begin();
            assertThat(driver.enableQueue(0, fine)).isPresent();
            assertThat(driver.enableQueue(1, new QueueLayout(8, end - 128, end - 148, end - 216)))
                    .isPresent();
            assertThat(machine.needsReset()).isFalse();
        }

        @Test
        @DisplayName("2.7: a queue whose size was never set is refused")
        void noSize() {
            driver.begin();
            driver.write(MmioRegisters.QUEUE_SEL, 0);
            driver.write(MmioRegisters.QUEUE_READY, 1);
            assertThat(driver.read(MmioRegisters.QUEUE_READY)).isZero();
            assertThat(machine.needsReset()).isTrue();
        }

        @Test
        @DisplayName("4.2.2: ring positions start at 0 after a reset and outlive QueueReady")
        void ringPositions() {
            GuestQueue queue = machine.live(4);
            for (int i = 0; i < 3; i++) {
                queue.chain().readable(new byte[1]).offer();
            }
            driver.kick(queue);
            driver.disableQueue(0);
            GuestQueue again = driver.enableQueue(0, 4).orElseThrow();
            again.chain().readable(new byte[1]).offer();
            driver.kick(again);
            assertThat(again.availableIndex()).isEqualTo(4);
            assertThat(machine.memory.getShort(again.layout().usedRing() + 2)).isEqualTo((short) 4);

            GuestQueue fresh = machine.live(4);
            fresh.chain().readable(new byte[1]).offer();
            driver.kick(fresh);
            assertThat(machine.memory.getShort(fresh.layout().usedRing() + 2)).isEqualTo((short) 1);
        }

        @Test
        @DisplayName("4.2.2: notifications of unknown queues are ignored")
        void unknownQueueNotified() {
            machine.live(4);
            for (int queue : new int[] {1, 2, -1, 1 << 16}) {
                driver.notifyQueue(queue);
            }
            assertThat(device.notices).isEmpty();
            assertThat(machine.needsReset()).isFalse();
        }

        @Test
        @DisplayName("4.2.2: the line is high while an unacknowledged cause is left")
        void acknowledgement() {
            GuestQueue queue = machine.live(4);
            queue.chain().readable(new byte[1]).publish();
            driver.notifyQueue(0);
            device.context().configChanged();
            assertThat(driver.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(3);

            driver.write(MmioRegisters.INTERRUPT_ACK, MmioRegisters.USED_BUFFER);
            assertThat(driver.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(MmioRegisters.CONFIG_CHANGE);
            assertThat(machine.interrupt.isHigh()).isTrue();

            driver.write(MmioRegisters.INTERRUPT_ACK, -1);
            assertThat(driver.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
            assertThat(machine.interrupt.isHigh()).isFalse();
        }
    }

    @Nested
    class Life {

        @Test
        @DisplayName("2.1: a status bit once set stays until the reset; 8 bits count; NEEDS_RESET is the device's")
        void statusBits() {
            driver.write(MmioRegisters.STATUS, 0xf00 | DeviceStatus.ACKNOWLEDGE);
            assertThat(driver.status()).isEqualTo(DeviceStatus.ACKNOWLEDGE);
            driver.write(MmioRegisters.STATUS, DeviceStatus.DRIVER | DeviceStatus.DEVICE_NEEDS_RESET);
            assertThat(driver.status()).isEqualTo(3);
        }

        @Test
        @DisplayName("2.2: FEATURES_OK does not stick with a feature that was not offered, or without VERSION_1")
        void refusedFeatures() {
            driver.reset();
            assertThat(driver.negotiate(VirtioFeatures.VERSION_1 | 1)).isFalse();
            driver.reset();
            assertThat(driver.negotiate(EchoDevice.FEATURE)).isFalse();
            driver.reset();
            driver.write(MmioRegisters.DRIVER_FEATURES_SEL, 2);
            driver.write(MmioRegisters.DRIVER_FEATURES, 1);
            assertThat(driver.negotiate(VirtioFeatures.VERSION_1)).isFalse();

            assertThat(device.notices)
                    .containsExactly("reset", "refused 100000001", "reset", "refused 20", "reset", "refused 100000000");
            driver.acceptFeatures(VirtioFeatures.VERSION_1);
            driver.reset();
            assertThat(driver.negotiate(VirtioFeatures.VERSION_1)).isTrue();
        }

        @Test
        @DisplayName("2.2: a driver may try again after a refusal")
        void secondAttempt() {
            driver.reset();
            driver.negotiate(EchoDevice.FEATURE);
            driver.acceptFeatures(VirtioFeatures.VERSION_1);
            driver.addStatus(DeviceStatus.FEATURES_OK);
            assertThat(driver.status() & DeviceStatus.FEATURES_OK).isNotZero();
        }

        @Test
        @DisplayName("2.2: features are frozen after FEATURES_OK")
        void frozenFeatures() {
            driver.begin();
            driver.acceptFeatures(0);
            driver.driverOk();
            assertThat(device.context().features()).isEqualTo(device.offered);
        }

        @Test
        @DisplayName("2.2: a device must offer VERSION_1, and nothing that the transport lacks")
        void impossibleOffers() {
            device.offered = 0;
            assertThatThrownBy(() -> new MmioTransport(device, machine.memory, machine.interrupt))
                    .isInstanceOf(IllegalArgumentException.class);
            device.offered = VirtioFeatures.VERSION_1 | VirtioFeatures.INDIRECT_DESC;
            assertThatThrownBy(() -> new MmioTransport(device, machine.memory, machine.interrupt))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        @DisplayName("3.1.1: buffers wait for DRIVER_OK, which looks at every ready queue")
        void beforeDriverOk() {
            driver.begin();
            GuestQueue queue = driver.enableQueue(0, 8).orElseThrow();
            queue.chain().readable(new byte[] {7}).writable(1).publish();
            driver.notifyQueue(0);
            assertThat(queue.takeUsed()).isEmpty();
            assertThat(machine.interrupt.isHigh()).isFalse();

            driver.driverOk();
            assertThat(queue.takeUsed()).containsExactly(new UsedElement(0, 1));
            assertThat(device.notices).endsWith("enabled 0 size 8", "start", "notified 0", "answered SENT");

            device.notices.clear();
            driver.driverOk();
            assertThat(device.notices).as("set already").isEmpty();
        }

        @Test
        @DisplayName("2.4: a reset takes everything back, and nothing from before it interrupts any more")
        void reset() {
            List<String> powerOn = StateBytes.of(machine.transport);
            GuestQueue queue = machine.live(8);
            device.holding = true;
            queue.chain().readable(new byte[1]).writable(4).publish();
            driver.notifyQueue(0);
            DeviceContext dead = device.context();
            Virtqueue deadQueue = dead.queue(0);

            driver.write(MmioRegisters.QUEUE_SEL, 1);
            driver.reset();
            assertThat(StateBytes.of(machine.transport)).isEqualTo(powerOn);

            GuestQueue fresh = machine.live(8);
            List<String> live = StateBytes.of(machine.transport);
            assertThat(deadQueue.complete(device.held.getFirst(), 0, Virtqueue.Announce.NOW))
                    .isEqualTo(Virtqueue.Notification.HELD);
            dead.configChanged();
            dead.needsReset();
            assertThat(deadQueue.poll()).isEmpty();

            assertThat(StateBytes.of(machine.transport)).isEqualTo(live);
            assertThat(machine.interrupt.isHigh()).isFalse();
            assertThat(fresh.takeUsed()).isEmpty();
        }

        @Test
        @DisplayName("2.4: a reset lowers the interrupt")
        void resetLowersTheInterrupt() {
            machine.live(8);
            device.context().configChanged();
            driver.reset();
            assertThat(machine.interrupt.isHigh()).isFalse();
            assertThat(driver.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
            assertThat(driver.status()).isZero();
        }

        @Test
        @DisplayName("2.1.2: NEEDS_RESET is announced once, and only to a driver that is up")
        void needsReset() {
            GuestQueue queue = machine.live(8);
            device.context().needsReset();
            device.context().needsReset();
            assertThat(driver.takeInterrupts()).isEqualTo(MmioRegisters.CONFIG_CHANGE);
            assertThat(device.notices).containsExactly("reset needed");

            queue.chain().readable(new byte[1]).publish();
            driver.notifyQueue(0);
            assertThat(queue.takeUsed()).as("no queue is served any more").isEmpty();
            assertThat(device.notices).containsExactly("reset needed");

            driver.begin();
            driver.write(MmioRegisters.QUEUE_SEL, 0);
            driver.write(MmioRegisters.QUEUE_NUM, 0);
            assertThat(machine.needsReset()).isTrue();
            assertThat(machine.interrupt.isHigh()).isFalse();
        }

        @Test
        @DisplayName("2.1: FAILED has no effect")
        void failed() {
            GuestQueue queue = machine.live(8);
            driver.addStatus(DeviceStatus.FAILED);
            queue.chain().readable(new byte[1]).publish();
            driver.notifyQueue(0);
            assertThat(queue.takeUsed()).hasSize(1);
            assertThat(driver.status()).isEqualTo(0x8f);
        }

        @Test
        @DisplayName("3.1.1: the configuration can be read before FEATURES_OK")
        void configurationBeforeFeatures() {
            driver.reset();
            assertThat(driver.readConfig(0, 1)).isEqualTo(1);
        }

        @Test
        @DisplayName("2.1: the order of the status bits is not enforced")
        void anyOrder() {
            driver.write(MmioRegisters.STATUS, DeviceStatus.DRIVER_OK);
            assertThat(device.context().features()).isZero();
            assertThat(driver.status() & ALL_BUT_NEEDS_RESET).isEqualTo(DeviceStatus.DRIVER_OK);
        }
    }

    @Test
    void anAbsentSlotAnswersAsATransportWithoutADevice() {
        AbsentVirtioSlot slot = new AbsentVirtioSlot();
        slot.store(MmioRegisters.STATUS, 4, 1);

        assertThat(slot.load(MmioRegisters.MAGIC_VALUE, 4)).isEqualTo(MmioRegisters.MAGIC);
        assertThat(slot.load(MmioRegisters.VERSION, 4)).isEqualTo(2);
        assertThat(slot.load(MmioRegisters.DEVICE_ID, 4)).isZero();
        assertThat(slot.load(MmioRegisters.STATUS, 4)).isZero();
        assertThat(slot.load(MmioRegisters.MAGIC_VALUE, 1)).isZero();
    }
}
