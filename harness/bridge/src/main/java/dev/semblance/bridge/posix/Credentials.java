package dev.semblance.bridge.posix;

/**
 * Who is at the other end of a socket, as it was when the connection was made.
 *
 * @param process the number of the process
 * @param user the number of its user
 * @param group the number of its group
 */
public record Credentials(int process, int user, int group) {

    /** {@return the number of the user that this process acts as} */
    public static int ownUser() {
        try {
            return Libc.geteuid();
        } catch (PosixException never) {
            throw new IllegalStateException("geteuid does not fail", never);
        }
    }
}
