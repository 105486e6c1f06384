package dev.semblance.cli;

import picocli.CommandLine.Option;

/** How far verbs that open guest images believe what is known of them. */
final class ImageOptions {

    @Option(
            names = "--verify-images",
            description = "Read all of each guest image and compute its SHA-256 anew, also of a large one that was"
                    + " seen before or that ships.")
    private boolean verify;

    /** Returns the environment whose images are found so. */
    CliEnvironment of(CliEnvironment environment) {
        return verify ? environment.verifyingImages() : environment;
    }
}
