package dev.semblance.harness.rig;

import java.util.Arrays;

/**
 * What became of a command.
 *
 * @param used whether the device gave its chain back
 * @param usedLength the length in the used element; 0 if there is none
 * @param response all of the room for the response, as it is afterwards
 * @param status the device status afterwards ({@link dev.semblance.machine.virtio.DeviceStatus})
 */
public record CommandAnswer(boolean used, long usedLength, byte[] response, int status) {

    @Override
    public boolean equals(Object object) {
        return object instanceof CommandAnswer other
                && used == other.used
                && usedLength == other.usedLength
                && Arrays.equals(response, other.response)
                && status == other.status;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(response);
    }
}
