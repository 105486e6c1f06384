package dev.semblance.machine.bus;

/** A level-triggered interrupt wire from a device to an interrupt controller. */
@FunctionalInterface
public interface InterruptLine {

    /**
     * Drives the wire; driving it to the level it has changes nothing.
     *
     * @param level whether the wire is high
     */
    void set(boolean level);
}
