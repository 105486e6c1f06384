package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** docs/SCRIPT.md: how commands lie on the rings, and what is refused before the device learns of it. */
class DeviceRigTests {

    private static final byte[] INFO = CommandCodec.encode(new GpuCommand.GetDisplayInfo(Header.NONE));
    private static final RigSettings SMALL =
            new RigSettings(16L << 20, DisplayConfig.of(Display.of(64, 48), Display.of(32, 24)));

    private final List<Stamped> events = new ArrayList<>();
    private final DeviceRig rig = DeviceRig.recorded(
            SMALL,
            BuiltinDevice.ours(),
            new NoFrames(),
            (cycle, event) -> events.add(new Stamped(events.size(), cycle, event)));

    private static Command command(
            byte[] request, List<Integer> split, int room, List<Integer> roomSplit, int... fill) {
        byte[] bytes = new byte[fill.length];
        for (int i = 0; i < fill.length; i++) {
            bytes[i] = (byte) fill[i];
        }
        return new Command(
                Optional.empty(),
                Queue.CONTROL,
                List.of(),
                request,
                split,
                room,
                roomSplit,
                bytes,
                List.of(),
                false,
                false);
    }

    private static Command raw(RawDescriptor... chain) {
        return new Command(
                Optional.empty(),
                Queue.CONTROL,
                List.of(),
                INFO,
                List.of(),
                408,
                List.of(),
                new byte[] {0x11},
                List.of(chain),
                false,
                false);
    }

    private List<TraceEvent.Command> commands() {
        return events.stream()
                .map(Stamped::event)
                .filter(TraceEvent.Command.class::isInstance)
                .map(TraceEvent.Command.class::cast)
                .toList();
    }

