package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * What the end of a script depends on, going by the rules of resources: the last line names images; those were made,
 * backed, filled and bound by certain commands, and by no others. A guess, since a device with a fault may break just
 * that rule.
 */
final class Lifetimes {

    private final TreeSet<Long> resources = new TreeSet<>();
    private final TreeSet<Long> scanouts = new TreeSet<>();
    private final List<MemoryEntry> backing = new ArrayList<>();
    private boolean started;

    private Lifetimes() {}

    /** {@return the image that a command names, if it names one but 0} */
    static OptionalLong resource(Command command) {
        return resource(DecodedCommand.of(command.request()));
    }

    static OptionalLong resource(GpuCommand command) {
        return switch (command) {
            case GpuCommand.ResourceCreate2d c -> OptionalLong.of(c.resourceId());
            case GpuCommand.ResourceUnref c -> OptionalLong.of(c.resourceId());
            case GpuCommand.SetScanout c -> OptionalLong.of(c.resourceId());
            case GpuCommand.ResourceFlush c -> OptionalLong.of(c.resourceId());
            case GpuCommand.TransferToHost2d c -> OptionalLong.of(c.resourceId());
            case GpuCommand.ResourceAttachBacking c -> OptionalLong.of(c.resourceId());
            case GpuCommand.ResourceDetachBacking c -> OptionalLong.of(c.resourceId());
            case GpuCommand.UpdateCursor c -> OptionalLong.of(c.resourceId());
            case GpuCommand.MoveCursor c -> OptionalLong.of(c.resourceId());
            case GpuCommand.GetDisplayInfo c -> OptionalLong.empty();
            case GpuCommand.GetEdid c -> OptionalLong.empty();
            case GpuCommand.Unknown c -> OptionalLong.empty();
            case GpuCommand.Truncated c -> OptionalLong.empty();
            case GpuCommand.NoHeader c -> OptionalLong.empty();
        };
    }

    /** {@return the lines that the last one depends on} */
    static List<ScriptLine> behindLast(List<ScriptLine> script) {
        Lifetimes lifetimes = new Lifetimes();
        List<ScriptLine> kept = new ArrayList<>();
        for (int i = script.size() - 1; i >= 0; i--) {
            ScriptLine line = script.get(i);
            if (line instanceof Reset && lifetimes.started) {
                kept.add(line);
                break;
            }
            lifetimes.keep(line, kept);
        }
        Collections.reverse(kept);
        return lifetimes.withMemoryThatIsRead(kept);
    }

    private List<ScriptLine> withMemoryThatIsRead(List<ScriptLine> lines) {
        List<ScriptLine> kept = new ArrayList<>(lines.size());
        for (ScriptLine line : lines) {
            if (line instanceof Poke poke) {
                List<MemoryWrite> read =
                        poke.memory().stream().filter(this::isRead).toList();
                if (!read.isEmpty()) {
                    kept.add(new Poke(read));
                }
            } else {
                kept.add(line);
            }
        }
        return kept;
    }

    private void keep(ScriptLine line, List<ScriptLine> kept) {
        switch (line) {
            case Command command -> {
                if (!started || needs(command)) {
                    start(command);
                    kept.add(command);
                } else {
                    keepMemory(command.memory(), kept);
                }
            }
            case Batch batch -> {
                List<ScriptLine> before = new ArrayList<>();
                List<Command> needed = new ArrayList<>();
                for (Command command : batch.commands().reversed()) {
                    if (!started || needs(command)) {
                        start(command);
                        needed.addFirst(command);
                    } else {
                        keepMemory(command.memory(), before);
                    }
                }
                if (!needed.isEmpty()) {
                    kept.add(new Batch(batch.id(), needed));
                }
                kept.addAll(before);
            }
            case Poke poke -> keepMemory(poke.memory(), kept);
            case Screendump dump -> {
                if (!started) {
                    started = true;
                    scanouts.add((long) dump.head());
                    kept.add(dump);
                }
            }
            default -> {
                if (!started) {
                    kept.add(line);
                }
            }
        }
    }

    private void start(Command command) {
        started = true;
        switch (DecodedCommand.of(command.request())) {
            case GpuCommand.ResourceCreate2d c -> resources.remove(c.resourceId());
            case GpuCommand.ResourceAttachBacking c -> {
                resources.add(c.resourceId());
                backing.addAll(c.entries());
            }
            case GpuCommand.SetScanout c -> {
                if (c.resourceId() != 0) {
                    resources.add(c.resourceId());
                }
            }
            case GpuCommand other -> resource(other).ifPresent(resources::add);
        }
    }

    private boolean needs(Command command) {
        return switch (DecodedCommand.of(command.request())) {
            case GpuCommand.SetScanout c -> resources.contains(c.resourceId()) || scanouts.contains(c.scanoutId());
            case GpuCommand.UpdateCursor c -> resources.contains(c.resourceId()) && c.resourceId() != 0;
            case GpuCommand other -> {
                OptionalLong named = resource(other);
                yield named.isPresent() && resources.contains(named.getAsLong());
            }
        };
    }

    private static void keepMemory(List<MemoryWrite> writes, List<ScriptLine> kept) {
        if (!writes.isEmpty()) {
            kept.add(new Poke(writes));
        }
    }

    /** {@return whether memory lies behind an image that is needed} */
    private boolean isRead(MemoryWrite write) {
        long end = write.address() + write.bytes().length;
        for (MemoryEntry entry : backing) {
            if (write.address() < entry.address() + entry.length() && entry.address() < end) {
                return true;
            }
        }
        return false;
    }
}
