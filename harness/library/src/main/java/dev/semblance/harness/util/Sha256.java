package dev.semblance.harness.util;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/** SHA-256, as text in lower-case hexadecimal. */
public final class Sha256 {

    /** What a digest looks like as text; also keeps anything else out of paths. */
    public static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{64}");

    private static final long STRETCH = 1 << 26;

    private Sha256() {}

    /** Starts a digest. */
    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Ends a digest; returns its 64 digits. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** {@return the digest of bytes as 64 digits} */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(start().digest(bytes));
    }

    /** {@return the digest of memory as 64 digits} */
    public static String of(MemorySegment content) {
        return of(content, done -> {});
    }

    /**
     * {@return the digest of memory as 64 digits}
     *
     * @param progress told how many bytes are done, beginning with none
     */
    public static String of(MemorySegment content, LongConsumer progress) {
        MessageDigest digest = start();
        progress.accept(0);
        for (long at = 0; at < content.byteSize(); at += STRETCH) {
            digest.update(content.asSlice(at, Math.min(STRETCH, content.byteSize() - at))
                    .asByteBuffer());
            progress.accept(Math.min(content.byteSize(), at + STRETCH));
        }
        return hex(digest);
    }
}
