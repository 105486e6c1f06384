package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateCache;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.harness.util.Printable;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.translate.Translator;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Replays traces in the ways asked for, and compares their snapshots with their goldens. Several threads may do so at once. */
public final class TraceReplay {

    /** Which replays to do. */
    public enum Kind {
        /** Both, as far as the images are found. */
        BOTH,
        /** The machine alone. */
        MACHINE,
        /** The device alone. */
        DEVICE
    }

    private final GuestImages images;
    private final List<Path> imageFolders;
    private final Kind kind;
    private final TimeLimit limit;
    private final Tested device;
    private final Optional<Position> until;
    private final Optional<Choice> choice;
    private final boolean damage;
    private final Optional<Translator> translator;

    /** Shared by all replayers that this one becomes: children of one parent find its state. */
    private final SessionStarts starts;

    /** Which snapshots are compared with their goldens. */
    @FunctionalInterface
    public interface Choice {

        /**
         * {@return whether a snapshot is to be compared}
         *
         * @param trace the trace
         * @param label the label of the snapshot
         */
        boolean takes(TraceFile trace, String label);
    }

    /**
     * Makes a replayer of traces that takes the time it needs.
     *
     * @param images finds the images that traces were made with
     * @param imageFolders where to look besides
     * @param kind which replays to do
     */
    public TraceReplay(GuestImages images, List<Path> imageFolders, Kind kind) {
        this(images, imageFolders, kind, TimeLimit.NONE);
    }

    /** {@return a replayer of the device alone, which needs no images and takes the time it needs} */
    public static TraceReplay ofDevice() {
        return new TraceReplay(GuestImages.ofUser(), List.of(), Kind.DEVICE);
    }

    /**
     * Makes a replayer of traces.
     *
     * @param images finds the images that traces were made with
     * @param imageFolders where to look besides
     * @param kind which replays to do
     * @param limit how long each trace may take
     */
    public TraceReplay(GuestImages images, List<Path> imageFolders, Kind kind, TimeLimit limit) {
        this(
                images,
                imageFolders,
                kind,
                limit,
                new Tested(BuiltinDevice.ours(), Optional.empty(), AnswerWatcher.NONE),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                new SessionStarts(StateCache.in(images.cache().folder())));
    }

    /**
     * The device of the device replay.
     *
     * @param device makes it
     * @param judgement by what one is judged that is not ours
     * @param watcher told of the answers of one that is not ours
     */
    private record Tested(DeviceUnderTest.Factory device, Optional<TargetJudgement> judgement, AnswerWatcher watcher) {}

    private TraceReplay(
            GuestImages images,
            List<Path> imageFolders,
            Kind kind,
            TimeLimit limit,
            Tested device,
            Optional<Position> until,
            Optional<Choice> choice,
            boolean damage,
            Optional<Translator> translator,
            SessionStarts starts) {
        this.starts = starts;
        this.damage = damage;
        this.translator = translator;
        this.until = until;
        this.choice = choice;
        this.images = images;
        this.imageFolders = List.copyOf(imageFolders);
        this.kind = kind;
        this.limit = limit;
        this.device = device;
    }

    /**
     * {@return a replayer whose device replay goes into another device than this project's; one is made for each trace}
     *
     * @param other makes devices
     */
    public TraceReplay into(DeviceUnderTest.Factory other) {
        return into(new Tested(other, Optional.empty(), AnswerWatcher.NONE));
    }

    /**
     * {@return a replayer whose device replay goes into a device that is not this project's} Its pictures at the snapshots must
     * be as the goldens, or as recorded where there are none; that it died, hung or complained is a difference; its answers
     * are compared as the judgement says, and listed. Pictures between the snapshots, configuration space and notifications
     * are not compared.
     *
     * @param other makes devices
     * @param judgement by what it is judged
     */
    public TraceReplay into(DeviceUnderTest.Factory other, TargetJudgement judgement) {
        return into(other, judgement, AnswerWatcher.NONE);
    }

    /**
     * {@return the same for somebody who wants to know of each answer}
     *
     * @param other makes devices
     * @param judgement by what it is judged
     * @param watcher told of each answer, by the thread that replays
     */
    public TraceReplay into(DeviceUnderTest.Factory other, TargetJudgement judgement, AnswerWatcher watcher) {
        return into(new Tested(other, Optional.of(judgement), watcher));
    }

