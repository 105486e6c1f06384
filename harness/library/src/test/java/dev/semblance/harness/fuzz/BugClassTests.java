package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.differential.DisplayEventText;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.target.BuiltinDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kinds of bugs that virtio-gpu devices have had, each as a script that a device with the bug gets wrong. The numbers
 * are those of the table in docs/FUZZING.md, which names the bugs. Every script also runs against the reference.
 */
class BugClassTests {

    private static final int OK = 0x1100;
    private static final int UNSPEC = 0x1200;
    private static final int NO_MEMORY = 0x1201;
    private static final int BAD_SCANOUT = 0x1202;
    private static final int BAD_RESOURCE = 0x1203;
    private static final int BAD_PARAMETER = 0x1205;
    private static final int NONE = -1;
    private static final long MMIO = 0xf4b0_0000L;

    private static final RigSettings RIG = new RigSettings(
            DeviceRig.RESERVED_BYTES + (1L << 16), DisplayConfig.of(Display.of(16, 12), Display.of(9, 14)));

    private final List<Outcome> outcomes = new ArrayList<>();

    /** Runs a script; returns what each command was answered with. */
    private List<Integer> run(ScriptLine... lines) {
        List<ScriptLine> script = List.of(lines);
        assertThat(new DifferentialRun(RIG, BuiltinDevice.ours(), BuiltinDevice.of(ReferenceDevice::new)).run(script))
                .isEmpty();
        outcomes.clear();
        outcomes.addAll(Outcome.of(script, RIG, BuiltinDevice.ours()));
        return outcomes.stream()
                .flatMap(outcome -> outcome.answers().stream())
                .map(BugClassTests::code)
                .toList();
    }

    private static int code(CommandAnswer answer) {
        return answer.usedLength() < 4
                ? NONE
                : ByteBuffer.wrap(answer.response())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt();
    }

    private List<DisplayEvent> shown() {
        return outcomes.stream().flatMap(outcome -> outcome.shown().stream()).toList();
    }

