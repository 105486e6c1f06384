package dev.semblance.harness.edit.lint;

import static dev.semblance.harness.edit.lint.LintScript.picture;
import static dev.semblance.harness.edit.lint.LintScript.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/LINT.md: each rule finds what it is for, and not what is nearly that. Sections of VIRTIO 1.2 are in the rules. */
class LintRuleTests {

    private static final Header FENCE_5 = Header.fenced(5);

    /** The rule, a driver that does what it is against, and one that nearly does. */
    static Stream<Arguments> scripts() {
        return Stream.of(
                Arguments.of(
                        LintRule.FEATURES_REFUSED,
                        script().line(accepting(VirtioGpuDevice.FEATURE_EDID)),
                        script().line(accepting(VirtioFeatures.VERSION_1))),
                Arguments.of(
                        LintRule.RESOURCE_LEAKED,
                        script().create(1, 4, 4).reset(),
                        script().create(1, 4, 4).unref(1).reset()),
                Arguments.of(
                        LintRule.DISPLAY_EVENT_IGNORED,
                        script().control(new GpuCommand.GetDisplayInfo(Header.NONE))
                                .line(new ScriptLine.DisplayChange(Optional.empty(), 0, TraceManifest.DisplayMode.OFF)),
                        script().line(new ScriptLine.DisplayChange(Optional.empty(), 0, TraceManifest.DisplayMode.OFF))
                                .control(new GpuCommand.GetDisplayInfo(Header.NONE))),
                Arguments.of(LintRule.RING_MALFORMED, script().line(looped(3)), script().line(looped(2))),
                Arguments.of(
                        LintRule.RESPONSE_ROOM,
                        script().line(Command.of(
                                Queue.CONTROL, bytes(new GpuCommand.GetDisplayInfo(Header.NONE)), 407)),
                        script().line(Command.of(Queue.CONTROL, bytes(new GpuCommand.GetDisplayInfo(Header.NONE)), 408))
                                .line(Command.of(Queue.CURSOR, hidden(), 0))),
                Arguments.of(
                        LintRule.WRONG_QUEUE,
                        script().command(Queue.CURSOR, new GpuCommand.GetDisplayInfo(Header.NONE)),
                        script().line(Command.of(Queue.CURSOR, hidden(), 24))),
                Arguments.of(
                        LintRule.FEATURE_NOT_NEGOTIATED,
                        script().line(accepting(VirtioFeatures.VERSION_1))
                                .control(new GpuCommand.GetEdid(Header.NONE, 0)),
                        script().line(accepting(VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID))
                                .control(new GpuCommand.GetEdid(Header.NONE, 0))),
                Arguments.of(
                        LintRule.HEADER_FLAGS,
                        script().control(new GpuCommand.GetDisplayInfo(new Header(Header.INFO_RING_IDX, 0, 0, 1))),
                        script().control(new GpuCommand.GetDisplayInfo(FENCE_5))),
                Arguments.of(
                        LintRule.COMMAND_REFUSED,
                        script().create(1, 4, 4).create(1, 4, 4),
                        script().create(1, 4, 4).create(2, 4, 4)),
                Arguments.of(
                        LintRule.ERROR_IGNORED,
                        script().create(1, 0, 4).attach(1, new MemoryEntry(4096, 4096)),
                        script().create(1, 0, 4).create(1, 4, 4).attach(1, new MemoryEntry(4096, 4096))),
                Arguments.of(
                        LintRule.FENCE_REUSED,
                        script().with(FENCE_5).create(1, 4, 4).create(2, 4, 4).batch(2),
                        script().with(FENCE_5).create(1, 4, 4).create(2, 4, 4)),
                Arguments.of(
                        LintRule.FENCE_BACKWARDS,
                        script().with(Header.fenced(-1))
                                .create(1, 4, 4)
                                .with(FENCE_5)
                                .create(2, 4, 4),
                        script().with(FENCE_5)
                                .create(1, 4, 4)
                                .with(Header.fenced(-1))
                                .create(2, 4, 4)),
                Arguments.of(
                        LintRule.FENCE_BACKWARDS,
                        script().with(Header.fenced(10))
                                .create(1, 4, 4)
                                .with(Header.fenced(12))
                                .create(2, 4, 4)
                                .with(Header.fenced(11))
                                .create(3, 4, 4),
                        script().with(Header.fenced(10)).create(1, 4, 4).create(2, 4, 4)),
                Arguments.of(
                        LintRule.BACKING_SHORT,
                        script().create(1, 4, 4).attach(1, new MemoryEntry(4096, 32), new MemoryEntry(8192, 31)),
                        script().create(1, 4, 4).attach(1, new MemoryEntry(4096, 32), new MemoryEntry(8192, 32))),
                Arguments.of(
                        LintRule.BACKING_OVERLAPS,
                        script().create(1, 4, 4).attach(1, new MemoryEntry(4160, 64), new MemoryEntry(4097, 64)),
                        script().create(1, 4, 4).attach(1, new MemoryEntry(4160, 64), new MemoryEntry(4096, 64))),
                Arguments.of(
                        LintRule.BACKING_DETACHED_WHILE_SHOWN,
                        picture().detach(1),
                        picture().scanout(0, 0, 0, 0, 0, 0).detach(1)),
                Arguments.of(
                        LintRule.UNREF_WHILE_SHOWN,
                        picture().unref(1),
                        picture().scanout(0, 0, 0, 0, 0, 0).unref(1)),
                Arguments.of(
                        LintRule.TRANSFER_OFFSET,
                        picture().transferFrom(0, 1, 1, 1, 4, 4).flush(1, 1, 1, 4, 4),
                        picture().transfer(1, 1, 1, 4, 4).flush(1, 1, 1, 4, 4)),
                Arguments.of(
                        LintRule.FLUSH_NOT_SHOWN,
                        script().image(1, 64, 32).transfer(1, 0, 0, 64, 32).flush(1, 0, 0, 64, 32),
                        picture()),
                Arguments.of(
                        LintRule.FLUSH_OUTSIDE_SCANOUT,
                        script().image(1, 64, 32)
                                .transfer(1, 0, 0, 64, 32)
                                .scanout(0, 1, 8, 8, 16, 16)
                                .flush(1, 8, 8, 16, 17),
                        script().image(1, 64, 32)
                                .transfer(1, 0, 0, 64, 32)
                                .scanout(0, 1, 8, 8, 16, 16)
                                .flush(1, 8, 8, 16, 16)),
                Arguments.of(
                        LintRule.FLUSH_UNCHANGED,
                        picture().flush(1, 0, 0, 64, 32),
                        // Set to another buffer and back, each buffer is shown as it is.
                        picture()
                                .image(2, 64, 32)
                                .transfer(2, 0, 0, 64, 32)
                                .scanout(0, 2, 0, 0, 64, 32)
                                .flush(2, 0, 0, 64, 32)
                                .scanout(0, 1, 0, 0, 64, 32)
                                .flush(1, 0, 0, 64, 32)),
                Arguments.of(
                        LintRule.FLUSH_UNCHANGED,
                        picture().transfer(1, 0, 0, 8, 8).flush(1, 0, 0, 8, 8).flush(1, 7, 7, 1, 1),
                        picture().transfer(1, 0, 0, 8, 8).flush(1, 7, 7, 57, 25).flush(1, 0, 0, 8, 8)),
                Arguments.of(
                        LintRule.CHANGES_UNFLUSHED,
                        picture().transfer(1, 0, 0, 8, 8).scanout(0, 0, 0, 0, 0, 0),
                        picture().scanout(0, 0, 0, 0, 0, 0).transfer(1, 0, 0, 8, 8)),
                Arguments.of(
                        LintRule.CHANGES_UNFLUSHED,
                        picture().transfer(1, 0, 0, 8, 8),
                        // Set once more to what it shows, between the transfer and its flush, as Linux does.
                        picture()
                                .transfer(1, 0, 0, 8, 8)
                                .scanout(0, 1, 0, 0, 64, 32)
                                .flush(1, 0, 0, 64, 32)),
                Arguments.of(
                        LintRule.TRANSFER_WIDER_THAN_FLUSH,
                        picture().transfer(1, 0, 0, 9, 8).flush(1, 0, 0, 8, 8),
                        picture().transfer(1, 0, 0, 9, 8).flush(1, 0, 0, 8, 8).flush(1, 8, 0, 1, 8)),
                Arguments.of(
                        LintRule.TRANSFER_WIDER_THAN_FLUSH,
                        picture()
                                .transfer(1, 0, 0, 9, 8)
                                .flush(1, 0, 0, 8, 8)
                                .transfer(1, 0, 0, 1, 1)
                                .flush(1, 0, 0, 64, 32),
                        picture()
                                .transfer(1, 0, 0, 9, 8)
                                .transfer(1, 0, 0, 1, 1)
                                .flush(1, 0, 0, 9, 8)),
                Arguments.of(
                        LintRule.UNWRITTEN_PIXELS_SHOWN,
                        script().image(1, 64, 32)
                                .scanout(0, 1, 0, 0, 64, 32)
                                .transfer(1, 0, 0, 63, 32)
                                .flush(1, 0, 0, 64, 32),
                        script().image(1, 64, 32)
                                .scanout(0, 1, 0, 0, 63, 32)
                                .transfer(1, 0, 0, 63, 32)
                                .flush(1, 0, 0, 63, 32)),
                Arguments.of(
                        LintRule.SCANOUT_NOT_FLUSHED,
                        script().image(1, 64, 32).transfer(1, 0, 0, 64, 32).scanout(0, 1, 0, 0, 64, 32),
                        script().image(1, 64, 32)
                                .transfer(1, 0, 0, 64, 32)
                                .scanout(0, 1, 0, 0, 64, 32)
                                .flush(1, 0, 0, 64, 32)),
                Arguments.of(
                        LintRule.CURSOR_SIZE,
                        script().with(FENCE_5)
                                .image(1, 64, 63)
                                .transfer(1, 0, 0, 64, 63)
                                .cursor(1, 0, 0),
                        cursor(0, 0)),
                Arguments.of(
                        LintRule.CURSOR_UNWRITTEN,
                        script().with(FENCE_5)
                                .image(1, 64, 64)
                                .transfer(1, 0, 1, 64, 63)
                                .cursor(1, 0, 0),
                        cursor(0, 0)),
                Arguments.of(
                        LintRule.CURSOR_NOT_FENCED,
                        script().image(1, 64, 64).transfer(1, 0, 0, 64, 64).cursor(1, 0, 0),
                        cursor(0, 0)),
                Arguments.of(LintRule.CURSOR_HOT_SPOT, cursor(63, 64), cursor(63, 63)));
    }

