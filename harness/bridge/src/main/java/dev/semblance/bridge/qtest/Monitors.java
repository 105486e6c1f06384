package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.machine.virtio.MmioRegisters;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The windows of all heads of a QEMU's device. */
final class Monitors implements DisplayControl, AutoCloseable {

    /** Over VNC lines are not read. */
    private static final int NO_LINES = 0;

    /** A size that is heard reaches the device by a timer of QEMU's main loop, which has run after the second answer. */
    private static final int ROUNDS = 4;

    private final List<Monitor> monitors = new ArrayList<>();
    private final QtestRegisters registers;
    private final Consumer<LinkFailedException> failed;
    private DisplayConfig displays;

    private Monitors(DisplayConfig displays, QtestRegisters registers, Consumer<LinkFailedException> failed) {
        this.displays = displays;
        this.registers = registers;
        this.failed = failed;
    }

    /**
     * Opens windows of the wanted sizes.
     *
     * @param displays what the device is to offer
     * @param folder where the sockets are
     * @param timeout how long anything may take
     * @param registers of the device
     * @param failed told when QEMU does not answer as it should, later on
     */
    static Monitors open(
            DisplayConfig displays,
            Path folder,
            Duration timeout,
            QtestRegisters registers,
            Consumer<LinkFailedException> failed)
            throws LinkFailedException {
        Monitors made = new Monitors(displays, registers, failed);
        try {
            for (int head = 0; head < displays.count(); head++) {
                SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                socket.connect(UnixDomainSocketAddress.of(socket(folder, head)));
                made.monitors.add(new Monitor(new TimedChannel("VNC", socket, NO_LINES, timeout)));
                made.want(head, displays.display(head));
            }
            made.settle();
            // The driver has not been told yet: to it, they were there from the start.
            registers.store(MmioRegisters.CONFIG + 4, 4, -1);
            return made;
        } catch (IOException e) {
            made.close();
            throw new LinkFailedException(
                    new Cause.BrokeProtocol("has no VNC server, by which it could be told of displays"));
        } catch (LinkFailedException | RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    /** {@return where the VNC server of a head listens} */
    static Path socket(Path folder, int head) {
        return folder.resolve("vnc" + head);
    }

    private void want(int head, Display display) throws LinkFailedException {
        monitors.get(head).want(display);
    }

    private void settle() {
        for (int round = 0; round < ROUNDS; round++) {
            registers.load(MmioRegisters.STATUS, 4);
        }
    }

    @Override
    public DisplayConfig displays() {
        return displays;
    }

    @Override
    public void changeDisplays(DisplayConfig now) {
        DisplayConfig before = displays;
        displays = now;
        if (registers.isDead()) {
            return;
        }
        try {
            for (int head = 0; head < now.count(); head++) {
                if (!now.display(head).equals(before.display(head))) {
                    want(head, now.display(head));
                }
            }
            settle();
        } catch (LinkFailedException e) {
            failed.accept(e);
        }
    }

    @Override
    public void close() {
        monitors.forEach(Monitor::close);
    }
}
