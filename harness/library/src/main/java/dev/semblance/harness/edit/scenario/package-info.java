/**
 * Makes a scenario of a session: what a person did in a recording, as steps that wait for what the guest does. It is recorded, and the
 * snapshots are compared with the session's.
 */
@NullMarked
package dev.semblance.harness.edit.scenario;

import org.jspecify.annotations.NullMarked;
