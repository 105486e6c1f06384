package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.Display;
import dev.semblance.harness.fuzz.RequestGenerator.Made;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.ConfigRead;
import dev.semblance.harness.rig.ScriptLine.ConfigWrite;
import dev.semblance.harness.rig.ScriptLine.DisplayChange;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.QueueReset;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes up device scripts: valid, nearly valid and wild commands in sequences that reach deep states. The same seed and
 * settings give the same script, everywhere and for ever as long as this class and its helpers stay as they are.
 */
public final class ScriptGenerator {

    private static final byte[] FILL = {(byte) 0xaa};
    private static final byte[] OTHER_FILL = {0x5c, 0x01};
    private static final int MOST_CUTS = 4;
    private static final int LARGEST_BATCH = 5;

    /** How often, in scripts, images may be as large as they can be: these cost the host a quarter of a second. */
    private static final int HUGE_EVERY = 2000;

    private final RigSettings settings;
    private final EntropySource choices;
    private final RequestGenerator requests;
    private final boolean pure;
    private final SwarmSettings swarm;

    private ScriptGenerator(RigSettings settings, EntropySource choices, boolean pure, SwarmSettings swarm) {
        this.settings = settings;
        this.choices = choices;
        this.pure = pure;
        this.swarm = swarm;
        int wildness = choices.pick(0, 4, 12, 12, 40);
        requests = new RequestGenerator(choices, settings, pure ? 0 : wildness, swarm);
    }

    /**
     * {@return a script in which anything can happen}
     *
     * <p>One in four makes much of something, such as hundreds of images, which takes some times as many commands.
     *
     * @param seed what everything random comes from
     * @param settings what the rig is made of: RAM, displays, features
     * @param commands the least number of commands
     */
    public static List<ScriptLine> wild(long seed, RigSettings settings, int commands) {
        EntropySource choices = new EntropySource(seed);
        SwarmSettings swarm = choices.chance(1, HUGE_EVERY) ? SwarmSettings.HUGE : SwarmSettings.of(choices);
        return new ScriptGenerator(settings, choices, false, swarm).script(commands);
    }

    /**
     * {@return a script with images as large as a device may have, all of them together}
     *
     * @param seed what everything random comes from
     * @param settings what the rig is made of: RAM, displays, features
     * @param commands the least number of commands
     */
    public static List<ScriptLine> huge(long seed, RigSettings settings, int commands) {
        return new ScriptGenerator(settings, new EntropySource(seed), false, SwarmSettings.HUGE).script(commands);
    }

    /**
     * {@return a script of sound chains and requests, most of which are obeyed, and nothing else}
     *
     * @param seed what everything random comes from
     * @param settings what the rig is made of: RAM, displays, features
     * @param commands the least number of commands
     */
    public static List<ScriptLine> tame(long seed, RigSettings settings, int commands) {
        return new ScriptGenerator(settings, new EntropySource(seed), true, SwarmSettings.PLAIN).script(commands);
    }

    private List<ScriptLine> script(int commands) {
        List<ScriptLine> lines = new ArrayList<>(commands + 16);
        lines.add(new Poke(List.of(
                new MemoryWrite(Backings.START, choices.bytes(choices.pick(256, 1024, Backings.END - 256))))));
        requests.backingNoise().ifPresent(noise -> lines.add(new Poke(List.of(noise))));
        long wanted = (long) commands * swarm.life();
        long made = 0;
        while (made < wanted) {
            made += add(lines);
        }
        requests.probes().forEach(probe -> lines.add(plain(probe)));
        return lines;
    }

    /** Adds what comes next; returns how many commands that has. */
    private int add(List<ScriptLine> lines) {
        int roll = choices.below(200);
        if (roll < 10) {
            lines.add(poke());
            return 0;
        }
        if (roll < 22) {
            return addBatch(lines);
        }
        // A reset ends all lives, so a script that is to be long has it as often as others in all.
        boolean lives = roll < 24 && swarm.life() > 1 && !choices.chance(1, swarm.life());
        if (pure || lives || roll >= 30) {
            lines.add(command());
            return 1;
        }
        if (roll == 22) {
            requests.reset();
            lines.add(reset());
            return 0;
        }
        if (roll == 23) {
            lines.add(broken());
            if (choices.chance(2, 3)) {
                requests.reset();
                lines.add(new Reset(Optional.empty(), false));
            }
            return 1;
        }
        if (roll == 24 && offers(VirtioFeatures.RING_RESET)) {
            lines.add(new QueueReset(Optional.empty(), choices.chance(1, 4) ? Queue.CURSOR : Queue.CONTROL));
            return 0;
        }
        if (roll < 27) {
            int width = 1 << choices.below(3);
            lines.add(new ConfigRead(Optional.empty(), width * choices.below(20 / width), width));
            return 0;
        }
        if (roll == 27) {
            lines.add(displayChange());
            return 0;
        }
        if (roll == 28) {
            // Mostly events_clear (5.7.4).
            int width = 1 << choices.below(3);
            lines.add(new ConfigWrite(
                    Optional.empty(), choices.pick(4, 4, 4, 0, 8), width, choices.pick(1, 1, 0, (int) choices.bits())));
            return 0;
        }
        lines.add(command());
        return 1;
    }

