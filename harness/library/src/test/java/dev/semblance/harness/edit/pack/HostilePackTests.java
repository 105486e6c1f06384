package dev.semblance.harness.edit.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.util.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TOOLS.md, "pack": a pack is an attack until proven otherwise, and nothing of it leaves its folder. */
class HostilePackTests {

    @TempDir
    private Path folder = Path.of("");

    private byte[] trace = new byte[0];
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<PackManifest.Image> images = new ArrayList<>();

    @BeforeEach
    void makeTrace() throws IOException {
        Path file = folder.resolve("t.trace");
        SyntheticGuest.record(file, 1, false, 5);
        trace = Files.readAllBytes(file);
        files.put("trace/t.trace", trace);
    }

    private static PackManifest.File listed(String name, byte[] bytes) {
        return new PackManifest.File(name, bytes.length, sha256(bytes));
    }

    private static String sha256(byte[] bytes) {
        return Sha256.of(bytes);
    }

    private PackManifest manifest(int version) {
        List<PackManifest.File> list = new ArrayList<>();
        files.forEach((name, bytes) -> list.add(listed(name, bytes)));
        return new PackManifest(PackManifest.FORMAT, version, "", "", "", list, images);
    }

    private static void add(ByteArrayOutputStream out, String name, byte[] bytes) {
        TarHeader header = new TarHeader(name, bytes.length);
        out.writeBytes(header.encode());
        out.writeBytes(Arrays.copyOf(bytes, (int) header.paddedSize()));
    }

    private byte[] bytes(PackManifest manifest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        add(out, "manifest.json", manifest.toJson().getBytes(StandardCharsets.UTF_8));
        files.forEach((name, bytes) -> add(out, name, bytes));
        out.writeBytes(new byte[2 * TarHeader.BLOCK]);
        return out.toByteArray();
    }

    private PackReader.Contents extract(byte[] pack) throws IOException {
        Path file = Files.write(folder.resolve("p.semblance"), pack);
        Path into = Files.createDirectories(folder.resolve("into"));
        return PackReader.extract(file, into);
    }

