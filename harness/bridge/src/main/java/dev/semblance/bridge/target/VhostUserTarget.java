package dev.semblance.bridge.target;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetSpec;
import java.time.Duration;

/** A back-end of vhost-user-gpu as a device under test, with this process as its front-end. */
public final class VhostUserTarget {

    private VhostUserTarget() {}

    /**
     * {@return what starts a back-end for each device}
     *
     * @param command for the shell, with <code>{socket}</code> where the path of the socket goes on which the program is to listen
     * @param timeout how long the device may take for anything that it is asked
     * @throws UnusableInputException if the command has no place for the socket
     */
    public static DeviceUnderTest.Factory of(String command, Duration timeout) {
        if (!command.contains(TargetSpec.SOCKET)) {
            throw new UnusableInputException(
                    "the target \"vhost-user:" + command + "\" does not say where its socket goes: write "
                            + TargetSpec.SOCKET + ", such as vhost-user:vhost-user-gpu -s " + TargetSpec.SOCKET);
        }
        return config -> {
            VhostLink link = VhostLink.start(command, config, timeout);
            try {
                return new ForeignDevice(link, config);
            } catch (RuntimeException | Error e) {
                link.close();
                throw e;
            }
        };
    }
}
