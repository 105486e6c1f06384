package dev.semblance.live;

import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.record.live.LiveRun;

/**
 * A guest to show.
 *
 * @param title what the page is called: the trace's name, or what is booted. It may be a stranger's
 * @param records whether it is recorded
 * @param scanouts how many there are
 * @param pointer its pointing devices
 * @param clock cycles of its machine in a second
 * @param run what goes on
 */
public record LiveGuest(String title, boolean records, int scanouts, Pointer pointer, long clock, LiveRun run) {}
