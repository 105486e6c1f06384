package dev.semblance.machine;

import java.nio.file.Path;

/** The bare-metal programs that the repository ships. */
final class BareImages {

    private static final Path FOLDER = Path.of(System.getProperty("basedir", "."), "..", "buildroot-config", "bare")
            .normalize();

    /** Prints a line and powers off. */
    static final Path HELLO = FOLDER.resolve("hello-semu.bin");

    /** Ten small kernels, 628 million instructions. */
    static final Path MIX = FOLDER.resolve("mix-semu.bin");

    private BareImages() {}
}
