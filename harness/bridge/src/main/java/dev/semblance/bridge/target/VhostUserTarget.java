package dev.semblance.bridge.target;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.target.TargetSpec;

/** A back-end of vhost-user-gpu as a device under test, with this process as its front-end. */
public final class VhostUserTarget {

    private VhostUserTarget() {}

    /**
     * {@return what starts a back-end for each device}
     *
     * @param launch how the program is started and heard
     * @throws UnusableInputException if the command has no place for the socket
     */
    public static DeviceUnderTest.Factory of(TargetLaunch launch) {
        String command = launch.command();
        if (!command.contains(TargetSpec.SOCKET)) {
            throw new UnusableInputException(
                    "the target \"vhost-user:" + command + "\" does not say where its socket goes: write "
                            + TargetSpec.SOCKET + ", such as vhost-user:vhost-user-gpu -s " + TargetSpec.SOCKET);
        }
        return DeviceUnderTest.Factory.ofPrograms(config -> {
            VhostLink link = VhostLink.start(launch, config);
            try {
                return new ForeignDevice(link, config);
            } catch (RuntimeException | Error e) {
                link.close();
                throw e;
            }
        });
    }
}
