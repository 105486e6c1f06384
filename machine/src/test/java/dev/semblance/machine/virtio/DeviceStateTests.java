package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.bus.Wire;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.blk.CopyOnWriteDisk;
import dev.semblance.machine.virtio.blk.DiskImage;
import dev.semblance.machine.virtio.blk.VirtioBlk;
import dev.semblance.machine.virtio.driver.GuestArena;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.input.InputEvent;
import dev.semblance.machine.virtio.input.InputProfile;
import dev.semblance.machine.virtio.input.VirtioInput;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": the laws of saved states for virtio devices, with what is under way in their queues. */
class DeviceStateTests {

    /** Enough of the driver's memory for some requests; the rest of RAM is zeros. */
    private static final int RAM = 1 << 20;

    /** A disk of 1000 cycles, a keyboard and an entropy source on one timeline and one RAM. */
    private static final class Parts implements Stateful {
        final Ram memory = new Ram(RAM);
        final CycleTimeline timeline = new CycleTimeline();
        final CopyOnWriteDisk overlay = new CopyOnWriteDisk(DiskImage.of(new byte[100 * 512]));
        final VirtioBlk disk = new VirtioBlk(overlay, timeline, new VirtioBlk.Options("id", false, 1000));
        final VirtioInput keyboard = new VirtioInput(InputProfile.keyboard());
        final VirtioRng entropy = new VirtioRng(3);
        final MmioTransport diskTransport = transport(disk);
        final MmioTransport keyboardTransport = transport(keyboard);
        final MmioTransport entropyTransport = transport(entropy);

        private MmioTransport transport(VirtioDevice device) {
            return new MmioTransport(device, memory, new Wire(), VirtioFeatures.OF_QUEUES);
        }

        @Override
        public void state(StateExchange s) {
            timeline.state(s);
            diskTransport.state(s);
            keyboardTransport.state(s);
            entropyTransport.state(s);
            disk.state(s);
            keyboard.state(s);
            entropy.state(s);
            memory.state(s);
        }

        void advance(long cycles) {
            timeline.setNow(timeline.now() + cycles);
            timeline.runDue();
        }
    }

    private static byte[] request(int type, long sector, int data) {
        return ByteBuffer.allocate(16 + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(0)
                .putLong(sector)
                .put(filled(data))
                .array();
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x5a);
        return bytes;
    }

    /** Has requests of the disk in flight, a report that waits for buffers, and LEDs on. */
    private static Parts busy() {
        Parts parts = new Parts();
        parts.timeline.setNow(10);
        GuestArena arena = new GuestArena(0x1000, RAM);
        GuestDriver disk = new GuestDriver(parts.diskTransport, parts.memory, arena);
        disk.begin();
        GuestQueue requests = disk.enableQueue(0, 16).orElseThrow();
        disk.driverOk();
        requests.chain().readable(request(1, 8, 512)).writable(1).offer();
        disk.kick(requests);
        parts.advance(1000);
        requests.chain().readable(request(1, 3, 1024), 7, 300).writable(1).offer();
        requests.chain().readable(request(0, 3, 0)).writable(513, 100).offer();
        disk.kick(requests);
        parts.advance(400);
        requests.chain().readable(request(8, 0, 0)).writable(21).offer();
        disk.kick(requests);
        requests.chain().readable(request(4, 0, 0)).writable(1).offer();

        GuestDriver keyboard = new GuestDriver(parts.keyboardTransport, parts.memory, arena);
        keyboard.begin();
        GuestQueue events = keyboard.enableQueue(0, 64).orElseThrow();
        keyboard.enableQueue(1, 64);
        keyboard.driverOk();
        events.chain().writable(8).offer();
        keyboard.kick(events);
        keyboard.writeConfig(0, 1, 0x11);
        keyboard.writeConfig(1, 1, 1);
        parts.keyboard.report(List.of(new InputEvent(InputEvent.EV_KEY, 30, 1), new InputEvent(4, 4, -7)));
        parts.keyboard.report(List.of(new InputEvent(InputEvent.EV_KEY, 30, 0)));

        GuestDriver entropy = new GuestDriver(parts.entropyTransport, parts.memory, arena);
        entropy.begin();
        GuestQueue bytes = entropy.enableQueue(0, 4).orElseThrow();
        entropy.driverOk();
        bytes.chain().writable(40).offer();
        entropy.kick(bytes);
        return parts;
    }

    /** Ends of recordings have digests: what goes into one, in which order and width, is never to change. */
    @Test
    void theDigestIsWhatItWasBeforeStatesCouldBeSaved() {
        assertThat(HexFormat.of().formatHex(StateDigest.sha256(busy())))
                .isEqualTo("7b332cd86cd7cc9c0fd36ee48c036bed53046e1fa12a913b4467913d9899fd2b");
    }

