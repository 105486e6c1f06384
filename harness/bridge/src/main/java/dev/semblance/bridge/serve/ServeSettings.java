package dev.semblance.bridge.serve;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.DeviceUnderTest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What is served, and how it is recorded.
 *
 * @param displays what the device offers to the driver, fixed from the start to the end
 * @param still how long a picture has to stand still for a snapshot; empty for none
 * @param toolVersion the version of what records
 * @param nanos tells nanoseconds from some moment on
 * @param target makes the device that is served; empty for this project's
 */
public record ServeSettings(
        DisplayConfig displays,
        Optional<Duration> still,
        String toolVersion,
        LongSupplier nanos,
        Optional<DeviceUnderTest.Factory> target) {}
