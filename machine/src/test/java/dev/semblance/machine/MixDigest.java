package dev.semblance.machine;

import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TimeZone;

/** Runs the bare-metal mix for some cycles, and tells the digest of the state it is in then. Needs nothing but the machine. */
final class MixDigest {

    private MixDigest() {}

    /** Prints how this JVM is set up, then the digest: {@code image cycles}. */
    static void main(String[] arguments) throws IOException, BadImageException {
        System.out.println(
                Locale.getDefault() + " " + TimeZone.getDefault().getID() + " " + System.getProperty("java.vm.info"));
        System.out.println(after(Path.of(arguments[0]), Long.parseLong(arguments[1]), Long.MAX_VALUE));
    }

    /** Runs to {@code cycles}, in slices. */
    static String after(Path image, long cycles, long slice) throws IOException, BadImageException {
        Machine machine = new Machine(new MachineConfig(42), value -> {});
        VirtioRng entropy = new VirtioRng(42);
        machine.attach(Slot.ENTROPY, entropy, entropy);
        machine.start(new Boot.Bare(Files.readAllBytes(image)));
        while (machine.hart().cycle() < cycles) {
            machine.run(
                    slice > cycles - machine.hart().cycle()
                            ? cycles
                            : machine.hart().cycle() + slice);
        }
        return machine.hart().cycle() + " " + HexFormat.of().formatHex(machine.stateDigest());
    }
}