    private static LintScript cursor(long hotX, long hotY) {
        return script().with(FENCE_5).image(1, 64, 64).transfer(1, 0, 0, 64, 64).cursor(1, hotX, hotY);
    }

    private static byte[] bytes(GpuCommand command) {
        return CommandCodec.encode(command);
    }

    private static byte[] hidden() {
        return bytes(new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 0, 0), 0, 0, 0));
    }

    private static ScriptLine accepting(long features) {
        return new ScriptLine.Reset(Optional.empty(), false, OptionalLong.of(features));
    }

    /** Returns a command of two descriptors, the second of which has these flags: with 1 it leads to the first one. */
    private static Command looped(int flags) {
        return new Command(
                Optional.empty(),
                Queue.CONTROL,
                List.of(),
                bytes(new GpuCommand.ResourceUnref(Header.NONE, 1)),
                List.of(),
                24,
                List.of(),
                new byte[1],
                List.of(
                        new RawDescriptor(new RawDescriptor.Place.InRequest(0), 24, 1, 1),
                        new RawDescriptor(new RawDescriptor.Place.InResponse(0), 24, flags, 0)),
                false,
                false);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aRuleFindsWhatItIsForAndNotWhatIsNearlyThat(LintRule rule, LintScript trips, LintScript nearly)
            throws IncompatibleTraceException {
        assertThat(trips.rules()).containsOnlyOnce(rule);
        assertThat(nearly.rules()).doesNotContain(rule);
    }

    /** Those that a script cannot trip, since the script's driver sets the device up by itself. */
    private static final Set<LintRule> OF_THE_TRANSPORT = EnumSet.of(
            LintRule.INITIALIZATION_ORDER,
            LintRule.NOTIFIED_TOO_EARLY,
            LintRule.CONFIG_READ_ONLY,
            LintRule.QUEUE_SIZE,
            LintRule.QUEUE_ALIGNMENT,
            // The device refuses it.
            LintRule.RECTANGLE_OUTSIDE_RESOURCE);

    @Test
    void thereIsAScriptForEveryRuleOfWhatAScriptCanDo() {
        Set<LintRule> tested = EnumSet.copyOf(OF_THE_TRANSPORT);
        scripts().forEach(arguments -> tested.add((LintRule) arguments.get()[0]));
        assertThat(tested).containsExactly(LintRule.values());
    }

    private static List<LintRule> rules(TraceEvent... events) throws IncompatibleTraceException {
        TraceLint lint = new TraceLint(RigSettings.EXEC.manifest("test"), Set.of());
        for (int i = 0; i < events.length; i++) {
            lint.take(new Stamped(i, i, events[i]));
        }
        return lint.findings().stream().map(LintFinding::rule).toList();
    }

    private static final TraceEvent AGREED = new TraceEvent.Features(0, VirtioFeatures.VERSION_1, true);

    @Test
    void driverOkComesAfterTheFeatures() throws IncompatibleTraceException {
        assertThat(rules(new TraceEvent.Reset(0), AGREED, new TraceEvent.DriverOk(0)))
                .isEmpty();
        assertThat(rules(AGREED, new TraceEvent.Reset(0), new TraceEvent.DriverOk(0)))
                .containsExactly(LintRule.INITIALIZATION_ORDER);
    }

    @Test
    void aQueueIsNotifiedAfterDriverOk() throws IncompatibleTraceException {
        assertThat(rules(AGREED, new TraceEvent.DriverOk(0), new TraceEvent.Notify(0, 0)))
                .isEmpty();
        assertThat(rules(AGREED, new TraceEvent.Notify(0, 0), new TraceEvent.DriverOk(0)))
                .containsExactly(LintRule.NOTIFIED_TOO_EARLY);
        assertThat(rules(AGREED, new TraceEvent.DriverOk(0), new TraceEvent.Reset(0), new TraceEvent.Notify(0, 1)))
                .containsExactly(LintRule.NOTIFIED_TOO_EARLY);
    }

    @Test
    void onlyEventsClearIsWritten() throws IncompatibleTraceException {
        assertThat(rules(new TraceEvent.ConfigWrite(0, 4, 4, 1), new TraceEvent.ConfigWrite(0, 7, 1, 0)))
                .isEmpty();
        assertThat(rules(new TraceEvent.ConfigWrite(0, 0, 4, 1), new TraceEvent.ConfigWrite(0, 8, 4, 1)))
                .containsExactly(LintRule.CONFIG_READ_ONLY, LintRule.CONFIG_READ_ONLY);
    }

    private static TraceEvent queue(int size, long table, long available, long used) {
        return new TraceEvent.QueueEnabled(0, 0, new QueueLayout(size, table, available, used));
    }

    @Test
    void aQueueHasASizeThatIsAPowerOfTwoAndItsPartsAreAligned() throws IncompatibleTraceException {
        assertThat(rules(queue(64, 16, 2, 4))).isEmpty();
        assertThat(rules(queue(63, 16, 2, 4))).containsExactly(LintRule.QUEUE_SIZE);
        assertThat(rules(queue(64, 8, 1, 2)))
                .containsExactly(LintRule.QUEUE_ALIGNMENT, LintRule.QUEUE_ALIGNMENT, LintRule.QUEUE_ALIGNMENT);
    }

    private static TraceEvent taken(GpuCommand command) {
        byte[] good = ResponseCodec.encode(new GpuResponse.OkNoData(Header.NONE));
        return new TraceEvent.Command(
                0,
                0,
                0,
                List.of(new Descriptor(0, 4096, 64, 0), new Descriptor(1, 8192, 24, Descriptor.WRITE)),
                new TraceEvent.Payload.Full(bytes(command), good),
                24,
                Virtqueue.Notification.SENT);
    }

    @Test
    void aRectangleIsWithinItsResourceAlsoWhereTheDeviceTakesAnyOther() throws IncompatibleTraceException {
        TraceEvent create = taken(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 2, 4, 4));
        assertThat(rules(create, taken(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 4, 4), 0, 1))))
                .isEmpty();
        assertThat(rules(
                        create,
                        taken(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(1, 0, 4, 4), 4, 1)),
                        taken(new GpuCommand.ResourceFlush(Header.NONE, new Rect(0, 1, 4, 4), 1)),
                        taken(new GpuCommand.SetScanout(Header.NONE, new Rect(0, 0, 5, 4), 0, 1))))
                .containsOnly(LintRule.RECTANGLE_OUTSIDE_RESOURCE)
                .hasSize(3);
    }

    @Test
    void otherDevicesAreNotLookedAt() throws IncompatibleTraceException {
        assertThat(rules(new TraceEvent.Notify(1, 0), new TraceEvent.ConfigWrite(1, 0, 4, 1)))
                .isEmpty();
    }

    @Test
    void aRuleThatIsDisabledFindsNothing() throws IncompatibleTraceException {
        TraceLint lint = new TraceLint(RigSettings.EXEC.manifest("test"), Set.of(LintRule.NOTIFIED_TOO_EARLY));
        lint.take(new Stamped(0, 0, new TraceEvent.Notify(0, 0)));
        assertThat(lint.findings()).isEmpty();
        assertThat(lint.counts()).isEmpty();
    }

    @Test
    void ofEachRuleTheFirstThousandAreKeptAndTheOthersCounted() throws IncompatibleTraceException {
        TraceLint lint = new TraceLint(RigSettings.EXEC.manifest("test"), Set.of());
        for (int i = 0; i < 3000; i++) {
            lint.take(new Stamped(i, i, new TraceEvent.Notify(0, 0)));
        }
        assertThat(lint.findings()).hasSize(FindingList.MOST);
        assertThat(lint.counts()).containsEntry(LintRule.NOTIFIED_TOO_EARLY, 3000L);
    }

    @Test
    void aFindingSaysWhereAndWhat() throws IncompatibleTraceException {
        assertThat(picture().transfer(1, 2, 3, 9, 8).flush(1, 2, 3, 8, 8).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.message())
                            .isEqualTo("the flush of resource 1 leaves out 1x8+10+3, which was written before it");
                    assertThat(finding.cycle()).isEqualTo(8_000_000);
                });
    }

    @Test
    void aRecordingThatIsCutOffRightBehindATransferIsNotBlamed() throws IncompatibleTraceException {
        assertThat(picture().rules()).isEmpty();
    }

    @Test
    void everyFenceBelowTheHighestIsTold() throws IncompatibleTraceException {
        assertThat(script().with(Header.fenced(10))
                        .create(1, 4, 4)
                        .with(FENCE_5)
                        .create(2, 4, 4)
                        .with(Header.fenced(7))
                        .create(3, 4, 4)
                        .rules())
                .containsExactly(LintRule.FENCE_BACKWARDS, LintRule.FENCE_BACKWARDS);
    }

    @Test
    void aResourceThatIsSoundIsNotBlamedForACommandThatWasRefused() throws IncompatibleTraceException {
        // Created a second time, then flushed beyond its edge: two mistakes, and neither relies on the other.
        assertThat(script().image(1, 4, 4).create(1, 4, 4).flush(1, 0, 0, 5, 4).rules())
                .containsExactly(LintRule.COMMAND_REFUSED, LintRule.COMMAND_REFUSED);
    }

    @Test
    void anImageOfOneColumnCostsNoMoreThanAnyOther() throws IncompatibleTraceException {
        // 64 Mi rows: with an object a row, no heap of ours would do.
        assertThat(script().create(1, 1, 1 << 26)
                        .unref(1)
                        .create(2, 1, 1 << 26)
                        .unref(2)
                        .rules())
                .isEmpty();
    }

    @Test
    void theDocumentExplainsEveryRule() throws IOException {
        String document = Files.readString(Path.of("..", "..", "docs", "LINT.md"));
        for (LintRule rule : LintRule.values()) {
            assertThat(document)
                    .contains("| `" + rule.id() + "` | " + rule.severity().word() + " | " + rule.section() + " |");
        }
    }
}
