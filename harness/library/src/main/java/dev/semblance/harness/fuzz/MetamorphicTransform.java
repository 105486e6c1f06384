package dev.semblance.harness.fuzz;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.util.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Ways to change a script that must not change what comes of it. What they change further follows from a seed. */
public enum MetamorphicTransform {
    /** Requests and responses are cut into other buffers (VIRTIO 1.2, 2.7.4.1). */
    CUT,
    /** Images have other ids. */
    RENAME,
    /** Commands that follow each other on a queue are put on its ring together, or one by one. */
    BATCH,
    /** Something follows each request that is whole. */
    PAD,
    /** Every flush is sent twice. What the second one shows must be what the first one did. */
    FLUSH_TWICE,
    /** Another script comes first, and then a reset. */
    AFTER_RESET;

    private static final int ATTACH = 0x106;
    private static final int FLUSH = 0x104;
    private static final int ENTRY = 16;
    private static final int HEADER = 24;

    /**
     * {@return the script, changed} Commands of raw descriptors stay as they are.
     *
     * @param script the lines, in their order
     * @param seed what everything random comes from
     */
    public List<ScriptLine> apply(List<ScriptLine> script, long seed) {
        EntropySource choices = new EntropySource(seed);
        List<ScriptLine> changed = new ArrayList<>(script.size());
        switch (this) {
            case CUT -> each(script, changed, command -> List.of(cut(command, choices)));
            case PAD -> each(script, changed, command -> List.of(pad(command, choices)));
            case RENAME -> {
                int mask = (int) choices.bits();
                each(script, changed, command -> List.of(rename(command, mask)));
            }
            case FLUSH_TWICE ->
                each(script, changed, command -> isFlush(command) ? List.of(command, command) : List.of(command));
            case BATCH -> batch(script, changed, choices);
            case AFTER_RESET -> {
                changed.addAll(script);
                changed.add(new Reset(Optional.empty(), false));
                // A reset leaves guest memory as it is.
                changed.add(new Poke(List.of(new MemoryWrite(0, new byte[Backings.END]))));
                changed.addAll(script);
            }
        }
        return changed;
    }

    /**
     * {@return the first difference between what comes of a script and what comes of it changed, on one device} Commands of
     * raw descriptors, which may read what an earlier command has left behind in a buffer, are left out.
     *
     * @param script the lines, in their order
     * @param seed what everything random comes from
     * @param settings what the rig is made of: RAM, displays, features
     * @param device makes the device under test
     */
    public Optional<DeviceDifference> check(
            List<ScriptLine> script, long seed, RigSettings settings, DeviceUnderTest.Factory device) {
        List<ScriptLine> sound = script.stream()
                .filter(line ->
                        !(line instanceof Command command) || command.chain().isEmpty())
                .toList();
        List<Outcome> expected;
        List<Outcome> actual;
        try {
            expected = Outcome.of(sound, settings, device);
            actual = Outcome.of(apply(sound, seed), settings, device);
        } catch (ScriptException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return Optional.of(DeviceDifference.crash(script.size(), e));
        }
        return switch (this) {
            case FLUSH_TWICE -> compare(Outcome.repeated(sound, expected), actual);
            case AFTER_RESET -> compare(expected, actual.subList(actual.size() - expected.size(), actual.size()));
            case CUT, RENAME, BATCH, PAD -> compare(Outcome.together(expected), Outcome.together(actual));
        };
    }

