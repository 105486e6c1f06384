package dev.semblance.harness.target.dialect;

import dev.semblance.gpu.protocol.CommandType;

/** What becomes of the states of two devices that answer a command differently. */
public final class StepRule {

    private StepRule() {}

    /** How the states are to each other. */
    public enum Step {
        /** The same, as far as answers tell. */
        SAME,
        /** What is shown is another; no answer depends on that. */
        SHOWN_DIFFERS,
        /** One has what the other lacks. */
        DIFFERENT
    }

    /**
     * {@return how the states are after different answers} They differ where one has done what the other refused. A chain that one keeps and that
     * no dialect expects to be kept can be the end of its queue.
     *
     * @param command the name of the command
     * @param expected the name of the response that is right
     * @param actual the name of the response that the device gives
     * @param allowed whether a dialect allows that
     */
    public static Step after(String command, String expected, String actual, boolean allowed) {
        boolean kept = expected.equals(ResponseName.UNUSED) != actual.equals(ResponseName.UNUSED);
        if (kept && !allowed) {
            return Step.DIFFERENT;
        }
        boolean oneRefused = ResponseName.isSuccess(expected) && ResponseName.isError(actual)
                || ResponseName.isError(expected) && ResponseName.isSuccess(actual);
        return oneRefused ? CommandName.type(command).map(StepRule::changed).orElse(Step.DIFFERENT) : Step.SAME;
    }

    /** {@return what differs where only one of two devices has done a command (VIRTIO 1.2, 5.7.6.8)} */
    private static Step changed(CommandType type) {
        return switch (type) {
            case GET_DISPLAY_INFO, GET_EDID -> Step.SAME;
            case SET_SCANOUT, TRANSFER_TO_HOST_2D, RESOURCE_FLUSH, UPDATE_CURSOR, MOVE_CURSOR -> Step.SHOWN_DIFFERS;
            case RESOURCE_CREATE_2D, RESOURCE_UNREF, RESOURCE_ATTACH_BACKING, RESOURCE_DETACH_BACKING -> Step.DIFFERENT;
        };
    }
}
