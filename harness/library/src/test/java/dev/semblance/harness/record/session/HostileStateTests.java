package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.Machine;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.translate.Translator;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever has a saved state of somebody else loads what may have been made up: it is refused with a sentence, or it is a state that a
 * machine goes on from, by either core, as from any other. The Maven profile {@code hostile} makes up many more.
 */
class HostileStateTests {

    /** How many states are made up of each that is sound. */
    private static final int STATES = Integer.getInteger("semblance.hostile.states", 40);

    private static final long CYCLES = 100_000;

    /** Far more than any takes, on any computer. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final Optional<Translator> EAGER =
            Optional.of(new Translator(Runnable::run, new Translator.Options(200, 400, 300, 0, false)));

    /** A state, and the session that it is of. */
    private record Sound(String name, SessionConfig config, boolean recorded, SavedState state) {}

    private static final EventSink NOWHERE = (cycle, event) -> {};

    private static Sound sound(
            String name, SessionConfig config, Optional<Scenario> scenario, boolean recorded, long cycle)
            throws BadImageException {
        RecordingRun run =
                new RecordingRun(config, scenario, recorded ? Optional.of(NOWHERE) : Optional.empty(), value -> {});
        run.runTo(cycle);
        return new Sound(name, config, recorded, run.session().save());
    }

    private static SessionConfig bare(String name, Isa isa) throws IOException {
        return new SessionConfig(
                new MachineModel(Profile.VIRT, isa, 32 << 20),
                new SessionConfig.Start.Bare(GuestImage.of(name, Files.readAllBytes(Recordings.bare(name)))),
                Optional.empty(),
                3,
                DisplayConfig.DEFAULT,
                QueueFeatures.NONE,
                Pointer.BOTH);
    }

    private static List<Sound> sounds() throws Exception {
        SessionConfig linux = Recordings.linux(Recordings.BOOTARGS, 7);
        Optional<Scenario> cursor = Optional.of(Recordings.scenario(Recordings.CURSOR));
        return List.of(
                sound("mix-virts64", bare("mix-virts64.bin", Isa.RV64GC), Optional.empty(), false, 400_000),
                sound("fpmix-virts64", bare("fpmix-virts64.bin", Isa.RV64GC), Optional.empty(), true, 300_000),
                sound("mix-virt", bare("mix-virt.bin", Isa.RV32GC), Optional.empty(), false, 300_000),
                sound("linux", linux, cursor, true, 150_000_000),
                sound("early linux", linux, cursor, false, 20_000_000));
    }

    /** A session with devices like those of another, and of no program. */
    private static Session empty(Sound sound, Optional<Translator> translator) throws BadImageException {
        SessionConfig config = sound.config();
        byte[] forever = {0x6f, 0, 0, 0};
        return new Session(
                new SessionConfig(
                        config.model(),
                        new SessionConfig.Start.Bare(GuestImage.of("forever", forever)),
                        config.disk(),
                        config.seed(),
                        config.displays(),
                        config.queues(),
                        config.pointer(),
                        translator),
                sound.recorded() ? Optional.of(NOWHERE) : Optional.empty(),
                Session.Observer.NONE);
    }

    /** What came of it. */
    private static boolean goesOn(Session session, SavedState state) {
        try {
            session.load(state);
        } catch (BadStateException e) {
            assertThat(e.getMessage()).matches("The state cannot be loaded: .*\\.");
            return false;
        }
        assertThat(session.save()).as("law 1").isEqualTo(state);
        Machine machine = session.machine();
        long now = machine.hart().cycle();
        machine.stateDigest();
        machine.run(now + CYCLES / 4);
        session.port().console(new byte[] {'l', 's', '\n'});
        session.port()
                .input(new TraceEvent.Input(
                        Devices.KEYBOARD, List.of(new InputItem(1, 30, 1), new InputItem(0, 0, 0))));
        machine.run(now + CYCLES / 2);
        for (int scanout = 0; scanout < session.scanouts(); scanout++) {
            session.picture(scanout).digest();
        }
        session.port().display(new TraceEvent.DisplayChange(Devices.GPU, 0, new DisplayMode(800, 600)));
        machine.run(now + CYCLES);
        session.save();
        machine.stateDigest();
        return true;
    }

    @Test
    void aStateThatWasMadeUpIsRefusedOrGoneOnFrom() throws Exception {
        Map<String, String> failures = new TreeMap<>();
        int loaded = 0;
        int refused = 0;
        for (Sound sound : sounds()) {
            ChangedStates.Parts parts = ChangedStates.parts(sound.state());
            for (int i = 0; i < STATES; i++) {
                Random random = new Random(i);
                SavedState state = parts.changed(random);
                long start = System.nanoTime();
                try {
                    if (goesOn(empty(sound, i % 2 == 0 ? Optional.empty() : EAGER), state)) {
                        loaded++;
                    } else {
                        refused++;
                    }
                } catch (RuntimeException | Error e) {
                    List<String> places = Stream.of(e.getStackTrace())
                            .map(StackTraceElement::toString)
                            .filter(place -> place.contains("semblance"))
                            .limit(6)
                            .toList();
                    failures.putIfAbsent(e + " " + places, sound.name() + " " + i);
                }
                long nanos = System.nanoTime() - start;
                if (nanos > MAX_NANOS) {
                    failures.put("slow", Text.format("%s %d: %d ms", sound.name(), i, nanos / 1_000_000));
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(loaded).isPositive();
        assertThat(refused).isPositive();
    }
}
