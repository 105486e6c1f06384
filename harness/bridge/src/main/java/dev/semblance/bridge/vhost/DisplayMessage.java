package dev.semblance.bridge.vhost;

/**
 * What the back-end tells and asks the front-end over the display socket (vhost-user-gpu, "Message types"). Pictures as pixels only:
 * no dma-bufs. Numbers of scanouts are unsigned and may be any.
 */
public sealed interface DisplayMessage {

    /** Asks for the features of the display protocol. Replied with a u64. */
    record GetProtocolFeatures() implements DisplayMessage {}

    /**
     * Tells which of them are used.
     *
     * @param features the bits
     */
    record SetProtocolFeatures(long features) implements DisplayMessage {}

    /** Asks for the response to GET_DISPLAY_INFO of virtio-gpu, which is the reply. */
    record GetDisplayInfo() implements DisplayMessage {}

    /**
     * Moves the cursor and shows it.
     *
     * @param scanout number of the scanout
     * @param x of its hot spot
     * @param y of its hot spot
     */
    record CursorPosition(int scanout, int x, int y) implements DisplayMessage {}

    /**
     * Hides the cursor.
     *
     * @param scanout number of the scanout
     * @param x of its hot spot
     * @param y of its hot spot
     */
    record CursorHide(int scanout, int x, int y) implements DisplayMessage {}

    /**
     * Gives the cursor a picture, moves it and shows it.
     *
     * @param scanout number of the scanout
     * @param x of its hot spot
     * @param y of its hot spot
     * @param hotX where the hot spot is in the picture
     * @param hotY where the hot spot is in the picture
     * @param pixels 64 times 64, each as B, G, R, A
     */
    record CursorUpdate(int scanout, int x, int y, int hotX, int hotY, byte[] pixels) implements DisplayMessage {}

    /**
     * Sets the size of a scanout; 0 times 0 disables it.
     *
     * @param scanout number of the scanout
     * @param width in pixels
     * @param height in pixels
     */
    record Scanout(int scanout, int width, int height) implements DisplayMessage {}

    /**
     * Shows pixels. Places count within the scanout.
     *
     * @param scanout number of the scanout
     * @param x of the left column
     * @param y of the top row
     * @param width in pixels
     * @param height in pixels
     * @param pixels rows without gaps, each pixel as B, G, R, X
     */
    record Update(int scanout, int x, int y, int width, int height, byte[] pixels) implements DisplayMessage {}

    /**
     * Asks for the response to GET_EDID of virtio-gpu, which is the reply.
     *
     * @param scanout number of the scanout
     */
    record GetEdid(int scanout) implements DisplayMessage {}

    /**
     * What is not known here.
     *
     * @param number of the message
     */
    record Unknown(int number) implements DisplayMessage {}
}
