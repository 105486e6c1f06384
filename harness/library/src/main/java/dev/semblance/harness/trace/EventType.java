package dev.semblance.harness.trace;

/** The first byte of each encoded event. Part of the format: numbers are never reused. */
final class EventType {

    // 0 stays free: bytes of a hole in a file must not decode.
    static final int RESET = 1;
    static final int FEATURES = 2;
    static final int QUEUE_ENABLED = 3;
    static final int QUEUE_DISABLED = 4;
    static final int DRIVER_OK = 5;
    static final int NEEDS_RESET = 6;
    static final int CONFIG_READ = 7;
    static final int CONFIG_WRITE = 8;
    static final int NOTIFY = 9;
    static final int MEMORY = 10;
    static final int REQUEST_PART = 11;
    static final int COMMAND = 12;
    static final int DISK_COMMAND = 13;
    static final int FAULT = 14;
    static final int INPUT = 15;
    static final int CONSOLE_INPUT = 16;
    static final int CONSOLE_OUTPUT = 17;
    static final int FLUSH = 18;
    static final int SCANOUT_DISABLED = 19;
    static final int CURSOR = 20;
    static final int SNAPSHOT = 21;
    static final int CHECKPOINT = 22;
    static final int END = 23;
    static final int QUEUE_RESET = 24;
    static final int DISPLAY_CHANGE = 25;

    private EventType() {}
}
