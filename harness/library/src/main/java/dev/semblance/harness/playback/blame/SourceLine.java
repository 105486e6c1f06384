package dev.semblance.harness.playback.blame;

/**
 * A line of source code.
 *
 * @param file its name as the compiler wrote it down, relative to where it ran unless it begins with a slash; printable
 * @param line counted from 1
 */
public record SourceLine(String file, int line) {

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
