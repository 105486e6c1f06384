package dev.semblance.harness.images;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 in lower-case hexadecimal. */
final class Sha256 {

    /** What a digest looks like; also keeps anything else out of the cache's paths. */
    static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{64}");

    private static final long STRETCH = 1 << 26;

    private Sha256() {}

    static String of(MemorySegment content) {
        MessageDigest digest = start();
        for (long at = 0; at < content.byteSize(); at += STRETCH) {
            digest.update(content.asSlice(at, Math.min(STRETCH, content.byteSize() - at))
                    .asByteBuffer());
        }
        return hex(digest);
    }

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