    private void assertUntouched(String message, List<Command> commands) {
        int before = events.size();
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> rig.submit(commands))
                .withMessageContaining(message);
        assertThat(events).hasSize(before);
        assertThat(rig.usedIndex(Queue.CONTROL)).isZero();
        assertThat(rig.submit(List.of(Command.of(Queue.CONTROL, INFO, 408)))
                        .getFirst()
                        .used())
                .as("and the device goes on")
                .isTrue();
    }

    /** VIRTIO 1.2, 3.1.1: reset, features, queues, DRIVER_OK, in this order; then the transport looks at the queues. */
    @Test
    void aStartIsThatOfADriver() {
        rig.start();
        assertThat(events)
                .extracting(stamped -> stamped.event().getClass().getSimpleName())
                .containsExactly("Reset", "Features", "QueueEnabled", "QueueEnabled", "DriverOk", "Notify", "Notify");
        assertThat(events.get(1).event())
                .isEqualTo(new TraceEvent.Features(
                        RigSettings.GPU, VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID, true));
        assertThat(rig.status()).isEqualTo(15);
        events.clear();
        rig.start(OptionalLong.of(VirtioFeatures.VERSION_1));
        assertThat(events.get(1).event())
                .isEqualTo(new TraceEvent.Features(RigSettings.GPU, VirtioFeatures.VERSION_1, true));
        rig.reset();
        assertThat(rig.status()).isZero();
    }

    @Test
    void eachSubmissionAndResetTakesAMillionCycles() {
        rig.start();
        rig.poke(new MemoryWrite(0, new byte[1]));
        rig.submit(List.of(Command.of(Queue.CONTROL, INFO, 408), Command.of(Queue.CONTROL, INFO, 408)));
        rig.reset();
        assertThat(events.getFirst().cycle()).isEqualTo(1_000_000);
        assertThat(commands()).hasSize(2);
        assertThat(events).extracting(Stamped::cycle).containsOnly(1_000_000L, 2_000_000L, 3_000_000L);
    }

    @Test
    void aRequestIsCutAsToldAndWhatIsLeftGetsABufferOfItsOwn() {
        rig.start();
        rig.submit(List.of(command(INFO, List.of(5, 0, 7), 408, List.of(8, 400), 0xaa)));
        assertThat(commands().getFirst().descriptors())
                .extracting(Descriptor::length)
                .containsExactly(5L, 0L, 7L, 12L, 8L, 400L);
        assertThat(commands().getFirst().descriptors())
                .extracting(Descriptor::isWritable)
                .containsExactly(false, false, false, false, true, true);
        events.clear();
        // Lengths beyond the end are cut short.
        CommandAnswer answer = rig.submit(List.of(command(INFO, List.of(20, 20, 20), 408, List.of(500), 0xaa)))
                .getFirst();
        assertThat(commands().getFirst().descriptors())
                .extracting(Descriptor::length)
                .containsExactly(20L, 4L, 0L, 408L);
        assertThat(answer.used()).isTrue();
        assertThat(answer.usedLength()).isEqualTo(408);
    }

    @Test
    void aCommandWithoutBytesStillHasADescriptor() {
        rig.start();
        CommandAnswer answer = rig.submit(List.of(command(new byte[0], List.of(), 0, List.of(), 0xaa)))
                .getFirst();
        assertThat(commands().getFirst().descriptors())
                .extracting(Descriptor::length)
                .containsExactly(0L);
        assertThat(answer.used()).isTrue();
        assertThat(answer.response()).isEmpty();
    }

    @Test
    void theRoomIsFilledBeforeAndTheWholeOfItIsTheAnswer() {
        rig.start();
        CommandAnswer answer = rig.submit(List.of(command(INFO, List.of(), 411, List.of(), 1, 2, 3)))
                .getFirst();
        assertThat(answer.usedLength()).isEqualTo(408);
        assertThat(answer.response()).hasSize(411).endsWith(1, 2, 3);
        assertThat(answer.response()[1]).isEqualTo((byte) 0x11);
    }

    @Test
    void aRawChainLiesOnTheRingAsItStands() {
        rig.start();
        CommandAnswer answer = rig.submit(List.of(
                        Command.of(Queue.CONTROL, INFO, 408),
                        raw(
                                new RawDescriptor(new Place.InRequest(0), 24, Descriptor.NEXT, 1),
                                new RawDescriptor(new Place.InResponse(8), 400, Descriptor.WRITE, 0))))
                .getLast();
        assertThat(answer.used()).isTrue();
        assertThat(answer.response()).startsWith(0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x01, 0x11);
        List<Descriptor> chain = commands().getLast().descriptors();
        assertThat(chain)
                .extracting(Descriptor::index)
                .as("behind the chain before")
                .containsExactly(2, 3);
        assertThat(chain.get(1).address() - chain.get(0).address()).isEqualTo(24 + 8);
    }

    /** VIRTIO 1.2, 2.7.5: a next field outside of the table leads nowhere, wherever the chain lies. */
    @Test
    void aNextFieldThatIsNoPlaceInTheChainIsMeantAsItIs() {
        rig.start();
        CommandAnswer answer = rig.submit(
                        List.of(raw(new RawDescriptor(new Place.Address(0x1234), 4, Descriptor.NEXT, 0x8000))))
                .getFirst();
        assertThat(answer.used()).isFalse();
        assertThat(answer.status() & 64).as("DEVICE_NEEDS_RESET").isEqualTo(64);
        assertThat(events).extracting(Stamped::event).anyMatch(TraceEvent.Fault.class::isInstance);
    }

    @Test
    void aBatchNotifiesEachQueueOnceInTheOrderOfTheirFirstCommands() {
        rig.start();
        events.clear();
        Command cursor = Command.of(
                Queue.CURSOR,
                CommandCodec.encode(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, 1, 2), 0, 0, 0)),
                24);
        List<CommandAnswer> answers = rig.submit(
                List.of(cursor, Command.of(Queue.CONTROL, INFO, 408), cursor, Command.of(Queue.CONTROL, INFO, 408)));
        assertThat(answers).hasSize(4).allMatch(CommandAnswer::used);
        assertThat(answers).extracting(CommandAnswer::usedLength).containsExactly(24L, 408L, 24L, 408L);
        assertThat(events.stream()
                        .map(Stamped::event)
                        .filter(TraceEvent.Notify.class::isInstance)
                        .map(event -> ((TraceEvent.Notify) event).queue()))
                .containsExactly(1, 0);
        assertThat(rig.usedIndex(Queue.CONTROL)).isEqualTo(2);
        assertThat(rig.usedIndex(Queue.CURSOR)).isEqualTo(2);
    }

    /** VIRTIO 1.2, 2.7.7: VIRTQ_AVAIL_F_NO_INTERRUPT is the queue's, and counts for one notification here. */
    @Test
    void oneQuietCommandSilencesItsNotificationAndNoLaterOne() {
        rig.start();
        Command loud = Command.of(Queue.CONTROL, INFO, 408);
        Command quiet = new Command(
                Optional.empty(),
                Queue.CONTROL,
                List.of(),
                INFO,
                List.of(),
                408,
                List.of(),
                new byte[] {0},
                List.of(),
                false,
                true);
        rig.submit(List.of(loud, quiet));
        assertThat(commands()).extracting(TraceEvent.Command::notification).containsOnly(Notification.SUPPRESSED);
        assertThat(rig.interruptStatus()).isZero();
        events.clear();
        rig.submit(List.of(loud));
        assertThat(commands()).extracting(TraceEvent.Command::notification).containsOnly(Notification.SENT);
        assertThat(rig.interruptStatus()).isEqualTo(1);
        rig.acknowledgeInterrupts();
        assertThat(rig.interruptStatus()).isZero();
    }

    @Test
    void sixtyFourDescriptorsFitAndNoneMore() {
        rig.start();
        Command two = Command.of(Queue.CONTROL, INFO, 408);
        assertThat(rig.submit(Collections.nCopies(32, two))).hasSize(32).allMatch(CommandAnswer::used);
        rig.start();
        assertUntouched("need 65 descriptors, the queue has 64", withLast(Collections.nCopies(32, two)));
        rig.start();
        RawDescriptor[] chain = Collections.nCopies(65, new RawDescriptor(new Place.InRequest(0), 1, 0, 0))
                .toArray(RawDescriptor[]::new);
        assertUntouched("need 65 descriptors", List.of(raw(chain)));
    }

    private static List<Command> withLast(List<Command> commands) {
        List<Command> more = new ArrayList<>(commands);
        more.add(command(new byte[0], List.of(), 0, List.of(), 0));
        return more;
    }

    @Test
    void buffersBeyondTheRigsOwnAreRefused() {
        rig.start();
        Command half = Command.of(Queue.CONTROL, INFO, DeviceRig.BUFFER_BYTES / 2);
        assertUntouched("need more than the " + DeviceRig.BUFFER_BYTES + " bytes of buffers", List.of(half, half));
        assertThat(rig.submit(List.of(half)).getFirst().used()).isTrue();
    }

    @Test
    void memoryOutsideOfRamIsRefusedBeforeAnyOfItIsWritten() {
        rig.start();
        Command writes = Command.of(Queue.CONTROL, INFO, 408)
                .withMemory(List.of(
                        new MemoryWrite(0x100, new byte[] {7}), new MemoryWrite(SMALL.ramBytes() - 1, new byte[2])));
        assertUntouched("2 bytes at 0xffffff are outside RAM, which has 0x1000000 bytes from 0 on", List.of(writes));
        assertThat(rig.peek(0x100, 1)).containsExactly(0);
        for (long address : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, SMALL.ramBytes()}) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> rig.poke(new MemoryWrite(address, new byte[1])));
            assertThatExceptionOfType(ScriptException.class).isThrownBy(() -> rig.peek(address, 1));
        }
        rig.poke(new MemoryWrite(SMALL.ramBytes() - 1, new byte[] {9}));
        assertThat(rig.peek(SMALL.ramBytes() - 1, 1)).containsExactly(9);
    }

    @Test
    void thereIsNoQueueBeforeTheFirstStart() {
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> rig.submit(List.of(Command.of(Queue.CONTROL, INFO, 408))))
                .withMessage("there is no queue before the device is negotiated");
        assertThat(rig.usedIndex(Queue.CONTROL)).isZero();
    }

    @Test
    void theRecordingEndsWithASnapshotOfEachScanoutInItsSize() {
        rig.start();
        events.clear();
        rig.end(TraceEvent.End.Reason.INTERRUPTED);
        assertThat(events.stream().limit(2).map(stamped -> (TraceEvent.Snapshot) stamped.event()))
                .extracting(shot -> shot.label() + " " + shot.scanout() + " " + shot.width() + "x" + shot.height())
                .containsExactly("end 0 64x48", "end@1 1 32x24");
        assertThat(events.getLast().event())
                .isEqualTo(new TraceEvent.End(TraceEvent.End.Reason.INTERRUPTED, 0, new byte[0]));
        assertThat(rig.heads()).isEqualTo(2);
        assertThat(rig.isDark(1)).isTrue();
        assertThat(rig.primary(1).width()).isEqualTo(32);
    }

    @Test
    void aRigsRamIsWholePagesWithRoomForItsRings() {
        DisplayConfig displays = DisplayConfig.of(Display.of(64, 48));
        for (long bytes : new long[] {DeviceRig.RESERVED_BYTES, Ram.MAX_SIZE, DeviceRig.RESERVED_BYTES + 4096}) {
            assertThat(new RigSettings(bytes, displays).manifest("v").ramBytes())
                    .isEqualTo(bytes);
        }
        for (long bytes : new long[] {
            0, -4096, DeviceRig.RESERVED_BYTES - 4096, DeviceRig.RESERVED_BYTES + 1, Ram.MAX_SIZE + 4096, Long.MAX_VALUE
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new RigSettings(bytes, displays));
        }
        assertThat(SMALL.manifest("v").toolVersion()).isEqualTo("v");
        assertThat(SMALL.manifest("v").displayModes())
                .extracting(mode -> mode.width() + "x" + mode.height())
                .containsExactly("64x48", "32x24");
    }
}
