package dev.semblance.harness.guest.images;

import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.util.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the MANIFEST beside shipped images says of them: lines "output SHA-256 NAME", of each image and of its packed file. */
final class ShippedSums {

    private static final int MAX_SIZE = 1 << 20;

    private final Map<String, String> sums = new HashMap<>();

    private ShippedSums() {}

    /** Reads the MANIFEST of a folder; one that cannot be read says nothing. */
    static ShippedSums of(Path folder) {
        ShippedSums shipped = new ShippedSums();
        try {
            String text = new String(WholeFile.bytes(folder.resolve("MANIFEST"), MAX_SIZE), StandardCharsets.UTF_8);
            text.lines().map(line -> line.split(" +")).forEach(words -> {
                if (words.length == 3
                        && words[0].equals("output")
                        && Sha256.SYNTAX.matcher(words[1]).matches()) {
                    shipped.sums.put(words[2], words[1]);
                }
            });
        } catch (IOException e) {
            shipped.sums.clear();
        }
        return shipped;
    }

    /** {@return the names of all files, and of what is in them} */
    SortedSet<String> names() {
        return new TreeSet<>(sums.keySet());
    }

    /** {@return the SHA-256 that a file should have, or what is in it if its name is without {@code .xz}} */
    Optional<String> of(String name) {
        return Optional.ofNullable(sums.get(name));
    }
}
