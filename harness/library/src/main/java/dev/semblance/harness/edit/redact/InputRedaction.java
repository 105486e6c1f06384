package dev.semblance.harness.edit.redact;

import dev.semblance.harness.trace.TraceEvent.InputItem;

/** What stays of input events: that a key was pressed, not which; buttons and motion. Numbers are Linux's evdev's. */
final class InputRedaction {

    private static final int EV_SYN = 0;
    private static final int EV_KEY = 1;
    private static final int EV_REL = 2;
    private static final int EV_ABS = 3;
    private static final int EV_MSC = 4;
    private static final int KEY_A = 30;

    /** The last value of a key: 0 is released, 1 pressed, 2 repeated. */
    private static final int REPEATED = 2;

    private InputRedaction() {}

    static InputItem apply(InputItem item) {
        return switch (item.type()) {
            case EV_SYN, EV_REL, EV_ABS -> item;
            case EV_KEY ->
                new InputItem(
                        EV_KEY,
                        isButton(item.code()) ? item.code() : KEY_A,
                        item.value() < 0 || item.value() > REPEATED ? 0 : item.value());
            case EV_MSC -> new InputItem(EV_MSC, item.code(), KEY_A); // MSC_SCAN tells the key again.
            default -> new InputItem(item.type(), 0, 0);
        };
    }

    /** {@return whether a code is a button's} Keys go on behind the first of those ranges: KEY_NUMERIC_0 is 0x200. */
    private static boolean isButton(int code) {
        return code >= 0x100 && code < 0x160 || code >= 0x220 && code < 0x224 || code >= 0x2c0 && code < 0x2e8;
    }
}
