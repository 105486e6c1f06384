package dev.semblance.cli;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ImageKind;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.playback.blame.SymbolFiles;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateCache;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.Isa;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What verbs need that play the machine of a trace: its images, a core, and names of addresses. */
final class PlaybackOptions {

    @Mixin
    private ImageFolders folders = new ImageFolders();

    @Option(
            names = "--symbols",
            paramLabel = "FILE",
            converter = Converters.Image.class,
            description =
                    "Names of addresses: a kernel's System.map, a vmlinux, or a program with its symbol table and DWARF lines; packed"
                            + " with xz or not. May be given more than once. Those of the images that ship are found without; none leaves"
                            + " them out.")
    private List<ImageSource> symbols = List.of();

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Mixin
    private CoreOptions core = new CoreOptions();

    /** The machine of a trace, or why it cannot be had. */
    sealed interface Opened {

        /** It can be played. */
        record Playable(Playback playback) implements Opened {}

        /**
         * Only what the trace tells can be looked at.
         *
         * @param reason as a part of a sentence
         */
        record NotPlayable(String reason) implements Opened {}
    }

    /** Checks that the folders are there. */
    void check() {
        folders.checked();
    }

    /** Returns the folders of images that were named. */
    List<Path> folders() {
        return folders.checked();
    }

    /** Returns what finds images. */
    GuestImages finder(CliEnvironment environment) {
        return images.images(environment);
    }

    /** Returns the machine of a trace, or why it cannot be had: an image or its parent is not here, or cannot be used. */
    Opened open(Path trace, ReplayableGpu gpu, CliEnvironment environment) throws IOException {
        return open(trace, gpu, environment, List.of());
    }

    /** Returns the machine of a trace, whose images may also be in more folders, or why it cannot be had. */
    Opened open(Path trace, ReplayableGpu gpu, CliEnvironment environment, List<Path> more) throws IOException {
        List<Path> all =
                Stream.concat(folders.checked().stream(), more.stream()).toList();
        try (TraceReader reader = TraceReader.open(trace)) {
            TraceManifest manifest = reader.manifest();
            GuestImages finder = images.images(environment);
            SessionStarts starts =
                    new SessionStarts(StateCache.in(finder.cache().folder()));
            return switch (SessionImages.find(trace, manifest, gpu, finder, all)) {
                case SessionImages.Search.NotFound notFound -> new Opened.NotPlayable(notFound.reason());
                case SessionImages.Search.Found found -> {
                    SessionConfig config = found.config().translatedBy(core.translator());
                    SessionStart start = starts.of(trace, manifest, config, cycle -> {});
                    yield new Opened.Playable(new Playback(TraceIndex.of(reader), config, start));
                }
            };
        } catch (BadImageException | IncompatibleException e) {
            return new Opened.NotPlayable(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the files of symbols of the guest of a trace: those that ship with its images, and those that were named, which win.
     * "none" among the latter leaves out the former.
     */
    SymbolFiles symbols(TraceManifest manifest, CliEnvironment environment) {
        return SymbolFiles.read(symbolImages(manifest, environment).toList(), manifest);
    }

    /**
     * Returns files in the cache that a debugger can read, with the symbols of the kernel, and of the program that runs, if it is
     * known: ELF files as they are, and others as ELF files.
     */
    List<Path> debuggerFiles(
            TraceManifest manifest, CliEnvironment environment, SymbolFiles files, Optional<String> program) {
        boolean is64 = Isa.of(manifest.isa()).map(Isa::is64).orElse(true);
        List<GuestImage> images = symbolImages(manifest, environment).toList();
        ImageCache cache = this.images.images(environment).cache();
        return files.files().stream()
                .filter(file ->
                        !file.isProgram() || program.filter(file.name()::equals).isPresent())
                .map(file -> images.stream()
                        .filter(image -> image.name().equals(file.name()) && SymbolFiles.isElf(image.head()))
                        .findFirst()
                        .orElseGet(() -> GuestImage.of(file.name(), file.elf(is64))))
                .flatMap(image -> cache.storedFile(image).stream())
                .toList();
    }

    private Stream<GuestImage> symbolImages(TraceManifest manifest, CliEnvironment environment) {
        GuestImages finder = images.images(environment);
        boolean areShippedWanted = symbols.stream().noneMatch(ImageSource.None.class::isInstance);
        List<String> ofTrace =
                manifest.images().stream().map(TraceManifest.Image::sha256).toList();
        Stream<GuestImage> named = symbols.stream().flatMap(source -> finder.load(source, ImageKind.SYMBOLS).stream());
        return Stream.concat(areShippedWanted ? finder.shippedSymbols(ofTrace).stream() : Stream.empty(), named);
    }
}
