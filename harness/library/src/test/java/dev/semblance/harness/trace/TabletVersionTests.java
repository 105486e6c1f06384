package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.trace.TraceManifest.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TRACE_FORMAT.md, "Versions": a machine with a tablet belongs to version 3. */
class TabletVersionTests {

    @TempDir
    private Path folder = Path.of("");

    private static TraceManifest with(Device last) {
        List<Device> devices = new ArrayList<>(TraceFiles.MANIFEST.devices());
        devices.set(devices.size() - 1, last);
        return TraceFiles.MANIFEST.with().devices(devices).build();
    }

    private static final TraceManifest TABLET = with(new Device("tablet", 18, 1L << 32, 0xf4c0_0000L, 10));

    private byte[] part(TraceManifest manifest) throws Exception {
        Path path = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(path, manifest)) {
            writer.accept(1, new TraceEvent.Reset(0));
            writer.flush();
            return Files.readAllBytes(writer.part());
        }
    }

    private static FileHeader header(byte[] file, int newest) throws Exception {
        try (BoundedFile own = BoundedFile.of(new SeekableInMemoryByteChannel(file))) {
            return FileHeader.read(own, newest);
        }
    }

    @Test
    void aTraceOfATabletIsOfVersionThreeFromItsFirstByteOn() throws Exception {
        FileHeader header = header(part(TABLET), FileHeader.VERSION);
        assertThat(header.version()).isEqualTo(3);
        assertThat(header.leastReader()).isEqualTo(3);
        assertThat(header.manifest()).isEqualTo(TABLET);
    }

    @Test
    void theReaderBeforeSaysThatItIsTooOld() throws Exception {
        byte[] file = part(TABLET);
        assertThatExceptionOfType(IncompatibleTraceException.class)
                .isThrownBy(() -> header(file, 2))
                .withMessageContaining("needs a reader of version 3; this one reads up to 2");
    }

    @Test
    void aTabletInATraceOfALowerVersionIsDamage() throws Exception {
        byte[] file = part(TABLET);
        byte[] older = FileHeader.withVersion(Arrays.copyOf(file, headerBytes(file)), 2, 2);
        System.arraycopy(older, 0, file, 0, older.length);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> header(file, FileHeader.VERSION))
                .isNotInstanceOf(IncompatibleTraceException.class)
                .withMessageContaining("the manifest belongs to format version 3, and the trace is of version 2");
    }

    private static int headerBytes(byte[] file) throws Exception {
        return header(file, FileHeader.VERSION).size();
    }

    @Test
    void otherDevicesNeedNoHigherVersion() throws Exception {
        for (Device device : List.of(
                new Device("mouse", 18, 1L << 32, 0xf4c0_0000L, 10), new Device("tablet", 16, 1, 0xf4c0_0000L, 10))) {
            assertThat(header(part(with(device)), 1).version()).isEqualTo(1);
        }
    }
}
