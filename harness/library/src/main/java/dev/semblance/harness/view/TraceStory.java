package dev.semblance.harness.view;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.DecodedCommand;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens in a trace: each event's kind, cycle and line, what changes what is shown, the snapshots, and the lives of resources and queues.
 * It is given the events in their order, and takes some twenty bytes for each.
 */
final class TraceStory {

    /** The most events that a page is given. */
    static final int MOST_EVENTS = 2_000_000;

    private static final int SHORTEST_LINE_PREFIX = 2;

    private final TraceManifest manifest;
    private final int gpu;
    private final EventText text;
    private final EventKinds commandKinds;
    private final RequestAssembler requests = RequestAssembler.ofAllDevices(RequestAssembler.MAX_BYTES);
    private final EventLines lines = new EventLines();
    private final Map<String, Integer> kindNumbers = new LinkedHashMap<>();
    private final List<Shown> shown = new ArrayList<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final ResourceLives resources = new ResourceLives();
    private final QueueLives queues;
    private int[] kinds = new int[1024];
    private long[] cycles = new long[1024];
    private int count;

    private record Shown(int event, int scanout) {}

    private record Snapshot(int event, String label, int scanout) {}

    TraceStory(TraceManifest manifest) {
        this.manifest = manifest;
        this.gpu = manifest.devices().stream()
                .map(TraceManifest.Device::virtioId)
                .toList()
                .indexOf(VirtioGpuDevice.DEVICE_ID);
        this.text = new EventText(manifest);
        this.commandKinds = new EventKinds(manifest);
        this.queues = new QueueLives(manifest, gpu);
    }

    /**
     * Takes the next event.
     *
     * @throws IncompatibleException if there are too many
     */
    void take(Stamped stamped) {
        if (count == MOST_EVENTS) {
            throw new IncompatibleException(
                    Text.format("it has more than %,d events, too many for a page; trim it first", MOST_EVENTS));
        }
        if (count == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * count);
            cycles = Arrays.copyOf(cycles, 2 * count);
        }
        int event = count;
        kinds[count] = kindNumbers.computeIfAbsent(kind(stamped.event()), name -> kindNumbers.size());
        cycles[count] = stamped.cycle();
        count++;
        lines.add(words(text.line(stamped)));
        queues.take(stamped);
        Request request = requests.take(stamped.event()).orElse(Request.NONE);
        switch (stamped.event()) {
            case TraceEvent.Flush flush -> shown.add(new Shown(event, flush.scanout()));
            case TraceEvent.ScanoutDisabled disabled -> shown.add(new Shown(event, disabled.scanout()));
            case TraceEvent.DisplayChange change -> shown.add(new Shown(event, change.scanout()));
            case TraceEvent.Snapshot snapshot ->
                snapshots.add(new Snapshot(event, snapshot.label(), snapshot.scanout()));
            case TraceEvent.Reset reset -> {
                if (reset.device() == gpu) {
                    resources.reset(event);
                }
            }
            case TraceEvent.Command command -> {
                if (command.device() == gpu && command.payload() instanceof TraceEvent.Payload.Full full) {
                    resources.take(event, DecodedCommand.of(request.bytes()), ResponseCodec.decode(full.response()));
                }
            }
            default -> {
                // Its kind and its line say all.
            }
        }
    }

    private String kind(TraceEvent event) {
        if (event instanceof TraceEvent.Command command) {
            String name = commandKinds.next(command).name();
            return EventKinds.commandNames().contains(name) ? name : EventKinds.of(event);
        }
        commandKinds.pass(event);
        return EventKinds.of(event);
    }

    /** {@return a line without the number and the cycle that it begins with} */
    private static String words(String line) {
        return line.split(" ", SHORTEST_LINE_PREFIX + 1)[SHORTEST_LINE_PREFIX];
    }

    /** Ends it: there are no more events. */
    void end() {
        lines.end();
    }

    int count() {
        return count;
    }

    EventLines lines() {
        return lines;
    }

    /** Writes what happens from one event to another, both included. */
    void write(ObjectNode story, int first, int last) {
        story.put("clock", Math.max(0, manifest.cyclesPerSecond()))
                .put("first", first)
                .put("total", count);
        ArrayNode names = story.putArray("kindNames");
        kindNumbers.keySet().forEach(names::add);
        int[] earlier = new int[kindNumbers.size()];
        for (int event = 0; event < first; event++) {
            earlier[kinds[event]]++;
        }
        ArrayNode earlierList = story.putArray("earlier");
        Arrays.stream(earlier).forEach(earlierList::add);
        ArrayNode kindList = story.putArray("kinds");
        ArrayNode cycleList = story.putArray("cycles");
        for (int event = first; event <= last; event++) {
            kindList.add(kinds[event]);
            cycleList.add(cycles[event] - (event > first ? cycles[event - 1] : 0));
        }
        ArrayNode shownList = story.putArray("shown");
        shown.stream()
                .filter(each -> each.event() >= first && each.event() <= last)
                .forEach(each -> shownList.addArray().add(each.event()).add(each.scanout()));
        ArrayNode snapshotList = story.putArray("snapshots");
        snapshots.stream()
                .filter(each -> each.event() >= first && each.event() <= last)
                .forEach(each -> snapshotList
                        .addObject()
                        .put("event", each.event())
                        .put("label", EventText.plain(each.label()))
                        .put("scanout", each.scanout()));
        resources.write(story.putArray("resources"), first, last);
        queues.write(story.putArray("queues"), first, last);
    }
}
