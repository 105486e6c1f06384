package dev.semblance.harness;

import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that the caller, or the user behind it, can put right. The message is one clear sentence saying what is wrong, where,
 * and what to do; lines after the first may show the place. It can be shown as it is: nothing is hidden in it
 * ({@link Printable}), whatever names it was made of.
 *
 * <p>What is wrong is told by type: {@link UnusableInputException}, {@link CorruptInputException},
 * {@link UnusableOutputException}, {@link IncompatibleException}, {@link UnusableTargetException},
 * {@link WorkInterruptedException}.
 */
public abstract class SemblanceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence
     */
    protected SemblanceException(String message) {
        super(Printable.line(message));
    }

    /**
     * Makes an exception with what led to it.
     *
     * @param message one sentence
     * @param cause what was thrown
     */
    protected SemblanceException(String message, Throwable cause) {
        super(Printable.line(message), cause);
    }

    /**
     * Makes an exception with lines that show the place.
     *
     * @param message one sentence
     * @param place lines to show below it
     */
    protected SemblanceException(String message, List<String> place) {
        super(Stream.concat(Stream.of(message), place.stream())
                .map(Printable::line)
                .collect(Collectors.joining("\n")));
    }

    /** {@return the lines of the message, the sentence first} */
    public List<String> lines() {
        return String.valueOf(getMessage()).lines().toList();
    }

    /**
     * {@return the sentence for a heap that was too small}
     *
     * @param what needed more, at the start of the sentence
     */
    public static String outOfMemory(String what) {
        return Text.format(
                "%s needs more memory than the %d MiB that Java may use here; SEMBLANCE_JAVA_OPTS=-Xmx4g allows more",
                what, Runtime.getRuntime().maxMemory() >> 20);
    }
}