    private CommandAnswer lastAnswer() {
        return outcomes.getLast().answers().getLast();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 15, 16, 22, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL})
    void class01ScanoutIdsBeyondTheScanouts(long scanout) {
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        Say.setScanout(scanout, 1, 0, 0, 4, 3),
                        Say.setScanout(scanout, 0, 0, 0, 0, 0),
                        Say.updateCursor(scanout, 0, 0, 1, 0, 0),
                        Say.moveCursor(scanout, 0, 0),
                        Say.control(0x10a, scanout, 0)))
                .containsExactly(OK, BAD_SCANOUT, BAD_SCANOUT, BAD_SCANOUT, BAD_SCANOUT, BAD_SCANOUT);
        assertThat(shown()).isEmpty();
    }

    @Test
    void class02ImagesThatAreGoneTakeNoMemory() {
        List<ScriptLine> lines = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            lines.add(Say.create(1, 1, 4096, 4096));
            lines.add(Say.unref(1));
        }
        assertThat(run(lines.toArray(ScriptLine[]::new))).containsOnly(OK);
    }

    @Test
    void class03ASecondAttachIsRefusedAndTheFirstStays() {
        assertThat(run(
                        Say.poke(0x100, new byte[] {1, 2, 3, 4}),
                        Say.create(1, 1, 1, 1),
                        Say.attach(1, 1, 0x100, 4),
                        Say.attach(1, 1, 0x200, 4),
                        Say.setScanout(0, 1, 0, 0, 1, 1),
                        Say.transfer(1, 0, 0, 0, 1, 1),
                        Say.flush(1, 0, 0, 1, 1)))
                .containsExactly(OK, OK, UNSPEC, OK, OK, OK);
        assertThat(pixel(0, 0)).isEqualTo(0xff03_0201);
    }

    private int pixel(int x, int y) {
        return ((DisplayEvent.Picture) shown().getLast()).frame().argb(x, y);
    }

    @Test
    void class04TheSameScanoutSetOverAndOver() {
        List<ScriptLine> lines = new ArrayList<>(List.of(Say.create(1, 1, 4, 3), Say.attach(1, 1, 0x100, 48)));
        lines.addAll(Collections.nCopies(500, Say.setScanout(1, 1, 0, 0, 4, 3)));
        lines.add(Say.flush(1, 0, 0, 4, 3));
        assertThat(run(lines.toArray(ScriptLine[]::new))).containsOnly(OK);
        assertThat(shown()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 0x1000_0000L, 0x1000_0001L, 0x8000_0000L, 0xffff_ffffL})
    void class05EntryCountsThatAreZeroOrMoreThanThereAre(long count) {
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        Say.attach(1, count, 0x100, 48),
                        Say.detach(1),
                        Say.attach(1, 1, 0x100, 48)))
                .containsExactly(OK, BAD_PARAMETER, UNSPEC, OK);
    }

    @Test
    void class06ABackingSmallerThanTheImage() {
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        Say.attach(1, 1, 0x100, 47),
                        Say.setScanout(0, 1, 0, 0, 4, 3),
                        Say.transfer(1, 0, 0, 0, 4, 3),
                        Say.flush(1, 0, 0, 4, 3)))
                .containsExactly(OK, OK, OK, BAD_PARAMETER, OK);
        assertThat(pixel(3, 2)).isEqualTo(0xff00_0000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x4000_0000L, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL})
    void class07SizesAndOffsetsWhoseProductsAndSumsOverflow(long extreme) {
        assertThat(run(
                        Say.create(2, 1, extreme, extreme),
                        Say.create(2, 1, extreme, 1),
                        Say.create(2, 1, 4, extreme),
                        Say.create(1, 1, 4, 3),
                        Say.attach(1, 1, 0x100, 48),
                        Say.transfer(1, extreme, 0, 0, 4, 3),
                        Say.transfer(1, extreme << 32, 0, 0, 4, 3),
                        Say.transfer(1, -extreme, 0, 0, 4, 3)))
                .containsExactly(NO_MEMORY, NO_MEMORY, NO_MEMORY, OK, OK, BAD_PARAMETER, BAD_PARAMETER, BAD_PARAMETER);
    }

    @Test
    void class08ZeroInEveryField() {
        assertThat(run(
                        Say.create(0, 0, 0, 0),
                        Say.create(1, 1, 0, 3),
                        Say.create(1, 1, 4, 0),
                        Say.create(1, 1, 4, 3),
                        Say.attach(1, 1, 0x100, 0),
                        Say.transfer(1, 0, 0, 0, 0, 0),
                        Say.setScanout(0, 1, 0, 0, 0, 0),
                        Say.flush(1, 0, 0, 0, 0),
                        Say.control(0)))
                .containsExactly(
                        BAD_RESOURCE,
                        BAD_PARAMETER,
                        BAD_PARAMETER,
                        OK,
                        OK,
                        BAD_PARAMETER,
                        BAD_PARAMETER,
                        BAD_PARAMETER,
                        UNSPEC);
    }

    @Test
    void class09RectanglesThatWrap() {
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        Say.attach(1, 1, 0x100, 48),
                        Say.transfer(1, 0, 0xffff_ffffL, 0, 2, 1),
                        Say.transfer(1, 0, 0, 0xffff_fffeL, 1, 3),
                        Say.setScanout(0, 1, 1, 0, 0xffff_ffffL, 1),
                        Say.flush(1, 0, 1, 1, 0xffff_ffffL),
                        Say.flush(1, 3, 2, 1, 1),
                        Say.flush(1, 4, 0, 1, 1)))
                .containsExactly(OK, OK, BAD_PARAMETER, BAD_PARAMETER, BAD_PARAMETER, BAD_PARAMETER, OK, BAD_PARAMETER);
    }

    @Test
    void class10TheLimitOfImageMemory() {
        assertThat(run(
                        Say.create(1, 1, 8192, 8191),
                        Say.create(2, 1, 8192, 2),
                        Say.create(2, 1, 65536, 65536),
                        Say.create(2, 1, 8192, 1),
                        Say.create(3, 1, 1, 1)))
                .containsExactly(OK, NO_MEMORY, NO_MEMORY, OK, NO_MEMORY);
    }

    @Test
    void class11AnImageThatIsShownAndGone() {
        assertThat(run(
                        Say.create(1, 1, 64, 64),
                        Say.attach(1, 1, 0x100, 48),
                        Say.setScanout(0, 1, 0, 0, 4, 3),
                        Say.flush(1, 0, 0, 4, 3),
                        Say.updateCursor(1, 0, 0, 1, 0, 0),
                        Say.unref(1),
                        Say.create(1, 2, 64, 64),
                        Say.attach(1, 1, 0x100, 48),
                        Say.flush(1, 0, 0, 4, 3),
                        Say.moveCursor(1, 1, 1)))
                .containsOnly(OK);
        assertThat(shown().stream().map(DisplayEventText::describe))
                .containsExactly(
                        "a picture of 4x3 on scanout 0",
                        "a cursor of 64x64 at 0,0 with hot spot 0,0 on scanout 1",
                        "no picture on scanout 0 any more",
                        "a cursor without an image at 0,0 with hot spot 0,0 on scanout 1",
                        "a cursor without an image at 1,1 with hot spot 0,0 on scanout 1");
    }

    @Test
    void class12CursorsOfAnySizeAndOnTheWrongQueue() {
        assertThat(run(
                        Say.create(1, 1, 64, 64),
                        Say.create(2, 1, 65, 64),
                        Say.create(3, 1, 64, 63),
                        Say.updateCursor(0, -5, -6, 1, 5, 6),
                        Say.updateCursor(0, 0, 0, 2, 0xffff_ffffL, 70000),
                        Say.updateCursor(1, 0, 0, 3, 0, 0),
                        Say.updateCursor(1, 0, 0, 9, 0, 0),
                        Say.control(0x300, 0, 0, 0, 0, 1, 0, 0, 0),
                        Say.cursor(0x102, 1, 0),
                        Say.cursor(0x301, 0, 1, 1, 0, 9, 8, 7, 0)))
                .containsExactly(OK, OK, OK, OK, OK, OK, BAD_RESOURCE, UNSPEC, UNSPEC, OK);
        assertThat(shown().stream().map(DisplayEventText::describe))
                .containsExactly(
                        "a cursor of 64x64 at -5,-6 with hot spot 5,6 on scanout 0",
                        "a cursor of 64x64 at 0,0 with hot spot -1,70000 on scanout 0",
                        "a cursor without an image at 0,0 with hot spot 0,0 on scanout 1",
                        "a cursor of 64x64 at 1,1 with hot spot -1,70000 on scanout 0");
    }

    @Test
    void class13TheResponseLiesOverTheRequest() {
        // A device that reads a field again after it has begun to answer sees its own answer.
        Command create = Say.create(1, 1, 4, 3);
        Place start = new Place.InRequest(0);
        assertThat(run(
                        Say.chain(create, new RawDescriptor(start, 40, 1, 1), new RawDescriptor(start, 24, 2, 0)),
                        Say.flush(1, 0, 0, 4, 3)))
                .contains(OK);
    }

    @Test
    void class14AddressesOfTheDeviceItself() {
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        Say.attach(1, 1, MMIO, 48),
                        Say.attach(1, 2, 0x100, 48, MMIO + 0x50, 4),
                        Say.detach(1)))
                .containsExactly(OK, BAD_PARAMETER, BAD_PARAMETER, UNSPEC);
        Command command = Say.create(2, 1, 4, 3);
        run(Say.chain(
                command,
                new RawDescriptor(new Place.InRequest(0), 40, 1, 1),
                new RawDescriptor(new Place.Address(MMIO), 24, 2, 0)));
        assertThat(lastAnswer().used()).isFalse();
        assertThat(lastAnswer().status() & 0x40).as("DEVICE_NEEDS_RESET").isNotZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 0x7fff, 0xffff})
    void class15ChainsInCirclesAndBeyondTheRing(int next) {
        Command command = Say.control(0x100);
        assertThat(run(
                        Say.chain(
                                command,
                                new RawDescriptor(new Place.InRequest(0), 24, 1, 1),
                                new RawDescriptor(new Place.InRequest(0), 24, 1, next)),
                        Say.control(0x100),
                        new Reset(Optional.empty(), false),
                        Say.control(0x100)))
                .containsExactly(NONE, NONE, 0x1101);
    }

    @Test
    void class16DescriptorsWithoutBytes() {
        Command command = Say.create(1, 1, 4, 3);
        RawDescriptor nothing = new RawDescriptor(new Place.Address(-1L), 0, 1, 1);
        assertThat(run(
                        Say.chain(
                                command,
                                nothing,
                                new RawDescriptor(new Place.InRequest(0), 40, 1, 2),
                                new RawDescriptor(new Place.InRequest(0), 0, 1, 3),
                                new RawDescriptor(new Place.InResponse(0), 24, 2, 0)),
                        command.withSplits(List.of(0, 0, 24, 0), List.of(0, 1, 0))))
                .containsExactly(OK, BAD_RESOURCE);
    }

    @Test
    void class17ARingFullOfRequestsAtOnce() {
        List<Command> flushes = Collections.nCopies(32, Say.flush(1, 0, 0, 1, 1));
        List<Integer> codes = run(Say.create(1, 1, 4, 3), new Batch(Optional.empty(), flushes));
        assertThat(codes).hasSize(33).containsOnly(OK);
    }

    @Test
    void class18RequestsOfAResetDevice() {
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        new Reset(Optional.empty(), true),
                        Say.create(1, 1, 4, 3),
                        new Reset(Optional.empty(), false),
                        Say.create(1, 1, 4, 3)))
                .containsExactly(OK, NONE, OK);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 23, 24, 25, 407, 408})
    void class19RoomThatIsTooSmallForTheResponse(int room) {
        run(Say.room(Say.control(0x100), room));
        assertThat(lastAnswer().used()).isTrue();
        assertThat(lastAnswer().usedLength()).isEqualTo(room);
        run(Say.chain(
                Say.room(Say.control(0x100), room),
                new RawDescriptor(new Place.InRequest(0), 24, 1, 1),
                new RawDescriptor(new Place.InResponse(0), room, 0, 0)));
        byte[] untouched = new byte[room];
        Arrays.fill(untouched, (byte) 0xaa);
        assertThat(lastAnswer().response())
                .as("nothing is written to what can only be read")
                .isEqualTo(untouched);
    }

    @Test
    void class20NothingOfTheHostInAResponse() {
        run(Say.control(0x10a, 0, 0));
        byte[] first = lastAnswer().response();
        assertThat(Arrays.copyOfRange(first, 4, 24)).containsOnly(0);
        assertThat(Arrays.copyOfRange(first, 32 + 128, 1056)).containsOnly(0);
        run(Say.create(7, 1, 4, 3), Say.control(0x10a, 0, 0));
        assertThat(lastAnswer().response()).isEqualTo(first);
    }

    @Test
    void class21CapabilitySetsThatA2dDeviceHasNot() {
        assertThat(run(
                        Say.control(0x108, 0, 0),
                        Say.control(0x108, 0xffff_ffffL, 0),
                        Say.control(0x109, 1, 0xffff_ffffL),
                        Say.control(0x10b, 1, 0)))
                .containsOnly(UNSPEC);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 255, 256, 768, 1023, 2160, 4095})
    void class22TheEdidOfAnySize(int size) {
        for (Display display : List.of(Display.of(size, 4096 - size), Display.of(4095, size), Display.of(1024, size))) {
            RigSettings settings = new RigSettings(RIG.ramBytes(), DisplayConfig.of(display));
            assertThat(new DifferentialRun(settings, BuiltinDevice.ours()).run(List.of(Say.control(0x10a, 0, 0))))
                    .isEmpty();
            byte[] answer = Outcome.of(List.of(Say.control(0x10a, 0, 0)), settings, BuiltinDevice.ours())
                    .getFirst()
                    .answers()
                    .getFirst()
                    .response();
            int sum = 0;
            for (int i = 0; i < 128; i++) {
                sum += answer[32 + i];
            }
            assertThat(sum & 255).as("checksum").isZero();
        }
    }

    @Test
    void class23EveryFormatAndNoOther() {
        int[] formats = {1, 2, 3, 4, 67, 68, 121, 134};
        int[] expected = {0xff302010, 0xff302010, 0xff203040, 0xff203040, 0xff102030, 0xff403020, 0xff403020, 0xff102030
        };
        for (int i = 0; i < formats.length; i++) {
            run(
                    Say.poke(0x100, new byte[] {0x10, 0x20, 0x30, 0x40}),
                    Say.create(1, formats[i], 1, 1),
                    Say.attach(1, 1, 0x100, 4),
                    Say.setScanout(0, 1, 0, 0, 1, 1),
                    Say.transfer(1, 0, 0, 0, 1, 1),
                    Say.flush(1, 0, 0, 1, 1));
            assertThat(pixel(0, 0)).as("format %d", formats[i]).isEqualTo(expected[i]);
        }
        for (long format : new long[] {0, 5, 66, 69, 120, 122, 133, 135, 0x1_0001L << 8, 0xffff_ffffL}) {
            assertThat(run(Say.create(1, format, 1, 1))).containsExactly(BAD_PARAMETER);
        }
    }

    @Test
    void class24WidthIsNotHeight() {
        assertThat(run(
                        Say.create(1, 1, 5, 2),
                        Say.attach(1, 1, 0x100, 40),
                        Say.transfer(1, 0, 0, 0, 5, 2),
                        Say.transfer(1, 0, 0, 0, 2, 5),
                        Say.setScanout(0, 1, 4, 1, 1, 1),
                        Say.setScanout(0, 1, 1, 4, 1, 1)))
                .containsExactly(OK, OK, OK, BAD_PARAMETER, OK, BAD_PARAMETER);
    }

    @Test
    void class25AFlushLargerThanWhatIsShown() {
        assertThat(run(
                        Say.create(1, 1, 16, 12),
                        Say.attach(1, 1, 0x100, 768),
                        Say.setScanout(0, 1, 0, 0, 2, 2),
                        Say.flush(1, 0, 0, 16, 12),
                        Say.create(2, 1, 3, 1),
                        Say.attach(2, 1, 0x100, 12),
                        Say.setScanout(0, 2, 0, 0, 3, 1),
                        Say.flush(1, 0, 0, 16, 12),
                        Say.flush(2, 0, 0, 3, 1)))
                .containsOnly(OK);
        assertThat(shown().stream().map(DisplayEventText::describe))
                .containsExactly("a picture of 2x2 on scanout 0", "a picture of 3x1 on scanout 0");
    }

    @Test
    void class26FencesAreEchoedIfAskedForAndInOrder() {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] request = Say.request(0x102, 9, 0);
            ByteBuffer.wrap(request)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(4, i % 2)
                    .putLong(8, -1L - i)
                    .putInt(16, 77);
            commands.add(Command.of(Queue.CONTROL, request, 24));
        }
        run(new Batch(Optional.empty(), commands));
        List<CommandAnswer> answers = outcomes.getFirst().answers();
        for (int i = 0; i < 8; i++) {
            ByteBuffer answer = ByteBuffer.wrap(answers.get(i).response()).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(answer.getInt(4)).isEqualTo(i % 2);
            assertThat(answer.getLong(8)).isEqualTo(i % 2 == 1 ? -1L - i : 0);
            assertThat(answer.getInt(16)).isEqualTo(i % 2 == 1 ? 77 : 0);
        }
    }

    @Test
    void class28ScatteredBackingGivesTheSamePixels() {
        byte[] bytes = new EntropySource(1).bytes(768);
        Command create = Say.create(1, 1, 16, 12);
        Command show = Say.setScanout(0, 1, 0, 0, 16, 12);
        run(
                Say.poke(0x100, bytes),
                create,
                Say.attach(1, 1, 0x100, 768),
                show,
                Say.transfer(1, 65 * 4, 1, 4, 7, 5),
                Say.flush(1, 0, 0, 1, 1));
        List<DisplayEvent> whole = shown();
        run(
                Say.poke(0x100, Arrays.copyOfRange(bytes, 301, 768)),
                Say.poke(0x1000, Arrays.copyOf(bytes, 301)),
                create,
                Say.attach(1, 4, 0x1000, 300, 0x50, 0, 0x112c, 1, 0x100, 467),
                show,
                Say.transfer(1, 65 * 4, 1, 4, 7, 5),
                Say.flush(1, 0, 0, 1, 1));
        assertThat(shown()).isEqualTo(whole);
    }

    @Test
    void class29AFlushShowsTheWholeViewWhateverItsRectangle() {
        run(
                Say.poke(0x100, new byte[] {9, 9, 9, 9, 8, 8, 8, 8}),
                Say.create(1, 1, 2, 1),
                Say.attach(1, 1, 0x100, 8),
                Say.setScanout(0, 1, 0, 0, 2, 1),
                Say.transfer(1, 0, 0, 0, 2, 1),
                Say.flush(1, 0, 0, 1, 1));
        assertThat(pixel(1, 0)).isEqualTo(0xff08_0808);
    }

    @Test
    void class30ABrokenRingIsMendedByAReset() {
        Command command = Say.control(0x100);
        assertThat(run(
                        Say.create(1, 1, 4, 3),
                        Say.chain(
                                command,
                                new RawDescriptor(new Place.InResponse(0), 24, 3, 1),
                                new RawDescriptor(new Place.InRequest(0), 24, 0, 0)),
                        command,
                        new Reset(Optional.empty(), false),
                        Say.create(1, 1, 4, 3)))
                .containsExactly(OK, NONE, NONE, OK);
    }
}
