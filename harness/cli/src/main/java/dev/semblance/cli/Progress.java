package dev.semblance.cli;

import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal that shows how far long work is; nothing at all in a pipe. */
final class Progress implements AutoCloseable {

    private static final int WIDTH = 78;

    private final Optional<ProgressBar> bar;

    private Progress(Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    /**
     * Starts a bar.
     *
     * @param task what is done
     * @param unit what is counted, with a blank before it
     * @param size of one such unit in the steps that {@link #at} is told
     * @param total steps, or -1 if that is not known
     */
    static Progress start(Terminal terminal, String task, String unit, long size, long total) {
        if (!terminal.interactive()) {
            return new Progress(Optional.empty());
        }
        return new Progress(Optional.of(new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(unit, size)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .clearDisplayOnFinish()
                .build()));
    }

    /** Tells how many steps are done. */
    void at(long steps) {
        bar.ifPresent(shown -> shown.stepTo(steps));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
