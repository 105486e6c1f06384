package dev.semblance.harness.guest.images;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The project's own folder, which the guest that ships with it lies in. */
public final class ProjectHome {

    /** The system property that names the folder; the launcher sets it. */
    public static final String PROPERTY = "semblance.home";

    private static final String GUEST = "buildroot-config/guest";

    private ProjectHome() {}

    /** Returns the folder of the shipped guest, if this is run where there is one. */
    public static Optional<Path> guestFolder() {
        return guestFolder(System.getProperty(PROPERTY, ""), Path.of("").toAbsolutePath());
    }

    /** Looks in the named folder, or, if none is named, from the working folder upwards. */
    static Optional<Path> guestFolder(String home, Path workingFolder) {
        if (!home.isEmpty()) {
            try {
                return Optional.of(Path.of(home).toAbsolutePath().resolve(GUEST))
                        .filter(Files::isDirectory);
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
