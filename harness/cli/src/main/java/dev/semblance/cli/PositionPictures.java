package dev.semblance.cli;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/** Takes a picture of every scanout at some positions of a trace. */
final class PositionPictures implements FrameObserver {

    private final ArrayDeque<Found.There> ahead;
    private final BiConsumer<String, Frame> pictures;

    /**
     * Makes it.
     *
     * @param positions where they are, in any order
     * @param pictures takes pictures with their names
     */
    PositionPictures(List<Found.There> positions, BiConsumer<String, Frame> pictures) {
        this.ahead = new ArrayDeque<>(positions.stream()
                .sorted(Comparator.comparingLong(there -> there.place().passed()))
                .toList());
        this.pictures = pictures;
    }

    @Override
    public void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {
        while (!ahead.isEmpty() && ahead.getFirst().place().passed() <= sequence) {
            String name = name(ahead.removeFirst().position());
            for (int scanout = 0; scanout < scanouts; scanout++) {
                String file = scanout == 0 ? name : name + "@" + scanout;
                picture.apply(scanout).ifPresent(shown -> pictures.accept(file, shown));
            }
        }
    }

    /** Returns what the picture of scanout 0 is called: a file can have that name everywhere. */
    static String name(Position position) {
        // A label can have what is left then; the @ is kept for the scanout that the picture is of.
        return "at-" + position.toString().replace(':', '-').replace("@", "-scanout-");
    }

    /**
     * Checks that no two positions have pictures of one name.
     *
     * @throws CommandException if two have
     */
    static void checkNames(List<Position> positions) {
        Map<String, Position> taken = new TreeMap<>();
        for (Position position : positions) {
            // Some file systems do not tell upper case from lower case.
            Optional<Position> other =
                    Optional.ofNullable(taken.put(name(position).toLowerCase(Locale.ROOT), position));
            if (other.isPresent()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        other.get().equals(position)
                                ? Text.format("--at %s is there twice", position)
                                : Text.format(
                                        "the pictures at %s and %s would both be called %s; render them one by one",
                                        other.get(), position, name(position)));
            }
        }
    }
}
