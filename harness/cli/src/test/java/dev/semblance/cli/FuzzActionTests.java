package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.fuzz.DeviceAdapter;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzActionTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();

    private ExitCode fuzz(DeviceUnderTest.Factory device, Optional<Long> seed, long commands) {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter()), false);
        return new FuzzCommand(Environments.of(terminal), device)
                .run(new FuzzCommand.Request(seed, Optional.of(commands), Optional.empty(), Optional.of(folder)));
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    @Test
    void theSeedComesFirstAndTheTableLast() {
        assertThat(fuzz(BuiltinDevice.ours(), Optional.of(5L), 300)).isEqualTo(ExitCode.PASS);
        assertThat(lines().getFirst()).isEqualTo("seed 5");
        assertThat(lines()).anyMatch(line -> line.startsWith("TRANSFER_TO_HOST_2D "));
        assertThat(lines().getLast()).isEqualTo("no difference");
    }

    @Test
    void aSeedIsChosenAndPrintedWhereNoneIsGiven() {
        fuzz(BuiltinDevice.ours(), Optional.empty(), 1);
        assertThat(lines().getFirst()).matches("seed [0-9]+");
    }

    @Test
    void aFailureIsWrittenWithTheCommandsThatReplayItAndFindItAnew() {
        DeviceUnderTest.Factory mute = DeviceAdapter.of((memory, displays, sink) -> new DeviceAdapter.Answering() {
            @Override
            public byte[] answer(int queue, byte[] request, int room) {
                return new byte[0];
            }

            @Override
            public void reset() {}

            @Override
            public void start(long features) {}
        });
        assertThat(fuzz(mute, Optional.of(5L), 300)).isEqualTo(ExitCode.MISMATCH);
        Path trace = folder.resolve("fuzz-5-0.trace");
        assertThat(trace).isRegularFile();
        assertThat(lines())
                .contains("replay it:    semblance replay " + trace)
                .anyMatch(line -> line.startsWith("find it anew: semblance fuzz --seed 5 --commands 1"))
                .anyMatch(line -> line.startsWith("cut down from ") && line.contains(" to 1 command,"));
    }
}
