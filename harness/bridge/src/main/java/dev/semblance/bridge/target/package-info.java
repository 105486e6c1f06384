/**
 * Devices under test in processes of their own ({@link dev.semblance.harness.target.DeviceUnderTest}): what all of them have in
 * common, and back-ends of vhost-user.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.bridge.target;

import org.jspecify.annotations.NullMarked;
