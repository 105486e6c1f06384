package dev.semblance.machine.bus;

/** A level-triggered interrupt wire from a device to an interrupt controller. */
@FunctionalInterface
public interface InterruptLine {

    /** Drives the wire; driving it to the level it has changes nothing. */
    void set(boolean level);
}
