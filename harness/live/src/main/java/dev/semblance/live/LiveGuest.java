package dev.semblance.live;

import dev.semblance.harness.record.live.Watchable;

/**
 * A guest to show.
 *
 * @param title what the page is called: the trace's name, or what is booted. It may be a stranger's
 * @param records whether it is recorded
 * @param scanouts how many there are
 * @param clock how many cycles of its status there are in a second
 * @param run what goes on
 */
public record LiveGuest(String title, boolean records, int scanouts, long clock, Watchable run) {}
