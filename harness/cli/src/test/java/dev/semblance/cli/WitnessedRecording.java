package dev.semblance.cli;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.SemuPlatform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * {@code record} in a process of its own that notes, in memory that outlives it, how many events the writer has taken: so
 * that a test can tell what a killed recording lost.
 */
final class WitnessedRecording {

    private static final int BYTES = 16;

    private WitnessedRecording() {}

    /**
     * How far a recording had come.
     *
     * @param events how many events its writer had taken
     * @param cycle the cycle of the last one
     */
    record Progress(long events, long cycle) {

        static Progress read(Path witness) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(witness)).order(ByteOrder.LITTLE_ENDIAN);
            return bytes.capacity() < BYTES ? new Progress(0, 0) : new Progress(bytes.getLong(0), bytes.getLong(8));
        }
    }

    /** Returns the run that {@code record --scenario} makes of a scenario that names no guest. */
    static SessionConfig config() {
        return Recordings.linux(SemuPlatform.BOOTARGS_INITRD, 0);
    }

    /** Returns the command that records a scenario. */
    static List<String> command(Path scenario, Path trace, Path witness) {
        Path home = ProjectHome.guestFolder().orElseThrow();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dsemblance.home=" + home.resolve("..").resolve("..").normalize(),
                WitnessedRecording.class.getName(),
                scenario.toString(),
                trace.toString(),
                witness.toString());
    }

    public static void main(String[] args) throws IOException, BadImageException {
        Path file = Path.of(args[0]);
        Scenario scenario =
                ScenarioParser.parse(file.toString(), file.resolveSibling("").toAbsolutePath(), Files.readString(file));
        try (FileChannel channel = FileChannel.open(
                        Path.of(args[2]),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                TraceWriter writer =
                        TraceWriter.create(Path.of(args[1]), config().manifest("test", Optional.of(scenario.text())))) {
            MappedByteBuffer witness = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            witness.order(ByteOrder.LITTLE_ENDIAN);
            EventSink sink = (cycle, event) -> {
                writer.accept(cycle, event);
                witness.putLong(0, witness.getLong(0) + 1);
                witness.putLong(8, cycle);
            };
            new RecordingRun(config(), Optional.of(scenario), Optional.of(sink), value -> {})
                    .run(Long.MAX_VALUE, cycle -> {});
            writer.complete();
        }
    }
}