    @Test
    void requestsInFlightAreServedAtTheirCycleAfterLoading() throws BadStateException {
        Parts parts = busy();
        SavedState state = SavedState.of(parts);
        Parts other = new Parts();
        state.loadInto(other);
        assertThat(SavedState.of(other)).as("law 1").isEqualTo(state);
        assertThat(StateDigest.sha256(other)).isEqualTo(StateDigest.sha256(parts));
        List<Long> deadlines = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            parts.advance(100);
            other.advance(100);
            deadlines.add(parts.timeline.nextDeadline());
            assertThat(SavedState.of(other)).as("law 2, after %d", 100 * i).isEqualTo(SavedState.of(parts));
        }
        assertThat(deadlines).contains(2010L, 2410L, CycleTimeline.NEVER);
        assertThat(parts.overlay.blocksWritten()).isEqualTo(2);
    }

    @Test
    void aDeviceGoesOnWithItsDriver() throws BadStateException {
        Parts parts = busy();
        Parts other = new Parts();
        SavedState.of(parts).loadInto(other);
        for (Parts each : List.of(parts, other)) {
            each.keyboard.report(List.of(new InputEvent(InputEvent.EV_KEY, 31, 1)));
            // The driver's notifications: queue 0 of the disk has one more request.
            each.diskTransport.store(MmioRegisters.QUEUE_NOTIFY, 4, 0);
            each.advance(5000);
            assertThat(each.keyboard.waitingReports()).isEqualTo(3);
        }
        assertThat(SavedState.of(other)).isEqualTo(SavedState.of(parts));
        // A reset ends what was loaded too.
        for (Parts each : List.of(parts, other)) {
            each.keyboardTransport.store(MmioRegisters.STATUS, 4, 0);
            each.diskTransport.store(MmioRegisters.STATUS, 4, 0);
        }
        assertThat(SavedState.of(other)).isEqualTo(SavedState.of(parts));
    }

    @Test
    void aResetForgetsTheRequestsThatWereLoaded() throws BadStateException {
        Parts other = new Parts();
        SavedState.of(busy()).loadInto(other);
        assertThat(other.timeline.nextDeadline()).isEqualTo(2010);
        other.diskTransport.store(MmioRegisters.STATUS, 4, 0);
        assertThat(other.timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
    }

    @Test
    void partsThatAreBusyTakeAnotherState() throws BadStateException {
        SavedState fresh = SavedState.of(new Parts());
        Parts parts = busy();
        SavedState middle = SavedState.of(parts);
        parts.advance(700);
        SavedState later = SavedState.of(parts);
        for (SavedState state : List.of(middle, later, fresh, later, middle)) {
            state.loadInto(parts);
            assertThat(SavedState.of(parts)).as("law 1").isEqualTo(state);
        }
        parts.advance(700);
        assertThat(SavedState.of(parts))
                .as("law 2: nothing of before is served")
                .isEqualTo(later);
        fresh.loadInto(parts);
        assertThat(parts.timeline.nextDeadline()).isEqualTo(CycleTimeline.NEVER);
        assertThat(parts.keyboard.report(List.of(new InputEvent(InputEvent.EV_KEY, 31, 1))))
                .as("there is no driver")
                .isFalse();
    }

    @Test
    void blocksOfTheDiskAreSharedUntilTheyAreWrittenTo() throws BadStateException {
        Parts parts = busy();
        SavedState state = SavedState.of(parts);
        byte[] before = ChangedStates.bytes(state);
        parts.advance(2000);
        Parts other = new Parts();
        state.loadInto(other);
        other.overlay.write(8, new byte[512], 0, 1);
        assertThat(ChangedStates.bytes(state)).isEqualTo(before);
        byte[] sector = new byte[512];
        parts.overlay.read(8, sector, 0, 1);
        assertThat(sector).isEqualTo(filled(512));
    }

    @Test
    void everyFieldIsLoadedOrRefused() throws BadStateException {
        SavedState state = SavedState.of(busy());
        ChangedStates.Outcome outcome = ChangedStates.changeEveryByte(state, Parts::new);
        assertThat(outcome.reproduced()).isGreaterThan(100);
        assertThat(outcome.refused()).isGreaterThan(100);
    }

    @Test
    void aChangedStateNeverMakesADeviceThrow() throws BadStateException {
        byte[] bytes = ChangedStates.bytes(SavedState.of(busy()));
        int served = 0;
        for (int at = 0; at < ChangedStates.fieldBytes(bytes); at++) {
            Parts parts = new Parts();
            try {
                ChangedStates.flipped(bytes, at, (at + 3) % 8).loadInto(parts);
            } catch (BadStateException e) {
                continue;
            }
            served++;
            parts.advance(5000);
            parts.diskTransport.store(MmioRegisters.QUEUE_NOTIFY, 4, 0);
            parts.keyboardTransport.store(MmioRegisters.QUEUE_NOTIFY, 4, 0);
            parts.advance(5000);
        }
        assertThat(served).isPositive();
    }

    @Test
    void aDeviceThatCannotBeSavedCannotGoOn() {
        TransportFixture fixture = new TransportFixture();
        fixture.live(8);
        SavedState state = SavedState.of(fixture.transport);
        TransportFixture other = new TransportFixture();
        assertThatThrownBy(() -> state.loadInto(other.transport)).isInstanceOf(UnsupportedOperationException.class);
    }
}
