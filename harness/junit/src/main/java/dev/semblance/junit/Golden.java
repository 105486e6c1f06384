package dev.semblance.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test the golden image that it is to compare a picture with:
 *
 * <pre>{@code
 * @Test
 * void aGradientIsSmooth(@Golden("gradient/full") GoldenPicture golden) {
 *     golden.assertMatches(frame);
 * }
 * }</pre>
 *
 * <p>On failure the actual picture and the difference are kept, and the message names them. With the system property or
 * configuration parameter {@value GoldenImage#APPROVE} set to {@code true} the golden is written where it is missing or
 * differs; not where the environment variable {@code CI} is {@code true}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(GoldenExtension.class)
@SuppressWarnings("exports") // JUnit makes the extension; nobody else needs to see it.
public @interface Golden {

    /**
     * The golden as {@code NAME/LABEL}: the file is {@code NAME/LABEL.png} in the folder of goldens.
     *
     * @return the golden as NAME/LABEL
     */
    String value();

    /**
     * The folder of goldens, relative to the folder that the tests run in.
     *
     * @return the folder of goldens
     */
    String folder() default "golden";
}
