package dev.semblance.harness.record;

import dev.semblance.harness.trace.TraceEvent;

/** The one way for input from the host into a machine. What is put in arrives at the current cycle. */
public interface HostPort {

    /**
     * Puts bytes on the console's input queue.
     *
     * @param bytes the bytes
     */
    void console(byte[] bytes);

    /**
     * Puts a whole report to an input device.
     *
     * @param report events of Linux input
     */
    void input(TraceEvent.Input report);
}
