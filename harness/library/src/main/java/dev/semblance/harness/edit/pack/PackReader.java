package dev.semblance.harness.edit.pack;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Takes packs apart. They are not trusted: names come from a fixed set, every file must be in the manifest with its size and
 * SHA-256 and stand in the archive once, sizes are capped before anything is written, and a trace must be a trace, so that
 * no pack is in a pack, and a policy a policy.
 */
public final class PackReader {

    /** The most files in a pack. */
    public static final int MAX_FILES = 4096;

    /** The most bytes of a pack, and of what it comes to on the disk. Traces and goldens are never expanded, images are. */
    public static final long MAX_BYTES = 4L << 30;

    private static final int BUFFER = 1 << 16;
    private static final byte[] START = "manifest.json\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final InputStream in;
    private final Map<String, PackManifest.File> expected = new TreeMap<>();
    private long offset;

    private PackReader(InputStream in) {
        this.in = in;
    }

    /**
     * What came out of a pack. Traces with goldens lie in a folder {@code recordings}, their goldens in {@code golden}
     * beside it; traces without in a folder {@code traces}: so a replay knows which goldens to expect. Traces that these go on from
     * lie in both, and are none of them.
     *
     * @param traces the traces, by their names
     * @param images where the images are that were in the pack
     */
    public record Contents(PackManifest manifest, List<Path> traces, Path images) {}

    /** {@return whether a file is a pack, or means to be one} */
    public static boolean isPack(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(START.length), START);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Takes a pack apart.
     *
     * @param folder an empty folder to write to; nothing is written outside of it
     * @throws TraceFormatException if it is not a sound pack; {@link IncompatibleTraceException} if it is a later one
     */
    public static Contents extract(Path pack, Path folder) throws IOException {
        long size = Files.size(pack);
        if (size > MAX_BYTES) {
            throw new TraceFormatException(MAX_BYTES, Text.format("a pack has %d bytes at most", MAX_BYTES));
        }
        try (InputStream in = Files.newInputStream(pack)) {
            return new PackReader(in).extract(folder, size);
        }
    }

    private Contents extract(Path folder, long packSize) throws IOException {
        PackManifest manifest = manifest();
        check(manifest);
        TreeSet<String> withGoldens = new TreeSet<>();
        manifest.files().stream()
                .map(PackManifest.File::name)
                .filter(PackNames::isGolden)
                .forEach(name -> withGoldens.add(name.split("/", -1)[1]));
        Path images = Files.createDirectories(folder.resolve("images"));
        List<Path> traces = new ArrayList<>();
        for (Optional<TarHeader> next = header(); next.isPresent(); next = header()) {
            TarHeader header = next.get();
            long start = offset;
            PackManifest.File listed = Optional.ofNullable(expected.remove(header.name()))
                    .orElseThrow(() -> new TraceFormatException(
                            start, "a file that the manifest does not list, or that was there before"));
            if (listed.size() != header.size()) {
                throw new TraceFormatException(
                        start, Text.format("%s has not the size that the manifest says", listed.name()));
            }
            if (PackNames.isTrace(header.name())) {
                String name = PackNames.traceOf(header.name());
                Path file = folder.resolve(withGoldens.contains(name) ? "recordings" : "traces")
                        .resolve(name + InputFiles.TRACE);
                file(header, listed, Optional.of(file));
                checkIsTrace(file, header, start);
                traces.add(file);
            } else if (PackNames.isParent(header.name())) {
                parent(header, listed, folder, start);
            } else if (PackNames.isGolden(header.name())) {
                file(header, listed, Optional.of(folder.resolve(header.name())));
            } else if (header.name().equals(PackNames.POLICY)) {
                Path file = folder.resolve(header.name());
                file(header, listed, Optional.of(file));
                checkIsPolicy(file, start);
            } else if (PackNames.isImage(header.name())) {
                Path packed = folder.resolve(header.name());
                file(header, listed, Optional.of(packed));
                unpack(packed, images, PackNames.sha256Of(header.name()), manifest, start);
                Files.delete(packed);
            } else {
                file(header, listed, Optional.empty());
            }
        }
        if (!expected.isEmpty()) {
            throw new TraceFormatException(
                    offset,
                    Text.format("%s is missing", expected.keySet().iterator().next()));
        }
        if (packSize != offset + TarHeader.BLOCK) {
            throw new TraceFormatException(offset, "something follows the end of the pack");
        }
        return new Contents(manifest, List.copyOf(traces), images);
    }

    /** Whoever goes on from it looks for it beside itself, in one folder or the other. */
    private void parent(TarHeader header, PackManifest.File listed, Path folder, long start) throws IOException {
        String name = PackNames.traceOf(header.name()) + InputFiles.TRACE;
        Path file = folder.resolve("traces").resolve(name);
        file(header, listed, Optional.of(file));
        checkIsTrace(file, header, start);
        try (OutputFile copy =
                OutputFile.createWithFolder(folder.resolve("recordings").resolve(name))) {
            Files.copy(file, copy.stream());
            copy.commit();
        }
    }

    private PackManifest manifest() throws IOException {
        TarHeader header = header().orElseThrow(() -> new TraceFormatException(0, "the pack is empty"));
        if (!header.name().equals(PackNames.MANIFEST) || header.size() > PackManifest.MAX_BYTES) {
            throw new TraceFormatException(0, "a pack starts with a manifest of 1 MiB at most");
        }
        long start = offset;
        byte[] json = bytes((int) header.size());
        bytes((int) (header.paddedSize() - header.size()));
        PackManifest manifest = PackManifest.read(json, start);
        if (manifest.version() > PackManifest.VERSION) {
            throw new IncompatibleTraceException(
                    start,
                    Text.format(
                            "the pack has version %d; this one reads up to %d. Use a newer Semblance",
                            manifest.version(), PackManifest.VERSION));
        }
        return manifest;
    }

