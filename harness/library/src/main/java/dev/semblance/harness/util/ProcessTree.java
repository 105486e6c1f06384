package dev.semblance.harness.util;

import java.util.List;

/** Processes that were started for the user, with those that they started. */
public final class ProcessTree {

    /** How often children are looked for that were made while others were killed. */
    private static final int ROUNDS = 10;

    private ProcessTree() {}

    /**
     * Kills a process and all its children. One that has made itself a daemon, or whose parent is gone, is no child any more.
     *
     * @param root the process; nothing happens if it is gone
     */
    public static void kill(ProcessHandle root) {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> children = root.descendants().toList();
            if (children.isEmpty()) {
                break;
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
        root.destroyForcibly();
    }
}
