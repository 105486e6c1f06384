package dev.semblance.harness;

/** A guest image turned out to be damaged, or its file to have changed, while a guest ran from it: the run ends there. */
public final class DamagedImageException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence: the file, where in it, and what is wrong
     * @param cause what was thrown
     */
    public DamagedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
