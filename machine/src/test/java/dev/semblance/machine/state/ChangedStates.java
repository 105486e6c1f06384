package dev.semblance.machine.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
            return SavedState.readFrom(new ByteArrayInputStream(bytes), Long.MAX_VALUE);
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

    /** Returns the parts of a state, to change one of them. */
    public static Parts parts(SavedState state) {
        byte[] fields = state.fields();
        List<Integer> starts = new ArrayList<>();
        for (int at = 0; at + 8 <= fields.length; at++) {
            // A tag of four characters, and a version below 256.
            boolean tag = fields[at + 4] > 0 && fields[at + 5] == 0 && fields[at + 6] == 0 && fields[at + 7] == 0;
            for (int i = 0; i < 4 && tag; i++) {
                tag = fields[at + i] == ' ' || fields[at + i] >= 'A' && fields[at + i] <= 'Z';
            }
            if (tag) {
                starts.add(at);
            }
        }
        return new Parts(state, fields, List.copyOf(starts));
    }

    /**
     * A state whose fields can be changed where parts begin or anywhere in them: so that a small part is changed as often as a large one.
     *
     * @param starts where each begins
     */
    public record Parts(SavedState state, byte[] fields, List<Integer> starts) {

        private static final long[] VALUES = {
            0,
            1,
            -1,
            2,
            0x7f,
            0x80,
            0xff,
            0x100,
            0xfff,
            0x1000,
            0x7fff,
            0x8000,
            0xffff,
            0x1_0000,
            0x7fff_ffff,
            0x8000_0000L,
            0xffff_ffffL,
            0x1_0000_0000L,
            0x8000_1000L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MAX_VALUE - 1,
            1L << 40,
            1L << 55,
            -2,
            -4096
        };

        /** Returns the state with some fields changed. */
        public SavedState changed(Random random) {
            byte[] changed = fields.clone();
            for (int i = random.nextInt(4) == 0 ? 3 : 1; i > 0; i--) {
                change(changed, random);
            }
            return new SavedState(changed, state.blocks(), state.rows());
        }

        private void change(byte[] changed, Random random) {
            int part = random.nextInt(starts.size());
            int from = starts.get(part) + 8;
            int end = part + 1 < starts.size() ? starts.get(part + 1) : changed.length;
            int length = random.nextInt(3) == 0 ? end - from : Math.min(end - from, 96);
            if (length == 0) {
                return;
            }
            int at = from + random.nextInt(length);
            ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
            long value = random.nextBoolean()
                    ? VALUES[random.nextInt(VALUES.length)]
                    : random.nextLong() >> random.nextInt(64);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) value;
                case 2 -> {
                    if (at + 4 <= changed.length) {
                        buffer.putInt(
                                at, random.nextBoolean() ? (int) value : buffer.getInt(at) + random.nextInt(9) - 4);
                    }
                }
                default -> {
                    if (at + 8 <= changed.length) {
                        buffer.putLong(at, random.nextBoolean() ? value : buffer.getLong(at) + random.nextInt(9) - 4);
                    }
                }
            }
        }
    }
}