    /** A display that goes, comes, or has another size: mostly the one that it had, which images and views are made for. */
    private ScriptLine displayChange() {
        int head = choices.below(settings.displays().count());
        Display usual = settings.displays().display(head);
        int width = choices.pick(usual.width(), usual.width(), choices.between(1, 2 * usual.width()));
        int height = choices.pick(usual.height(), usual.height(), choices.between(1, 2 * usual.height()));
        DisplayMode mode = choices.chance(1, 5)
                ? DisplayMode.OFF
                : new DisplayMode(Math.min(width, Display.MAX_SIZE), Math.min(height, Display.MAX_SIZE));
        return new DisplayChange(Optional.empty(), head, mode);
    }

    /** A reset, after which the driver may do without EDIDs. */
    private ScriptLine reset() {
        long least = VirtioFeatures.VERSION_1 | settings.queues().bits();
        OptionalLong features = choices.chance(1, 4) ? OptionalLong.of(least) : OptionalLong.empty();
        return new Reset(Optional.empty(), false, features);
    }

    private int addBatch(List<ScriptLine> lines) {
        int size = choices.between(2, LARGEST_BATCH);
        List<Command> commands = new ArrayList<>(size);
        Command first = command();
        commands.add(first);
        while (commands.size() < size) {
            Command next = command();
            if (next.queue() == first.queue()) {
                commands.add(next);
            } else {
                // The other queue's turn comes before that of the batch: queues do not wait for each other.
                lines.add(next);
                size--;
            }
        }
        lines.add(new Batch(Optional.empty(), commands));
        return size;
    }

    private ScriptLine poke() {
        byte[] bytes = choices.bytes(choices.between(1, choices.pick(4, 64, 600)));
        int end = requests.backingEnd();
        return new Poke(List.of(new MemoryWrite(choices.between(Backings.START, end - bytes.length), bytes)));
    }

    private static Command plain(Made made) {
        return Command.of(made.forCursorQueue() ? Queue.CURSOR : Queue.CONTROL, made.request(), made.answerBytes());
    }

    private Command command() {
        Made made = requests.next();
        if (choices.chance(2, 3)) {
            return plain(made);
        }
        boolean otherQueue = !pure && choices.chance(1, 20);
        return new Command(
                Optional.empty(),
                made.forCursorQueue() ^ otherQueue ? Queue.CURSOR : Queue.CONTROL,
                List.of(),
                pure ? made.request() : resized(made.request()),
                cuts(made.request().length),
                pure ? made.answerBytes() : room(made.answerBytes()),
                cuts(made.answerBytes()),
                choices.chance(1, 4) ? OTHER_FILL : FILL,
                List.of(),
                offers(VirtioFeatures.INDIRECT_DESC) && choices.chance(1, 2),
                choices.chance(1, 10));
    }

    private boolean offers(long feature) {
        return (settings.queues().bits() & feature) != 0;
    }

    /** Cuts a request off, or lets something follow it. */
    private byte[] resized(byte[] request) {
        return switch (choices.below(16)) {
            case 0 -> Arrays.copyOf(request, choices.below(request.length + 1));
            case 1 -> Arrays.copyOf(request, Math.max(0, request.length - choices.between(1, 4)));
            case 2 -> {
                byte[] longer = Arrays.copyOf(request, request.length + choices.between(1, 40));
                byte[] tail = choices.bytes(longer.length - request.length);
                System.arraycopy(tail, 0, longer, request.length, tail.length);
                yield longer;
            }
            default -> request;
        };
    }

    private int room(int answer) {
        return switch (choices.below(12)) {
            case 0 -> 0;
            case 1 -> choices.below(answer);
            case 2 -> answer - 1;
            case 3 -> answer + choices.between(1, 100);
            default -> answer;
        };
    }

    private List<Integer> cuts(int length) {
        if (choices.chance(1, 2)) {
            return List.of();
        }
        List<Integer> cuts = new ArrayList<>(MOST_CUTS);
        for (int i = choices.between(1, MOST_CUTS); i > 0; i--) {
            cuts.add(choices.chance(1, 6) ? 0 : choices.below(Math.min(length, 40) + 1));
        }
        return cuts;
    }

    /** A chain of descriptors as they come, which may go in circles, out of RAM or nowhere. */
    private ScriptLine broken() {
        Made made = requests.next();
        int size = choices.between(1, 4);
        List<RawDescriptor> chain = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            boolean last = i + 1 == size;
            int flags = (last ? 0 : Descriptor.NEXT) | (i > 0 && choices.chance(3, 4) ? Descriptor.WRITE : 0);
            if (choices.chance(1, 5)) {
                flags ^= 1 << choices.below(choices.pick(3, 16));
            }
            Place place = (flags & Descriptor.WRITE) != 0
                    ? new Place.InResponse(choices.below(8))
                    : new Place.InRequest(choices.below(made.request().length + 1));
            if (choices.chance(1, 6)) {
                // Never where the rings are: what a device does to those, it does to itself.
                place = new Place.Address(
                        choices.pick(settings.ramBytes() - 1, settings.ramBytes(), -8L, 1L << 32, 0xf4b0_0000L, 0x40L));
            }
            int next = choices.chance(1, 6) ? choices.below(choices.pick(4, 64, 65536)) : i + 1;
            chain.add(new RawDescriptor(place, choices.pick(0, 1, 16, 24, 56), flags, next));
        }
        return new Command(
                Optional.empty(),
                made.forCursorQueue() ? Queue.CURSOR : Queue.CONTROL,
                List.of(),
                made.request(),
                List.of(),
                96,
                List.of(),
                FILL,
                chain,
                offers(VirtioFeatures.INDIRECT_DESC) && choices.chance(1, 2),
                false);
    }
}
