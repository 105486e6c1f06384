package dev.semblance.harness.guest.images;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images of one guest, all read and checked.
 *
 * @param kernel the kernel
 * @param initrd the initial RAM disk
 * @param disk the disk
 * @param dtb the device tree
 */
public record LoadedGuest(
        GuestImage kernel, Optional<GuestImage> initrd, Optional<GuestImage> disk, Optional<GuestImage> dtb) {

    /** {@return all images} */
    public List<GuestImage> all() {
        return Stream.concat(Stream.of(kernel), Stream.of(initrd, disk, dtb).flatMap(Optional::stream))
                .toList();
    }
}
