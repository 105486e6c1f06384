package dev.semblance.harness.record;

import dev.semblance.harness.trace.TraceEvent;

/** The one way for what a host does to a machine: input, and its displays. What is put in arrives at the current cycle. */
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

    /**
     * Changes what a display offers, or plugs it in or off.
     *
     * @param change which, and what it offers from now on
     */
    void display(TraceEvent.DisplayChange change);
}
