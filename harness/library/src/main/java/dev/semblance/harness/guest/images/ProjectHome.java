package dev.semblance.harness.guest.images;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The project's own folder, or that of a release: the guest that ships lies in it. */
public final class ProjectHome {

    /** The system property that names the folder; the launcher sets it. */
    public static final String PROPERTY = "semblance.home";

    private static final String GUEST = "buildroot-config/guest";

    /** Where a release has the same files. */
    private static final String RELEASED_GUEST = "guest";

    private ProjectHome() {}

    /** {@return the folder of the shipped guest, if this is run where there is one} */
    public static Optional<Path> guestFolder() {
        return guestFolder(System.getProperty(PROPERTY, ""), Path.of("").toAbsolutePath());
    }

    /** Looks in the named folder, or, if none is named, from the working folder upwards. */
    static Optional<Path> guestFolder(String home, Path workingFolder) {
        if (!home.isEmpty()) {
            try {
                Path folder = Path.of(home).toAbsolutePath();
                return Stream.of(GUEST, RELEASED_GUEST)
                        .map(folder::resolve)
                        .filter(Files::isDirectory)
                        .findFirst();
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }
        for (Optional<Path> at = Optional.of(workingFolder); at.isPresent(); at = at.map(Path::getParent)) {
            Path guest = at.get().resolve(GUEST);
            if (Files.isDirectory(guest)) {
                return Optional.of(guest);
            }
        }
        return Optional.empty();
    }
}
