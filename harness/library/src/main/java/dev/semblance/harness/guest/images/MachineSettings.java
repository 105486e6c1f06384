package dev.semblance.harness.guest.images;

import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.KernelImage;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user says about the machine. What is left open is chosen: the profile by the kernel, where that proves that it is for 64 bits,
 * and semu otherwise; the rest by the profile.
 *
 * @param profile the kind of machine
 * @param isa the instruction set of its hart
 * @param ram the size of RAM in bytes: 16 MiB to 2 GiB, in pages of 4 KiB
 */
public record MachineSettings(Optional<Profile> profile, Optional<Isa> isa, OptionalLong ram) {

    /** Nothing said. */
    public static final MachineSettings NONE =
            new MachineSettings(Optional.empty(), Optional.empty(), OptionalLong.empty());

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMG]?)");

    /** {@return the names of the profiles} */
    public static List<String> profiles() {
        return Arrays.stream(Profile.values()).map(Profile::word).toList();
    }

    /** {@return the names of the instruction sets} */
    public static List<String> instructionSets() {
        return Arrays.stream(Isa.values()).map(Isa::word).toList();
    }

    /**
     * {@return a size of RAM in bytes, such as {@code 96M} or {@code 1G}; empty if it is none, or not from 16 MiB to 2 GiB in pages of
     * 4 KiB}
     *
     * @param text as a user writes it
     */
    public static OptionalLong ram(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        int shift = switch (matcher.group(2)) {
            case "K" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        boolean fits = number <= Ram.MAX_SIZE >> shift && MachineModel.canHave(Profile.VIRT, number << shift);
        return fits ? OptionalLong.of(number << shift) : OptionalLong.empty();
    }

    /** What a size of RAM is, as the end of a sentence. */
    public static final String RAM = "16M to 2G, in whole pages of 4 KiB, such as 96M or 1G";

    /**
     * {@return these settings, with what they leave open taken from {@code other}}
     *
     * @param other what is taken where nothing is said here
     */
    public MachineSettings orElse(MachineSettings other) {
        return new MachineSettings(profile.or(other::profile), isa.or(other::isa), ram.isPresent() ? ram : other.ram);
    }

    /** {@return the profile, as far as it follows from what was said: an instruction set that only one profile has says it too} */
    public Optional<Profile> saidProfile() {
        return profile.or(() ->
                isa.filter(set -> !Profile.SEMU.instructionSets().contains(set)).map(set -> Profile.VIRT));
    }

    /**
     * {@return the profile: what was said, or what the kernel proves, or semu}
     *
     * @param kernel the kernel that is started, if one is, or its first 4,096 bytes
     */
    public Profile profileFor(Optional<byte[]> kernel) {
        boolean proves64 = kernel.isPresent() && KernelImage.bits(kernel.get()) == 64;
        return saidProfile().orElse(proves64 ? Profile.VIRT : Profile.SEMU);
    }

    /**
     * {@return the machine}
     *
     * @param kernel the kernel that it starts, if it starts one, or its first 4,096 bytes
     * @throws IllegalArgumentException if there is no such machine; the message is a sentence's start
     */
    public MachineModel model(Optional<byte[]> kernel) {
        Profile chosen = profileFor(kernel);
        Isa set = isa.orElse(chosen.instructionSets().getFirst());
        if (!chosen.instructionSets().contains(set)) {
            throw new IllegalArgumentException(Text.format(
                    "profile %s has no hart of %s; it has %s",
                    chosen.word(),
                    set.word(),
                    String.join(
                            ", ",
                            chosen.instructionSets().stream().map(Isa::word).toList())));
        }
        long bytes = ram.orElse(chosen.usualRam());
        if (!MachineModel.canHave(chosen, bytes)) {
            throw new IllegalArgumentException("profile " + chosen.word()
                    + " has 512 MiB of RAM, no more and no less; --profile virt has what is asked for");
        }
        return new MachineModel(chosen, set, bytes);
    }
}
