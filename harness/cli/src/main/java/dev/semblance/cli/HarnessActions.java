package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.target.BuiltinDevice;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the verbs really do: each its own class. */
final class HarnessActions implements Actions {

    private final Terminal terminal;
    private final Supplier<GuestImages> images;
    private final Supplier<LocalDate> today;
    private final LongSupplier nanos;

    HarnessActions(Terminal terminal) {
        this(terminal, GuestImages::ofUser);
    }

    HarnessActions(Terminal terminal, Supplier<GuestImages> images) {
        // In UTC, so that a rule expires at the same moment for everybody.
        this(terminal, images, () -> LocalDate.now(ZoneOffset.UTC), System::nanoTime);
    }

    HarnessActions(Terminal terminal, Supplier<GuestImages> images, Supplier<LocalDate> today, LongSupplier nanos) {
        this.terminal = terminal;
        this.images = images;
        this.today = today;
        this.nanos = nanos;
    }

    @Override
    public ExitCode boot(Guest guest) {
        return new BootAction(terminal, images.get()).run(guest);
    }

    @Override
    public ExitCode record(List<Recording> recordings) {
        return new RecordAction(terminal, images.get()).run(recordings);
    }

    @Override
    public ExitCode replay(Replays replays) {
        return new ReplayAction(terminal, images.get(), today.get(), nanos).run(replays);
    }

    @Override
    public ExitCode approve(Approval approval) {
        return new ApproveAction(terminal, images.get(), today.get()).run(approval);
    }

    @Override
    public ExitCode info(List<Path> traces) {
        try (OpenedPacks opened = OpenedPacks.of(traces)) {
            return new InfoAction(terminal, opened::named).run(opened.traces());
        }
    }

    @Override
    public ExitCode dump(Dump dump) {
        try (OpenedPacks opened = OpenedPacks.of(List.of(dump.trace()))) {
            return new DumpAction(terminal, opened::named).run(new Dump(opened.single(), dump.json()));
        }
    }

    @Override
    public ExitCode assemble(Assembly assembly) {
        return new AsmAction(terminal).run(assembly);
    }

    @Override
    public ExitCode diff(Comparison comparison) {
        return new DiffAction(terminal).run(comparison);
    }

    @Override
    public ExitCode repair(Repair repair) {
        return new RepairAction(terminal).run(repair);
    }

    @Override
    public ExitCode pack(Packing packing) {
        return new PackAction(terminal, images.get(), today.get()).run(packing);
    }

    @Override
    public ExitCode dumpScript(Path trace) {
        return new DumpScriptAction(terminal).run(trace);
    }

    @Override
    public ExitCode exec(Execution execution) {
        return new ExecAction(terminal, System.in).run(execution);
    }

    @Override
    public ExitCode render(Rendering rendering) {
        return new RenderAction(terminal).run(rendering);
    }

    @Override
    public ExitCode trim(Trim trim) {
        return new TrimAction(terminal).run(trim);
    }

    @Override
    public ExitCode minimize(Minimization minimization) {
        return new MinimizeAction(terminal).run(minimization);
    }

    @Override
    public ExitCode redact(Redaction redaction) {
        return new RedactAction(terminal).run(redaction);
    }

    @Override
    public ExitCode fuzz(Fuzzing fuzzing) {
        return new FuzzAction(terminal, BuiltinDevice.ours()).run(fuzzing);
    }

    @Override
    public ExitCode benchmark(Measurement measurement) {
        return new BenchmarkAction(terminal).run(measurement);
    }
}
