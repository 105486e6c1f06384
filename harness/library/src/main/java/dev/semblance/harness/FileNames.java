package dev.semblance.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What files are called where people read of them: as their paths are written, unless they lie in a place that has another
 * name, such as a temporary folder that stands for the pack that was opened there.
 *
 * @param places places with other names; the first that a file lies in counts
 */
public record FileNames(List<Place> places) {

    /** Every file has its own name. */
    public static final FileNames OWN = new FileNames(List.of());

    /**
     * A file, or a folder with all that is in it.
     *
     * @param path where it is
     * @param name what it is called; what is in it follows, divided by {@code /} on every system, as in an archive
     */
    public record Place(Path path, String name) {}

    /** Copies the list. */
    public FileNames {
        places = List.copyOf(places);
    }

    /**
     * {@return the same with another place, which counts after those that are known}
     *
     * @param path where it is
     * @param name what it is called
     */
    public FileNames with(Path path, String name) {
        List<Place> more = new ArrayList<>(places);
        more.add(new Place(path, name));
        return new FileNames(more);
    }

    /**
     * {@return what a file is called}
     *
     * @param file the file
     */
    public String of(Path file) {
        Path there = absolute(file);
        for (Place place : places) {
            Path path = absolute(place.path());
            if (there.startsWith(path)) {
                return there.equals(path) ? place.name() : place.name() + "/" + divided(path.relativize(there));
            }
        }
        return file.toString();
    }

    /**
     * {@return a path that is the same on every system: its parts divided by {@code /}} A part may have a {@code \} in it
     * where that divides nothing.
     *
     * @param relative a relative path
     */
    public static String divided(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
