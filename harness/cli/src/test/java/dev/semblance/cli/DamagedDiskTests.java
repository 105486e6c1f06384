package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** docs/GUESTS.md, "Large disks": a disk that turns out to be damaged while the guest reads it. */
class DamagedDiskTests {

    private static final int MIB = 1 << 20;
    private static final int BLOCKS = 65;

    /** Which block the guest comes to when it is up. */
    private static final int BAD = 9;

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        GuestImages images = new GuestImages(ProjectHome.guestFolder(), new ImageCache(folder.resolve("cache")));
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        return Semblance.run(Environments.of(terminal, () -> images), words);
    }

    /** Writes a disk of zeros in blocks of 1 MiB; returns where the bad one is in the file. */
    private static int write(Path disk) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bad = 0;
        try (XZOutputStream xz = new XZOutputStream(bytes, new LZMA2Options(0), XZ.CHECK_CRC32)) {
            for (int block = 0; block < BLOCKS; block++) {
                bad = block == BAD ? bytes.size() : bad;
                xz.write(new byte[MIB]);
                xz.endBlock();
            }
        }
        Files.write(disk, bytes.toByteArray());
        Files.setLastModifiedTime(disk, LONG_AGO);
        return bad;
    }

    /** Returns a scenario whose guest reads the bad block once it is up. */
    private Path scenario() throws IOException {
        return Files.writeString(folder.resolve("read.scenario"), Text.format("""
                initrd shipped:rootfs.cpio
                wait "rv32# " within 1e9
                type "dd if=/dev/vda of=/dev/null bs=1024k count=1 skip=%d; echo re''ad all\\n"
                wait "read all" within 1e9
                """, BAD));
    }

    /** Changes a byte of the bad block in secret: size and time are as they were, so that it is believed to be the same. */
    private static void spoil(Path disk, int bad) throws IOException {
        byte[] bytes = Files.readAllBytes(disk);
        bytes[bad + 40] ^= 1;
        Files.write(disk, bytes);
        Files.setLastModifiedTime(disk, LONG_AGO);
    }

    @Test
    void aBlockThatCannotBeUnpackedEndsTheRunWithItsPlaceAndTheTraceIsWholeUpToThere() throws IOException {
        Path disk = folder.resolve("disk.img.xz");
        int bad = write(disk);
        Path scenario = scenario();
        Path trace = folder.resolve("mine.trace");
        assertThat(run("record", "--scenario", scenario, "--disk", disk, "-o", trace))
                .as("%s", err)
                .isZero();

        spoil(disk, bad);
        Path again = folder.resolve("again.trace");
        assertThat(run("record", "--scenario", scenario, "--disk", disk, "-o", again))
                .isEqualTo(ExitCode.INCOMPATIBLE.code());
        assertThat(err.toString())
                .startsWith("semblance: " + disk + " is damaged: what it has at byte " + Text.format("%,d", bad)
                        + " cannot be unpacked (")
                .contains("What was recorded up to there is in " + again + ".part.")
                .doesNotContain("\tat ");
        assertThat(again).doesNotExist();
        assertThat(console(folder.resolve("again.trace.part")))
                .contains("rv32# dd if=/dev/vda")
                .doesNotContain("records in");

        // Who wants to know reads all of it first.
        assertThat(run("record", "--verify-images", "--scenario", scenario, "--disk", disk, "-o", again))
                .isEqualTo(ExitCode.INCOMPATIBLE.code());
        assertThat(err.toString()).startsWith("semblance: ").contains(disk + " is damaged");
    }

    /** The image is the one of the trace, as far as anybody knew: no difference is told, but what is wrong with the file. */
    @Test
    void aReplayThatComesToItIsRefusedWithThePlaceAndTheOtherTracesHaveTheirTurn() throws IOException {
        Path disks = Files.createDirectories(folder.resolve("disks"));
        Path disk = disks.resolve("disk.img.xz");
        int bad = write(disk);
        Path traces = Files.createDirectories(folder.resolve("traces"));
        Path trace = traces.resolve("mine.trace");
        assertThat(run("record", "--scenario", scenario(), "--disk", disk, "-o", trace))
                .as("%s", err)
                .isZero();
        Path other = traces.resolve("other.trace");
        assertThat(run("record", "--bare", Recordings.bare("hello-semu.bin"), "--max-cycles", "1e5", "-o", other))
                .as("%s", err)
                .isZero();
        try (Stream<Path> kept = Files.list(folder.resolve("cache/images"))) {
            // The copy that was kept is lost, and the original has to do.
            for (Path copy :
                    kept.filter(file -> file.toString().endsWith(".xz")).toList()) {
                Files.delete(copy);
            }
        }
        assertThat(run("replay", "--machine", "--images", disks, trace))
                .as("%s", out)
                .isZero();

        spoil(disk, bad);
        String damage = disk + " is damaged: what it has at byte " + Text.format("%,d", bad) + " cannot be unpacked (";
        for (List<Object> which : List.<List<Object>>of(List.of("--machine"), List.of(), List.of("--jobs", 1))) {
            List<Object> words = new ArrayList<>(List.of("replay", "--images", disks));
            words.addAll(which);
            words.add(traces);
            assertThat(run(words.toArray())).isEqualTo(ExitCode.INCOMPATIBLE.code());
            assertThat(out.toString().lines())
                    .as("%s", which)
                    .filteredOn(line -> line.startsWith("FAIL  "))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("FAIL  " + trace + ": " + damage)
                    .endsWith(" is lost; get the file again");
            assertThat(out.toString()).contains(other + ": machine agrees").doesNotContain("\tat ", "differs");
            assertThat(err.toString()).isEmpty();
        }
        assertThat(run("replay", "--machine", "--json", "--images", disks, trace))
                .isEqualTo(ExitCode.INCOMPATIBLE.code());
        assertThat(out.toString()).contains("\"exitCode\":5", "\"problem\":\"" + damage);
        // The device needs no disk.
        assertThat(run("replay", "--device", trace)).isZero();
    }

    private static String console(Path trace) throws IOException {
        StringBuilder said = new StringBuilder();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().event() instanceof TraceEvent.ConsoleOutput output) {
                    said.append((char) (output.value() & 0xff));
                }
            }
        }
        return said.toString();
    }
}
