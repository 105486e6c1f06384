package dev.semblance.harness.guest.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The files of symbols that ship beside the images of a guest: those of its kernel, and those of its programs, whose names end alike. */
enum ShippedSymbols {
    OF_32("", "Image", "vmlinux"),
    OF_64("rv64/", "Image-small", "System.map");

    /** What stands behind the name of a program as it was linked, with its symbols. */
    private static final String DEBUG_SUFFIX = ".debug";

    /** A disk that is nothing but a program. */
    private static final String PROGRAM_DISK = "kmsdraw-stride.img";

    private final String folder;
    private final String kernel;
    private final String ofKernel;

    ShippedSymbols(String folder, String kernel, String ofKernel) {
        this.folder = folder;
        this.kernel = kernel;
        this.ofKernel = ofKernel;
    }

    /**
     * {@return the symbols of the shipped ones among some images, as names of files without {@code .xz} in the folder}
     *
     * @param guestFolder where the shipped guests are
     * @param sha256s of the images
     */
    static List<String> of(Path guestFolder, Collection<String> sha256s) {
        return Arrays.stream(values())
                .flatMap(guest -> guest.symbols(ShippedSums.of(guestFolder.resolve(guest.folder)), sha256s).stream())
                .toList();
    }

    private List<String> symbols(ShippedSums sums, Collection<String> sha256s) {
        List<String> images = sums.names().stream()
                .filter(name -> sums.of(name).filter(sha256s::contains).isPresent())
                .toList();
        List<String> found = new ArrayList<>();
        if (images.contains(kernel)) {
            found.add(ofKernel);
        }
        if (images.stream().anyMatch(name -> !name.equals(kernel))) {
            sums.names().stream().filter(name -> name.endsWith(DEBUG_SUFFIX)).forEach(found::add);
        }
        if (images.contains(PROGRAM_DISK)) {
            found.add(PROGRAM_DISK);
        }
        return found.stream().map(name -> folder + name).toList();
    }
}
