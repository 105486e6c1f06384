package dev.semblance.machine.differential;

import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.RunResult;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.translate.Translator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Runs programs on the machine. */
final class MachineRun {

    /** Far more cycles than any program takes. */
    static final long LIMIT = 1_000_000_000;

    private MachineRun() {}

    /** Returns a machine that is about to enter a program. */
    static Machine start(Isa isa, byte[] image, ByteArrayOutputStream console) {
        return start(isa, image, console, Optional.empty());
    }

    static Machine start(Isa isa, byte[] image, ByteArrayOutputStream console, Optional<Translator> translator) {
        Machine machine = new Machine(
                new MachineConfig(new MachineModel(Profile.VIRT, isa, Layout.RAM_BYTES), 1),
                console::write,
                translator);
        try {
            machine.start(new Boot.Bare(image));
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        }
        return machine;
    }

    /**
     * What a run came to.
     *
     * @param printed what the program printed
     * @param cycles how many instructions it took, the handler's among them
     */
    record Outcome(String printed, long cycles) {}

    /** Runs a program to its end, so many cycles at a time. */
    static Outcome run(RandomProgram program, long slice) {
        return run(program, slice, Optional.empty());
    }

    /** The same, with code that is translated. */
    static Outcome run(RandomProgram program, long slice, Optional<Translator> translator) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        Machine machine = start(program.isa(), program.image(), console, translator);
        while (machine.hart().cycle() < LIMIT) {
            RunResult result = machine.run(Math.min(LIMIT, machine.hart().cycle() + slice));
            if (!(result instanceof RunResult.BudgetSpent)) {
                return new Outcome(
                        console.toString(StandardCharsets.US_ASCII)
                                + (result instanceof RunResult.Halted ? "" : result + "\n"),
                        machine.hart().cycle());
            }
        }
        return new Outcome(console.toString(StandardCharsets.US_ASCII) + "still running\n", LIMIT);
    }
}
