package dev.semblance.machine.differential;

import dev.semblance.machine.profile.Isa;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What QEMU answered to the small set of programs: lines of hart, seed, digest of the image, and the hash after each round. Lines
 * that start with {@code #} say who answered, and to what command.
 */
record Answers(List<Answer> all) {

    static final String RESOURCE = "qemu-answers.txt";

    /** How long the programs of the small set are: some 100,000 instructions of their own. */
    static final RandomProgram.Length LENGTH = new RandomProgram.Length(100, 2, false);

    /** How many programs there are for each hart, from seed 0 on. */
    static final int PROGRAMS = 24;

    static final List<Isa> HARTS = List.of(Isa.RV64GC, Isa.RV32GC);

    /**
     * What QEMU answered to a program.
     *
     * @param image the digest of its image: another program has another answer
     * @param hashes what it printed, a line a round
     */
    record Answer(Isa isa, long seed, String image, List<String> hashes) {

        static Answer of(RandomProgram program, String printed) {
            List<String> hashes = printed.lines().map(String::strip).toList();
            return new Answer(program.isa(), program.seed(), digest(program.image()), hashes);
        }

        @Override
        public String toString() {
            return isa.word() + " " + seed + " " + image + " " + String.join(" ", hashes);
        }

        static Answer parse(String line) {
            List<String> words = List.of(line.split(" ", -1));
            return new Answer(
                    Isa.of(words.get(0)).orElseThrow(),
                    Long.parseLong(words.get(1)),
                    words.get(2),
                    words.subList(3, words.size()));
        }
    }

    static Answers read() {
        try (InputStream in = Answers.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("there are no answers: " + RESOURCE);
            }
            List<Answer> all = new ArrayList<>();
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> all.add(Answer.parse(line)));
            return new Answers(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Answer> of(Isa isa) {
        return all.stream().filter(answer -> answer.isa() == isa).toList();
    }

    private static String digest(byte[] image) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(image);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
