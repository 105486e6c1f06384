package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.display.Edid;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.fuzz.Fuzzer.Failure;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.machine.memory.GuestMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzerTests {

    private static final long SEED = 42;

    @TempDir
    private Path folder = Path.of("");

    private static Fuzzer run(long seed, DeviceUnderTest.Factory device, long commands) {
        Fuzzer fuzzer = new Fuzzer(seed, device);
        fuzzer.run(() -> fuzzer.coverage().commands() < commands);
        return fuzzer;
    }

    private static Failure failure(DeviceUnderTest.Factory device) {
        Fuzzer fuzzer = new Fuzzer(SEED, device);
        return fuzzer.run(() -> fuzzer.coverage().commands() < 50_000).orElseThrow();
    }

    @Test
    void ourDeviceDoesAsTheReferenceAndEveryCommandMeetsEveryOutcomeThatItCanHave() {
        Fuzzer fuzzer = new Fuzzer(SEED, BuiltinDevice.ours());
        assertThat(fuzzer.run(() -> fuzzer.coverage().commands() < 60_000)).isEmpty();
        Coverage coverage = fuzzer.coverage();
        for (CommandType type : CommandType.values()) {
            assertThat(coverage.count(type.name(), "OK")).as("%s OK", type).isPositive();
            assertThat(coverage.count(type.name(), "UNSPEC"))
                    .as("%s UNSPEC", type)
                    .isPositive();
            assertThat(coverage.count(type.name(), "no room"))
                    .as("%s without room", type)
                    .isPositive();
        }
        for (CommandType type :
                List.of(CommandType.SET_SCANOUT, CommandType.RESOURCE_FLUSH, CommandType.UPDATE_CURSOR)) {
            assertThat(coverage.count(type.name(), "INVALID_RESOURCE_ID")).isPositive();
            assertThat(coverage.count(type.name(), "INVALID_PARAMETER")).isPositive();
        }
        assertThat(coverage.count("RESOURCE_CREATE_2D", "OUT_OF_MEMORY")).isPositive();
        assertThat(coverage.count("GET_EDID", "INVALID_SCANOUT_ID")).isPositive();
        assertThat(coverage.table()).hasSizeGreaterThan(CommandType.values().length);
        long ok = coverage.count("TRANSFER_TO_HOST_2D", "OK");
        assertThat((double) ok / coverage.commands()).as("share of transfers").isCloseTo(0.08, within(0.06));
    }

    @Test
    void theSameSeedDoesTheSame() {
        assertThat(run(7, BuiltinDevice.ours(), 5000).coverage().table())
                .isEqualTo(run(7, BuiltinDevice.ours(), 5000).coverage().table())
                .isNotEqualTo(run(8, BuiltinDevice.ours(), 5000).coverage().table());
        Failure one = failure(BuiltinDevice.of(FuzzerTests::throwing));
        Failure other = failure(BuiltinDevice.of(FuzzerTests::throwing));
        assertThat(one.script()).isEqualTo(other.script());
        assertThat(Counterexample.of(one).script())
                .isEqualTo(Counterexample.of(other).script());
    }

    /** Forwards everything to our device, but throws at cursors that are moved far to the left. */
    private static VirtioGpuDevice throwing(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
        return new VirtioGpuDevice(memory, displays, new WatchedSink(sink, plane -> {
            if (plane.x() < -20) {
                throw new IllegalStateException("too far");
            }
        }));
    }

    /** The changed scripts are made up anew, so what a device throws there has not been seen before. */
    @Test
    void whatADeviceThrowsInAChangedScriptIsADifferenceToo() {
        List<ScriptLine> script = List.of(Say.moveCursor(0, -21, 0));
        for (MetamorphicTransform change : MetamorphicTransform.values()) {
            assertThat(change.check(script, 1, RigSettings.EXEC, BuiltinDevice.of(FuzzerTests::throwing)))
                    .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo(DeviceDifference.Kind.CRASH));
        }
    }

    /** A trace cannot say that a display is off, so that one made with such a rig would not pass once the device is right. */
    @Test
    void aFailureIsToldOnARigThatATraceCanHold() {
        int foundWithADisplayOff = 0;
        for (long seed = 0; seed < 20; seed++) {
            Failure failure = new Fuzzer(seed, BuiltinDevice.of(FuzzerTests::throwing))
                    .run(() -> true)
                    .orElseThrow();
            boolean allOn = RigProfiles.of(failure.number()).displays().displays().stream()
                    .allMatch(Display::enabled);
            foundWithADisplayOff += allOn ? 0 : 1;
            assertThat(failure.settings().displays().displays()).allMatch(Display::enabled);
            assertThat(failure.check().run(failure.script())).contains(failure.difference());
        }
        assertThat(foundWithADisplayOff).isPositive();
    }

    @Test
    void whatADeviceThrowsIsFoundAndCutDown() {
        Counterexample counterexample = Counterexample.of(failure(BuiltinDevice.of(FuzzerTests::throwing)));
        assertThat(counterexample.difference().kind()).isEqualTo(DeviceDifference.Kind.CRASH);
        assertThat(counterexample.after().commands()).isEqualTo(1);
        assertThat(counterexample.script()).hasSize(1);
    }

    @Test
    void writesToMemoryThatIsNoneOfTheDevicesBusinessAreFound() {
        Failure failure = failure(BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(
                memory, displays, new WatchedSink(sink, plane -> memory.putByte(0x8000, (byte) 1)))));
        assertThat(failure.difference().kind()).isEqualTo(DeviceDifference.Kind.MEMORY);
        assertThat(failure.difference().text()).contains("0x8000");
    }

    @Test
    void aCounterexampleIsATraceThatOursPasses() throws IOException {
        Path trace = folder.resolve("found.trace");
        Counterexample.of(failure(DeviceAdapter.of((memory, displays, sink) -> new Refusing())))
                .write(trace, "test");
        assertThat(MutantRun.fails(trace.toString())).isFalse();
        try (TraceReader reader = TraceReader.open(trace)) {
            assertThat(reader.manifest().toolVersion()).isEqualTo("test");
        }
    }

    /** A device that can do nothing. */
    private static final class Refusing implements DeviceAdapter.Answering {
        @Override
        public byte[] answer(int queue, byte[] request, int room) {
            byte[] answer = new byte[24];
            answer[1] = 0x12;
            return answer;
        }

        @Override
        public void reset() {}

        @Override
        public void start(long features) {}
    }

    /** Our model behind the adapter, as a device of somebody else's would be. */
    private static final class Adapted implements DeviceAdapter.Answering {
        private final Gpu2d gpu;
        private long features;

        Adapted(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
            gpu = new Gpu2d(memory, displays, sink);
        }

        @Override
        public byte[] answer(int queue, byte[] request, int room) {
            GpuCommand command = CommandCodec.decode(request, gpu.maxBackingEntries());
            Optional<CommandType> type = CommandCodec.typeOf(command);
            boolean supported = type.isPresent()
                    && type.get().isForCursorQueue() == (queue == 1)
                    && (type.get() != CommandType.GET_EDID || (features & 2) != 0);
            GpuResponse response = supported ? gpu.execute(command) : Gpu2d.error(command, ErrorCode.UNSPEC);
            return ResponseCodec.encode(response);
        }

        @Override
        public void reset() {
            gpu.reset();
        }

        @Override
        public void start(long accepted) {
            features = accepted;
        }
    }

    @Test
    void aDeviceThatOnlyAnswersRequestsCanBeFuzzed() {
        Fuzzer fuzzer = new Fuzzer(SEED, DeviceAdapter.of(Adapted::new));
        assertThat(fuzzer.run(() -> fuzzer.coverage().commands() < 10_000)).isEmpty();
    }

    @Test
    void theReferencesEdidIsOursForEveryHeightAndManyWidths() {
        for (int height = 1; height <= Display.MAX_SIZE; height++) {
            int width = 1 + height * 1237 % Display.MAX_SIZE;
            for (Display display :
                    List.of(Display.of(width, height), Display.of(Math.min(4095, height * 4 / 3 + 1), height))) {
                RigSettings settings = new RigSettings(DeviceRig.RESERVED_BYTES, DisplayConfig.of(display));
                byte[] answer = Outcome.of(
                                List.of(Say.control(0x10a, 0, 0)), settings, BuiltinDevice.of(ReferenceDevice::new))
                        .getFirst()
                        .answers()
                        .getFirst()
                        .response();
                byte[] edid = Edid.of(display);
                assertThat(Arrays.copyOfRange(answer, 24, 28))
                        .isEqualTo(new byte[] {(byte) edid.length, (byte) (edid.length >> 8), 0, 0});
                assertThat(Arrays.copyOfRange(answer, 32, 32 + edid.length))
                        .as("%s", display)
                        .isEqualTo(edid);
            }
        }
    }

    @Test
    void aCorpusIsReadAddedToAndReadAgain() throws IOException {
        List<String> problems = new ArrayList<>();
        Files.writeString(folder.resolve("bad.trace"), "no trace");
        Corpus corpus = Corpus.open(folder, "test", problems::add);
        assertThat(corpus.size()).isZero();
        assertThat(problems).hasSize(1).first().asString().contains("bad.trace");
        Fuzzer first = new Fuzzer(SEED, BuiltinDevice.ours(), Optional.of(corpus));
        assertThat(first.run(() -> first.coverage().commands() < 1500)).isEmpty();
        assertThat(corpus.size()).isPositive();

        Corpus again = Corpus.open(folder, "test", problem -> {});
        assertThat(again.size()).isEqualTo(corpus.size());
        Fuzzer second = new Fuzzer(SEED, BuiltinDevice.ours(), Optional.of(again));
        assertThat(second.run(() -> second.scripts() < corpus.size())).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().contains("new-"))).hasSize(corpus.size());
        }
        // What the first run came upon, the second knows from the start.
        assertThat(second.coverage().pairs()).isGreaterThan(first.coverage().pairs() / 2);
    }
}
