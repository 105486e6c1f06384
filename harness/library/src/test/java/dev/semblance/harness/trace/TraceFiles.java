package dev.semblance.harness.trace;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest.Device;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceManifest.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Traces for tests: a manifest, files made of events, and reading all of one. */
public final class TraceFiles {

    /** A manifest that lists as many devices as the arbitrary events name. */
    public static final TraceManifest MANIFEST = TraceManifest.builder(TraceManifest.Kind.MACHINE)
            .toolVersion("semblance 0.1.0")
            .profile("semu")
            .isa("rv32ima")
            .harts(1)
            .ramBytes(512L << 20)
            .timebaseHz(65_000_000)
            .bootargs("earlycon console=ttyS0")
            .seed(42)
            .devices(IntStream.range(0, EventArbitraries.DEVICES)
                    .mapToObj(i -> new Device("gpu", 16, 1L << 32 | 2, 0xf400_0000L + i * 0x1000L, i + 1))
                    .toList())
            .displayModes(List.of(new DisplayMode(1024, 768)))
            .edid("00ffffffffffff00")
            .images(List.of(new Image(Image.Role.KERNEL, "Image", 5_000_000, "0123456789abcdef".repeat(4))))
            .scenario(Optional.of("wait \"login\" within 2e9\n"))
            .build();

    private TraceFiles() {}

    /** What reading a file gave: the events up to its end or up to the damage. */
    public record Reading(List<Stamped> events, Optional<TraceStatus> status, Optional<TraceFormatException> failure) {}

    /** Writes a complete trace. */
    public static TraceTotals write(Path path, List<Step> steps, TraceWriter.Options options) {
        return write(path, MANIFEST, steps, options);
    }

    static TraceTotals write(Path path, TraceManifest manifest, List<Step> steps, TraceWriter.Options options) {
        try (TraceWriter writer = TraceWriter.create(path, manifest, options)) {
            long cycle = 0;
            for (Step step : steps) {
                cycle += step.cycleDelta();
                writer.accept(cycle, step.event());
            }
            return writer.complete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file; anything thrown but a TraceFormatException fails the test. */
    public static Reading read(Path path) {
        try {
            return read(Files.newByteChannel(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reading read(SeekableByteChannel channel) {
        List<Stamped> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(channel)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
            return new Reading(events, Optional.of(reader.status()), Optional.empty());
        } catch (TraceFormatException e) {
            return new Reading(events, Optional.empty(), Optional.of(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file that has these bytes. */
    public static Reading read(byte[] bytes) {
        return read(new SeekableInMemoryByteChannel(bytes));
    }

    /** Returns a complete file of these events. */
    public static byte[] bytes(List<Step> steps, TraceWriter.Options options) {
        try {
            Path folder = Files.createTempDirectory("semblance");
            Path path = folder.resolve("t.trace");
            try {
                write(path, steps, options);
                return Files.readAllBytes(path);
            } finally {
                Files.deleteIfExists(path);
                Files.deleteIfExists(TraceWriter.partOf(path));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the length of the file up to the end of its first chunk, before which there is nothing in it to read. */
    static int firstChunkEnd(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int chunk = FileHeader.FIXED_BYTES + bytes.getInt(12) + 4;
        return chunk + ChunkHeader.SIZE + bytes.getInt(chunk + 16);
    }

    /** Returns the events as a reader gives them. */
    public static List<Stamped> stamped(List<Step> steps) {
        List<Stamped> stamped = new ArrayList<>();
        long cycle = 0;
        for (Step step : steps) {
            cycle += step.cycleDelta();
            stamped.add(new Stamped(stamped.size(), cycle, step.event()));
        }
        return stamped;
    }
}
