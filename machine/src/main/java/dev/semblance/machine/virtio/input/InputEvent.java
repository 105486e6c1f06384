package dev.semblance.machine.virtio.input;

/**
 * One evdev event, by the numbers of Linux's input-event-codes.h (VIRTIO 1.2, 5.8.6).
 *
 * @param type EV_KEY, EV_REL and so on; the low 16 bits count
 * @param code KEY_A, REL_X and so on; the low 16 bits count
 * @param value 1 and 0 for a key going down and up, a distance, a position
 */
public record InputEvent(int type, int code, int value) {

    /** EV_SYN. */
    public static final int EV_SYN = 0x00;

    /** EV_KEY: keys and buttons. */
    public static final int EV_KEY = 0x01;

    /** EV_REL: movement. */
    public static final int EV_REL = 0x02;

    /** EV_ABS: positions. */
    public static final int EV_ABS = 0x03;

    /** EV_LED. */
    public static final int EV_LED = 0x11;

    /** EV_REP: the guest repeats keys itself. */
    public static final int EV_REP = 0x14;

    /** REL_X: to the right. */
    public static final int REL_X = 0x00;

    /** REL_Y: down. */
    public static final int REL_Y = 0x01;

    /** REL_HWHEEL: to the right. */
    public static final int REL_HWHEEL = 0x06;

    /** REL_WHEEL: up. */
    public static final int REL_WHEEL = 0x08;

    /** ABS_X. */
    public static final int ABS_X = 0x00;

    /** ABS_Y. */
    public static final int ABS_Y = 0x01;

    /** BTN_LEFT. */
    public static final int BTN_LEFT = 0x110;

    /** BTN_RIGHT. */
    public static final int BTN_RIGHT = 0x111;

    /** BTN_MIDDLE. */
    public static final int BTN_MIDDLE = 0x112;

    /** Bytes of struct virtio_input_event. */
    static final int SIZE = 8;

    /** SYN_REPORT, which ends a report. */
    static final InputEvent SYN_REPORT = new InputEvent(EV_SYN, 0, 0);

    /** {@return struct virtio_input_event: type and code in 16 bits, the value in 32, little-endian} */
    byte[] encode() {
        return new byte[] {
            (byte) type,
            (byte) (type >> 8),
            (byte) code,
            (byte) (code >> 8),
            (byte) value,
            (byte) (value >> 8),
            (byte) (value >> 16),
            (byte) (value >> 24)
        };
    }
}
