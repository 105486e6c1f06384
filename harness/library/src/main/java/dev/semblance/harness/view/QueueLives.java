package dev.semblance.harness.view;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The lives of the virtqueues of all devices. */
final class QueueLives {

    private final TraceManifest manifest;

    /** By device, the GPU first, and queue. */
    private final TreeMap<Integer, TreeMap<Integer, Life>> lives;

    private record Change(int event, String text, boolean on) {}

    private record Life(String name, List<Change> changes, List<Integer> notified, List<Integer> used) {}

    QueueLives(TraceManifest manifest, int gpu) {
        this.manifest = manifest;
        this.lives = new TreeMap<>(
                Comparator.comparing((Integer device) -> device != gpu).thenComparing(Comparator.naturalOrder()));
    }

    /** Takes the next event of the trace. */
    void take(Stamped stamped) {
        int event = Math.toIntExact(stamped.sequence());
        switch (stamped.event()) {
            case TraceEvent.QueueEnabled enabled ->
                of(enabled.device(), enabled.queue())
                        .changes()
                        .add(new Change(
                                event,
                                Text.format(
                                        "%d entries, descriptors 0x%x, available 0x%x, used 0x%x",
                                        enabled.layout().size(),
                                        enabled.layout().descriptorTable(),
                                        enabled.layout().availableRing(),
                                        enabled.layout().usedRing()),
                                true));
            case TraceEvent.QueueDisabled disabled ->
                of(disabled.device(), disabled.queue()).changes().add(new Change(event, "disabled", false));
            case TraceEvent.QueueReset reset ->
                of(reset.device(), reset.queue()).changes().add(new Change(event, "reset", false));
            case TraceEvent.Fault fault ->
                of(fault.device(), fault.queue())
                        .changes()
                        .add(new Change(event, "at fault: " + fault.reason(), false));
            case TraceEvent.Reset reset ->
                lives.getOrDefault(reset.device(), new TreeMap<>())
                        .values()
                        .forEach(
                                life -> life.changes().add(new Change(event, "off since the device was reset", false)));
            case TraceEvent.Notify notify ->
                of(notify.device(), notify.queue()).notified().add(event);
            case TraceEvent.Command command ->
                of(command.device(), command.queue()).used().add(event);
            default -> {
                // Nothing of a queue.
            }
        }
    }

    private Life of(int device, int queue) {
        return lives.computeIfAbsent(device, of -> new TreeMap<>())
                .computeIfAbsent(
                        queue,
                        of -> new Life(
                                EventText.queue(manifest, device, queue),
                                new ArrayList<>(),
                                new ArrayList<>(),
                                new ArrayList<>()));
    }

    /** Writes all of them, without what comes after a range, and of what comes before it only how they are. */
    void write(ArrayNode array, int first, int last) {
        for (TreeMap<Integer, Life> ofDevice : lives.values()) {
            for (Life life : ofDevice.values()) {
                ObjectNode node = array.addObject().put("name", life.name());
                ArrayNode changes = node.putArray("changes");
                life.changes().stream()
                        .filter(change -> change.event() <= last)
                        .forEach(change -> changes.addObject()
                                .put("event", change.event())
                                .put("text", change.text())
                                .put("on", change.on()));
                numbers(node.putArray("notified"), life.notified(), first, last);
                numbers(node.putArray("used"), life.used(), first, last);
            }
        }
    }

    private static void numbers(ArrayNode array, List<Integer> events, int first, int last) {
        events.stream().filter(event -> event >= first && event <= last).forEach(array::add);
    }
}
