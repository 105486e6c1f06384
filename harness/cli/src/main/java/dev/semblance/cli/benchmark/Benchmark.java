package dev.semblance.cli.benchmark;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Runs parts of the benchmark one after the other, in a folder of its own that is gone afterwards. */
public final class Benchmark {

    private final int repeat;
    private final GuestImages images;
    private final Core core;
    private final Rivals rivals;
    private final Consumer<String> progress;

    /**
     * Makes a benchmark.
     *
     * @param repeat how often each thing is measured, 1 or more; figures are medians
     * @param images where the guest is found
     * @param core what executes the guest in the parts that run Linux
     * @param rivals what is measured beside this program
     * @param progress told what is being measured
     */
    public Benchmark(int repeat, GuestImages images, Core core, Rivals rivals, Consumer<String> progress) {
        this.repeat = repeat;
        this.images = images;
        this.core = core;
        this.rivals = rivals;
        this.progress = progress;
    }

    /** Takes the figures of a part when they are there. */
    @FunctionalInterface
    public interface Results {
        /** A part is done. */
        void accept(Part part, List<Figure> figures);
    }

    /**
     * Measures.
     *
     * @throws SemblanceException if the guest is not there
     * @throws IOException if the temporary folder cannot be used
     */
    public void run(Set<Part> parts, Results results) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            for (Part part : Part.values()) {
                if (parts.contains(part)) {
                    results.accept(part, measure(part, folder.path()));
                }
            }
        } catch (BadImageException e) {
            throw new IllegalStateException("the guest that ships does not load: " + e.getMessage(), e);
        }
    }

    private List<Figure> measure(Part part, Path folder) throws IOException, BadImageException {
        Guest guest = new Guest(images, folder, core);
        return switch (part) {
            case CPU -> new CpuBenchmark(repeat, rivals, progress).run();
            case BOOT -> new BootBenchmark(guest, repeat, progress).run();
            case WORK -> new WorkBenchmark(guest, repeat, rivals, progress).run();
            case DESKTOP -> new DesktopBenchmark(guest, images, repeat, rivals, progress).run();
            case PROMPT -> new PromptBenchmark(guest, images, repeat, rivals.semu(), progress).run();
            case RECORDING -> new RecordingBenchmark(guest, repeat, progress).run();
            case DEVICE -> new DeviceBenchmark(folder, repeat, progress).run();
            case MACHINE -> new MachineBenchmark(guest, repeat, progress).run();
            case PLAYBACK -> new PlaybackBenchmark(guest, repeat, progress).run();
            case SIZE -> new SizeBenchmark(guest, progress).run();
            case MEMORY -> new MemoryBenchmark(folder, progress).run();
            case COMPARE -> new CompareBenchmark(folder, repeat, progress).run();
            case REPORT -> new ReportBenchmark(folder, repeat, progress).run();
            case FUZZ -> new FuzzBenchmark(repeat, progress).run();
        };
    }
}