    private TraceReplay into(Tested other) {
        return new TraceReplay(images, imageFolders, kind, limit, other, until, choice, damage, translator, starts);
    }

    /**
     * {@return a replayer that stops at a position, and compares what comes before it; a trace that does not have it is
     * refused}
     *
     * @param position where to stop
     */
    public TraceReplay until(Position position) {
        return new TraceReplay(
                images, imageFolders, kind, limit, device, Optional.of(position), choice, damage, translator, starts);
    }

    /**
     * {@return a replayer whose machine replays translate the code that is executed often} It finds the same.
     *
     * @param other translates, for all traces
     */
    public TraceReplay translatedBy(Optional<Translator> other) {
        return new TraceReplay(images, imageFolders, kind, limit, device, until, choice, damage, other, starts);
    }

    /**
     * {@return a replayer that compares some snapshots alone with their goldens; what happens is compared all the same}
     *
     * @param wanted which snapshots
     */
    public TraceReplay judging(Choice wanted) {
        return new TraceReplay(
                images, imageFolders, kind, limit, device, until, Optional.of(wanted), damage, translator, starts);
    }

    /**
     * {@return a replayer whose device replay shows only what the rectangles of flushes brought} Its snapshots are compared
     * with the goldens so; events are compared as ever. Pixels that nothing brought are magenta.
     */
    public TraceReplay showingDamage() {
        return new TraceReplay(images, imageFolders, kind, limit, device, until, choice, true, translator, starts);
    }

    /**
     * Replays a trace. Whatever goes wrong is a verdict, so that one bad trace does not cost the results of others.
     *
     * @param trace the file of the trace
     * @param goldens what the snapshots are compared with
     * @param progress told the cycle now and then
     * @return what came of it
     */
    public TraceVerdict replay(Path trace, Goldens goldens, LongConsumer progress) {
        return replay(TraceFile.of(trace), goldens, progress);
    }

    /**
     * Replays a trace. Whatever goes wrong is a verdict, so that one bad trace does not cost the results of others.
     *
     * @param trace the file of the trace
     * @param goldens what the snapshots are compared with
     * @param progress told the cycle now and then
     * @return what came of it
     */
    public TraceVerdict replay(TraceFile trace, Goldens goldens, LongConsumer progress) {
        return replay(trace, goldens, PictureKeeper.IN_MEMORY, progress);
    }

    /**
     * Replays a trace. Whatever goes wrong is a verdict, so that one bad trace does not cost the results of others.
     *
     * @param trace the file of the trace
     * @param goldens what the snapshots are compared with
     * @param keeper keeps the pictures that are not as they should be; the verdict refers to them
     * @param progress told the cycle now and then
     * @return what came of it
     */
    public TraceVerdict replay(TraceFile trace, Goldens goldens, PictureKeeper keeper, LongConsumer progress) {
        return replay(trace, goldens, keeper, PartObserver.NONE, progress);
    }

