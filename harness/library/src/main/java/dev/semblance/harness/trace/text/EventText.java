package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.QueueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Events as lines for people. Devices, queues, features, GPU commands, disk requests and keys have their names; numbers
 * are decimal with commas where they count, hexadecimal where they are addresses and digests. A line holds ASCII alone,
 * whatever a guest or a file put into the event.
 *
 * <p>A request that the trace holds in parts ({@link TraceEvent.RequestPart}) is decoded whole only by an instance that
 * sees all events in their order; the static methods know one event.
 */
public final class EventText {

    /** How many stretches of memory a line lists. */
    private static final int MAX_RUNS = 6;

    private final TraceManifest manifest;
    private final RequestAssembler requests = RequestAssembler.ofAllDevices(RequestAssembler.MAX_BYTES);

    /**
     * Makes one for the events of a trace.
     *
     * @param manifest what the trace was made with
     */
    public EventText(TraceManifest manifest) {
        this.manifest = manifest;
    }

    /**
     * {@return the line for an event with its place in the trace, such as {@code #812 @71,234,567 gpu control ...}}
     *
     * @param manifest what the trace was made with
     * @param stamped the event with its place
     */
    public static String describe(TraceManifest manifest, Stamped stamped) {
        return new EventText(manifest).line(stamped);
    }

    /**
     * {@return what an event is, without its place in the trace}
     *
     * @param manifest what the trace was made with
     * @param event what happened
     */
    public static String describe(TraceManifest manifest, TraceEvent event) {
        return new EventText(manifest).words(event);
    }

    /**
     * {@return the line for the next event of the trace}
     *
     * @param stamped the event with its place
     */
    public String line(Stamped stamped) {
        return Text.format("#%d @%s %s", stamped.sequence(), count(stamped.cycle()), words(stamped.event()));
    }

    /**
     * Passes the next event of the trace whose line is not wanted; later ones may depend on it.
     *
     * @param event what happened
     */
    public void pass(TraceEvent event) {
        requests.take(event);
    }

    private String words(TraceEvent event) {
        Request request = requests.take(event).orElse(Request.NONE);
        return switch (event) {
            case TraceEvent.OfDevice ofDevice -> {
                DeviceNames names = DeviceNames.of(manifest, ofDevice.device());
                yield names.device() + " " + ofDevice(names, ofDevice, request);
            }
            case TraceEvent.ConsoleInput input -> "console input " + ByteText.of(input.bytes());
            case TraceEvent.ConsoleOutput output -> "console output " + ByteText.of(new byte[] {output.value()});
            case TraceEvent.Flush flush ->
                Text.format(
                        "flush of scanout %d, %s",
                        flush.scanout(), picture(flush.width(), flush.height(), flush.digest()));
            case TraceEvent.ScanoutDisabled disabled -> Text.format("scanout %d went dark", disabled.scanout());
            case TraceEvent.Cursor cursor -> cursor(cursor);
            case TraceEvent.Snapshot snapshot ->
                Text.format(
                        "snapshot %s of scanout %d, %s",
                        DeviceNames.plain(snapshot.label()),
                        snapshot.scanout(),
                        picture(snapshot.width(), snapshot.height(), snapshot.digest()));
            case TraceEvent.Checkpoint checkpoint ->
                Text.format(
                        "checkpoint: instret %s, state %s", count(checkpoint.instret()), hex(checkpoint.stateDigest()));
            case TraceEvent.End end ->
                Text.format(
                        "end: %s, instret %s, state %s", end.reason(), count(end.instret()), hex(end.stateDigest()));
        };
    }

