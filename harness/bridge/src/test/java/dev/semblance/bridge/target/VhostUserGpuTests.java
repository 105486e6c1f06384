package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.util.ShellWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** QEMU's vhost-user-gpu does as recorded, and its known faults are found. */
class VhostUserGpuTests {

    private static final String CREATE =
            "{\"command\":{\"type\":\"RESOURCE_CREATE_2D\",\"resourceId\":1,\"format\":2,\"width\":4,\"height\":4}}";

    private Optional<DeviceUnderTest.Factory> made = Optional.empty();

    @BeforeEach
    void requireIt() {
        String named = Optional.ofNullable(System.getenv("SEMBLANCE_VHOST_USER_GPU"))
                .orElseGet(() -> ShellWords.quote(Program.require(
                        "vhost-user-gpu",
                        "Debian has it in qemu-system-gui; SEMBLANCE_VHOST_USER_GPU=COMMAND names another")));
        made = Optional.of(VhostUserTarget.of(TargetLaunch.of(named + " -s {socket}", Duration.ofSeconds(3))));
    }

    private DeviceUnderTest.Factory target() {
        return made.orElseThrow();
    }

    private Program.Outcome run(Lines lines) {
        return Program.run(target(), lines.all());
    }

    private static Frame right(Lines lines) {
        return Program.run(BuiltinDevice.ours(), lines.all()).pictures().getFirst();
    }

    @Test
    void theRecordingsGiveTheSamePicturesWithTheirCursors() {
        for (Path trace : Program.recordings()) {
            Program.Comparison comparison = Program.replay(target(), trace, true);
            assertThat(comparison.pictures()).as(trace.toString()).isEmpty();
            assertThat(comparison.compared()).as(trace.toString()).isPositive();
            // Before version 8 it has no EDID, and says so on standard error.
            assertThat(comparison.answers().keySet()).as(trace.toString()).isSubsetOf("GET_EDID");
            comparison
                    .failure()
                    .ifPresent(failure -> assertThat(failure.cause()).isEqualTo(new Cause.Complained()));
        }
    }

    @Test
    void aTransferFromBehindTheBackingThatEndsItIsAFinding() {
        Program.Outcome outcome =
                run(Lines.image(2, 4, 4, Lines.fill("00ff0000", 16)).transfer(4, 4, 64));
        // Version 10 lives, and answers.
        outcome.failure().ifPresent(failure -> {
            assertThat(failure.cause()).isEqualTo(new Cause.Died(134));
            assertThat(failure.text()).contains("SIGABRT");
        });
        assertThat(outcome.answers()).hasSize(3);
        assertThat(outcome.failure().isPresent() ? "0xaaaa" : "0x1100").isEqualTo(outcome.response(2));
    }

    @Test
    void aDescriptorWithoutBytesThatEndsItIsAFinding() {
        Program.Outcome outcome = Program.run(
                target(),
                "{\"request_hex\":\"000100000000000000000000000000000000000000000000\",\"resp_len\":408,\"req_split\":[0,24]}");
        assertThat(outcome.failure().orElseThrow().cause()).isEqualTo(new Cause.Died(1));
        assertThat(outcome.failure().orElseThrow().lastLines()).anyMatch(line -> line.contains("zero sized buffers"));
        assertThat(outcome.answers().getFirst()).contains("\"used\":false");
    }

    @Test
    void resourcesThatSurviveAResetAreSeen() {
        Program.Outcome outcome = Program.run(target(), CREATE, "{\"op\":\"reset\"}", CREATE);
        assertThat(outcome.response(0)).isEqualTo("0x1100");
        assertThat(outcome.response(2)).isEqualTo("0x1203");
        // It does not take a second display socket either.
        assertThat(outcome.failure()).isPresent();
    }

    @Test
    void aViewThatIsNotAtTheOriginLiesWrong() {
        Lines lines = Lines.image(2, 4, 4, Lines.fill("00ff0000", 16))
                .transfer(4, 4, 0)
                .show(2, 2, 2, 2);
        Program.Outcome outcome = run(lines);
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.pictures().getFirst()).isNotEqualTo(right(lines));
    }

    @Test
    void formatsButTheFirstTwoHaveWrongColours() {
        for (int format : new int[] {1, 2}) {
            Lines lines = Lines.image(format, 4, 4, Lines.fill("102030ff", 16))
                    .transfer(4, 4, 0)
                    .show(0, 0, 4, 4);
            assertThat(run(lines).pictures().getFirst()).isEqualTo(right(lines));
        }
        for (int format : new int[] {3, 4, 67, 68, 121, 134}) {
            Lines lines = Lines.image(format, 4, 4, Lines.fill("102030ff", 16))
                    .transfer(4, 4, 0)
                    .show(0, 0, 4, 4);
            assertThat(run(lines).pictures().getFirst()).as("format " + format).isNotEqualTo(right(lines));
        }
    }

    @Test
    void whatItSaysOnStandardErrorIsAFindingByItself() {
        Program.Outcome outcome = Program.run(
                target(), "{\"request_hex\":\"070200000000000000000000000000000000000000000000\",\"resp_len\":24}");
        assertThat(outcome.response(0)).isEqualTo("0x1200");
        assertThat(outcome.failure().orElseThrow().cause()).isEqualTo(new Cause.Complained());
        assertThat(outcome.failure().orElseThrow().text()).contains("ctrl");
    }

    @Test
    void theAnswersAboutDisplaysAreTheFrontEnds() {
        String line = "{\"command\":{\"type\":\"GET_DISPLAY_INFO\"}}";
        assertThat(Program.run(target(), line).answers())
                .isEqualTo(Program.run(BuiltinDevice.ours(), line).answers());
        assertThat(Program.run(target(), "{\"op\":\"config_read\",\"off\":8,\"width\":4}")
                        .answers())
                .isEqualTo(Program.run(BuiltinDevice.ours(), "{\"op\":\"config_read\",\"off\":8,\"width\":4}")
                        .answers());
    }
}
