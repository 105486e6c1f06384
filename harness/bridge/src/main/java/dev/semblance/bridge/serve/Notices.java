package dev.semblance.bridge.serve;

/** Takes what is worth telling people while a guest is served: sentences without a full stop. */
@FunctionalInterface
public interface Notices {

    /**
     * Tells something.
     *
     * @param notice a sentence without a full stop
     */
    void say(String notice);
}
