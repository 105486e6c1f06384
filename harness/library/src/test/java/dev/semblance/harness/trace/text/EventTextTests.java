package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The line that stands for each kind of event. */
@Isolated("It sets the locale of this JVM.")
class EventTextTests {

    private static final Rect SCREEN = new Rect(0, 0, 1024, 768);

    private static String text(TraceEvent event) {
        return EventText.describe(Events.MANIFEST, event);
    }

    private static String command(GpuCommand command, GpuResponse response) {
        return text(Events.gpu(0, CommandCodec.encode(command), ResponseCodec.encode(response)));
    }

    private static String command(GpuCommand command) {
        String line = command(command, new GpuResponse.OkNoData(Header.NONE));
        assertThat(line).startsWith("gpu control ").endsWith(" -> OK_NODATA, used 24, interrupt");
        return line.substring("gpu control ".length(), line.indexOf(" -> "));
    }

    @Test
    void aLineStartsWithSequenceAndCycle() {
        TraceEvent flush = Events.gpu(
                0,
                CommandCodec.encode(new GpuCommand.ResourceFlush(Header.fenced(17), SCREEN, 2)),
                ResponseCodec.encode(new GpuResponse.OkNoData(Header.fenced(17))));
        assertThat(EventText.describe(Events.MANIFEST, new Stamped(812, 71_234_567, flush)))
                .isEqualTo("#812 @71,234,567 gpu control RESOURCE_FLUSH rect=1024x768+0+0 resource=2 fence=17"
                        + " -> OK_NODATA fence=17, used 24, interrupt");
    }

    @Test
    void deviceLife() {
        assertThat(text(new TraceEvent.Reset(4))).isEqualTo("gpu reset");
        assertThat(text(new TraceEvent.Features(4, 1L << 32 | 2 | 1L << 60, true)))
                .isEqualTo("gpu features EDID|VERSION_1|bit 60 agreed");
        assertThat(text(new TraceEvent.Features(0, 1 << 9, false))).isEqualTo("disk features FLUSH refused");
        assertThat(text(new TraceEvent.Features(2, 0, true))).isEqualTo("keyboard features none agreed");
        assertThat(text(new TraceEvent.QueueEnabled(4, 1, new QueueLayout(64, 0x1000, 0x2000, 0x3000))))
                .isEqualTo("gpu cursor enabled, 64 entries, descriptors 0x1000, available 0x2000, used 0x3000");
        assertThat(text(new TraceEvent.QueueDisabled(4, 7))).isEqualTo("gpu queue 7 disabled");
        assertThat(text(new TraceEvent.DriverOk(1))).isEqualTo("entropy DRIVER_OK");
        assertThat(text(new TraceEvent.NeedsReset(3))).isEqualTo("mouse DEVICE_NEEDS_RESET");
        assertThat(text(new TraceEvent.ConfigRead(4, 8, 4, -1))).isEqualTo("gpu config read 8+4 = 0xffffffff");
        assertThat(text(new TraceEvent.ConfigWrite(4, 4, 4, 1))).isEqualTo("gpu config write 4+4 = 0x1");
        assertThat(text(new TraceEvent.Notify(2, 1))).isEqualTo("keyboard status notify");
        assertThat(text(new TraceEvent.Reset(99))).isEqualTo("device 99 reset");
    }

    @Test
    void memoryIsListedUpToSixRuns() {
        assertThat(text(new TraceEvent.Memory(4, List.of(new Bytes(0x1000, new byte[2]), new Bytes(16, new byte[3])))))
                .isEqualTo("gpu memory 5 changed bytes in 2 runs: 0x1000+2 0x10+3");
        assertThat(text(new TraceEvent.Memory(4, Collections.nCopies(8, new Bytes(1, new byte[500])))))
                .isEqualTo("gpu memory 4,000 changed bytes in 8 runs: 0x1+500 0x1+500 0x1+500 0x1+500 0x1+500 0x1+500"
                        + " and 2 more");
    }

