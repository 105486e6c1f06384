package dev.semblance.junit;

import dev.semblance.harness.replay.TraceReplay;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Replays traces. Each trace gives a test for every replay that was done and one for every snapshot, which pass or fail by
 * themselves:
 *
 * <pre>{@code
 * @ReplayTest("recordings/*.trace")
 * void theDisplayHasNotChanged() {}
 * }</pre>
 *
 * <p>The method's body runs after the check has passed, and may ask for the {@link ReplayCase} to check more. A trace in a
 * folder named {@code recordings}, or below one, has its goldens in {@code golden} beside that folder, as for {@code semblance
 * replay}; any other has those of {@link #golden()}, or none: then what was recorded decides alone, and the tests of its
 * snapshots are skipped, or fail if {@link #requireGoldens()} says so.
 *
 * <p>On failure the actual picture, the difference and a summary are kept, and the message names them. They are in
 * {@code semblance-report} below {@code target} or {@code build}, or where the configuration parameter
 * {@value FailureReports#PARAMETER} says.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ReplayExtension.class)
@SuppressWarnings("exports") // JUnit makes the extension; nobody else needs to see it.
public @interface ReplayTest {

    /**
     * Traces, folders of traces, or glob patterns as of {@link java.nio.file.FileSystem#getPathMatcher}; relative to the
     * folder that the tests run in. One that names nothing fails.
     *
     * @return traces, folders and glob patterns
     */
    String[] value();

    /**
     * The folder of goldens; empty for the usual one.
     *
     * @return the folder of goldens, or nothing for the one that the traces have by their place
     */
    String golden() default "";

    /**
     * Whether a snapshot that there are no goldens for fails its test, which is skipped otherwise.
     *
     * @return whether a trace without goldens fails
     */
    boolean requireGoldens() default false;

    /**
     * Folders to search for the guest images that a machine replay needs.
     *
     * @return folders of guest images
     */
    String[] images() default {};

    /**
     * Which replays to do.
     *
     * @return which replays to do
     */
    TraceReplay.Kind kind() default TraceReplay.Kind.BOTH;

    /**
     * Whether there is a test more for each trace, named {@code lint}, which fails if the driver did something that is illegal or
     * suspicious (docs/LINT.md).
     *
     * @return which findings fail it
     */
    LintLevel lint() default LintLevel.OFF;

    /**
     * The ids of lint's rules to leave out, such as {@code flush-unchanged}.
     *
     * @return ids of rules
     */
    String[] lintDisable() default {};
}
