package dev.semblance.harness.edit.pack;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes a pack: a tar archive that {@code tar xf} opens, not compressed, because what is in it is already. The manifest is
 * its first file, the others follow by their names; owners and times are 0, so that the same files give the same bytes.
 */
public final class PackWriter {

    /** What a file in the pack is made of. */
    private sealed interface Content {
        record Bytes(byte[] bytes) implements Content {}

        record Copy(Path file) implements Content {}
    }

    private final Map<String, Content> contents = new TreeMap<>();

    /** Makes a pack with nothing in it. */
    public PackWriter() {}

    /** Adds a trace under a plain name. */
    public void trace(String name, Path file) {
        add(PackNames.trace(name), new Content.Copy(file));
    }

    /**
     * Adds a trace that others go on from, under its own name; adding one twice does nothing.
     *
     * @throws IllegalArgumentException if its name is no plain one, or another file has it
     */
    public void parent(Path file) {
        String name = PackNames.parent(TraceFile.of(file).name());
        Content content = new Content.Copy(file.toAbsolutePath().normalize());
        if (!content.equals(contents.get(name))) {
            add(name, content);
        }
    }

    /**
     * Adds a golden of a trace, or a picture that a policy accepts in its place; adding one twice does nothing.
     *
     * @throws IllegalArgumentException if its name has more than 100 characters, or is not that of a picture
     */
    public void golden(String trace, Path file) {
        String name = PackNames.golden(trace, String.valueOf(file.getFileName()));
        if (!contents.containsKey(name)) {
            add(name, new Content.Copy(file));
        }
    }

    /** Adds what may differ from the goldens. */
    public void policy(Path file) {
        add(PackNames.POLICY, new Content.Copy(file));
    }

    /** Adds an image, compressed with gzip already. */
    public void image(String sha256, Path gzip) {
        if (!contents.containsKey(PackNames.image(sha256))) {
            add(PackNames.image(sha256), new Content.Copy(gzip));
        }
    }

    /** Adds what a replay said. */
    public void verdict(String text, String json) {
        add(PackNames.VERDICT_TEXT, new Content.Bytes(text.getBytes(StandardCharsets.UTF_8)));
        add(PackNames.VERDICT_JSON, new Content.Bytes(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds what people should know who open the pack with other tools. */
    public void readme(String text) {
        add(PackNames.README, new Content.Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** {@return the files that go in so far} */
    public List<Path> inputs() {
        return contents.values().stream()
                .flatMap(content -> content instanceof Content.Copy copy ? Stream.of(copy.file()) : Stream.empty())
                .toList();
    }

    private void add(String name, Content content) {
        if (!PackNames.isAllowed(name) || contents.putIfAbsent(name, content) != null) {
            throw new IllegalArgumentException("a pack cannot hold (another) " + name);
        }
    }

    /**
     * Writes the pack, whole or not at all.
     *
     * @param tool the version that packs
     * @throws UnwritableException if it cannot be written
     * @throws IOException if a file cannot be read that was to go in
     */
    public Written write(Path target, String tool, List<PackManifest.Image> images) throws IOException {
        PackManifest manifest = manifest(tool, images);
        byte[] json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
        if (json.length > PackManifest.MAX_BYTES || contents.size() > PackReader.MAX_FILES) {
            throw UnwritableException.of(target, "there are too many files for one pack");
        }
        try (OutputFile file = OutputFile.create(target)) {
            OutputStream out = file.stream();
            file(out, new TarHeader(PackNames.MANIFEST, json.length), new Content.Bytes(json));
            for (PackManifest.File listed : manifest.files()) {
                file(
                        out,
                        new TarHeader(listed.name(), listed.size()),
                        Objects.requireNonNull(contents.get(listed.name())));
            }
            out.write(new byte[2 * TarHeader.BLOCK]);
            file.commit();
            return new Written(manifest, file.length());
        }
    }

    /**
     * A pack that was written.
     *
     * @param bytes how many the file has
     */
    public record Written(PackManifest manifest, long bytes) {}

    private PackManifest manifest(String tool, List<PackManifest.Image> images) throws IOException {
        List<PackManifest.File> files = new java.util.ArrayList<>();
        for (Map.Entry<String, Content> entry : contents.entrySet()) {
            MessageDigest digest = Sha256.start();
            long size;
            try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                size = copy(entry.getValue(), out);
            }
            files.add(new PackManifest.File(entry.getKey(), size, Sha256.hex(digest)));
        }
        // Readers of the first version know no parents.
        boolean parents = files.stream().anyMatch(file -> PackNames.isParent(file.name()));
        return new PackManifest(
                PackManifest.FORMAT,
                parents ? PackManifest.VERSION : PackManifest.FIRST_VERSION,
                tool,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                files,
                images);
    }

    private static void file(OutputStream out, TarHeader header, Content content) throws IOException {
        out.write(header.encode());
        long size = copy(content, out);
        if (size != header.size()) {
            throw new IOException(header.name() + " was changed while it was packed");
        }
        out.write(new byte[(int) (header.paddedSize() - size)]);
    }

    private static long copy(Content content, OutputStream out) throws IOException {
        return switch (content) {
            case Content.Bytes bytes -> {
                out.write(bytes.bytes());
                yield bytes.bytes().length;
            }
            case Content.Copy copy -> {
                try (InputStream in = Files.newInputStream(copy.file())) {
                    yield in.transferTo(out);
                }
            }
        };
    }
}
