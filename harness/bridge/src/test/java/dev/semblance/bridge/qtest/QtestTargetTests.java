package dev.semblance.bridge.qtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.target.Lines;
import dev.semblance.bridge.target.Program;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.util.ShellWords;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The device inside of QEMU does as recorded, and its known faults are found. */
class QtestTargetTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static DeviceUnderTest.Factory target() {
        return QtestTarget.of(TargetLaunch.of(
                ShellWords.quote(Program.require("qemu-system-riscv32", "Debian has it in qemu-system-misc")),
                TIMEOUT));
    }

    @Test
    void theRecordingsGiveTheSamePicturesButForTheirCursors() {
        DeviceUnderTest.Factory target = target();
        int compared = 0;
        for (Path trace : Program.recordings()) {
            Program.Comparison comparison = Program.replay(target, trace, false);
            assertThat(comparison.failure()).as(trace.toString()).isEmpty();
            compared += comparison.compared();
            // It makes an EDID of its own, and has no place of a display beside another.
            assertThat(comparison.answers().keySet()).as(trace.toString()).isSubsetOf("GET_EDID", "GET_DISPLAY_INFO");
            assertThat(comparison.pictures()).as(trace.toString()).isEmpty();
        }
        assertThat(compared).isGreaterThan(40);
    }

    @Test
    void aTransferFromBehindTheBackingThatEndsItIsAFinding() {
        Program.Outcome outcome = Program.run(
                target(),
                Lines.image(2, 4, 4, Lines.fill("00ff0000", 16))
                        .transfer(4, 4, 64)
                        .all());
        // Later versions answer.
        outcome.failure().ifPresent(failure -> assertThat(failure.cause()).isEqualTo(new Cause.Died(134)));
        assertThat(outcome.answers()).hasSize(3);
    }

    @Test
    void aDescriptorWithoutBytesBreaksTheQueueUntilAReset() {
        Program.Outcome outcome = Program.run(
                target(),
                "{\"request_hex\":\"000100000000000000000000000000000000000000000000\",\"resp_len\":408,\"req_split\":[0,24]}");
        assertThat(outcome.answers().getFirst()).contains("\"used\":false").contains("\"status\":79");
        assertThat(outcome.failure().orElseThrow().cause()).isEqualTo(new Cause.Complained());
        assertThat(outcome.failure().orElseThrow().lastLines()).anyMatch(line -> line.contains("zero sized buffers"));
    }

    @Test
    void aRequestThatIsNeverAnsweredIsSeenAsThatAtOnce() {
        long start = System.nanoTime();
        Program.Outcome outcome =
                Program.run(target(), "{\"request_hex\":\"0001\",\"resp_len\":24}", "{\"op\":\"status\"}");
        assertThat(outcome.answers().getFirst()).contains("\"used\":false").contains("\"status\":15");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(5));
    }

    @Test
    void aResetTakesResourcesAway() {
        String create =
                "{\"command\":{\"type\":\"RESOURCE_CREATE_2D\",\"resourceId\":1,\"format\":2,\"width\":4,\"height\":4}}";
        Program.Outcome outcome = Program.run(target(), create, create, "{\"op\":\"reset\"}", create);
        assertThat(outcome.response(1)).isEqualTo("0x1203");
        assertThat(outcome.response(3)).isEqualTo("0x1100");
        assertThat(outcome.failure()).isEmpty();
    }

    @Test
    void everyFormatAndAnyViewIsShownRight() {
        DeviceUnderTest.Factory target = target();
        for (int format : new int[] {1, 2, 3, 4, 67, 68, 121, 134}) {
            String[] lines = Lines.image(format, 24, 20, Lines.fill("102030ff", 480))
                    .transfer(24, 20, 0)
                    .show(3, 2, 20, 17)
                    .all();
            assertThat(Program.run(target, lines).pictures())
                    .as("format " + format)
                    .isEqualTo(Program.run(BuiltinDevice.ours(), lines).pictures());
        }
    }

    @Test
    void entriesAndTablesAreFoundWhereRamIsForTheDriver() {
        String[] lines = Lines.image(2, 16, 16, Lines.fill("00ff0000", 256))
                .and("{\"command\":{\"type\":\"RESOURCE_DETACH_BACKING\",\"resourceId\":1}}")
                // The second entry lies over three descriptors.
                .and(
                        "{\"command\":{\"type\":\"RESOURCE_ATTACH_BACKING\",\"resourceId\":1,\"entries\":["
                                + "{\"address\":1048576,\"length\":512},{\"address\":1049088,\"length\":512}]},\"req_split\":[45,7]}")
                .transfer(16, 16, 0)
                .show(0, 0, 16, 16)
                .and("{\"op\":\"mem_read\",\"addr\":1048576,\"len\":8}")
                .all();
        Program.Outcome outcome = Program.run(target(), lines);
        assertThat(outcome).isEqualTo(Program.run(BuiltinDevice.ours(), lines));
    }

    @Test
    void displaysAreThoseOfTheTestAndCanChange() {
        Program.Outcome outcome = Program.run(
                target(),
                "{\"op\":\"device\",\"heads\":[[800,600],[640,480],[1024,768]]}",
                "{\"op\":\"config_read\",\"off\":0,\"width\":4}",
                "{\"op\":\"display\",\"head\":1,\"width\":320,\"height\":200}",
                "{\"op\":\"display\",\"head\":0,\"width\":0,\"height\":0}",
                "{\"op\":\"config_read\",\"off\":0,\"width\":4}",
                "{\"command\":{\"type\":\"GET_DISPLAY_INFO\"}}");
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.answers().get(0)).contains("\"value\":0");
        // QEMU sets the bit of used buffers as well.
        assertThat(outcome.answers().get(1)).contains("\"interrupt_status\":3");
        assertThat(outcome.answers().get(3)).contains("\"value\":1");
        // Width, height and enabled of each: 0 and off, 320x200, 1024x768.
        assertThat(outcome.answers().getLast())
                .contains("0000000000000000" + "00000000" + "00000000" + "00000000")
                .contains("40010000" + "c8000000" + "01000000")
                .contains("00040000" + "00030000" + "01000000");
    }

    @Test
    void anotherProgramIsUnusableAndItsLastWordsAreTold() {
        assertThatThrownBy(() ->
                        Program.run(QtestTarget.of(TargetLaunch.of("echo no such machine >&2; exit 3 #", TIMEOUT))))
                .isInstanceOf(UnusableTargetException.class)
                .hasMessageContaining("exit status 3")
                .hasMessageContaining("no such machine")
                .extracting(e -> ExitCode.of((UnusableTargetException) e))
                .isEqualTo(ExitCode.INCOMPATIBLE);
    }

    @Test
    void aProgramThatNeverConnectsIsUnusable() {
        assertThatThrownBy(() -> Program.run(QtestTarget.of(TargetLaunch.of("sleep 100 #", Duration.ofMillis(50)))))
                .isInstanceOf(UnusableTargetException.class)
                .hasMessageContaining("its connection for qtest");
    }
}
