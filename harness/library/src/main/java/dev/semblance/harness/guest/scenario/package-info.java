/**
 * The scripted user: a scenario file parsed into steps, and the state machine that turns the steps into input at exact
 * cycles. Nothing here runs a machine; whoever does tells a {@link
 * ScenarioStepper} what happened and does what it says.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.guest.scenario;

import org.jspecify.annotations.NullMarked;
