package dev.semblance.bridge.posix;

import dev.semblance.harness.IncompatibleException;
import java.util.Set;

/** Where this package works: structures and numbers here are those of Linux on x86-64 and aarch64. */
public final class Platform {

    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

    private Platform() {}

    /**
     * Refuses what is not Linux on x86-64 or aarch64.
     *
     * @param what needs it, at the start of the sentence
     * @throws IncompatibleException elsewhere
     */
    public static void require(String what) {
        String system = System.getProperty("os.name", "");
        String architecture = System.getProperty("os.arch", "");
        if (!supports(system, architecture)) {
            throw new IncompatibleException(what + " needs Linux on x86-64 or aarch64, and this is " + system + " on "
                    + architecture + "; run it in a virtual machine or a container of Linux");
        }
    }

    static boolean supports(String system, String architecture) {
        return system.equals("Linux") && ARCHITECTURES.contains(architecture);
    }
}
