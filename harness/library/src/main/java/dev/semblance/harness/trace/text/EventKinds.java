package dev.semblance.harness.trace.text;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceManifest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What kinds of events and commands there are, to count them. There are few: whatever is unknown is one kind. */
public final class EventKinds {

    private static final List<String> COMMANDS = Stream.concat(
                    Arrays.stream(CommandType.values()).map(CommandType::name), DiskText.KINDS.stream())
            .toList();

    private final TraceManifest manifest;
    private final RequestAssembler requests = RequestAssembler.ofAllDevices(RequestAssembler.MAX_BYTES);

    /**
     * Makes one for the events of a trace.
     *
     * @param manifest what the trace was made with
     */
    public EventKinds(TraceManifest manifest) {
        this.manifest = manifest;
    }

    /**
     * A kind of command.
     *
     * @param device by its name in the manifest
     * @param name of the command, or of the queue where all of a queue's are alike
     * @param refused whether the device answered with an error
     */
    public record CommandKind(String device, String name, boolean refused) {}

    /**
     * {@return the name of an event's kind, as {@link EventJson} has it}
     *
     * @param event what happened
     */
    public static String of(TraceEvent event) {
        return EventKind.of(event).jsonName();
    }

    /** {@return the names of the kinds of events, as {@link EventJson} has them} */
    public static List<String> names() {
        return Arrays.stream(EventKind.values()).map(EventKind::jsonName).toList();
    }

    /** {@return the names that commands of a GPU and requests to a disk can have, those that have none aside} */
    public static List<String> commandNames() {
        return COMMANDS;
    }

    /**
     * Notes an event that is no command: a part of a request, perhaps.
     *
     * @param event what happened
     */
    public void pass(TraceEvent event) {
        requests.take(event);
    }

    /**
     * {@return the kind of the next command}
     *
     * @param command a command of the trace
     */
    public CommandKind next(Command command) {
        Request request = requests.take(command).orElse(Request.NONE);
        DeviceNames names = DeviceNames.of(manifest, command.device());
        return switch (command.payload()) {
            case Payload.Disk disk ->
                new CommandKind(
                        names.device(),
                        disk.header().length < 16 ? "short header" : DiskText.kind(disk.header()),
                        disk.status().orElse(0) != 0);
            case Payload.Full full ->
                names.type() == DeviceNames.Type.GPU
                        ? new CommandKind(
                                names.device(),
                                kind(DecodedCommand.of(request.bytes())),
                                ResponseCodec.decode(full.response()) instanceof GpuResponse.Refused)
                        : new CommandKind(names.device(), names.queue(command.queue()), false);
        };
    }

    private static String kind(GpuCommand command) {
        return command instanceof GpuCommand.Unknown ? "unknown" : GpuText.name(command);
    }
}
