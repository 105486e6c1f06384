package dev.semblance.harness.util;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses what was meant by a misspelt word: the nearest one, if no more than a third of its letters are wrong. */
public final class Suggestions {

    private Suggestions() {}

    /** {@return {@code "; did you mean X?"} for the nearest word, or nothing if none is near} */
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known).map(near -> "; did you mean " + near + "?").orElse("");
    }

    /** {@return the same, or {@code "; WHAT a, b and c"} with all words if none is near} */
    public static String hintOrAll(String word, Collection<String> known, String what) {
        List<String> all = List.copyOf(known);
        return nearest(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElseGet(() -> Text.format(
                        "; %s %s and %s", what, String.join(", ", all.subList(0, all.size() - 1)), all.getLast()));
    }

    private static Optional<String> nearest(String word, Collection<String> known) {
        // Dashes do not tell options apart, and of two letters one is too many.
        long letters = word.chars().filter(c -> c != '-').count();
        int tolerated = letters < 3 ? 0 : (int) Math.min(3, letters / 3);
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= tolerated)
                .filter(candidate -> distance(word, candidate) <= tolerated)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@return how many letters to insert, remove, change or swap with their neighbour, whatever their case} */
    public static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = letter(from, i) == letter(to, j);
                int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
                best = Math.min(best, cost[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && letter(from, i) == letter(to, j - 1) && letter(from, i - 1) == letter(to, j);
                cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
            }
        }
        return cost[from.length()][to.length()];
    }

    private static char letter(String word, int position) {
        return Character.toLowerCase(word.charAt(position - 1));
    }
}