    private static String ofDevice(DeviceNames names, TraceEvent.OfDevice event, Request request) {
        return switch (event) {
            case TraceEvent.Reset reset -> "reset";
            case TraceEvent.Features features ->
                Text.format(
                        "features %s %s",
                        names.features(features.features()), features.agreed() ? "agreed" : "refused");
            case TraceEvent.QueueEnabled enabled ->
                names.queue(enabled.queue()) + " enabled, " + layout(enabled.layout());
            case TraceEvent.QueueDisabled disabled -> names.queue(disabled.queue()) + " disabled";
            case TraceEvent.QueueReset reset -> names.queue(reset.queue()) + " reset";
            case TraceEvent.DisplayChange change ->
                Text.format("display %d is now %s", change.scanout(), change.mode());
            case TraceEvent.DriverOk driverOk -> "DRIVER_OK";
            case TraceEvent.NeedsReset needsReset -> "DEVICE_NEEDS_RESET";
            case TraceEvent.ConfigRead read ->
                Text.format("config read %d+%d = 0x%x", read.offset(), read.width(), read.value());
            case TraceEvent.ConfigWrite write ->
                Text.format("config write %d+%d = 0x%x", write.offset(), write.width(), write.value());
            case TraceEvent.Notify notify -> names.queue(notify.queue()) + " notify";
            case TraceEvent.Memory memory -> "memory " + runs(memory.runs());
            case TraceEvent.RequestPart part ->
                Text.format("%s part of a request, %s bytes", names.queue(part.queue()), count(part.bytes().length));
            case TraceEvent.Command command ->
                names.queue(command.queue()) + " " + ChainText.describe(names, command, request);
            case TraceEvent.Fault fault -> names.queue(fault.queue()) + " " + ChainText.describe(fault);
            case TraceEvent.Input input -> "report " + InputNames.describe(input.items());
        };
    }

    private static String layout(QueueLayout layout) {
        return Text.format(
                "%d entries, descriptors 0x%x, available 0x%x, used 0x%x",
                layout.size(), layout.descriptorTable(), layout.availableRing(), layout.usedRing());
    }

    private static String runs(List<TraceEvent.Bytes> runs) {
        long total = runs.stream().mapToLong(run -> run.bytes().length).sum();
        String listed = runs.stream()
                .limit(MAX_RUNS)
                .map(run -> Text.format("0x%x+%d", run.address(), run.bytes().length))
                .collect(Collectors.joining(" "));
        int more = runs.size() - MAX_RUNS;
        return Text.format(
                "%s in %s: %s%s",
                Text.count(total, "changed byte"),
                Text.count(runs.size(), "run"),
                listed,
                more > 0 ? Text.format(" and %d more", more) : "");
    }

    private static String cursor(TraceEvent.Cursor cursor) {
        String image = cursor.image().isPresent()
                ? Text.format("image %016x, hot spot %d,%d", cursor.image().getAsLong(), cursor.hotX(), cursor.hotY())
                : "hidden";
        return Text.format("cursor of scanout %d at %d,%d, %s", cursor.scanout(), cursor.x(), cursor.y(), image);
    }

    private static String picture(int width, int height, long digest) {
        return Text.format("%dx%d, digest %016x", width, height, digest);
    }

    /**
     * {@return the names of a device's feature bits, such as {@code EDID|VERSION_1}}
     *
     * @param manifest what the trace was made with
     * @param device the number of the device in the manifest, from 0
     * @param features the feature bits
     */
    public static String features(TraceManifest manifest, int device, long features) {
        return DeviceNames.of(manifest, device).features(features);
    }

    /**
     * {@return the name of a queue with its device's, such as {@code gpu control}}
     *
     * @param manifest what the trace was made with
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the queue, from 0
     */
    public static String queue(TraceManifest manifest, int device, int queue) {
        DeviceNames names = DeviceNames.of(manifest, device);
        return names.device() + " " + names.queue(queue);
    }

    /**
     * {@return text out of a file, escaped so that it cannot do anything to a terminal}
     *
     * @param text from outside
     */
    public static String plain(String text) {
        return DeviceNames.plain(text);
    }

    /**
     * {@return how long so many cycles are, and by whose clock; empty where the manifest does not tell}
     *
     * @param manifest the manifest of a trace
     * @param cycles of its events
     */
    public static Optional<String> time(TraceManifest manifest, long cycles) {
        long second = manifest.cyclesPerSecond();
        String whose = manifest.clock().isPresent() ? "the host's" : "guest";
        return second > 0
                ? Optional.of(Text.format("%.3f s of %s time", (double) cycles / second, whose))
                : Optional.empty();
    }

    /**
     * {@return a number with commas, the same in every locale}
     *
     * @param number not negative
     */
    public static String count(long number) {
        return Text.format("%,d", number);
    }

    private static String hex(byte[] bytes) {
        return bytes.length == 0 ? "-" : HexFormat.of().formatHex(bytes);
    }
}
