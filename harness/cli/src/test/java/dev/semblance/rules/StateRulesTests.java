package dev.semblance.rules;

import static dev.semblance.rules.ProjectClasses.GPU;
import static dev.semblance.rules.ProjectClasses.HARNESS;
import static dev.semblance.rules.ProjectClasses.MACHINE;
import static dev.semblance.rules.ProjectClasses.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": a field that is added to a part is saved and loaded, or it is said here why it need not be. */
class StateRulesTests {

    private static final List<JavaClass> TYPES = ProjectClasses.in(60, MACHINE, GPU).stream()
            .filter(type -> !type.getPackageName().equals(MACHINE + ".state"))
            .toList();

    /** What lives beside a machine. */
    private static final List<JavaClass> BESIDE = ProjectClasses.in(200, HARNESS).stream()
            .filter(StateRulesTests::hasState)
            .toList();

    /** Fields of parts of the state that are not exchanged, each with the reason. */
    private static final Map<String, String> NOT_STATE = Map.ofEntries(
            Map.entry("gpu.device.VirtioGpuDevice.context", "comes by resume"),
            Map.entry("gpu.model.Gpu2d.publishedRows", "is there for speed: rows are made again of the pixels"),
            Map.entry("gpu.model.Gpu2d.transferBuffer", "holds nothing between two commands"),
            Map.entry("gpu.model.Resource2d.contentDigest", "is computed from the pixels"),
            Map.entry(
                    "gpu.model.Resource2d.contentDigestValid",
                    "is false in what is loaded: the digest is computed again"),
            Map.entry("harness.playback.DevicePlayback.checkpoints", "are the states"),
            Map.entry("harness.playback.DevicePlayback.marks", "are of the file"),
            Map.entry("harness.playback.DevicePlayback.passed", "is set by who loads"),
            Map.entry("harness.playback.DevicePlayback.reader", "is closed when a state is loaded"),
            Map.entry("harness.playback.DevicePlayback.spacing", "says how many states are kept from here on"),
            Map.entry("harness.playback.DevicePlayback.work", "begins anew with a state"),
            Map.entry("harness.playback.Playback.checkpoints", "are the states"),
            Map.entry("harness.playback.Playback.compared", "says what need not be looked at again"),
            Map.entry("harness.playback.Playback.machine", "exchanges itself, before what is beside it"),
            Map.entry("harness.playback.Playback.reached", "is how far it ever was"),
            Map.entry("harness.playback.Playback.session", "exchanges itself, before what is beside it"),
            Map.entry("harness.playback.PlayedGpu.work", "says how much was done since it was asked"),
            Map.entry("harness.record.KnownMemory.Page.following", "is there for speed: the page behind this one"),
            Map.entry(
                    "harness.record.KnownMemory.Page.inNews",
                    "says who else has the bytes, which follows from the past"),
            Map.entry("harness.record.KnownMemory.last", "is there for speed: the page that was learnt of last"),
            Map.entry("harness.record.KnownMemory.lastStart", "is there for speed: where that page is"),
            Map.entry(
                    "harness.record.RecordingDevice.RecordingQueue.underway",
                    "is filled again where a device recalls its chains; others come back to nobody"),
            Map.entry("harness.record.RecordingMemory.news", "holds nothing between two commands"),
            Map.entry("harness.record.RecordingMemory.runs", "holds nothing between two commands"),
            Map.entry("harness.record.session.RecordingRun.ended", "is empty in all runs that are saved or loaded"),
            Map.entry("harness.record.session.RecordingRun.failure", "comes with the end of a run"),
            Map.entry("harness.record.session.RecordingRun.finished", "comes with the end of a run"),
            Map.entry("harness.record.session.RecordingRun.session", "exchanges itself, before what is beside it"),
            Map.entry("harness.record.session.RecordingRun.trap", "comes with the end of a run"),
            Map.entry("harness.record.session.Session.console", "is a wire"),
            Map.entry("harness.record.session.Session.gpu", "is the machine's"),
            Map.entry("harness.record.session.Session.inputs", "is the machine's"),
            Map.entry("harness.record.session.Session.machine", "exchanges itself, before what is beside it"),
            Map.entry("harness.replay.MachineReplayer.differences", "are none in all replays that are saved"),
            Map.entry("harness.replay.MachineReplayer.divergence", "is none in all replays that are saved"),
            Map.entry("harness.replay.MachineReplayer.end", "is set anew by each run"),
            Map.entry("harness.replay.MachineReplayer.endCycle", "is set anew by each run"),
            Map.entry("harness.replay.MachineReplayer.reader", "is read up to the state when it is loaded"),
            Map.entry("harness.replay.MachineReplayer.traceEnded", "is false in all replays that are saved"),
            Map.entry("machine.Machine.bus", "is put together by start and load"),
            Map.entry("machine.Machine.broken", "is about this object: whether a state was refused"),
            Map.entry("machine.Machine.started", "is true of all that is saved or was loaded"),
            Map.entry("machine.cpu.Hart.limit", "is set anew by each run"),
            Map.entry("machine.cpu.Hart.pause", "says why the last run ended"),
            Map.entry("machine.cpu.Hart.ram", "is the machine's"),
            Map.entry("machine.cpu.Hart.timeline", "is the machine's"),
            Map.entry("machine.cpu.Hart.watching", "is who watches, who sees all and changes nothing"),
            Map.entry("machine.Board.bus", "is put together by start and load"),
            Map.entry("machine.cpu.Mmu.walker", "keeps nothing from one walk to the next"),
            Map.entry("machine.cpu.Mmu.asksForEachStore", "says how translated code is checked, which cannot be seen"),
            Map.entry("machine.cpu.Mmu.blockEnd", "is set anew by each block"),
            Map.entry("machine.cpu.Mmu.bus", "is the machine's"),
            Map.entry("machine.cpu.Mmu.changes", "is there while a region is executed"),
            Map.entry("machine.cpu.Mmu.state", "is the hart's"),
            Map.entry("machine.cpu.Mmu.timeline", "is the machine's"),
            Map.entry("machine.cpu.Mmu.tlb", "follows from mode and SUM"),
            Map.entry("machine.cpu.Mmu.watching", "is who watches, who sees all and changes nothing"),
            Map.entry("machine.cpu.Mmu.trap", "holds nothing between two instructions"),
            Map.entry("machine.cpu.Tlb.fetchTag", "is the tags of the translations of fetches"),
            Map.entry("machine.cpu.Tlb.fetchBlocks", "is a shortcut, which comes by itself"),
            Map.entry("machine.cpu.Tlb.loadTag", "is the tags of the translations of loads"),
            Map.entry("machine.cpu.Tlb.loadsAreHidden", "follows from what is watched, which cannot be seen"),
            Map.entry("machine.cpu.Tlb.storePage", "is a shortcut, which comes by itself"),
            Map.entry("machine.cpu.Tlb.storeTag", "is a shortcut, which comes by itself"),
            Map.entry("machine.cpu.TrapLoop.before", "is an array of which each element is exchanged"),
            Map.entry("machine.cpu.TrapLoop.now", "is filled before it is read"),
            Map.entry("machine.device.Aclint.harts", "are wires: a level is the state of what it leads to"),
            Map.entry("machine.device.Plic.outputs", "are wires: a level is the state of what it leads to"),
            Map.entry("machine.memory.Ram.listener", "is a wire"),
            Map.entry("machine.memory.Ram.sharing", "is a wire"),
            Map.entry("machine.memory.Ram.watched", "says which pages have decoded code, which is dropped"),
            Map.entry("machine.memory.Ram.watcher", "is a wire"),
            Map.entry(
                    "machine.time.CycleTimeline.inserted",
                    "counts what the host schedules too; the order of deadlines is saved by place"),
            Map.entry("machine.time.CycleTimeline.nextDeadline", "is that of the queue"),
            Map.entry("machine.virtio.MmioTransport.ignoredAccesses", "is a counter for tests"),
            Map.entry(
                    "machine.virtio.MmioTransport.life",
                    "is begun anew where a state is loaded; its queues are exchanged"),
            Map.entry("machine.virtio.SplitVirtqueue.seenAvailable", "is read from the ring before each use"),
            Map.entry("machine.virtio.blk.VirtioBlk.buffer", "holds nothing between two requests"),
            Map.entry("machine.virtio.blk.VirtioBlk.context", "comes by resume"),
            Map.entry("machine.virtio.input.VirtioInput.context", "comes by resume"),
            Map.entry("machine.virtio.rng.VirtioRng.context", "comes by resume"));

