package dev.semblance.cli;

import dev.semblance.harness.guest.images.HashListener;
import dev.semblance.harness.util.Text;
import java.util.Optional;
import java.util.OptionalLong;

/** Shows how far the hashing of a large image is: as a bar on a terminal, elsewhere in a few lines if it is very large. */
final class HashProgress implements HashListener {

    private static final long MIB = 1 << 20;

    /** About two seconds. */
    private static final long WORTH_A_LINE = 1L << 30;

    private static final int LINES = 4;

    private final Terminal terminal;
    private Optional<Progress> bar = Optional.empty();
    private Optional<Progress.Task> task = Optional.empty();
    private long said = -1;

    HashProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void hashed(String image, long done, long total) {
        if (terminal.showsProgress()) {
            show(image, done, total);
            return;
        }
        long part = done * LINES / total;
        said = done == 0 ? -1 : said;
        if (total >= WORTH_A_LINE && part > said && done < total) {
            said = part;
            terminal.err()
                    .println(Text.format(
                            "semblance: hashing %s, %d of %d MiB", image, done / MIB, Math.ceilDiv(total, MIB)));
        }
    }

    private void show(String image, long done, long total) {
        if (done == 0) {
            // What was left of an image that could not be read to its end goes.
            end();
            bar = Optional.of(Progress.start(terminal, "hashing", Progress.Unit.BYTES, OptionalLong.of(total)));
            task = bar.map(started -> started.begin(image));
        }
        task.ifPresent(underway -> underway.accept(done));
        if (done >= total) {
            end();
        }
    }

    private void end() {
        task.ifPresent(Progress.Task::close);
        bar.ifPresent(Progress::close);
        task = Optional.empty();
        bar = Optional.empty();
    }
}
