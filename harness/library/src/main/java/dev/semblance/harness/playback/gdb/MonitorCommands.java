package dev.semblance.harness.playback.gdb;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex.Landmark;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.cpu.AddressSpace;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.Watchpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * What a debugger's user asks of a playback by {@code monitor}: where it is, to go elsewhere, what lies in physical memory. The
 * debugger does not know that the machine was moved; its user has it read the registers again ({@code flushregs}).
 */
public final class MonitorCommands implements PlaybackDebugger.Monitor {

    private static final int MAX_BYTES = 4096;
    private static final int MAX_WATCHED = 1 << 16;
    private static final int MAX_WATCHPOINTS = 64;
    private static final int LINE = 16;
    private static final String MOVED = "now read the registers again: maintenance flush register-cache\n";

    private final Path trace;
    private final Playback playback;
    private final SortedMap<String, Command> commands = new TreeMap<>();
    private final List<Watchpoint> watchpoints = new ArrayList<>();

    /**
     * A command.
     *
     * @param usage how it is written, with what stands behind its name
     * @param help what it does, as a part of a sentence
     * @param action does it
     */
    public record Command(String usage, String help, PlaybackDebugger.Monitor action) {}

    /**
     * Makes the commands that only need the trace.
     *
     * @param trace the file that is played back
     * @param playback of its machine
     */
    public MonitorCommands(Path trace, Playback playback) {
        this.trace = trace;
        this.playback = playback;
        commands.put(
                "when", new Command("when", "says where the machine is in the trace", (arguments, progress) -> when()));
        commands.put(
                "seek",
                new Command(
                        "seek POSITION",
                        "goes to a position of the trace, such as flush:12 or cycle:5000",
                        this::seek));
        commands.put(
                "until",
                new Command(
                        "until event|command|flush",
                        "goes on to after the next of these",
                        (text, progress) -> go(text, true, progress)));
        commands.put(
                "back",
                new Command(
                        "back event|command|flush",
                        "goes back to after the last of these",
                        (text, progress) -> go(text, false, progress)));
        commands.put(
                "physical",
                new Command(
                        "physical ADDRESS [LENGTH]",
                        "shows memory by its physical address",
                        (text, progress) -> physical(text)));
        commands.put(
                "watch-physical",
                new Command(
                        "watch-physical [ADDRESS [LENGTH]|off]",
                        "stops it where anything writes to physical memory",
                        (text, progress) -> watchPhysical(text)));
    }

    @Override
    public List<Watchpoint> watchpoints() {
        return List.copyOf(watchpoints);
    }

    /**
     * Adds a command, or puts it in the place of another.
     *
     * @param name a word
     * @param command what it does
     * @return this
     */
    public MonitorCommands with(String name, Command command) {
        commands.put(name, command);
        return this;
    }

    @Override
    public String run(String line, LongConsumer progress) {
        String[] words = line.strip().split("\\s+", 2);
        Optional<Command> command = Optional.ofNullable(commands.get(words[0].toLowerCase(Locale.ROOT)));
        if (command.isPresent()) {
            return command.get().action.run(words.length > 1 ? words[1] : "", progress);
        }
        String help = commands.values().stream()
                .map(each -> Text.format("  %-40s%s\n", each.usage, each.help))
                .collect(Collectors.joining());
        boolean asksForIt = words[0].isEmpty() || words[0].equals("help");
        return (asksForIt ? "" : "there is no command \"" + Printable.line(words[0]) + "\"\n") + help;
    }

    private String when() {
        Moment now = playback.now();
        int passed = playback.index().passed(now);
        HartView view = playback.machine().view();
        String instruction =
                view.nextInstruction().map(next -> ", before " + next.text()).orElse("");
        return Text.format(
                "%s, after %,d of %s, in %s mode%s\n",
                now,
                passed,
                Text.count(playback.index().events(), "event"),
                view.state().privilege().name().toLowerCase(Locale.ROOT),
                instruction);
    }

    private String seek(String text, LongConsumer progress) {
        Position position = Position.parse(text);
        playback.seek(playback.index().at(find(position)), progress);
        return when() + MOVED;
    }

    private Place find(Position position) {
        try (TraceReader reader = TraceReader.open(trace)) {
            return PositionFinder.find(reader, List.of(position))
                    .getFirst()
                    .require(trace)
                    .place();
        } catch (IOException e) {
            throw UnusableInputException.unreadable(trace, e);
        }
    }

    private String go(String text, boolean forward, LongConsumer progress) {
        Landmark landmark;
        switch (text.strip()) {
            case "event" -> landmark = Landmark.EVENT;
            case "command" -> landmark = Landmark.COMMAND;
            case "flush" -> landmark = Landmark.FLUSH;
            default -> {
                return "say event, command or flush\n";
            }
        }
        Optional<Moment> moment = forward
                ? playback.index().next(landmark, playback.now())
                : playback.index().previous(landmark, playback.now());
        if (moment.isEmpty()) {
            return "there is none " + (forward ? "after" : "before") + " this\n";
        }
        playback.seek(moment.get(), progress);
        return when() + MOVED;
    }

    /** A part of physical memory, as the user has it. */
    private record Range(long address, long length) {

        static Optional<Range> parse(String text, int usual) {
            String[] words = text.strip().split("\\s+", -1);
            try {
                return Optional.of(new Range(Long.decode(words[0]), words.length > 1 ? Long.decode(words[1]) : usual));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    private String watchPhysical(String text) {
        if (text.strip().equals("off")) {
            watchpoints.clear();
        } else if (!text.isBlank()) {
            Optional<Range> range = Range.parse(text, Integer.BYTES);
            if (range.isEmpty()) {
                return "say an address and a length, such as watch-physical 0x80200000 4; or off\n";
            }
            long length = range.get().length();
            if (length <= 0 || length > MAX_WATCHED || watchpoints.size() == MAX_WATCHPOINTS) {
                return Text.format("up to %,d bytes can be watched, in %d places\n", MAX_WATCHED, MAX_WATCHPOINTS);
            }
            if (!playback.machine().memory().contains(range.get().address(), length)) {
                return "there is no RAM\n";
            }
            watchpoints.add(new Watchpoint(AddressSpace.PHYSICAL, range.get().address(), length, false, true, true));
        }
        return watchpoints.isEmpty()
                ? "nothing is watched by its physical address\n"
                : watchpoints.stream()
                        .map(point -> Text.format("0x%x, %s\n", point.address(), Text.count(point.length(), "byte")))
                        .collect(Collectors.joining("", "writes stop it to\n", ""));
    }

    private String physical(String text) {
        Optional<Range> range = Range.parse(text, LINE);
        if (range.isEmpty()) {
            return "say an address and a length, such as physical 0x80200000 64\n";
        }
        long address = range.get().address();
        long length = range.get().length();
        if (length <= 0 || length > MAX_BYTES) {
            return Text.format("up to %,d bytes can be shown\n", MAX_BYTES);
        }
        byte[] bytes = new byte[(int) length];
        int read = playback.machine().view().read(AddressSpace.PHYSICAL, address, bytes);
        if (read == 0) {
            return "there is no RAM\n";
        }
        StringBuilder lines = new StringBuilder();
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int at = 0; at < read; at += LINE) {
            lines.append("0x")
                    .append(Long.toHexString(address + at))
                    .append(": ")
                    .append(hex.formatHex(bytes, at, Math.min(read, at + LINE)))
                    .append('\n');
        }
        return lines.toString();
    }
}
