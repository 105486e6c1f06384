package dev.semblance.cli;

import dev.semblance.harness.guest.images.GuestImages;
import picocli.CommandLine.Option;

/** How far verbs that open guest images believe what is known of them; there is no other way for a verb to have images. */
final class ImageOptions {

    @Option(
            names = "--verify-images",
            description = "Read all of each guest image and compute its SHA-256 anew, also of a large one that was"
                    + " seen before or that ships.")
    private boolean verify;

    /** Returns what finds guest images so, and shows on the terminal how far it is. */
    GuestImages images(CliEnvironment environment) {
        GuestImages images = environment.finder().apply(environment.terminal());
        return verify ? images.verifying() : images;
    }
}
