package dev.semblance.harness.target;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.MemoryMap;
import java.util.Optional;

/**
 * What a device under test is made for.
 *
 * @param memory where there is guest memory
 * @param displays what it is to offer to the driver, one for each scanout
 * @param queues what its queues are to have besides
 * @param backing what the backing of resources points to; empty for guest memory itself
 * @param frames told of every frame, if the device publishes them ({@link Pictures.Published})
 * @param recording told of what the device does, if anything is
 */
public record TargetConfig(
        MemoryMap memory,
        DisplayConfig displays,
        QueueFeatures queues,
        Optional<GuestMemory> backing,
        FrameSink frames,
        Optional<Recording> recording) {

    /**
     * Who is told of what a device does: its life, its commands, its frames, and what it reads of guest memory unless that
     * is a backing of its own.
     *
     * @param recorder stamps the events
     * @param device the device's number in the events
     */
    public record Recording(Recorder recorder, int device) {}
}