    /**
     * Replays a trace. Whatever goes wrong is a verdict, so that one bad trace does not cost the results of others.
     *
     * @param trace the file of the trace
     * @param goldens what the snapshots are compared with
     * @param keeper keeps the pictures that are not as they should be; the verdict refers to them
     * @param parts told what begins and ends: the replays, and the comparison of each snapshot
     * @param progress told the cycle now and then
     * @return what came of it
     */
    public TraceVerdict replay(
            TraceFile trace, Goldens goldens, PictureKeeper keeper, PartObserver parts, LongConsumer progress) {
        TimeLimit.Countdown countdown = limit.start();
        try {
            return replayReadable(trace, new Collector(trace, goldens, keeper, choice, parts), countdown, cycle -> {
                countdown.check();
                progress.accept(cycle);
            });
        } catch (IncompatibleTraceException e) {
            return refused(trace, ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()));
        } catch (TraceFormatException e) {
            return refused(trace, ExitCode.CORRUPT, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return refused(trace, ExitCode.USAGE, "it cannot be read: " + e.getMessage());
        } catch (SemblanceException e) {
            return new TraceVerdict.Refused(trace, ExitCode.of(e), String.valueOf(e.getMessage()));
        } catch (BadImageException e) {
            return refused(trace, ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()));
        } catch (TimeLimit.ReachedException e) {
            return new TraceVerdict.TimedOut(trace, limit.most().orElse(Duration.ZERO));
        } catch (OutOfMemoryError e) {
            // What was held is garbage by now: the other traces have their turn.
            return new TraceVerdict.Refused(
                    trace, ExitCode.INCOMPATIBLE, SemblanceException.outOfMemory("a replay of it"), true);
        } catch (InvalidPathException e) {
            SemblanceException error = UnusableInputException.noFileName(e);
            return new TraceVerdict.Refused(trace, ExitCode.of(error), String.valueOf(error.getMessage()));
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            return crashed(trace, e);
        } finally {
            // A machine replay that nobody waits for any more.
            countdown.cancel();
        }
    }

    private static TraceVerdict crashed(TraceFile trace, Throwable e) {
        // What went wrong can be told in lines of their own, as when two execution cores differ.
        List<String> said = e.toString().lines().toList();
        List<String> places = new ArrayList<>(said.subList(1, said.size()));
        places.addAll(StackTraceText.lines(e));
        return new TraceVerdict.Crashed(trace, said.getFirst(), places);
    }

    /** What is wrong with a file may have its words in it. */
    private static TraceVerdict refused(TraceFile trace, ExitCode code, String reason) {
        return new TraceVerdict.Refused(trace, code, Printable.line(reason));
    }

    private TraceVerdict replayReadable(
            TraceFile trace, Collector collector, TimeLimit.Countdown countdown, LongConsumer progress)
            throws IOException, BadImageException {
        TraceManifest manifest;
        Optional<Found.There> stop = Optional.empty();
        try (TraceReader reader = TraceReader.open(trace.path())) {
            manifest = reader.manifest();
            if (until.isPresent()) {
                stop = Optional.of(PositionFinder.find(reader, List.of(until.get()))
                        .getFirst()
                        .require(trace));
            }
        }
        collector.stopsAt(stop);
        Optional<Place> end = stop.map(Found.There::place);
        // Both replays need it; a manifest that has none is refused before anything is built.
        ReplayableGpu gpu = ReplayableGpu.of(manifest);
        Optional<SessionConfig> machine = Optional.empty();
        Optional<String> notDone = Optional.empty();
        if (kind != Kind.DEVICE) {
            SessionImages.Search search;
            synchronized (images) {
                // The finder remembers what it has looked at.
                search = within(
                        collector.parts,
                        ReplaySubject.Whole.MACHINE_REPLAY,
                        () -> SessionImages.find(trace.path(), manifest, gpu, images, imageFolders));
            }
            switch (search) {
                case SessionImages.Search.Found found ->
                    machine = Optional.of(found.config().translatedBy(translator));
                case SessionImages.Search.NotFound notFound -> {
                    if (kind == Kind.MACHINE) {
                        throw new IncompatibleException("no machine replay: " + notFound.reason());
                    }
                    notDone = Optional.of("no machine replay: " + notFound.reason());
                }
            }
        }
        DigestStrictness digests = collector.goldens.digests();
        if (kind == Kind.MACHINE) {
            SessionConfig config = machine.orElseThrow();
            ReplayOutcome outcome = within(
                    collector.parts,
                    ReplaySubject.Whole.MACHINE_REPLAY,
                    () -> replayMachine(trace.path(), manifest, config, collector, digests, end, progress));
            return collector.verdict(manifest, Optional.empty(), Optional.of(outcome), Optional.empty());
        }
        try (Beside<ReplayOutcome> beside = new Beside<>(
                countdown,
                machine.map(config -> () -> within(
                        collector.parts,
                        ReplaySubject.Whole.MACHINE_REPLAY,
                        () -> replayMachine(
                                trace.path(), manifest, config, FrameObserver.NONE, digests, end, progress))))) {
            LongConsumer told = machine.isPresent() ? cycle -> countdown.check() : progress;
            ReplayOutcome alone = within(
                    collector.parts,
                    ReplaySubject.Whole.DEVICE_REPLAY,
                    () -> replayDevice(
                            trace.path(),
                            gpu,
                            collector,
                            collector.goldens.store().isPresent(),
                            digests,
                            end,
                            told));
            return collector.verdict(manifest, Optional.of(alone), beside.result(), notDone);
        }
    }

    /** What is done for a part of a replay. */
    private interface Work<T> {
        T run() throws IOException, BadImageException;
    }

    private static <T> T within(PartObserver parts, ReplaySubject part, Work<T> work)
            throws IOException, BadImageException {
        parts.begins(part);
        try {
            return work.run();
        } finally {
            parts.ends(part);
        }
    }

    private ReplayOutcome replayMachine(
            Path trace,
            TraceManifest manifest,
            SessionConfig config,
            FrameObserver pictures,
            DigestStrictness digests,
            Optional<Place> end,
            LongConsumer progress)
            throws IOException, BadImageException {
        SessionStart start = starts.of(trace, manifest, config, progress);
        try (TraceReader reader = TraceReader.open(trace)) {
            return new MachineReplayer(reader, config, start, pictures, digests).run(end, progress);
        }
    }

    private ReplayOutcome replayDevice(
            Path trace,
            ReplayableGpu gpu,
            FrameObserver pictures,
            boolean goldens,
            DigestStrictness digests,
            Optional<Place> end,
            LongConsumer progress)
            throws IOException {
        if (damage) {
            try (TraceReader again = TraceReader.open(trace)) {
                FrameObserver damaged = new DamagedPictures(again, gpu, pictures);
                return replayDeviceInto(trace, gpu, damaged, goldens, digests, end, progress);
            }
        }
        return replayDeviceInto(trace, gpu, pictures, goldens, digests, end, progress);
    }

    private ReplayOutcome replayDeviceInto(
            Path trace,
            ReplayableGpu gpu,
            FrameObserver pictures,
            boolean goldens,
            DigestStrictness digests,
            Optional<Place> end,
            LongConsumer progress)
            throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            DeviceReplayer replayer = new DeviceReplayer(reader, gpu, device.device(), pictures, digests);
            return device.judgement()
                    .map(judgement -> replayer.judgedBy(
                            judgement, device.watcher(), goldens, () -> RecordedCursors.of(trace, gpu, end, progress)))
                    .orElse(replayer)
                    .run(end, progress);
        }
    }

    /** Compares each snapshot with its golden as it comes, so that no more pictures are kept than have to be shown. */
    private static final class Collector implements FrameObserver {
        private final Goldens goldens;
        private final PictureKeeper keeper;
        private final TraceFile trace;
        private final Optional<Choice> choice;
        private final PartObserver parts;
        private final List<SnapshotVerdict> verdicts = new ArrayList<>();
        private Optional<Found.There> stop = Optional.empty();
        private long unjudged;

        Collector(TraceFile trace, Goldens goldens, PictureKeeper keeper, Optional<Choice> choice, PartObserver parts) {
            this.parts = parts;
            this.trace = trace;
            this.keeper = keeper;
            this.goldens = goldens;
            this.choice = choice;
        }

        void stopsAt(Optional<Found.There> position) {
            stop = position;
        }

        @Override
        public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
            if (choice.isPresent() && !choice.get().takes(trace, recorded.label())) {
                unjudged++;
                return;
            }
            ReplaySubject part = new ReplaySubject.Snapshot(recorded.label());
            parts.begins(part);
            try {
                verdicts.add(goldens.compare(recorded.label(), picture, keeper));
            } catch (IOException e) {
                throw UnusableInputException.unreadable("the golden of snapshot " + recorded.label(), e);
            } finally {
                parts.ends(part);
            }
        }

        TraceVerdict verdict(
                TraceManifest manifest,
                Optional<ReplayOutcome> device,
                Optional<ReplayOutcome> machine,
                Optional<String> notDone)
                throws IOException {
            TraceVerdict.Replayed verdict = verdict(manifest, device, machine, notDone, List.of());
            // Where a replay did not come to the end of the whole trace, the snapshot may just not have come.
            boolean all = verdict.cause().isEmpty()
                    && verdict.torn().isEmpty()
                    && verdict.scope().equals(ReplayScope.ALL);
            List<String> labels = verdicts.stream().map(SnapshotVerdict::label).toList();
            return all ? verdict(manifest, device, machine, notDone, goldens.unused(labels)) : verdict;
        }

        private TraceVerdict.Replayed verdict(
                TraceManifest manifest,
                Optional<ReplayOutcome> device,
                Optional<ReplayOutcome> machine,
                Optional<String> notDone,
                List<Path> unused) {
            return new TraceVerdict.Replayed(
                    trace,
                    manifest,
                    device,
                    machine,
                    notDone,
                    goldens,
                    verdicts,
                    unused,
                    new ReplayScope(stop, unjudged));
        }
    }
}
