package dev.semblance.harness.edit.pack;

import dev.semblance.harness.json.Json;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is in a pack: its first file, {@code manifest.json}.
 *
 * @param format always {@code semblance-pack}
 * @param version of the format
 * @param tool the Semblance that packed
 * @param java what that ran on
 * @param os what that ran on
 * @param files all other files, sorted by name
 * @param images what the guests were booted from, whether it is in the pack or not
 */
public record PackManifest(
        String format, int version, String tool, String java, String os, List<File> files, List<Image> images) {

    static final String FORMAT = "semblance-pack";
    static final int FIRST_VERSION = 1;
    static final int VERSION = 2;
    static final int MAX_BYTES = 1 << 20;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_TEXT = 1024;

    private static final JsonMapper MAPPER = Json.ofRecords(8, MAX_BYTES);

    /**
     * A file in the pack.
     *
     * @param size in bytes
     * @param sha256 of its bytes, 64 lower-case hexadecimal digits
     */
    public record File(String name, long size, String sha256) {

        /** Checks the ranges. */
        public File {
            text("name", name);
            digest(sha256);
            positive("size", size);
        }
    }

    /**
     * An image.
     *
     * @param file its name, for people
     * @param size in bytes
     * @param sha256 by which it is found
     * @param included whether its bytes are in the pack
     */
    public record Image(String file, long size, String sha256, boolean included) {

        /** Checks the ranges. */
        public Image {
            text("file", file);
            digest(sha256);
            positive("size", size);
        }
    }

    /** Checks the ranges. */
    public PackManifest {
        text("format", format);
        text("tool", tool);
        text("java", java);
        text("os", os);
        files = List.copyOf(files);
        images = List.copyOf(images);
    }

    private static void text(String what, String value) {
        if (value.length() > MAX_TEXT) {
            throw new IllegalArgumentException(Text.format("%s is longer than %d characters", what, MAX_TEXT));
        }
    }

    private static void digest(String value) {
        if (!SHA_256.matcher(value).matches()) {
            throw new IllegalArgumentException("a sha256 is not 64 lower-case hexadecimal digits");
        }
    }

    private static void positive(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(Text.format("%s is %d", what, value));
        }
    }

    String toJson() {
        return MAPPER.writeValueAsString(this).replace("\r\n", "\n") + "\n";
    }

    /** Reads a manifest back; {@code offset} is where in the file it is. */
    static PackManifest read(byte[] json, long offset) throws TraceFormatException {
        PackManifest manifest;
        try {
            manifest = Json.read(MAPPER, json, PackManifest.class);
        } catch (IllegalArgumentException e) {
            throw new TraceFormatException(offset, "the pack's manifest is not understood: " + e.getMessage());
        }
        if (!manifest.format().equals(FORMAT)) {
            throw new TraceFormatException(offset, "its manifest is not that of a pack");
        }
        return manifest;
    }
}
