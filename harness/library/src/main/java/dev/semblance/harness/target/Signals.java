package dev.semblance.harness.target;

import java.util.Map;

/** Signals whose numbers are the same on all systems (POSIX, kill), and two that are on those that this runs on. */
final class Signals {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(31, "SIGSYS"));

    private Signals() {}

    static boolean isSignal(int number) {
        return number >= 1 && number <= 64;
    }

    static String name(int number) {
        return NAMES.getOrDefault(number, "signal " + number);
    }
}
