package dev.semblance.cli.benchmark;

import java.util.Locale;

/** The parts of the benchmark, each of which can be run alone. */
public enum Part {
    /** Instructions a second on the bare-metal mixes, and against QEMU and semu. */
    CPU,
    /** Power-on to the shell's prompt with recording on. */
    BOOT,
    /** Boot, page flips and power-off with recording on, and against QEMU's recording. */
    WORK,
    /** A program of Debian's that draws, recorded, and against QEMU. */
    DESKTOP,
    /** Power-on to the shell's prompt from a disk, and against semu. */
    PROMPT,
    /** What recording adds to a run of page flips. */
    RECORDING,
    /** Flushes a second of a device replay. */
    DEVICE,
    /** Machine replay against the live run. */
    MACHINE,
    /** States of a machine, and going back and forth in a trace. */
    PLAYBACK,
    /** Bytes of trace for what is shown. */
    SIZE,
    /** Memory of a device replay against the length of its trace. */
    MEMORY,
    /** Comparing two PNG files, against odiff. */
    COMPARE,
    /** The HTML report of 500 snapshots. */
    REPORT,
    /** Commands a second of the fuzzer. */
    FUZZ;

    /** Returns the name as it stands on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
