package dev.semblance.harness.trace.strict;

import dev.semblance.harness.trace.strict.StrictEvents.Event;
import dev.semblance.harness.trace.strict.StrictEvents.Field;
import dev.semblance.harness.trace.strict.StrictEvents.Kind;
import dev.semblance.harness.trace.strict.TraceParts.Chunk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Traces that are wrong in one place: a field of an event, a chunk, the footer, the header, the manifest or the end. All that
 * covers it is made anew, so that only the rule for that place can refuse the file, or none.
 */
public final class StructuredMutants {

    private static final int SNAPSHOT = 21;

    private final StrictTrace trace;

    /** Takes a complete trace. */
    public StructuredMutants(byte[] file) {
        trace = StrictTrace.of(file);
    }

    /** Returns another trace. */
    public byte[] mutate(RandomGenerator random) {
        TraceParts parts = new TraceParts(trace);
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> field(parts, random);
            case 4 -> wholeEvents(parts, random);
            case 5, 6 -> order(parts, random);
            case 7 -> {
                if (random.nextBoolean()) {
                    footer(parts, random);
                } else {
                    behindEvents(parts, random);
                }
            }
            case 8, 9 -> chunkHeader(parts, random);
            case 10 -> stored(parts, random);
            case 11 -> fileHeader(parts, random);
            case 12, 13 -> {
                parts.manifest = ManifestMutants.mutate(parts.manifest, random);
                parts.makeFooter();
            }
            default -> end(parts, random);
        }
        if (random.nextInt(12) == 0) {
            parts.footer = Optional.empty();
        }
        byte[] file = parts.file();
        return random.nextInt(24) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
    }

    private static Chunk some(TraceParts parts, RandomGenerator random) {
        return parts.chunks.get(random.nextInt(parts.chunks.size()));
    }

    private static <T> T one(RandomGenerator random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Makes what is said of the chunks fit what is in them. */
    private static void fit(TraceParts parts) {
        parts.renumber();
        parts.makeFooter();
    }

    // ---- events --------------------------------------------------------------------------------------------------

    private static List<Event> events(TraceParts parts, Chunk chunk) {
        List<Event> events = new ArrayList<>();
        try {
            StrictEvents walk = parts.events(chunk.raw);
            while (walk.hasMore()) {
                events.add(walk.next());
            }
        } catch (Breach e) {
            throw new IllegalStateException(e);
        }
        return events;
    }

    private static void field(TraceParts parts, RandomGenerator random) {
        // Most events are of few kinds; each kind has its turn.
        List<Integer> types = parts.chunks.stream()
                .flatMap(chunk -> events(parts, chunk).stream())
                .map(Event::type)
                .distinct()
                .toList();
        boolean labelled = types.contains(SNAPSHOT) && random.nextInt(4) == 0;
        int type = labelled ? SNAPSHOT : one(random, types);
        List<Chunk> having = parts.chunks.stream()
                .filter(chunk -> events(parts, chunk).stream().anyMatch(each -> each.type() == type))
                .toList();
        Chunk chunk = one(random, having);
        List<Event> events = events(parts, chunk).stream()
                .filter(each -> each.type() == type)
                .toList();
        Event event = one(random, events);
        // Of a snapshot, its label and its scanout: each has to fit the other.
        Field field = labelled ? event.fields().get(3 + random.nextInt(2)) : one(random, event.fields());
        byte[] old = Arrays.copyOfRange(chunk.raw, field.start(), field.end());
        byte[] changed = switch (field.kind()) {
            case TYPE, BYTE -> new byte[] {(byte) (random.nextBoolean() ? random.nextInt(32) : random.nextInt())};
            case DELTA, VARINT, ZIGZAG -> number(old, random);
            case U64 -> random.nextBoolean() ? bytes(8, random) : bytes(random.nextInt(10), random);
            case LENGTH -> number(old, random);
            case CONTENT -> type == SNAPSHOT ? label(old, random) : bytes(random.nextInt(300), random);
        };
        int start = field.start();
        if (field.kind() == Kind.CONTENT && random.nextInt(4) > 0) {
            // With a length that fits.
            start = event.fields().get(event.fields().indexOf(field) - 1).start();
            changed = join(varint(changed.length), changed);
        }
        chunk.raw = join(
                Arrays.copyOf(chunk.raw, start), changed, Arrays.copyOfRange(chunk.raw, field.end(), chunk.raw.length));
        fit(parts);
    }

    private static byte[] number(byte[] old, RandomGenerator random) {
        long value = 0;
        for (int i = old.length - 1; i >= 0; i--) {
            value = value << 7 | old[i] & 127;
        }
        return switch (random.nextInt(7)) {
            // Of a zigzag, one up or down is two of these.
            case 0 -> varint(value + 1 + random.nextInt(2));
            case 1 -> varint(value - 1 - random.nextInt(2));
            // A limit of some field, and its neighbours.
            case 2, 3 -> {
                int bits = one(random, List.of(0, 1, 2, 3, 4, 5, 6, 8, 16, 17, 31, 32, 33, 63, 64));
                long limit = (bits == 64 ? 0 : 1L << bits) + random.nextInt(3) - 1;
                yield varint(limit);
            }
            case 4 -> longer(old, random.nextBoolean() ? 0 : random.nextInt(9));
            // The same number, and bits beyond the 64th.
            case 5 -> {
                byte[] beyond = longer(old, Math.max(0, 9 - old.length));
                beyond[beyond.length - 1] |= (byte) (2 << random.nextInt(6));
                yield beyond;
            }
            default -> {
                byte[] wild = bytes(1 + random.nextInt(11), random);
                for (int i = 0; i < wild.length; i++) {
                    wild[i] = (byte) (i < wild.length - 1 ? wild[i] | 128 : wild[i] & 127);
                }
                yield wild;
            }
        };
    }

    /** The same number with more bytes than it needs. */
    private static byte[] longer(byte[] varint, int by) {
        byte[] longer = Arrays.copyOf(varint, varint.length + 1 + by);
        for (int i = varint.length - 1; i < longer.length - 1; i++) {
            longer[i] |= (byte) 128;
        }
        return longer;
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        while ((left & -128) != 0) {
            out.write((int) left | 128);
            left >>>= 7;
        }
        out.write((int) left);
        return out.toByteArray();
    }

    private static byte[] label(byte[] old, RandomGenerator random) {
        String label = new String(old, StandardCharsets.ISO_8859_1);
        String name = label.contains("@") ? label.substring(0, label.indexOf('@')) : label;
        String changed = switch (random.nextInt(12)) {
            case 0 -> name;
            case 1 -> name + "@" + random.nextInt(18);
            case 2 -> name + "@0" + random.nextInt(18);
            case 3 -> name + "@";
            case 4 -> name + "@1@1";
            case 5 -> "a".repeat(62 + random.nextInt(4)) + label.substring(name.length());
            case 6 -> name + "." + label.substring(name.length());
            case 7 -> "." + label;
            case 8 -> one(random, List.of("_", "-")) + label;
            case 9 -> "";
            case 10 -> label + (char) random.nextInt(256);
            default -> name + one(random, List.of("_", "-", "/", "\\", " ", "\u00e4")) + label.substring(name.length());
        };
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Events that are there twice, not at all, or elsewhere. */
    private static void wholeEvents(TraceParts parts, RandomGenerator random) {
        Chunk from = some(parts, random);
        Event event = one(random, events(parts, from));
        byte[] bytes = Arrays.copyOfRange(from.raw, event.start(), event.end());
        if (random.nextBoolean()) {
            from.raw = join(
                    Arrays.copyOf(from.raw, event.start()), Arrays.copyOfRange(from.raw, event.end(), from.raw.length));
        }
        Chunk to = some(parts, random);
        if (random.nextInt(3) > 0) {
            List<Event> events = new ArrayList<>();
            if (to != from) {
                events.addAll(events(parts, to));
            }
            int at = events.isEmpty() ? to.raw.length : one(random, events).start();
            to.raw = join(Arrays.copyOf(to.raw, at), bytes, Arrays.copyOfRange(to.raw, at, to.raw.length));
        }
        fit(parts);
    }

    /** Bytes behind the last event of a chunk: nothing that is one, or an event that the header does not count. */
    private static void behindEvents(TraceParts parts, RandomGenerator random) {
        Chunk chunk = some(parts, random);
        if (random.nextBoolean()) {
            chunk.raw = join(chunk.raw, bytes(1 + random.nextInt(3), random));
        } else if (chunk.count > 1) {
            chunk.count--;
            for (Chunk later : parts.chunks.subList(parts.chunks.indexOf(chunk) + 1, parts.chunks.size())) {
                later.sequence--;
            }
        }
        parts.makeFooter();
    }

    // ---- chunks --------------------------------------------------------------------------------------------------

    private static void order(TraceParts parts, RandomGenerator random) {
        List<Chunk> chunks = parts.chunks;
        int at = random.nextInt(chunks.size());
        switch (random.nextInt(8)) {
            case 0 -> Collections.swap(chunks, at, random.nextInt(chunks.size()));
            case 1 ->
                chunks.add(random.nextInt(chunks.size() + 1), chunks.get(at).copy());
            case 2 -> chunks.remove(at);
            case 3 -> Collections.shuffle(chunks, new Random(random.nextLong()));
            case 4, 5 -> {
                String type = one(random, List.of("note", "nOTE", "NOTE", "Note", "FOOT", "evts"));
                Chunk other = new Chunk(type, random.nextInt(4), bytes(random.nextInt(80), random), 0, 7, 9);
                other.stored = Optional.of(other.raw);
                other.count = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
                chunks.add(random.nextInt(chunks.size() + 1), other);
            }
            case 6 -> split(parts, at, random);
            default ->
                // Footer before the end, or twice.
                chunks.add(
                        random.nextInt(4) == 0 ? random.nextInt(chunks.size() + 1) : chunks.size(),
                        parts.footer.orElseThrow());
        }
        if (random.nextBoolean() && chunks.stream().noneMatch(chunk -> chunk.type.equals("FOOT"))) {
            parts.renumber();
        }
        parts.makeFooter();
    }

    private static void split(TraceParts parts, int at, RandomGenerator random) {
        Chunk chunk = parts.chunks.get(at);
        int cut = random.nextInt(3) > 0 ? one(random, events(parts, chunk)).end() : random.nextInt(chunk.raw.length);
        Chunk rest = chunk.copy();
        rest.raw = Arrays.copyOfRange(chunk.raw, cut, chunk.raw.length);
        rest.count = Math.min(rest.count, rest.raw.length / 2);
        chunk.raw = Arrays.copyOf(chunk.raw, cut);
        parts.chunks.add(at + 1, rest);
        parts.renumber();
    }

    private static void chunkHeader(TraceParts parts, RandomGenerator random) {
        Chunk chunk = random.nextInt(3) == 0 ? parts.footer.orElseThrow() : some(parts, random);
        long off = one(random, List.of(-1L, 1L, random.nextLong(), 1L << random.nextInt(64)));
        switch (random.nextInt(8)) {
            case 0 -> chunk.count += (int) off;
            case 1 -> chunk.sequence += off;
            case 2 -> chunk.cycle += off;
            case 3 -> chunk.reserved = 1 << random.nextInt(24);
            case 4 -> {
                chunk.stored = Optional.of(TraceParts.stored(chunk));
                chunk.codec = random.nextInt(6);
            }
            case 5 -> {
                char[] letters = chunk.type.toCharArray();
                letters[random.nextInt(4)] = one(random, List.of('\0', '@', '[', '`', '{', '\u00e4', 'a', 'Z'));
                chunk.type = new String(letters);
            }
            case 6 -> chunk.rawLength = OptionalInt.of(chunk.raw.length + (int) off);
            default -> chunk.storedLength = OptionalInt.of(TraceParts.stored(chunk).length + (int) off);
        }
        if (chunk.type.equals("EVTS") && random.nextBoolean()) {
            parts.makeFooter();
        }
    }

    /** Compressed bytes that are more or less than one frame or stream. */
    private static void stored(TraceParts parts, RandomGenerator random) {
        Chunk chunk = random.nextInt(6) == 0 ? parts.footer.orElseThrow() : some(parts, random);
        chunk.codec = random.nextInt(3);
        byte[] good = TraceParts.stored(chunk);
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7};
        byte[] emptyFrame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x20, 0, 1, 0, 0};
        byte[] changed = good.clone();
        switch (random.nextInt(8)) {
            case 0 -> changed = join(good, bytes(1 + random.nextInt(3), random));
            case 1 -> changed = join(good, emptyFrame);
            case 2 -> changed = join(good, skippable);
            case 3 -> changed = join(skippable, good);
            case 4 -> changed = Arrays.copyOf(good, random.nextInt(good.length));
            case 5 -> changed[random.nextInt(Math.min(8, changed.length))] = (byte) random.nextInt();
            case 6 -> changed[changed.length - 1] ^= 1;
            default -> {
                // As it is; that fewer than all bytes come out is a matter of its own.
            }
        }
        if (changed.length > chunk.raw.length && random.nextBoolean()) {
            // Only so can the bytes themselves be looked at: a chunk may not be longer than what comes out of it.
            chunk.rawLength = OptionalInt.of(changed.length);
        }
        chunk.stored = Optional.of(changed);
        if (chunk.type.equals("EVTS")) {
            parts.makeFooter();
        }
    }

    // ---- the file ------------------------------------------------------------------------------------------------

    private static void fileHeader(TraceParts parts, RandomGenerator random) {
        List<Integer> versions = List.of(0, 1, 2, 3, 4, 5, 255, 65_535);
        switch (random.nextInt(3)) {
            case 0 -> parts.version = one(random, versions);
            case 1 -> {
                parts.version = one(random, versions);
                parts.least = one(random, versions);
            }
            default -> {
                int off = one(random, List.of(-1, 1, 1 << 20, 1 << 31, random.nextInt()));
                parts.manifestLength = OptionalInt.of(parts.manifest.length + off);
            }
        }
    }

    /** Numbers of the footer that are off by one, and entries of the index. */
    private static void footer(TraceParts parts, RandomGenerator random) {
        Chunk footer = parts.footer.orElseThrow();
        byte[] raw = footer.raw.clone();
        switch (random.nextInt(5)) {
            case 0 -> raw[8 * random.nextInt(raw.length / 8)] += (byte) (random.nextBoolean() ? 1 : -1);
            case 1 -> raw[random.nextInt(raw.length)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> raw = Arrays.copyOf(raw, raw.length + one(random, List.of(-24, -1, 1, 24)));
            case 3 -> {
                // Every second entry alone, as if the stride were 2.
                raw[56] = 2;
                raw[60] = (byte) ((raw[60] + 1) / 2);
                ByteArrayOutputStream kept = new ByteArrayOutputStream();
                kept.write(raw, 0, 64);
                for (int at = 64; at < raw.length; at += 48) {
                    kept.write(raw, at, 24);
                }
                raw = kept.toByteArray();
            }
            default -> footer.codec = random.nextInt(4);
        }
        footer.raw = raw;
    }

    private static void end(TraceParts parts, RandomGenerator random) {
        switch (random.nextInt(7)) {
            case 0 -> parts.trailerError = one(random, List.of(-1L, 1L, Long.MIN_VALUE, random.nextLong()));
            case 1 -> parts.tail = Optional.of(new byte[random.nextInt(40)]);
            case 2 -> parts.tail = Optional.of(bytes(random.nextInt(40), random));
            case 3 -> {
                // Right up to somewhere, and then something, or nothing, or something good.
                parts.footer = random.nextBoolean() ? parts.footer : Optional.empty();
                ByteArrayOutputStream tail = new ByteArrayOutputStream();
                tail.writeBytes(bytes(random.nextInt(60), random));
                TraceParts.write(
                        tail, one(random, List.of(some(parts, random), new Chunk("note", 0, new byte[5], 0, 0, 0))));
                tail.writeBytes(new byte[random.nextInt(2) * random.nextInt(60)]);
                parts.tail = Optional.of(tail.toByteArray());
            }
            case 4 -> {
                byte[] file = parts.file();
                byte[] trailer = Arrays.copyOfRange(file, file.length - StrictTrace.TRAILER, file.length);
                parts.tail = Optional.of(join(trailer, bytes(1 + random.nextInt(3), random)));
            }
            case 5 -> {
                byte[] file = parts.file();
                byte[] trailer = Arrays.copyOfRange(file, file.length - StrictTrace.TRAILER, file.length);
                trailer[random.nextInt(16)] ^= (byte) (1 << random.nextInt(8));
                parts.tail = Optional.of(trailer);
            }
            default -> {
                parts.footer = random.nextBoolean() ? parts.footer : Optional.empty();
                byte[] trailer = TraceParts.trailer(random.nextInt(4) == 0 ? -1 : random.nextInt(5000));
                parts.tail = Optional.of(join(bytes(random.nextInt(20), random), trailer, new byte[random.nextInt(2)]));
            }
        }
        if (random.nextInt(3) == 0) {
            // A recording that was killed before its first events.
            int left = random.nextInt(Math.min(3, parts.chunks.size() + 1));
            parts.chunks.subList(left, parts.chunks.size()).clear();
            parts.footer = Optional.empty();
        }
    }

    static byte[] bytes(int length, RandomGenerator random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
