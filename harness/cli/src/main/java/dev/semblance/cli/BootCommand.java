package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.record.live.LiveRun;
import dev.semblance.harness.record.live.Pace;
import dev.semblance.harness.record.session.ConsoleComplaints;
import dev.semblance.harness.record.session.GuestTrouble;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.cpu.StuckTrap;
import dev.semblance.machine.time.Timeline.Lane;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Boots a guest for a person: its console on the terminal, its clock tied to the real one. What is typed reaches the guest
 * when it is typed, so no two such runs are alike, and none is recorded.
 */
@Command(
        name = "boot",
        header = "Boot a guest with its console on this terminal.",
        description = {
            "Runs at the pace of real time, without a window, and keeps nothing. Type as on a serial line; Ctrl-A x"
                    + " leaves.",
            "With --live, the guest is in a page of the browser, with its screens, keyboard and mouse (docs/LIVE.md);"
                    + " Ctrl-C leaves.",
            "Without options, the guest that ships with the project boots."
        },
        footer = {
            "  semblance boot",
            "  semblance boot --live",
            "  semblance boot --disk shipped:rootfs.ext4",
            "  semblance boot --kernel Image --initrd rootfs.cpio --append console=ttyS0"
        })
final class BootCommand extends Subcommand<BootCommand.Request> {

    /** So many times a second of guest time, the console is looked at. */
    private static final long SLICES_PER_SECOND = 500;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    @Mixin
    private GuestOptions guest = new GuestOptions();

    @Mixin
    private ImageOptions imageOptions = new ImageOptions();

    @Mixin
    private CoreOptions core = new CoreOptions();

    @Mixin
    private LiveOptions live = new LiveOptions();

    /**
     * A guest to boot.
     *
     * @param page the page that it is shown in, if it is
     */
    record Request(GuestOptions.Guest guest, Optional<LiveOptions.Page> page) {}

    BootCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(guest.guest(GuestSettings.NONE), live.page());
    }

    @Override
    ExitCode run(Request request) {
        GuestOptions.Guest wanted = request.guest();
        SessionConfig config =
                GuestConfigs.of(wanted, imageOptions.images(environment())).translatedBy(core.translator());
        long clock = config.model().profile().cyclesPerSecond();
        long maxCycles = wanted.maxCycles().map(limit -> limit.cycles(clock)).orElse(Long.MAX_VALUE);
        try {
            return request.page().isPresent()
                    ? runInPage(config, request.page().get(), maxCycles)
                    : runOnTerminal(config, maxCycles);
        } catch (BadImageException e) {
            throw new CommandException(ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()), e);
        }
    }

    private ExitCode runInPage(SessionConfig config, LiveOptions.Page page, long maxCycles) throws BadImageException {
        LiveRun run = new LiveRun(
                page.pace(), config.pointer(), Optional.empty(), environment().nanos());
        try (Interruption interruption = Interruption.listen(run::interrupt);
                LivePage open = LivePage.open(page, title(config), false, config, run, environment())) {
            return open.<BadImageException, RuntimeException>show(() -> {
                RecordingRun.Outcome outcome = new RecordingRun(
                                config, SessionStart.POWER_ON, Optional.empty(), Optional.empty(), run)
                        .run(maxCycles, run);
                run.end();
                Ended ended = ended(outcome, interruption.isRequested());
                String sentence = sentence(ended, outcome.cycles());
                tell(sentence, outcome.trouble());
                return new LivePage.Ended(sentence, ended.code());
            });
        }
    }

    private static String title(SessionConfig config) {
        return config.images().stream()
                .findFirst()
                .map(image -> "boot of " + image.name())
                .orElse("boot");
    }

    private static Ended ended(RecordingRun.Outcome outcome, boolean interrupted) {
        return switch (outcome.reason()) {
            case POWER_OFF -> Ended.well("the guest powered off");
            case REBOOT -> Ended.well("the guest asked for a reboot");
            case LIMIT -> Ended.well("the cycle limit was reached");
            case STUCK -> new Ended("the guest is stuck", outcome.trap(), ExitCode.MISMATCH);
            case INTERRUPTED ->
                interrupted ? new Ended("interrupted", Optional.empty(), ExitCode.INTERRUPTED) : Ended.well("left");
            case SCENARIO, SCENARIO_FAILED, SCRIPT -> Ended.well("switched off");
            case IDLE -> Ended.well("the guest waits, and nothing will wake it");
        };
    }

    private ExitCode runOnTerminal(SessionConfig config, long maxCycles) throws BadImageException {
        Ended ended;
        long cycles;
        List<String> trouble;
        ConsoleComplaints complaints = new ConsoleComplaints();
        try (HostConsole console = HostConsole.open(terminal(), environment().input())) {
            Session session = new Session(config, Optional.empty(), new Session.Observer() {
                @Override
                public void consoleOutput(byte value) {
                    console.write(value);
                    complaints.written(value);
                }
            });
            ended = run(session, console, maxCycles, live.pace());
            cycles = session.machine().hart().cycle();
            trouble = GuestTrouble.of(session.machine(), complaints, ended.trap());
        }
        tell(sentence(ended, cycles), trouble);
        return ended.code();
    }

    private static String sentence(Ended ended, long cycles) {
        return Text.format("%s after %s%s", ended.reason(), Text.count(cycles, "cycle"), ended.detail());
    }

    private void tell(String sentence, List<String> trouble) {
        terminal().err().println("semblance: " + sentence);
        trouble.forEach(line -> terminal().err().println("semblance: " + line));
    }

    /** Why a run ended, as a sentence's start, what the guest is stuck at, if it is, and what it means to the shell. */
    private record Ended(String reason, Optional<StuckTrap> trap, ExitCode code) {

        static Ended well(String reason) {
            return new Ended(reason, Optional.empty(), ExitCode.PASS);
        }

        String detail() {
            return trap.map(stuck -> ": " + stuck.describe()).orElse("");
        }
    }

    private static Ended run(Session session, HostConsole console, long maxCycles, Pace pace) {
        long clock = session.machine().config().model().profile().cyclesPerSecond();
        long start = System.nanoTime();
        long skipped = 0;
        while (true) {
            console.typed().passTo(session);
            if (console.left()) {
                return Ended.well("left");
            }
            long now = session.machine().hart().cycle();
            long target = Math.min(now + clock / SLICES_PER_SECOND, maxCycles);
            RunResult result = session.machine().run(target);
            if (result instanceof RunResult.Idle
                    && console.ended()
                    && session.machine().hart().cycle() == now) {
                return Ended.well("the guest waits, and nothing will wake it");
            }
            if (result instanceof RunResult.Idle) {
                // Nothing is due, but a person may type: let time pass.
                session.machine().timeline().schedule(target, Lane.OBSERVER, () -> {});
                result = session.machine().run(target);
            }
            if (result instanceof RunResult.Halted halted) {
                return Ended.well(halted.reboot() ? "the guest asked for a reboot" : "the guest powered off");
            }
            if (result instanceof RunResult.Stuck stuck) {
                return new Ended("the guest is stuck", Optional.of(stuck.trap()), ExitCode.MISMATCH);
            }
            if (session.machine().hart().cycle() >= maxCycles) {
                return Ended.well("the cycle limit was reached");
            }
            console.flush();
            try {
                skipped = pace == Pace.MAX
                        ? skipped
                        : pace(nanos(session.machine().hart().cycle(), clock), start, skipped);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Ended("interrupted", Optional.empty(), ExitCode.INTERRUPTED);
            }
        }
    }

    /** Waits for the real clock, if the guest's is ahead. If it fell behind, it does not hurry to catch up. */
    private static long pace(long nanos, long start, long skipped) throws InterruptedException {
        long ahead = nanos + skipped - (System.nanoTime() - start);
        if (ahead > 0) {
            Thread.sleep(ahead / 1_000_000, (int) (ahead % 1_000_000));
            return skipped;
        }
        return skipped - ahead;
    }

    /** Returns guest time in nanoseconds: good for 292 years. */
    static long nanos(long cycle, long frequency) {
        return cycle / frequency * NANOS_PER_SECOND + cycle % frequency * NANOS_PER_SECOND / frequency;
    }
}
