package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.fuzz.Fuzzer.Failure;
import dev.semblance.harness.fuzz.differential.DeviceDifference.Kind;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceMaker;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.LimitedDevice;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a device counts of images and backing is compared after every line (docs/FUZZING.md, "What is compared"). */
class ResourceUsageTests {

    private static final RigSettings RIG = RigSettings.EXEC;
    private static final List<ScriptLine> SCRIPT = List.of(
            Say.create(7, 67, 64, 64),
            Say.attach(7, 2, 0x1000, 4096, 0x3000, 8192),
            Say.create(8, 1, 2, 3),
            Say.attach(8, 2, 0x1000, 4096, 0x2000, 4096));

    private static ResourceUsage usage(DeviceUnderTest.Factory device, List<ScriptLine> script) {
        try (DeviceRig rig = DeviceRig.of(RIG, device, new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            script.forEach(runner::run);
            return rig.resourceUsage().orElseThrow();
        }
    }

    @Test
    void oursAndTheReferenceCountBytesImagesAndStretches() {
        for (DeviceMaker maker : List.<DeviceMaker>of(VirtioGpuDevice::new, ReferenceDevice::new)) {
            assertThat(usage(BuiltinDevice.of(maker), SCRIPT)).isEqualTo(new ResourceUsage(4 * (4096 + 6), 2, 3));
            assertThat(usage(BuiltinDevice.of(maker), List.of(Say.create(7, 67, 0, 1))))
                    .isEqualTo(new ResourceUsage(0, 0, 0));
        }
    }

    /** Ours, which counts one stretch too many where there is an image: nothing that a driver could ever see. */
    private static final class Miscounting implements VirtioDevice, ResourceUsage.Meter {
        private final VirtioGpuDevice inside;

        Miscounting(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
            inside = new VirtioGpuDevice(memory, displays, sink);
        }

        @Override
        public ResourceUsage resourceUsage() {
            ResourceUsage usage = inside.resourceUsage();
            return new ResourceUsage(
                    usage.imageBytes(), usage.resources(), usage.backingStretches() + (usage.resources() > 0 ? 1 : 0));
        }

        @Override
        public int deviceId() {
            return inside.deviceId();
        }

        @Override
        public long offeredFeatures() {
            return inside.offeredFeatures();
        }

        @Override
        public int queueCount() {
            return inside.queueCount();
        }

        @Override
        public int configSize() {
            return inside.configSize();
        }

        @Override
        public int readConfig(int offset, int width) {
            return inside.readConfig(offset, width);
        }

        @Override
        public void writeConfig(int offset, int width, int value) {
            inside.writeConfig(offset, width, value);
        }

        @Override
        public void reset() {
            inside.reset();
        }

        @Override
        public void start(DeviceContext context) {
            inside.start(context);
        }

        @Override
        public void queueNotified(int queue) {
            inside.queueNotified(queue);
        }
    }

    @Test
    void aMiscountIsADifferenceAtTheLineAfterWhichItIsThere() {
        DifferentialRun run = new DifferentialRun(RIG, BuiltinDevice.of(Miscounting::new));
        assertThat(run.run(SCRIPT)).hasValueSatisfying(found -> {
            assertThat(found.kind()).isEqualTo(Kind.USAGE);
            assertThat(found.line()).isZero();
            assertThat(found.text()).contains("1 stretches of backing, not 1 resources");
        });
        assertThat(run.ofWhatADriverSees().run(SCRIPT)).isEmpty();
    }

    @Test
    void aMiscountThatNoDriverSeesIsReportedAfterSomeMoreScriptsAndCutDown() {
        Fuzzer fuzzer = new Fuzzer(1, BuiltinDevice.of(Miscounting::new));
        Optional<Failure> failure = fuzzer.run(() -> fuzzer.scripts() < 50);
        assertThat(failure).hasValueSatisfying(found -> {
            assertThat(found.difference().kind()).isEqualTo(Kind.USAGE);
            assertThat(Counterexample.of(found).after().commands()).isEqualTo(1);
        });
        assertThat(fuzzer.scripts()).isEqualTo(50);
    }

    @Test
    void aDeviceThatTellsNothingIsNotHeldToIt() {
        try (DeviceRig rig = DeviceRig.of(RIG, LimitedDevice.withCursor(), new NoFrames())) {
            assertThat(rig.resourceUsage()).isEmpty();
        }
        assertThat(new DifferentialRun(RIG, LimitedDevice.withCursor()).run(SCRIPT))
                .isEmpty();
    }

    /** VIRTIO 1.2, 5.7.6.8: a leak shows where all that should be left is asked for, and a trace can tell of that. */
    @Test
    void aScriptAsksForWhatShouldBeLeftAndForOnePixelMore() {
        List<List<ScriptLine>> scripts = UsageProbe.scripts(RIG, SCRIPT);
        assertThat(scripts).hasSize(4);
        for (List<ScriptLine> script : scripts) {
            assertThat(script.subList(0, SCRIPT.size())).isEqualTo(SCRIPT);
            assertThat(new DifferentialRun(RIG, BuiltinDevice.ours()).run(script))
                    .isEmpty();
        }
        List<ResourceUsage> usages = scripts.stream()
                .map(script -> usage(BuiltinDevice.ours(), script))
                .toList();
        assertThat(usages)
                .extracting(ResourceUsage::imageBytes)
                .containsExactly(256L << 20, 0L, 256L << 20, 4L * (4096 + 6));
    }
}