    /** Checks names and sizes before anything is written. */
    private void check(PackManifest manifest) throws TraceFormatException {
        long total = 0;
        if (manifest.files().size() > MAX_FILES) {
            throw new TraceFormatException(0, Text.format("a pack holds %d files at most", MAX_FILES));
        }
        for (PackManifest.File file : manifest.files()) {
            if (!PackNames.isAllowed(file.name())) {
                throw new TraceFormatException(0, "the manifest lists a file whose name no pack has");
            }
            long copies = PackNames.isParent(file.name()) ? 2 : 1; // It is written to both folders.
            if (file.size() > (MAX_BYTES - total) / copies) {
                throw new TraceFormatException(0, Text.format("its files come to more than %d bytes", MAX_BYTES));
            }
            total += copies * file.size();
            if (expected.put(file.name(), file) != null) {
                throw new TraceFormatException(0, Text.format("the manifest lists %s twice", file.name()));
            }
        }
        Map<String, Long> images = new LinkedHashMap<>();
        for (PackManifest.Image image : manifest.images()) {
            if (image.included() && images.put(image.sha256(), image.size()) == null) {
                if (image.size() > MAX_BYTES - total) {
                    throw new TraceFormatException(0, Text.format("its files come to more than %d bytes", MAX_BYTES));
                }
                total += image.size();
            }
        }
    }

    private static void checkIsTrace(Path file, TarHeader header, long start) throws IOException {
        try (TraceReader reader = TraceReader.open(file)) {
            reader.formatVersion();
        } catch (IncompatibleTraceException e) {
            throw e;
        } catch (TraceFormatException e) {
            throw new TraceFormatException(
                    start + e.offset(), Text.format("%s is no sound trace: %s", header.name(), e.reason()));
        }
    }

    private static void checkIsPolicy(Path file, long start) throws TraceFormatException {
        try {
            // On any day: when a rule expires does not matter here.
            PolicyFile.read(file, LocalDate.EPOCH);
        } catch (SemblanceException e) {
            throw new TraceFormatException(
                    start, String.valueOf(e.getMessage()).replace(file.toString(), PackNames.POLICY));
        }
    }

    /** {@return the header of the next file; empty at the end of the archive} */
    private Optional<TarHeader> header() throws IOException {
        long start = offset;
        byte[] block = bytes(TarHeader.BLOCK);
        if (Arrays.equals(block, new byte[TarHeader.BLOCK])) {
            byte[] second = bytes(TarHeader.BLOCK);
            offset -= TarHeader.BLOCK;
            if (!Arrays.equals(second, new byte[TarHeader.BLOCK])) {
                throw new TraceFormatException(start, "the pack's end is damaged");
            }
            return Optional.empty();
        }
        return Optional.of(TarHeader.decode(block)
                .orElseThrow(() -> new TraceFormatException(
                        start, "this is no header of a file as packs have it: damaged, or made by another program")));
    }

    private void file(TarHeader header, PackManifest.File listed, Optional<Path> target) throws IOException {
        long start = offset;
        MessageDigest digest = Sha256.start();
        if (target.isPresent()) {
            try (OutputFile out = OutputFile.createWithFolder(target.get())) {
                copy(header.size(), digest, out.stream());
                out.commit();
            }
        } else {
            copy(header.size(), digest, OutputStream.nullOutputStream());
        }
        if (!Sha256.hex(digest).equals(listed.sha256())) {
            throw new TraceFormatException(
                    start, Text.format("%s has not the SHA-256 that the manifest says", header.name()));
        }
        for (byte one : bytes((int) (header.paddedSize() - header.size()))) {
            if (one != 0) {
                throw new TraceFormatException(offset, "there is something between two files");
            }
        }
    }

    private void copy(long size, MessageDigest digest, OutputStream out) throws IOException {
        for (long left = size; left > 0; ) {
            byte[] bytes = bytes((int) Math.min(BUFFER, left));
            digest.update(bytes);
            out.write(bytes);
            left -= bytes.length;
        }
    }

    private static void unpack(Path packed, Path folder, String sha256, PackManifest manifest, long start)
            throws IOException {
        PackManifest.Image image = manifest.images().stream()
                .filter(one -> one.included() && one.sha256().equals(sha256))
                .findFirst()
                .orElseThrow(() -> new TraceFormatException(start, "an image that the manifest does not list"));
        MessageDigest digest = Sha256.start();
        long left = image.size();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed), BUFFER);
                OutputFile file = OutputFile.create(folder.resolve(sha256))) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                left -= count;
                if (left < 0) {
                    throw new TraceFormatException(start, "an image expands to more than the manifest says");
                }
                digest.update(buffer, 0, count);
                file.stream().write(buffer, 0, count);
            }
            file.commit();
        } catch (ZipException | EOFException e) {
            throw new TraceFormatException(start, "an image cannot be expanded: " + e.getMessage());
        }
        if (left != 0 || !Sha256.hex(digest).equals(sha256)) {
            throw new TraceFormatException(start, "an image is not the one that the manifest says");
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        offset += bytes.length;
        if (bytes.length < length) {
            throw new TraceFormatException(offset, "the pack ends early");
        }
        return bytes;
    }
}
