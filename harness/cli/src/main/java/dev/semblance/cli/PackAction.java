package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.pack.PackManifest;
import dev.semblance.harness.edit.pack.PackWriter;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.trace.ParentTrace;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Packs traces with what belongs to them. */
final class PackAction {

    private static final String PART = ".part";

    private static final String README = """
            This is a Semblance pack: recordings of a guest with a virtio-gpu, and what belongs to them.

              trace/        the recordings
              parent/       recordings that those go on from, if they do
              golden/       the pictures that they should show, if there are any, and policy.toml: what may differ
              images/       what the guest was booted from, by SHA-256, if it was packed
              verdict.txt   what a replay said where this was packed
              manifest.json every file with its SHA-256, and the versions of Semblance and Java

            semblance replay THIS_FILE replays it; info and dump take it too.
            A recording holds everything that was typed and shown while it was made.
            """;

    private final Terminal terminal;
    private final GuestImages images;
    private final LocalDate today;

    PackAction(CliEnvironment environment, GuestImages images) {
        this.terminal = environment.terminal();
        this.images = images;
        this.today = environment.today().get();
    }

    ExitCode run(PackCommand.Request packing) {
        Map<String, TraceFile> traces = names(packing.traces());
        List<Path> inputs = new ArrayList<>(TraceFile.paths(packing.traces()));
        packing.goldens().policy().ifPresent(inputs::add);
        try (Outlet outlet = Outlet.of(packing.output(), terminal, inputs);
                TemporaryFolder folder = TemporaryFolder.create()) {
            return pack(packing, traces, outlet, folder.path());
        } catch (IOException e) {
            throw UnusableInputException.unreadable("what is to be packed", e);
        }
    }

    private ExitCode pack(PackCommand.Request packing, Map<String, TraceFile> traces, Outlet outlet, Path folder)
            throws IOException {
        PolicySet policies = new PolicySet(List.copyOf(traces.values()), packing.goldens(), today);
        Optional<Path> policy = PackGoldens.policy(traces, packing);
        PackWriter writer = new PackWriter();
        Map<String, PackManifest.Image> listed = new LinkedHashMap<>();
        for (Map.Entry<String, TraceFile> trace : traces.entrySet()) {
            writer.trace(trace.getKey(), trace.getValue().path());
            addParents(writer, trace.getValue(), traces);
            PackGoldens.add(writer, trace.getKey(), policies.goldens(trace.getValue()));
            for (TraceManifest.Image image : manifest(trace.getValue()).images()) {
                if (!listed.containsKey(image.sha256())) {
                    if (packing.withImages()) {
                        writer.image(image.sha256(), compress(image, packing, folder));
                    }
                    listed.put(
                            image.sha256(),
                            new PackManifest.Image(image.file(), image.size(), image.sha256(), packing.withImages()));
                }
            }
        }
        if (packing.replay()) {
            PackVerdict verdict = PackVerdict.of(traces, packing, images, today, policy);
            writer.verdict(verdict.text(), verdict.json());
        }
        policy.ifPresent(writer::policy);
        writer.readme(README);
        OutputFiles.check(outlet.path(), writer.inputs());
        PackWriter.Written written =
                writer.write(outlet.path(), VersionProvider.version(), List.copyOf(listed.values()));
        outlet.deliver();
        tell(outlet, written);
        return ExitCode.PASS;
    }

    /** Adds the traces that a trace goes on from, up to one that begins at power-on. */
    private static void addParents(PackWriter writer, TraceFile trace, Map<String, TraceFile> traces) {
        Path child = trace.path();
        Optional<ParentTrace> parent = manifest(trace).parent();
        for (int depth = 0; parent.isPresent() && depth < SessionStarts.MAX_CHAIN; depth++) {
            Path file;
            try {
                file = SessionStarts.find(child, parent.get());
                requireNoOther(trace, file, traces);
                writer.parent(file);
            } catch (IOException e) {
                throw TraceProblems.of(trace, e);
            } catch (IncompatibleException e) {
                throw new CommandException(ExitCode.INCOMPATIBLE, trace + ": " + e.getMessage(), e);
            } catch (IllegalArgumentException e) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "%s goes on from %s, whose name no pack can hold, or which is there from another folder",
                                trace, EventText.plain(parent.get().file())),
                        e);
            }
            child = file;
            parent = manifest(TraceFile.of(file)).parent();
        }
    }

    /** Who takes the pack apart, to have a child replayed, puts parents beside their children. */
    private static void requireNoOther(TraceFile child, Path parent, Map<String, TraceFile> traces) throws IOException {
        Optional<TraceFile> namesake =
                Optional.ofNullable(traces.get(TraceFile.of(parent).name()));
        if (namesake.isPresent() && Files.mismatch(namesake.get().path(), parent) != -1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format(
                            "%s has the name of %s, which %s goes on from, and is another one; rename it to pack both",
                            namesake.get(), parent, child));
        }
    }

    private static Map<String, TraceFile> names(List<TraceFile> traces) {
        Map<String, TraceFile> names = new TreeMap<>();
        for (TraceFile trace : traces) {
            String file = String.valueOf(trace.path().getFileName());
            String name = TraceFile.nameOf(
                    Path.of(file.endsWith(PART) ? file.substring(0, file.length() - PART.length()) : file));
            if (!SnapshotLabel.isPlain(name)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format("%s: rename it to pack it; a name is %s", trace, SnapshotLabel.RULE));
            }
            Optional<TraceFile> other = Optional.ofNullable(names.put(name, trace));
            if (other.isPresent()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format("%s and %s have the same name; rename one to pack both", other.get(), trace));
            }
        }
        return names;
    }

    private static TraceManifest manifest(TraceFile trace) {
        try (TraceReader reader = TraceProblems.open(trace)) {
            return reader.manifest();
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private Path compress(TraceManifest.Image wanted, PackCommand.Request packing, Path folder) throws IOException {
        GuestImage image = images.find(
                        wanted.sha256(), wanted.file(), packing.goldens().images())
                .orElseThrow(() -> new CommandException(
                        ExitCode.INCOMPATIBLE,
                        Text.format(
                                "the image %s (SHA-256 %s) was not found; name its folder with --images",
                                wanted.file(), wanted.sha256())));
        Path packed = folder.resolve(wanted.sha256() + ".gz");
        try (OutputFile file = OutputFile.create(packed)) {
            GZIPOutputStream out = new GZIPOutputStream(file.stream(), 1 << 16);
            image.copyTo(out);
            out.finish();
            file.commit();
        }
        return packed;
    }

    private static void tell(Outlet outlet, PackWriter.Written written) {
        PackManifest manifest = written.manifest();
        Printer out = outlet.terminal().out();
        out.println(Text.format("%s: %s", outlet, Text.count(written.bytes(), "byte")));
        List<String> rest = new ArrayList<>();
        int goldens = 0;
        for (PackManifest.File file : manifest.files()) {
            if (file.name().startsWith("golden/") && !file.name().endsWith(PolicyFile.NAME)) {
                goldens++;
            } else {
                rest.add(Text.format("%s (%s)", file.name(), Text.count(file.size(), "byte")));
            }
        }
        rest.forEach(line -> out.println("  " + line));
        out.println(Text.format("  goldens: %d", goldens));
        for (PackManifest.Image image : manifest.images()) {
            if (!image.included()) {
                out.println(Text.format("  not in it: the image %s, SHA-256 %s", image.file(), image.sha256()));
            }
        }
        out.println("Traces hold everything that was typed and shown while recording. Look at it before you attach"
                + " it; redact blanks it.");
    }
}
