package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.RequestFields;
import dev.semblance.bridge.target.RingObserver;
import dev.semblance.bridge.target.SeenChain;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.Arrays;

/**
 * Which resource each scanout shows, by the commands that the device said it had executed. QEMU puts a picture with a notice
 * where nothing is shown, which cannot be told from a picture of the guest's.
 */
final class ShownResources implements RingObserver {

    private static final int LONGEST_REQUEST = 64;
    private static final int RESPONSE_TYPE = 4;

    private final GuestMemory memory;
    private final int[] shown;

    /**
     * Follows scanouts, all dark.
     *
     * @param memory guest memory
     * @param scanouts how many there are
     */
    ShownResources(GuestMemory memory, int scanouts) {
        this.memory = memory;
        this.shown = new int[scanouts];
    }

    /** {@return whether nothing is shown on a scanout} */
    boolean isDark(int scanout) {
        return shown[scanout] == 0;
    }

    @Override
    public void used(SeenChain chain, UsedElement used, boolean asked) {
        RequestFields request = new RequestFields(chain.request(memory, LONGEST_REQUEST));
        if (!RequestFields.isOk(chain.response(memory, Math.min(used.length(), RESPONSE_TYPE)))) {
            return;
        }
        request.command().ifPresent(type -> {
            switch (type) {
                case SET_SCANOUT -> {
                    int scanout = request.field(4);
                    if (scanout >= 0 && scanout < shown.length) {
                        shown[scanout] = request.field(5);
                    }
                }
                case RESOURCE_UNREF -> {
                    for (int scanout = 0; scanout < shown.length; scanout++) {
                        shown[scanout] = shown[scanout] == request.field(0) ? 0 : shown[scanout];
                    }
                }
                case GET_DISPLAY_INFO,
                        RESOURCE_CREATE_2D,
                        RESOURCE_FLUSH,
                        TRANSFER_TO_HOST_2D,
                        RESOURCE_ATTACH_BACKING,
                        RESOURCE_DETACH_BACKING,
                        GET_EDID,
                        UPDATE_CURSOR,
                        MOVE_CURSOR -> {
                    // They change nothing of that.
                }
            }
        });
    }

    @Override
    public void reset() {
        Arrays.fill(shown, 0);
    }
}