    private void assertRefused(String reason, byte[] pack) throws IOException {
        assertThatThrownBy(() -> extract(pack))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("at byte ")
                .hasMessageContaining(reason);
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(file -> file.getFileName().toString())).containsOnly("t.trace", "p.semblance", "into");
        }
    }

    @Test
    void aSoundPackIsTakenApart() throws IOException {
        PackReader.Contents contents = extract(bytes(manifest(1)));
        assertThat(contents.traces()).hasSize(1);
        assertThat(contents.traces().getFirst()).hasBinaryContent(trace);
        assertThat(PackReader.isPack(folder.resolve("p.semblance"))).isTrue();
        assertThat(PackReader.isPack(folder.resolve("t.trace"))).isFalse();
    }

    @Test
    void noNameLeadsOutOfTheFolder() throws IOException {
        for (String name : List.of(
                "../evil",
                "/etc/evil",
                "trace/../evil.trace",
                "trace/../../evil.trace",
                "trace/a/b.trace",
                "trace/.trace",
                "trace/..trace",
                "golden/../x.png",
                "golden/a/../x.png",
                "golden/a/b/x.png",
                "golden/a/x.sh",
                "golden/a/.png",
                "golden/a/policy.toml",
                "golden/other.toml",
                "policy.toml",
                "images/../x.gz",
                "images/x.gz",
                "trace\\evil.trace",
                "manifest.json",
                "evil",
                "trace/a\nb.trace")) {
            files.put(name, new byte[3]);
            assertRefused("a file whose name no pack has", bytes(manifest(1)));
            files.remove(name);
        }
    }

    @Test
    void whatTheManifestDoesNotListAndWhatIsThereTwiceOrMissingIsRefused() throws IOException {
        byte[] sound = bytes(manifest(1));
        PackManifest manifest = manifest(1);
        files.put("README.txt", new byte[1]);
        assertRefused("does not list", bytes(manifest));
        assertRefused("README.txt is missing", withoutLastFile(bytes(manifest(1))));
        files.remove("README.txt");
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.write(sound, 0, sound.length - 2 * TarHeader.BLOCK);
        add(twice, "trace/t.trace", trace);
        twice.writeBytes(new byte[2 * TarHeader.BLOCK]);
        assertRefused("that was there before", twice.toByteArray());
        PackManifest doubled = new PackManifest(
                PackManifest.FORMAT,
                1,
                "",
                "",
                "",
                List.of(listed("trace/t.trace", trace), listed("trace/t.trace", trace)),
                images);
        assertRefused("twice", bytes(doubled));
        assertRefused("something follows", Arrays.copyOf(sound, sound.length + 512));
    }

    @Test
    void aPolicyInAPackIsOne() throws IOException {
        files.put("golden/policy.toml", new byte[0]);
        assertThat(extract(bytes(manifest(1))).traces()).hasSize(1);
        for (String text : List.of("[[snapshot]]", "a = [", "[".repeat(5_000), "\u0000")) {
            files.put("golden/policy.toml", text.getBytes(StandardCharsets.UTF_8));
            assertRefused("golden/policy.toml", bytes(manifest(1)));
        }
        files.put("golden/policy.toml", new byte[(1 << 20) + 1]);
        assertRefused("a policy has at most", bytes(manifest(1)));
    }

    private static byte[] withoutLastFile(byte[] pack) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(pack, 0, pack.length - 4 * TarHeader.BLOCK);
        out.writeBytes(new byte[2 * TarHeader.BLOCK]);
        return out.toByteArray();
    }

    @Test
    void sizesAreCappedBeforeAnythingIsWritten() throws IOException {
        PackManifest huge = new PackManifest(
                PackManifest.FORMAT,
                1,
                "",
                "",
                "",
                List.of(new PackManifest.File("trace/t.trace", PackReader.MAX_BYTES + 1, sha256(trace))),
                images);
        assertRefused("more than", bytes(huge));
        assertRefused("ends early", Arrays.copyOf(bytes(manifest(1)), 1400));
    }

    @Test
    void anImageThatExpandsToMoreThanItSaysIsABomb() throws IOException {
        ByteArrayOutputStream zeros = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zeros)) {
            gzip.write(new byte[1 << 20]);
        }
        String name = "0".repeat(64);
        files.put("images/" + name + ".gz", zeros.toByteArray());
        assertRefused("an image that the manifest does not list", bytes(manifest(1)));
        images.add(new PackManifest.Image("Image", 1000, name, true));
        assertRefused("more than the manifest says", bytes(manifest(1)));
        images.set(0, new PackManifest.Image("Image", 1 << 20, name, true));
        assertRefused("not the one that the manifest says", bytes(manifest(1)));
        files.put("images/" + name + ".gz", new byte[100]);
        assertRefused("cannot be expanded", bytes(manifest(1)));
        images.set(0, new PackManifest.Image("Image", PackReader.MAX_BYTES, name, true));
        assertRefused("more than", bytes(manifest(1)));
    }

    @Test
    void noPackIsInAPackAndALaterOneIsSaidToBe() throws IOException {
        byte[] inner = bytes(manifest(1));
        files.put("trace/t.trace", inner);
        assertRefused("trace/t.trace is no sound trace", bytes(manifest(1)));
        files.put("trace/t.trace", trace);
        assertThatThrownBy(() -> extract(bytes(manifest(3)))).isInstanceOf(IncompatibleTraceException.class);
    }

    @Test
    void linksAndRecordsOfOtherKindsAreNoFiles() throws IOException {
        byte[] sound = bytes(manifest(1));
        int second = Arrays.mismatch(Arrays.copyOf(sound, sound.length), new byte[sound.length]) + 512;
        while (sound[second] != 't' || sound[second + 257] != 'u') {
            second += 512;
        }
        for (char type : "123456LKxgS".toCharArray()) {
            byte[] changed = sound.clone();
            changed[second + 156] = (byte) type;
            assertRefused("no header of a file", changed);
        }
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        byte[] sound = bytes(manifest(1));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 400; i++) {
            byte[] changed = sound.clone();
            changed[random.nextInt(sound.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                // A letter of the manifest that nothing hangs on may differ.
                assertThat(extract(changed).traces().getFirst()).hasBinaryContent(trace);
            } catch (TraceFormatException e) {
                assertThat(e.offset()).isBetween(0L, (long) sound.length);
            }
        }
    }
}
