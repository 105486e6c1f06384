/**
 * A device under test: the one seam through which a replay, a script, the fuzzer and the minimizer drive a virtio-gpu.
 *
 * <p>In comes a {@link dev.semblance.harness.target.TargetConfig}: size of guest memory, displays, what image data is read
 * from, and who is told of frames and events. Out comes a {@link dev.semblance.harness.target.DeviceUnderTest}: the guest's
 * side of its registers and queues, guest memory, and pictures by scanout. What a device can do besides is in the types
 * that it returns, {@link dev.semblance.harness.target.Pictures} and {@link dev.semblance.harness.target.Completion}, so
 * that a caller compares what the device can show and no more.
 *
 * <p>A device may be a program of somebody else's ({@link dev.semblance.harness.target.TargetSpec},
 * {@link dev.semblance.harness.target.TargetProcess}). What it cannot show is in its
 * {@link dev.semblance.harness.target.Capability capabilities}; that it dies, hangs or complains is a
 * {@link dev.semblance.harness.target.TargetFailure}, a finding by itself.
 *
 * <p>The rooms after this one may call it (replay, rig, fuzz, edit), and the command line, which chooses the device. This
 * room knows recorders, and neither traces' readers nor verdicts. Only {@link dev.semblance.harness.target.BuiltinDevice}
 * puts a {@code VirtioDevice} on a transport.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.semblance.harness.target;

import org.jspecify.annotations.NullMarked;
