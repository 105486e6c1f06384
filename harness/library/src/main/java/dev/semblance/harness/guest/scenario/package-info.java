/**
 * The scripted user: a scenario file parsed into steps, and the state machine that turns the steps into input at exact
 * cycles. Nothing here runs a machine; whoever does tells a {@link
 * dev.semblance.harness.scenario.ScenarioStepper} what happened and does what it says.
 */
@NullMarked
package dev.semblance.harness.guest.scenario;

import org.jspecify.annotations.NullMarked;
