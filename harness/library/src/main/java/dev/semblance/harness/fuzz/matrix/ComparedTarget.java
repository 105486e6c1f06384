package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Dialect;
import java.util.function.Predicate;

/**
 * A device that is compared with others.
 *
 * @param name the name of its column
 * @param target what it is, as a command line names it
 * @param dialect what it may do otherwise than the reference
 * @param maker makes it
 */
public record ComparedTarget(String name, String target, Dialect dialect, Maker maker) {

    /** Makes a device whose standard error is heard. */
    @FunctionalInterface
    public interface Maker {

        /**
         * {@return what makes the devices}
         *
         * @param harmless asked of each line that a program writes to standard error, by a thread of its own, whether it is no complaint; one that
         *     is ends the test of the device
         */
        DeviceUnderTest.Factory hearing(Predicate<String> harmless);
    }
}
