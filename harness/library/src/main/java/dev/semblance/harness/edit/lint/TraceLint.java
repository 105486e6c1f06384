package dev.semblance.harness.edit.lint;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.harness.edit.lint.FindingList.Place;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks at what a driver did to a GPU, event by event, and finds what is illegal or suspicious (docs/LINT.md). Memory is
 * bounded, whatever the trace. One thread at a time.
 */
public final class TraceLint {

    /** How long before the end of a recording a driver may have begun what it had no time to finish, in ticks of a second. */
    private static final int LAST_MOMENTS = 10;

    private final int device;
    private final long ticksPerSecond;
    private final FindingList findings;
    private final TransportRules transport;
    private final CommandRules commands;
    private final RequestAssembler requests;

    /**
     * Makes one for the events of a trace.
     *
     * @param manifest what the trace was made with
     * @param disabled rules that are left out
     * @throws IncompatibleTraceException if there is no GPU in it of which the rules could tell anything
     */
    public TraceLint(TraceManifest manifest, Set<LintRule> disabled) throws IncompatibleTraceException {
        ReplayableGpu gpu = ReplayableGpu.of(manifest);
        device = gpu.device();
        // The cycles of a script are steps; those of a machine, or by the host's clock, are time.
        boolean timed = manifest.kind() == TraceManifest.Kind.MACHINE
                || manifest.clock().isPresent();
        ticksPerSecond = timed ? manifest.cyclesPerSecond() : 0;
        findings = new FindingList(disabled, manifest.preambleEvents());
        transport = new TransportRules(findings);
        commands = new CommandRules(gpu.displays().count(), findings, transport);
        requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
    }

    /**
     * {@return what there is in all of a trace, or in what a torn one still has}
     *
     * @param reader a trace at its start
     * @param disabled rules that are left out
     * @throws IOException if it cannot be read, is corrupt, or has no GPU of which the rules could tell anything
     */
    public static TraceLint read(TraceReader reader, Set<LintRule> disabled) throws IOException {
        TraceLint lint = new TraceLint(reader.manifest(), disabled);
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            lint.take(next.get());
        }
        return lint;
    }

    /**
     * Takes the next event of the trace.
     *
     * @param stamped the event
     */
    public void take(Stamped stamped) {
        Place at = Place.of(stamped);
        switch (stamped.event()) {
            case TraceEvent.OfDevice event -> {
                if (event.device() == device) {
                    take(event, at);
                }
            }
            case TraceEvent.End end -> end(end.reason(), at);
            default -> {
                // Not the driver's doing.
            }
        }
    }

    private void take(TraceEvent.OfDevice ofDevice, Place at) {
        Optional<Request> request = requests.take(ofDevice);
        switch (ofDevice) {
            case TraceEvent.Reset reset -> {
                commands.reset(at);
                transport.reset();
            }
            case TraceEvent.Features features -> transport.take(features, at);
            case TraceEvent.QueueEnabled enabled -> transport.take(enabled, at);
            case TraceEvent.QueueDisabled disabled -> {}
            case TraceEvent.QueueReset reset -> {}
            case TraceEvent.DisplayChange change -> transport.displayChanged(at);
            case TraceEvent.DriverOk ok -> transport.driverOk(at);
            case TraceEvent.NeedsReset needed -> {}
            case TraceEvent.ConfigRead read -> {}
            case TraceEvent.ConfigWrite write -> transport.take(write, at);
            case TraceEvent.Notify notify -> {
                transport.take(notify, at);
                if (notify.queue() == VirtioGpuDevice.CONTROL_QUEUE) {
                    commands.batchEnds();
                }
            }
            case TraceEvent.Memory memory -> {}
            case TraceEvent.RequestPart part -> {}
            case TraceEvent.Command command -> {
                if (command.payload() instanceof Payload.Full full
                        && request.map(Request::isWhole).orElse(false)) {
                    byte[] bytes = request.orElseThrow().bytes();
                    GpuCommand decoded = DecodedCommand.of(bytes);
                    if (decoded instanceof GpuCommand.GetDisplayInfo) {
                        transport.displaysAsked();
                    }
                    commands.take(command, full.response(), decoded, at);
                }
            }
            case TraceEvent.Fault fault -> transport.take(fault, at);
            case TraceEvent.Input input -> {}
        }
    }

    /** A recording can end between a transfer and its flush; a driver that has stopped by itself cannot. */
    private void end(Reason reason, Place at) {
        boolean finished = switch (reason) {
            case POWER_OFF, REBOOT, IDLE, SCRIPT -> true;
            case LIMIT, SCENARIO, SCENARIO_FAILED, INTERRUPTED, STUCK -> false;
        };
        Predicate<Place> isOld = place -> finished || place.cycle() < at.cycle() - ticksPerSecond / LAST_MOMENTS;
        commands.end(isOld);
        transport.end(isOld);
    }

    /** {@return the findings by their places; of each rule the first {@value FindingList#MOST}} */
    public List<LintFinding> findings() {
        return findings.kept();
    }

    /** {@return how many findings there are of each rule that found something, in the order of the rules} */
    public Map<LintRule, Long> counts() {
        return findings.counts();
    }
}
