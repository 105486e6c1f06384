package dev.semblance.machine.translate;

/** What a {@link Translator} has made: an instance of a class of its own. The core that asked for it knows how to call it. */
public abstract class Translation {
    /** For the classes that are made. */
    protected Translation() {}
}
