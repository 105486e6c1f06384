package dev.semblance.machine;

import dev.semblance.machine.boot.BootLoader;
import dev.semblance.machine.boot.FlattenedDeviceTree;
import dev.semblance.machine.boot.LoadedImage;
import dev.semblance.machine.boot.SemuDeviceTree;
import dev.semblance.machine.boot.VirtDeviceTree;
import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.bus.InterruptLine;
import dev.semblance.machine.cpu.Hart;
import dev.semblance.machine.device.Aclint;
import dev.semblance.machine.device.ConsoleSink;
import dev.semblance.machine.device.Plic;
import dev.semblance.machine.device.TestFinisher;
import dev.semblance.machine.device.Uart16550;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.profile.VirtPlatform;
import dev.semblance.machine.sbi.SbiFirmware;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.Timeline;
import dev.semblance.machine.virtio.AbsentVirtioSlot;
import dev.semblance.machine.virtio.MmioTransport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The devices of a machine besides virtio, wired to its hart and to the places that its profile has for them. */
final class Board implements Stateful {

    private final MachineModel model;
    private final Bus bus;
    private final Plic plic;
    private final Aclint aclint;
    private final Uart16550 uart;

    Board(
            MachineModel model,
            Bus bus,
            Hart hart,
            Timeline timeline,
            ConsoleSink console,
            Consumer<SbiFirmware.Reset> reset) {
        this.model = model;
        this.bus = bus;
        Profile profile = model.profile();
        InterruptLine external = hart.externalInterrupt();
        // M mode is not there, and neither is anything at the end of its line.
        plic = profile == Profile.SEMU
                ? Plic.asInSemu(List.of(external))
                : Plic.withPriorities(List.of(level -> {}, external));
        aclint = new Aclint(
                timeline,
                profile.cyclesPerTick(),
                List.of(new Aclint.HartLines(hart.timerInterrupt(), hart.softwareInterrupt())));
        uart = new Uart16550(
                plic.source(profile == Profile.SEMU ? SemuPlatform.UART_INTERRUPT : VirtPlatform.UART_INTERRUPT),
                console);
        switch (profile) {
            case SEMU -> mapSemu();
            case VIRT ->
                mapVirt(new TestFinisher(
                        () -> reset.accept(SbiFirmware.Reset.SHUTDOWN), () -> reset.accept(SbiFirmware.Reset.REBOOT)));
        }
    }

    private void mapSemu() {
        bus.map(SemuPlatform.PLIC, SemuPlatform.WINDOW, plic);
        bus.map(SemuPlatform.PLIC_CONTEXTS, SemuPlatform.WINDOW, plic, (int)
                (SemuPlatform.PLIC_CONTEXTS - SemuPlatform.PLIC));
        bus.map(SemuPlatform.UART, SemuPlatform.WINDOW, uart);
        bus.map(SemuPlatform.MTIMER, SemuPlatform.WINDOW, aclint.timer());
        bus.map(SemuPlatform.MSWI, SemuPlatform.WINDOW, aclint.machineSoftwareInterrupts());
        bus.map(SemuPlatform.SSWI, SemuPlatform.WINDOW, aclint.supervisorSoftwareInterrupts());
    }

    private void mapVirt(TestFinisher test) {
        bus.map(VirtPlatform.TEST, VirtPlatform.TEST_SIZE, test);
        bus.map(VirtPlatform.CLINT, VirtPlatform.MSWI_SIZE, aclint.machineSoftwareInterrupts());
        bus.map(VirtPlatform.MTIMER, VirtPlatform.MTIMER_SIZE, aclint.timer());
        bus.map(VirtPlatform.PLIC, VirtPlatform.PLIC_SIZE, plic);
        bus.map(VirtPlatform.UART, VirtPlatform.UART_SIZE, uart);
    }

    InterruptLine interrupt(Slot slot) {
        return plic.source(model.profile().place(slot).interrupt());
    }

    Aclint aclint() {
        return aclint;
    }

    Uart16550 uart() {
        return uart;
    }

    /** Puts virtio devices where their slots are, and what answers as absent where an empty slot does. */
    void map(Map<Slot, MmioTransport> transports) {
        for (Slot slot : model.profile().slots()) {
            map(slot, transports);
        }
    }

    private void map(Slot slot, Map<Slot, MmioTransport> transports) {
        Slot.Place place = model.profile().place(slot);
        long size = model.profile() == Profile.SEMU ? SemuPlatform.WINDOW : VirtPlatform.VIRTIO_SIZE;
        MmioTransport transport = transports.get(slot);
        if (transport != null) {
            bus.map(place.base(), size, transport);
        } else if (place.answersEmpty()) {
            bus.map(place.base(), size, new AbsentVirtioSlot());
        }
    }

    /**
     * Returns the tree for what is started. Linux copies it before it adds to it. A boot loader that Linux is to be started by may change
     * it in place (U-Boot does, with its default environment), and overwrites what lies behind it unless firmware left room.
     */
    byte[] deviceTree(
            BootLoader.Program program, String bootargs, Optional<LoadedImage> initrd, long seed, List<Slot> slots) {
        return switch (model.profile()) {
            case SEMU -> new SemuDeviceTree(1, bootargs, initrd, seed, slots).toBytes();
            case VIRT -> {
                byte[] tree = new VirtDeviceTree(model, bootargs, initrd, seed).toBytes();
                yield program.isLinux() ? tree : FlattenedDeviceTree.withRoom(tree, VirtPlatform.ROOM_IN_DEVICE_TREE);
            }
        };
    }

    @Override
    public void state(StateExchange s) {
        plic.state(s);
        aclint.state(s);
        uart.state(s);
    }
}
