package dev.semblance.machine;

import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.boot.BootLoader;
import dev.semblance.machine.boot.LoadedImage;
import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.cpu.Hart;
import dev.semblance.machine.cpu.HartState;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.IllegalInstruction;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.device.ConsoleSink;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.sbi.SbiFirmware;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.time.Timeline;
import dev.semblance.machine.translate.Translator;
import dev.semblance.machine.virtio.MmioTransport;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A machine of one of the {@link Profile profiles}: a hart, RAM, PLIC, timer, a 16550, and virtio-mmio slots.
 *
 * <p>Make one, attach devices, {@link #start} it, {@link #run} it. A run depends on nothing but the config, the devices,
 * what is started and the input given at each cycle.
 */
public final class Machine implements Stateful {

    /** By the numbers that saved states have for them. */
    private static final List<SbiFirmware.Reset> RESETS = List.of(SbiFirmware.Reset.SHUTDOWN, SbiFirmware.Reset.REBOOT);

    private final MachineConfig config;
    private final Ram ram;
    private final Bus bus = new Bus();
    private final CycleTimeline timeline = new CycleTimeline();
    private final Hart hart;
    private final SbiFirmware firmware;
    private final Board board;
    private final BootLoader loader;
    private final Map<Slot, MmioTransport> transports = new EnumMap<>(Slot.class);
    private final Map<Slot, Stateful> devices = new EnumMap<>(Slot.class);
    private Optional<SbiFirmware.Reset> reset = Optional.empty();
    private boolean started;

    /** A state was begun to be loaded and not loaded whole: nothing can be done with the machine any more. */
    private boolean broken;

    /**
     * Makes a machine that is switched off.
     *
     * @param config what the machine is made of
     * @param console takes the bytes that the guest writes to the serial port
     */
    public Machine(MachineConfig config, ConsoleSink console) {
        this(config, console, Optional.empty());
    }

    /**
     * Makes a machine that is switched off.
     *
     * @param config what the machine is made of
     * @param console takes the bytes that the guest writes to the serial port
     * @param translator translates code that is executed often, which no run can tell; all is interpreted if there is none
     */
    public Machine(MachineConfig config, ConsoleSink console, Optional<Translator> translator) {
        this.config = config;
        MachineModel model = config.model();
        ram = new Ram(model.profile().ramBase(), model.ramBytes());
        firmware = new SbiFirmware(this::setTimer, this::halt, ram, console, this::takeConsoleInput);
        hart = new Hart(model.isa(), ram, bus, timeline, firmware, this::mtime, translator);
        board = new Board(model, bus, hart, timeline, console, this::halt);
        loader = new BootLoader(model);
        if (model.profile() == Profile.VIRT) {
            // What is early console to systems of today; to kernels of semu it would be another way through their boot.
            firmware.announceConsole();
        }
    }

    private void setTimer(long mtime) {
        board.aclint().setTimer(0, mtime);
    }

    private long mtime() {
        return board.aclint().mtime();
    }

    private OptionalInt takeConsoleInput() {
        return board.uart().take();
    }

    private void halt(SbiFirmware.Reset kind) {
        reset = Optional.of(kind);
        hart.stop();
    }

    /** {@return the config} */
    public MachineConfig config() {
        return config;
    }

    /** {@return the timeline, to schedule input and observers on} */
    public Timeline timeline() {
        return timeline;
    }

    /** {@return guest memory as devices see it} */
    public GuestMemory memory() {
        return ram;
    }

    /**
     * {@return the illegal instructions of each mode so far: what a guest asked for that was built for more than the hart has; nothing of
     * a mode in which there was none}
     */
    public List<IllegalInstruction.Series> illegalInstructions() {
        return hart.illegalInstructions();
    }

    /** {@return the hart's guest-visible state} */
    public HartState hart() {
        return hart.state();
    }

    /** {@return the hart and memory as a debugger reads them, without changing anything} */
    public HartView view() {
        return hart.view();
    }

    /**
     * Puts a device into a slot, before the start.
     *
     * @param slot the number of the virtio-mmio slot
     * @param device what the transport talks to, perhaps a decorator
     * @param state what stands for the device in state digests
     */
    public void attach(Slot slot, VirtioDevice device, Stateful state) {
        attach(slot, device, state, 0);
    }

    /**
     * Puts a device into a slot, before the start, on queues with features.
     *
     * @param slot the number of the virtio-mmio slot
     * @param device what the transport talks to, perhaps a decorator
     * @param state what stands for the device in state digests
     * @param ofQueues what the transport offers, of {@link VirtioFeatures#OF_QUEUES}
     */
    public void attach(Slot slot, VirtioDevice device, Stateful state, long ofQueues) {
        if (started || transports.containsKey(slot)) {
            throw new IllegalStateException("no device can be put into slot " + slot + " now");
        }
        transports.put(slot, new MmioTransport(device, ram, board.interrupt(slot), ofQueues));
        devices.put(slot, state);
    }

    /**
     * Loads what is to run and switches the machine on. Slots that are still empty answer as absent.
     *
     * @param boot what is started
     * @throws BadImageException if something cannot be loaded; the machine is as before then
     */
    public void start(Boot boot) throws BadImageException {
        requireOff();
        BootLoader.Program program = switch (boot) {
            case Boot.Linux linux -> loadLinux(linux);
            case Boot.Bare bare -> loadBare(bare);
        };
        started = true;
        board.map(transports);
        hart.enter(program.entry(), 0, config.model().deviceTree());
    }

    private BootLoader.Program loadLinux(Boot.Linux linux) throws BadImageException {
        BootLoader.Program kernel = loader.kernel(linux.kernel());
        Optional<LoadedImage> initrd = linux.initrd().isPresent()
                ? Optional.of(loader.placeInitrd(kernel, linux.initrd().get().length))
                : Optional.empty();
        byte[] deviceTree = linux.deviceTree().orElseGet(() -> describe(kernel, linux.bootargs(), initrd));
        loader.load(ram, kernel, linux.initrd(), deviceTree);
        return kernel;
    }

    private BootLoader.Program loadBare(Boot.Bare bare) throws BadImageException {
        BootLoader.Program program = loader.bare(bare.image());
        loader.load(ram, program, Optional.empty(), describe(program, "", Optional.empty()));
        firmware.announceConsole();
        return program;
    }

    private void requireOff() {
        requireWhole();
        if (started) {
            throw new IllegalStateException("the machine is on already");
        }
    }

    private void requireOn() {
        requireWhole();
        if (!started) {
            throw new IllegalStateException("the machine is off");
        }
    }

    private void requireWhole() {
        if (broken) {
            throw new IllegalStateException("the machine was to take a state that was refused");
        }
    }

    private byte[] describe(BootLoader.Program program, String bootargs, Optional<LoadedImage> initrd) {
        return board.deviceTree(program, bootargs, initrd, config.seed(), List.copyOf(transports.keySet()));
    }

    /**
     * {@return whether the guest takes console input now and has read all that came before} What comes at another time may be
     * lost to a driver that has yet to set the port up, as on a real line. It follows from what the guest did, and from
     * nothing else.
     */
    public boolean takesConsole() {
        return board.uart().isListening() && board.uart().unread() == 0;
    }

    /**
     * Puts bytes on the console's input queue, now.
     *
     * @param bytes what comes in on the serial line
     */
    public void receiveConsole(byte[] bytes) {
        board.uart().receive(bytes);
    }

    /**
     * Sets what the next runs are watched for, until another is set. It is no part of the machine's state: it is neither saved nor
     * loaded, and changes nothing of what the machine does. A page of RAM that is watched for writes costs time where it is written to, and no run
     * that is not watched costs anything.
     *
     * @param watch breakpoints and watchpoints, in place of those before; {@link Watch#NOTHING} for none
     */
    public void watch(Watch watch) {
        hart.watch(watch);
    }

    /**
     * Runs until the cycle counter is {@code limitCycle}, or something ends the run before. What is scheduled for the limit
     * itself has not happened then.
     *
     * <p>A run of one cycle, to the present cycle and 1, is what the hart does in that cycle: it executes an instruction, perhaps
     * into a trap; or, while it waits after WFI and nothing wakes it, lets the cycle pass. Where what is due brings an interrupt, it
     * enters the handler and executes its first instruction, in the same cycle. {@link Watch#STEP} goes from instruction to
     * instruction instead.
     *
     * @param limitCycle the cycle at which the run ends at the latest
     * @return why the run ended
     */
    public RunResult run(long limitCycle) {
        requireOn();
        Hart.Stop stop = reset.isPresent() ? Hart.Stop.LIMIT : hart.run(limitCycle);
        if (reset.isPresent()) {
            return new RunResult.Halted(reset.get() == SbiFirmware.Reset.REBOOT);
        }
        return switch (stop) {
            case LIMIT -> new RunResult.BudgetSpent();
            case IDLE -> new RunResult.Idle();
            case STUCK -> new RunResult.Stuck(hart.trapLoop());
            case PAUSED -> new RunResult.Paused(hart.pause());
        };
    }

    /** Ends {@link #run} at the cycle after the current one. */
    public void stop() {
        hart.stop();
    }

    /** Hart, platform and devices, not RAM. Of a digest, it is all but RAM. */
    @Override
    public void state(StateExchange s) {
        s.part("MACH", 1);
        s.savedConstant(config.seed(), "seed");
        timeline.state(s);
        int end = s.saved(reset.map(RESETS::indexOf).orElse(-1), -1, RESETS.size() - 1);
        reset = end < 0 ? Optional.empty() : Optional.of(RESETS.get(end));
        firmware.state(s);
        hart.state(s);
        s.require(hart.state().cycle() == timeline.now(), "it has two times");
        board.state(s);
        s.savedConstant(transports.size(), "number of devices");
        for (Map.Entry<Slot, MmioTransport> entry : transports.entrySet()) {
            s.digestedConstant(config.model().profile().place(entry.getKey()).interrupt(), "device in a slot");
            entry.getValue().state(s);
        }
        for (Stateful device : devices.values()) {
            device.state(s);
        }
    }

    private void wholeState(StateExchange s, Stateful... beside) {
        state(s);
        ram.state(s);
        for (Stateful part : beside) {
            part.state(s);
        }
    }

    /** {@return the SHA-256 of hart, platform and device state, without RAM: cheap enough for checkpoints} */
    public byte[] deviceStateDigest() {
        return StateDigest.sha256(this);
    }

    /** {@return the SHA-256 of everything a guest can see: what {@link #state} digests, then RAM} */
    public byte[] stateDigest() {
        return StateDigest.sha256(this::wholeState);
    }

    /**
     * {@return what stays the same object as long as nothing is written to a page of RAM} Of two states of which the later came of
     * the earlier, and that give the same object when they are loaded, nothing was written to the page in between. Where they give
     * others, something may have been.
     *
     * @param address physical, of a byte of the page
     */
    public Object pageIdentity(long address) {
        return ram.readablePage(ram.pageOf(address));
    }

    /**
     * {@return the state of this machine, to go on from} To be asked for between runs. It costs a pointer for each page of RAM that
     * was touched, and later a copy of each that is written to again. What the host has scheduled is no part of it.
     *
     * @param beside what lives beside the machine and is to be in the same state, in this order
     */
    public SavedState save(Stateful... beside) {
        requireOn();
        return SavedState.of(s -> wholeState(s, beside));
    }

    /**
     * Takes the machine to a saved state, earlier or later, between runs; one that is off is switched on there, in place of
     * {@link #start}. It was made like the one that was saved, with the same devices attached. What the host has scheduled
     * stays scheduled, at the cycles that it said.
     *
     * @param state where it goes on
     * @param beside what lives beside the machine and was saved with it, in the same order
     * @throws BadStateException if the state is damaged or of another machine. This machine is in no state at all then, and neither
     *     are its devices and what is beside it: throw them away
     */
    public void load(SavedState state, Stateful... beside) throws BadStateException {
        requireWhole();
        broken = true;
        state.loadInto(s -> wholeState(s, beside));
        broken = false;
        if (!started) {
            started = true;
            board.map(transports);
        }
    }
}
