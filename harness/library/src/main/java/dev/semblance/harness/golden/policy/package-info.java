/**
 * What may differ from a golden, why, and until when: {@code policy.toml} (docs/POLICIES.md).
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.golden.policy;

import org.jspecify.annotations.NullMarked;