    private Optional<DeviceDifference> compare(List<Outcome> expected, List<Outcome> actual) {
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            if (i >= expected.size() || i >= actual.size() || !expected.get(i).equals(actual.get(i))) {
                return Optional.of(DeviceDifference.of(
                        DeviceDifference.Kind.METAMORPHIC,
                        i,
                        name(),
                        Text.format("line %d comes out otherwise where the script was changed by %s", i, this)));
            }
        }
        return Optional.empty();
    }

    /** Does something to one command. */
    private interface Change {
        List<Command> apply(Command command);
    }

    private static void each(List<ScriptLine> script, List<ScriptLine> changed, Change change) {
        for (ScriptLine line : script) {
            switch (line) {
                case Command command -> changed.addAll(change.apply(command));
                // Not more of them: the ring has room for so many.
                case Batch batch ->
                    changed.add(new Batch(
                            batch.id(),
                            batch.commands().stream()
                                    .map(command -> change.apply(command).getFirst())
                                    .toList()));
                default -> changed.add(line);
            }
        }
    }

    static boolean isFlush(Command command) {
        return type(command) == FLUSH && command.chain().isEmpty();
    }

    private static int type(Command command) {
        return command.request().length < HEADER
                ? -1
                : numbers(command.request()).getInt(0);
    }

    private static ByteBuffer numbers(byte[] request) {
        return ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Command cut(Command command, EntropySource choices) {
        return command.chain().isEmpty()
                ? command.withSplits(cuts(command.request().length, choices), cuts(command.responseLength(), choices))
                : command;
    }

    private static List<Integer> cuts(int length, EntropySource choices) {
        List<Integer> cuts = new ArrayList<>();
        for (int i = choices.below(5); i > 0; i--) {
            cuts.add(choices.below(Math.min(length, 60) + 1));
        }
        return cuts;
    }

    /** A request that is whole gets a tail that nobody reads; one that is not may not be made whole. */
    private static Command pad(Command command, EntropySource choices) {
        byte[] request = command.request();
        int whole = CommandType.of(type(command)).map(CommandType::size).orElse(Integer.MAX_VALUE);
        if (!command.chain().isEmpty() || request.length < whole) {
            return command;
        }
        if (type(command) == ATTACH) {
            long entries = numbers(request).getInt(28) & 0xffff_ffffL;
            if (request.length < whole + ENTRY * entries) {
                return command;
            }
        }
        byte[] longer = Arrays.copyOf(request, request.length + 1 + choices.below(30));
        Arrays.fill(longer, request.length, longer.length, (byte) choices.below(256));
        return command.withRequest(longer);
    }

    /** Other ids by exclusive or, so that no two become the same; 0 means none, and stays. */
    private static Command rename(Command command, int mask) {
        int type = type(command);
        int place = switch (type) {
            case 0x101, 0x102, ATTACH, 0x107 -> 24;
            case 0x103 -> 44;
            case FLUSH, 0x300, 0x301 -> 40;
            case 0x105 -> 48;
            default -> -1;
        };
        if (place < 0 || command.request().length < place + 4) {
            return command;
        }
        byte[] request = command.request().clone();
        int id = numbers(request).getInt(place);
        if (id != 0 && id != mask) {
            numbers(request).putInt(place, id ^ mask);
        }
        return command.with().request(request, command.requestSplit()).build();
    }

    private static void batch(List<ScriptLine> script, List<ScriptLine> changed, EntropySource choices) {
        List<Command> gathered = new ArrayList<>();
        int most = 1;
        for (ScriptLine line : script) {
            List<Command> commands = switch (line) {
                case Command command -> List.of(command);
                case Batch batch -> batch.commands();
                default -> List.of();
            };
            for (Command command : commands) {
                Queue queue = gathered.isEmpty()
                        ? command.queue()
                        : gathered.getFirst().queue();
                boolean joins = command.queue() == queue
                        && command.memory().isEmpty()
                        && command.chain().isEmpty()
                        && gathered.size() < most;
                if (!joins) {
                    submit(gathered, changed);
                    most = 1 + choices.below(5);
                }
                gathered.add(command);
                if (!command.chain().isEmpty()) {
                    submit(gathered, changed);
                }
            }
            if (commands.isEmpty()) {
                submit(gathered, changed);
                changed.add(line);
            }
        }
        submit(gathered, changed);
    }

    private static void submit(List<Command> gathered, List<ScriptLine> changed) {
        if (gathered.size() == 1) {
            changed.add(gathered.getFirst());
        } else if (!gathered.isEmpty()) {
            changed.add(new Batch(Optional.empty(), gathered));
        }
        gathered.clear();
    }
}