    /** Classes with fields that change, and no state, each with the reason. */
    private static final Map<String, String> NO_PARTS = Map.ofEntries(
            Map.entry("gpu.model.PublishedRows", "is there for speed: rows are made again of the pixels"),
            Map.entry("machine.boot.FlattenedDeviceTree", "is made, written to RAM and forgotten"),
            Map.entry("machine.boot.FlattenedDeviceTree.Node", "is made, written to RAM and forgotten"),
            Map.entry("machine.cpu.PageTableWalker", "keeps nothing from one walk to the next"),
            Map.entry("machine.bus.Bus", "is put together by start and load"),
            Map.entry("machine.cpu.BasicBlock", "is decoded code, which is decoded again"),
            Map.entry("machine.cpu.BlockCache", "is decoded code, which is decoded again"),
            Map.entry("machine.cpu.Changes", "is there while a region is executed"),
            Map.entry("machine.cpu.TranslatingCore", "counts regions, which cannot be seen"),
            Map.entry("machine.cpu.Region", "is translated code, which is translated again"),
            Map.entry("machine.cpu.Watching", "is who watches, who sees all and changes nothing"),
            Map.entry("machine.translate.InstructionCode", "makes bytecode and is forgotten"),
            Map.entry("machine.translate.RegionCode", "makes bytecode and is forgotten"),
            Map.entry("machine.translate.RegionLibrary", "is translated code, which is translated again"),
            Map.entry("machine.translate.RegionLibrary.Page", "is translated code, which is translated again"),
            Map.entry("machine.translate.RegionShape", "says what to translate and is forgotten"),
            Map.entry("machine.translate.Translator", "counts regions that wait, which cannot be seen"),
            Map.entry("machine.cpu.Trap", "holds nothing between two instructions"),
            Map.entry("machine.memory.SparseRam", "is memory of guests of other machines"),
            Map.entry("machine.virtio.ChainCursor", "is where a chain is read: those that are saved are unread"),
            Map.entry(
                    "machine.virtio.MmioTransport.Life", "is alive in all that is saved, and its queues are exchanged"),
            Map.entry("machine.virtio.SplitVirtqueue.ChainWalk", "holds nothing between two chains"),
            Map.entry("machine.virtio.driver.ChainBuilder", "is the side of a driver, which is no part of a machine"),
            Map.entry("machine.virtio.driver.GuestArena", "is the side of a driver, which is no part of a machine"),
            Map.entry("machine.virtio.driver.GuestDriver", "is the side of a driver, which is no part of a machine"),
            Map.entry("machine.virtio.driver.GuestQueue", "is the side of a driver, which is no part of a machine"));

