package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.position.Position;
import java.nio.file.Path;

/**
 * The recording whose guest a scenario goes on with, and from where on.
 *
 * @param trace the file
 * @param at the moment of it at which the scenario begins
 */
public record ParentPosition(Path trace, Position at) {}