    /** VIRTIO 1.2, 5.7.6.8 and 5.7.6.10: each command with all that it says. */
    @Test
    void gpuCommandsAreDecoded() {
        assertThat(command(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 2, 1024, 768)))
                .isEqualTo("RESOURCE_CREATE_2D resource=1 1024x768 format=B8G8R8X8");
        assertThat(command(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 999, 1, 1)))
                .isEqualTo("RESOURCE_CREATE_2D resource=1 1x1 format=999");
        assertThat(command(new GpuCommand.ResourceUnref(Header.NONE, 3))).isEqualTo("RESOURCE_UNREF resource=3");
        assertThat(command(new GpuCommand.SetScanout(Header.NONE, SCREEN, 1, 2)))
                .isEqualTo("SET_SCANOUT scanout=1 rect=1024x768+0+0 resource=2");
        assertThat(command(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(1, 2, 3, 4), -1, 5)))
                .isEqualTo("TRANSFER_TO_HOST_2D rect=3x4+1+2 offset=18446744073709551615 resource=5");
        assertThat(command(new GpuCommand.ResourceAttachBacking(
                        Header.NONE, 1, 2, List.of(new MemoryEntry(0x1000, 4096), new MemoryEntry(0x9000, 4096)))))
                .isEqualTo("RESOURCE_ATTACH_BACKING resource=1 entries=2 (8,192 bytes from 0x1000)");
        assertThat(command(new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 70_000, List.of())))
                .isEqualTo("RESOURCE_ATTACH_BACKING resource=1 entries=70000");
        assertThat(command(new GpuCommand.ResourceDetachBacking(Header.NONE, 1)))
                .isEqualTo("RESOURCE_DETACH_BACKING resource=1");
        assertThat(command(new GpuCommand.GetEdid(Header.NONE, 0))).isEqualTo("GET_EDID scanout=0");
        assertThat(command(new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, -5, 7), 3, 1, 2)))
                .isEqualTo("UPDATE_CURSOR scanout=0 at -5,7 resource=3 hot=1,2");
        assertThat(command(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, 8, 9), 0, 0, 0)))
                .isEqualTo("MOVE_CURSOR scanout=0 at 8,9");
        assertThat(command(new GpuCommand.GetDisplayInfo(new Header(3, -1, 4, 5))))
                .isEqualTo("GET_DISPLAY_INFO fence=18446744073709551615 flags=0x3 context=4 ring=5");
        assertThat(command(new GpuCommand.Unknown(Header.NONE, 0x203, new byte[20])))
                .isEqualTo("unknown command 0x203 [20 bytes 00000000000000000000000000000000...]");
        assertThat(command(new GpuCommand.NoHeader(new byte[] {4, 1}))).isEqualTo("no header [2 bytes 0401]");
        byte[] cut = Arrays.copyOf(CommandCodec.encode(new GpuCommand.ResourceFlush(Header.NONE, SCREEN, 1)), 26);
        assertThat(command(CommandCodec.decode(cut))).isEqualTo("RESOURCE_FLUSH cut short [2 bytes 0000]");
    }

    @Test
    void gpuResponsesAreDecoded() {
        GpuCommand info = new GpuCommand.GetDisplayInfo(Header.NONE);
        assertThat(command(info, new GpuResponse.Refused(Header.fenced(2), ErrorCode.INVALID_RESOURCE_ID)))
                .isEqualTo("gpu control GET_DISPLAY_INFO -> ERR_INVALID_RESOURCE_ID fence=2, used 24, interrupt");
        assertThat(command(
                        info,
                        new GpuResponse.OkDisplayInfo(
                                Header.NONE,
                                List.of(
                                        GpuResponse.DisplayInfo.NONE,
                                        new GpuResponse.DisplayInfo(new Rect(0, 0, 640, 480), 1, 0)))))
                .isEqualTo("gpu control GET_DISPLAY_INFO -> OK_DISPLAY_INFO 1:640x480+0+0, used 408, interrupt");
        assertThat(command(info, new GpuResponse.OkEdid(Header.NONE, new byte[128])))
                .isEqualTo("gpu control GET_DISPLAY_INFO -> OK_EDID 128 bytes, used 1056, interrupt");
        assertThat(text(Events.gpu(1, CommandCodec.encode(info), new byte[0])))
                .isEqualTo("gpu cursor GET_DISPLAY_INFO -> no response, used 0, interrupt");
    }

    @Test
    void aRequestInPartsIsDecodedWholeByWhoSeesAllOfIt() {
        byte[] request = CommandCodec.encode(new GpuCommand.ResourceAttachBacking(
                Header.NONE, 1, 2, List.of(new MemoryEntry(0x1000, 4096), new MemoryEntry(0x9000, 4096))));
        byte[] start = Arrays.copyOf(request, 40);
        byte[] rest = Arrays.copyOfRange(request, 40, request.length);
        EventText all = new EventText(Events.MANIFEST);
        assertThat(all.line(new Stamped(0, 0, new TraceEvent.RequestPart(4, 0, start))))
                .isEqualTo("#0 @0 gpu control part of a request, 40 bytes");
        assertThat(all.line(new Stamped(1, 0, Events.gpu(0, rest, new byte[0]))))
                .contains("RESOURCE_ATTACH_BACKING resource=1 entries=2 (8,192 bytes from 0x1000)");
    }

    /** VIRTIO 1.2, 5.2.6. */
    @Test
    void diskRequestsHaveTypeSectorLengthAndStatus() {
        assertThat(text(Events.disk(0, 2048, 4096, OptionalLong.of(0))))
                .isEqualTo("disk requests IN sector=2048 length=4096 digest=0000000000000abc -> OK, used 4097,"
                        + " interrupt suppressed");
        assertThat(text(Events.disk(1, -1, 512, OptionalLong.of(1))))
                .contains("OUT sector=18446744073709551615 length=512", "-> IOERR");
        assertThat(text(Events.disk(4, 0, 0, OptionalLong.of(2)))).contains("FLUSH", "-> UNSUPP");
        assertThat(text(Events.disk(8, 0, 20, OptionalLong.of(9)))).contains("GET_ID", "-> status 9");
        assertThat(text(Events.disk(77, 0, 0, OptionalLong.empty()))).contains("type 77", "-> no status");
        assertThat(text(new Command(
                        0,
                        0,
                        1,
                        List.of(),
                        new Payload.Disk(new byte[] {1, 2}, 0, 0, 0, OptionalLong.empty()),
                        0,
                        Notification.HELD)))
                .isEqualTo("disk requests short header 0102 -> no status, used 0, no interrupt due");
    }

    @Test
    void otherCommandsShowTheirFirstBytes() {
        assertThat(text(new Command(
                        1, 0, 0, List.of(), new Payload.Full(new byte[0], new byte[] {1, 2, 3}), 3, Notification.SENT)))
                .isEqualTo("entropy requests nothing -> 3 bytes 010203, used 3, interrupt");
        assertThat(text(new Command(
                        2,
                        0,
                        0,
                        List.of(),
                        new Payload.Full(new byte[0], new byte[] {1, 0, 30, 0, 1, 0, 0, 0}),
                        8,
                        Notification.SENT)))
                .isEqualTo("keyboard events KEY_A press, used 8, interrupt");
        assertThat(text(new Command(
                        2,
                        1,
                        0,
                        List.of(),
                        new Payload.Full(new byte[] {0x11, 0, 1, 0, 1, 0, 0, 0}, new byte[0]),
                        0,
                        Notification.SENT)))
                .isEqualTo("keyboard status LED_1 on, used 0, interrupt");
    }

    @Test
    void aRefusedRingShowsItsRawDescriptors() {
        byte[] descriptor = HexFormat.of().parseHex("00100080000000002c00000007000900");
        assertThat(text(new TraceEvent.Fault(
                        4,
                        0,
                        RingFault.Reason.INDEX_OUT_OF_RANGE,
                        List.of(new Bytes(0x2002, new byte[] {1, 0}), new Bytes(0x1000, descriptor)))))
                .isEqualTo("gpu control ring refused: INDEX_OUT_OF_RANGE; read 0x2002: 2 bytes 0100, 0x1000: descriptor"
                        + " 0x80001000+44 flags=NEXT|WRITE|INDIRECT next=9");
        assertThat(text(new TraceEvent.Fault(4, 0, RingFault.Reason.CHAIN_TOO_LONG, List.of())))
                .isEqualTo("gpu control ring refused: CHAIN_TOO_LONG; read nothing");
        assertThat(text(new TraceEvent.Fault(
                        4,
                        0,
                        RingFault.Reason.CHAIN_TOO_LONG,
                        Collections.nCopies(10, new Bytes(0, new byte[Descriptor.SIZE])))))
                .startsWith(
                        "gpu control ring refused: CHAIN_TOO_LONG; read 2 more, then 0x0: descriptor 0x0+0 flags=0");
    }

    @Test
    void inputHasTheNamesOfInputEventCodes() {
        assertThat(text(new TraceEvent.Input(2, List.of(new InputItem(1, 29, 1), new InputItem(1, 46, 0)))))
                .isEqualTo("keyboard report KEY_LEFTCTRL press, KEY_C release");
        assertThat(text(new TraceEvent.Input(
                        3, List.of(new InputItem(2, 0, 3), new InputItem(2, 1, -4), new InputItem(1, 0x110, 2)))))
                .isEqualTo("mouse report REL_X +3, REL_Y -4, BTN_LEFT repeat");
        assertThat(text(new TraceEvent.Input(2, List.of(new InputItem(1, 600, 5), new InputItem(7, 8, 9)))))
                .isEqualTo("keyboard report KEY_600 5, type 7 code 8 value 9");
        assertThat(text(new TraceEvent.Input(2, List.of()))).isEqualTo("keyboard report of nothing");
    }

    @Test
    void consoleBytesAreQuoted() {
        assertThat(text(new TraceEvent.ConsoleInput("ls \"x\"\n".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("console input \"ls \\\"x\\\"\\n\"");
        assertThat(text(new TraceEvent.ConsoleOutput((byte) 'l'))).isEqualTo("console output \"l\"");
        assertThat(text(new TraceEvent.ConsoleOutput((byte) 0x1b))).isEqualTo("console output \"\\x1b\"");
    }

    @Test
    void picturesHaveTheirDigests() {
        assertThat(text(new TraceEvent.Flush(0, 1024, 768, 0x0123_4567_89ab_cdefL)))
                .isEqualTo("flush of scanout 0, 1024x768, digest 0123456789abcdef");
        assertThat(text(new TraceEvent.ScanoutDisabled(1))).isEqualTo("scanout 1 went dark");
        assertThat(text(new TraceEvent.Cursor(0, OptionalLong.of(-2), -5, 700, 1, 2)))
                .isEqualTo("cursor of scanout 0 at -5,700, image fffffffffffffffe, hot spot 1,2");
        assertThat(text(new TraceEvent.Cursor(1, OptionalLong.empty(), 0, 0, 0, 0)))
                .isEqualTo("cursor of scanout 1 at 0,0, hidden");
        assertThat(text(new TraceEvent.Snapshot("end@1", 1, 640, 480, 5)))
                .isEqualTo("snapshot end@1 of scanout 1, 640x480, digest 0000000000000005");
    }

    @Test
    void theRun() {
        assertThat(text(new TraceEvent.Checkpoint(123_456_789, new byte[] {1, (byte) 0xff})))
                .isEqualTo("checkpoint: instret 123,456,789, state 01ff");
        assertThat(text(new TraceEvent.End(TraceEvent.End.Reason.POWER_OFF, 7, new byte[0])))
                .isEqualTo("end: POWER_OFF, instret 7, state -");
    }

    @Test
    void theLocaleChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            // Digits of its own, and dots between thousands.
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(EventText.describe(
                            Events.MANIFEST, new Stamped(1234, 5_678_901, new TraceEvent.ScanoutDisabled(3))))
                    .isEqualTo("#1234 @5,678,901 scanout 3 went dark");
        } finally {
            Locale.setDefault(before);
        }
    }
}
