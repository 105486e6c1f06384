package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.fuzz.minimize.ScriptEdits.Place;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.ArrayList;
import java.util.List;

/** Leaves out entries of backing, makes one of several, and moves them to low addresses. */
final class BackingEntryReducer {

    private static final long MAX_LENGTH = 0xffff_ffffL;
    private static final long LAST_LOW_ADDRESS = 0x10_0000;

    private final ReductionState trials;

    BackingEntryReducer(ReductionState trials) {
        this.trials = trials;
    }

    void run() {
        for (Place place : ScriptEdits.places(trials.script())) {
            Command command = ScriptEdits.at(trials.script(), place);
            if (DecodedCommand.of(command.request()) instanceof GpuCommand.ResourceAttachBacking attach
                    && attach.entryCount() == attach.entries().size()
                    && !attach.entries().isEmpty()) {
                if (attach.entries().size() > 1) {
                    shrink(place, command, attach);
                }
                toLowAddress(place);
            }
        }
    }

    private void shrink(Place place, Command command, GpuCommand.ResourceAttachBacking attach) {
        List<MemoryEntry> entries = attach.entries();
        long total = 0;
        for (MemoryEntry entry : entries) {
            total += entry.length();
        }
        long first = entries.getFirst().address();
        if (total <= MAX_LENGTH && attemptSingle(place, command, attach, new MemoryEntry(first, total))) {
            return;
        }
        attempt(place, command, attach, merged(entries));
        Command now = ScriptEdits.at(trials.script(), place);
        if (DecodedCommand.of(now.request()) instanceof GpuCommand.ResourceAttachBacking left) {
            DeltaDebugger.reduce(left.entries(), kept -> !kept.isEmpty() && attempt(place, now, left, kept));
        }
    }

    /** Makes one entry of all, with the memory as it is, or moved along. */
    private boolean attemptSingle(
            Place place, Command command, GpuCommand.ResourceAttachBacking attach, MemoryEntry single) {
        if (attempt(place, command, attach, List.of(single))) {
            return true;
        }
        List<MemoryRelocator.Move> moves = new ArrayList<>();
        long to = single.address();
        for (MemoryEntry entry : attach.entries()) {
            moves.add(new MemoryRelocator.Move(entry.address(), entry.length(), to));
            to += entry.length();
        }
        return trials.attempt(ScriptEdits.with(
                MemoryRelocator.moved(trials.script(), moves), place, with(command, attach, List.of(single))));
    }

    /** Moves a single entry and what is written there to the start of RAM, or near it. */
    private void toLowAddress(Place place) {
        Command command = ScriptEdits.at(trials.script(), place);
        if (!(DecodedCommand.of(command.request()) instanceof GpuCommand.ResourceAttachBacking attach)
                || attach.entries().size() != 1) {
            return;
        }
        MemoryEntry entry = attach.entries().getFirst();
        for (long address = 0; address <= LAST_LOW_ADDRESS; address = address == 0 ? 0x1000 : address * 16) {
            List<MemoryRelocator.Move> moves =
                    List.of(new MemoryRelocator.Move(entry.address(), entry.length(), address));
            List<MemoryEntry> low = List.of(new MemoryEntry(address, entry.length()));
            List<ScriptLine> moved = MemoryRelocator.moved(trials.script(), moves);
            Command now = ScriptEdits.at(moved, place);
            if (trials.attempt(ScriptEdits.with(moved, place, with(now, attach, low)))) {
                return;
            }
        }
    }

    /** {@return the entries with those joined that touch} */
    private static List<MemoryEntry> merged(List<MemoryEntry> entries) {
        List<MemoryEntry> merged = new ArrayList<>();
        for (MemoryEntry entry : entries) {
            MemoryEntry last = merged.isEmpty() ? entry : merged.getLast();
            if (!merged.isEmpty()
                    && last.address() + last.length() == entry.address()
                    && last.length() + entry.length() <= MAX_LENGTH) {
                merged.set(merged.size() - 1, new MemoryEntry(last.address(), last.length() + entry.length()));
            } else {
                merged.add(entry);
            }
        }
        return merged;
    }

    private boolean attempt(
            Place place, Command command, GpuCommand.ResourceAttachBacking attach, List<MemoryEntry> entries) {
        return trials.attempt(ScriptEdits.with(trials.script(), place, with(command, attach, entries)));
    }

    private static Command with(Command command, GpuCommand.ResourceAttachBacking attach, List<MemoryEntry> entries) {
        return ScriptEdits.withRequest(
                command,
                CommandCodec.encode(new GpuCommand.ResourceAttachBacking(
                        attach.header(), attach.resourceId(), entries.size(), entries)));
    }
}
