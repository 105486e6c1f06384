package dev.semblance.harness;

import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.Stateful;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Supplier;

/** Saved states with one byte of their fields changed. */
public final class ChangedStates {

    /** Behind the magic and the version: how many bytes of fields there are. */
    private static final int LENGTH = 12;

    /** Behind the numbers of blocks and rows: the fields. */
    private static final int FIELDS = 24;

    private static final int DIGEST_SIZE = 32;

    /** What came of loading changed states. */
    public record Outcome(int reproduced, int refused) {}

    private ChangedStates() {}

    /** Returns a state as bytes. */
    public static byte[] bytes(SavedState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            state.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Returns the state that bytes are. */
    public static SavedState read(byte[] bytes) throws BadStateException {
        try {
            return SavedState.readFrom(new ByteArrayInputStream(bytes), bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the right digest at the end. */
    public static byte[] sealed(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, bytes.length - DIGEST_SIZE);
            System.arraycopy(digest.digest(), 0, bytes, bytes.length - DIGEST_SIZE, DIGEST_SIZE);
            return bytes;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns how many bytes of fields there are. */
    public static int fieldBytes(byte[] bytes) {
        return (bytes[LENGTH] & 0xff) | (bytes[LENGTH + 1] & 0xff) << 8 | (bytes[LENGTH + 2] & 0xff) << 16;
    }

    /** Returns a state with one bit of its fields the other way round. */
    public static SavedState flipped(byte[] bytes, int fieldByte, int bit) throws BadStateException {
        byte[] changed = bytes.clone();
        changed[FIELDS + fieldByte] ^= (byte) (1 << bit);
        return read(sealed(changed));
    }

    /**
     * Loads the state with each of its bytes changed, one after the other, and saves it again: what was saved must be loaded, or
     * refused, and nothing may be dropped.
     */
    public static Outcome changeEveryByte(SavedState state, Supplier<Stateful> fresh) throws BadStateException {
        byte[] bytes = bytes(state);
        int reproduced = 0;
        int refused = 0;
        for (int at = 0; at < fieldBytes(bytes); at++) {
            SavedState changed = flipped(bytes, at, at % 8);
            Stateful part = fresh.get();
            try {
                changed.loadInto(part);
            } catch (BadStateException e) {
                refused++;
                continue;
            }
            if (!SavedState.of(part).equals(changed)) {
                throw new AssertionError("byte " + at + " was loaded, and is another when it is saved again");
            }
            reproduced++;
        }
        return new Outcome(reproduced, refused);
    }
}