    private static boolean exchangesState(JavaCodeUnit unit) {
        return unit.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(StateExchange.class));
    }

    private static boolean hasState(JavaClass type) {
        return type.getCodeUnits().stream().anyMatch(StateRulesTests::exchangesState);
    }

    private static String name(JavaField field) {
        return shortName(field.getOwner()) + "." + field.getName();
    }

    private static String shortName(JavaClass type) {
        return type.getName().replaceFirst("^dev\\.semblance\\.", "").replace('$', '.');
    }

    private static boolean isFinal(JavaField field) {
        return field.getModifiers().contains(JavaModifier.FINAL);
    }

    private static boolean isOfInstances(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !field.getOwner().isAssignableTo(Record.class)
                && !field.getOwner().isEnum();
    }

    /** What a final field holds can change if it is an array, a collection, or of a class with fields that are not final. */
    private static boolean canChange(JavaField field) {
        JavaClass type = field.getRawType();
        return !isFinal(field)
                || type.isArray()
                || type.isAssignableTo(Collection.class)
                || type.isAssignableTo(Map.class)
                || !type.isInterface() && (changes(type) || hasState(type));
    }

    private static boolean changes(JavaClass type) {
        return type.getPackageName().startsWith(PROJECT)
                && type.getFields().stream().anyMatch(field -> isOfInstances(field) && !isFinal(field));
    }

    private static Stream<JavaFieldAccess> accesses(JavaField field) {
        return field.getAccessesToSelf().stream().filter(access -> exchangesState(access.getOrigin()));
    }

    /** A field that is not final must be set where state is exchanged: reading it would save it, and not load it. */
    private static boolean isExchanged(JavaField field) {
        Predicate<JavaFieldAccess> exchanging =
                access -> isFinal(field) || access.getAccessType() == JavaFieldAccess.AccessType.SET;
        return accesses(field).anyMatch(exchanging);
    }

    @Test
    void everyFieldOfAPartThatCanChangeIsExchangedOrHasAReasonNotToBe() {
        assertThat(BESIDE).hasSizeGreaterThanOrEqualTo(8);
        List<JavaField> fields = Stream.concat(TYPES.stream().filter(StateRulesTests::hasState), BESIDE.stream())
                .flatMap(type -> type.getFields().stream())
                .filter(StateRulesTests::isOfInstances)
                .filter(StateRulesTests::canChange)
                .toList();
        assertThat(fields.stream().filter(StateRulesTests::isExchanged)).hasSizeGreaterThan(90);
        assertThat(fields.stream()
                        .filter(field -> !isExchanged(field))
                        .map(StateRulesTests::name)
                        .sorted()
                        .toList())
                .containsExactlyInAnyOrderElementsOf(NOT_STATE.keySet());
    }

    @Test
    void everyClassWhoseFieldsChangeIsAPartOrHasAReasonNotToBe() {
        assertThat(TYPES.stream()
                        .filter(type -> !hasState(type))
                        .filter(type -> type.getFields().stream()
                                .anyMatch(field -> isOfInstances(field) && !isFinal(field) && !isExchanged(field)))
                        .map(StateRulesTests::shortName)
                        .sorted()
                        .toList())
                .containsExactlyInAnyOrderElementsOf(NO_PARTS.keySet());
    }

    @Test
    void everyDeviceThatHasStateGoesOnWithItsDriver() {
        List<JavaClass> devices = TYPES.stream()
                .filter(type -> type.isAssignableTo(VirtioDevice.class) && type.isAssignableTo(Stateful.class))
                .toList();
        assertThat(devices).hasSizeGreaterThanOrEqualTo(4);
        assertThat(devices)
                .allMatch(type -> type.tryGetMethod("resume", Optional.class).isPresent());
    }

    /** A default method that a decorator does not have would be lost on the way. */
    @Test
    void decoratorsOfDevicesAndQueuesPassEverythingOn() {
        List<String> missing = new ArrayList<>();
        int seen = 0;
        for (Class<?> decorated : List.of(VirtioDevice.class, Virtqueue.class)) {
            for (JavaClass type : ProjectClasses.in(450, PROJECT)) {
                boolean decorator = type.isAssignableTo(decorated)
                        && type.getFields().stream()
                                .anyMatch(field -> field.getRawType().isEquivalentTo(decorated));
                if (decorator) {
                    seen++;
                    for (Method method : decorated.getMethods()) {
                        if (type.tryGetMethod(method.getName(), method.getParameterTypes())
                                .isEmpty()) {
                            missing.add(type.getName() + "." + method.getName());
                        }
                    }
                }
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(2);
        assertThat(missing).isEmpty();
    }
}
