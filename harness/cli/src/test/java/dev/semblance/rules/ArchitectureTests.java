package dev.semblance.rules;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.semblance.rules.ProjectClasses.ALL;
import static dev.semblance.rules.ProjectClasses.BRIDGE;
import static dev.semblance.rules.ProjectClasses.CLI;
import static dev.semblance.rules.ProjectClasses.GPU;
import static dev.semblance.rules.ProjectClasses.HARNESS;
import static dev.semblance.rules.ProjectClasses.JUNIT;
import static dev.semblance.rules.ProjectClasses.LIVE;
import static dev.semblance.rules.ProjectClasses.MACHINE;
import static dev.semblance.rules.ProjectClasses.PROJECT;
import static dev.semblance.rules.ProjectClasses.isIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaPackage;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.DecodedCommand;
import dev.semblance.machine.virtio.MmioTransport;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The lines that docs/ARCHITECTURE.md draws between modules and packages. */
class ArchitectureTests {

    /** What machine and gpu may use beyond each other: the JDK's base module, and annotations that are not there at run time. */
    private static final List<String> BASE =
            List.of("java.lang", "java.util", "java.math", "java.nio", "java.io", "java.security");

    private static final Set<String> MACHINE_FOR_GPU =
            Set.of(MACHINE + ".memory", MACHINE + ".time", MACHINE + ".virtio", MACHINE + ".state");

    /** Words of what is done with a run, which the machine and the GPU must not know. */
    private static final Pattern HARNESS_WORDS =
            Pattern.compile("(?<![a-z])(trac(e|er|ing)|record(er|ing)?|replay(er)?|golden)(?![a-z])");

    private static List<Dependency> strangers(List<JavaClass> types, Predicate<JavaClass> allowed) {
        return types.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> !allowed.test(dependency.getTargetClass().getBaseComponentType()))
                .toList();
    }

    private static boolean isBase(JavaClass type) {
        return type.isPrimitive()
                || BASE.stream().anyMatch(folder -> isIn(type, folder))
                || isIn(type, "org.jspecify.annotations");
    }

    @Test
    void theMachineDependsOnTheJdkAlone() {
        List<JavaClass> machine = ProjectClasses.in(20, MACHINE);
        assertThat(strangers(machine, type -> isIn(type, MACHINE) || isBase(type)))
                .isEmpty();
    }

    @Test
    void theGpuSeesOnlyTheMachinesMemoryTimeVirtioAndState() {
        List<JavaClass> gpu = ProjectClasses.in(5, GPU);
        assertThat(strangers(
                        gpu,
                        type -> isIn(type, GPU) || isBase(type) || MACHINE_FOR_GPU.contains(type.getPackageName())))
                .isEmpty();
    }

    /** The rooms of the harness in the order of the data; each may use those before it. */
    private static final List<String> ROOMS = List.of(
            "json",
            "files",
            "trace",
            "guest",
            "record",
            "golden",
            "target",
            "replay",
            "playback",
            "rig",
            "fuzz",
            "edit",
            "report",
            "view");

    private static String room(JavaClass type) {
        String rest = type.getPackageName().substring(HARNESS.length());
        // What all may use is below all rooms: the package of the exceptions, and what is beside it.
        return rest.isEmpty() || rest.equals(".util") ? "" : rest.substring(1).split("\\.", -1)[0];
    }

    @Test
    void everyRoomOfTheHarnessUsesOnlyRoomsBeforeIt() {
        List<JavaClass> harness = ProjectClasses.in(200, HARNESS);
        assertThat(harness.stream()
                        .map(ArchitectureTests::room)
                        .filter(room -> !room.isEmpty())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(ROOMS);
        List<Dependency> backwards = harness.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> isIn(dependency.getTargetClass().getBaseComponentType(), HARNESS))
                .filter(dependency ->
                        ROOMS.indexOf(room(dependency.getTargetClass().getBaseComponentType()))
                                > ROOMS.indexOf(room(dependency.getOriginClass())))
                .toList();
        assertThat(backwards).isEmpty();
    }

    @Test
    void theLibraryKnowsNeitherTheCommandLineNorJUnit() {
        assertThat(strangers(
                        ProjectClasses.in(200, HARNESS),
                        type -> !isIn(type, CLI)
                                && !isIn(type, JUNIT)
                                && !isIn(type, "org.junit")
                                && !isIn(type, "net.jqwik")
                                && !isIn(type, "picocli")))
                .isEmpty();
        assertThat(strangers(ProjectClasses.in(5, JUNIT), type -> !isIn(type, CLI)))
                .isEmpty();
        assertThat(strangers(ProjectClasses.in(50, CLI), type -> !isIn(type, JUNIT)))
                .isEmpty();
    }

    /** So that whoever tests with JUnit loads nothing that calls C. */
    @Test
    void onlyTheCommandLineUsesTheBridgesAndOnlyTwoOfTheirPackagesCallC() {
        assertThat(strangers(ProjectClasses.in(250, MACHINE, GPU, HARNESS, JUNIT), type -> !isIn(type, BRIDGE)))
                .isEmpty();
        assertThat(strangers(ProjectClasses.in(20, BRIDGE), type -> !isIn(type, CLI) && !isIn(type, JUNIT)))
                .isEmpty();
        assertThat(users(type -> isIn(type, "java.lang.foreign"), BRIDGE))
                .containsExactlyInAnyOrder(BRIDGE + ".posix", BRIDGE + ".memory");
        assertThat(users(
                        type -> type.getName().startsWith("java.lang.foreign.Linker")
                                || type.getName().equals("java.lang.foreign.SymbolLookup"),
                        PROJECT))
                .containsExactly(BRIDGE + ".posix");
    }

    /** So that no other verb loads a web server, and nobody who tests with JUnit has one. */
    @Test
    void onlyTheCommandLineUsesTheLivePageAndOnlyThatTheWebServer() {
        assertThat(strangers(
                        ProjectClasses.in(250, MACHINE, GPU, HARNESS, JUNIT, BRIDGE),
                        type -> !isIn(type, LIVE) && !isIn(type, "org.eclipse.jetty")))
                .isEmpty();
        assertThat(strangers(
                        ProjectClasses.in(10, LIVE),
                        type -> !isIn(type, CLI) && !isIn(type, JUNIT) && !isIn(type, BRIDGE)))
                .isEmpty();
        assertThat(strangers(ProjectClasses.in(50, CLI), type -> !isIn(type, "org.eclipse.jetty")))
                .isEmpty();
        assertThat(ProjectClasses.in(50, CLI).stream()
                        .filter(type -> !strangers(List.of(type), used -> !isIn(used, LIVE))
                                .isEmpty())
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("LivePage", "ViewCommand", "ViewExport");
    }

    private static List<String> users(Predicate<JavaClass> what, String folder) {
        return ProjectClasses.in(20, folder).stream()
                .filter(type -> !strangers(List.of(type), what.negate()).isEmpty())
                .map(JavaClass::getPackageName)
                .distinct()
                .toList();
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        assertThat(ProjectClasses.in(60, PROJECT)).isNotEmpty();
        slices().matching("dev.semblance.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void nothingOutsideTheHarnessKnowsWhatIsDoneWithARun() {
        List<String> names = ProjectClasses.in(25, MACHINE, GPU).stream()
                .flatMap(type -> Stream.concat(
                        Stream.of(type.getName()),
                        type.getMembers().stream().map(member -> type.getName() + "." + member.getName())))
                .map(name -> name.substring("dev.semblance.".length()))
                .toList();
        assertThat(names).filteredOn(ArchitectureTests::hasHarnessWord).isEmpty();
    }

    private static boolean hasHarnessWord(String name) {
        String words = name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(java.util.Locale.ROOT);
        return HARNESS_WORDS.matcher(words).find();
    }

    @Test
    void theRuleOnWordsSeesThemInsideNames() {
        assertThat(Stream.of("gpu.TraceSink", "machine.Foo.recordAll", "gpu.replay.X", "Foo.GOLDEN", "FooTracer"))
                .allMatch(ArchitectureTests::hasHarnessWord);
        assertThat(Stream.of("gpu.Retraced", "machine.isGoldenrod", "Foo.recorded", "Foo.hashCode"))
                .noneMatch(ArchitectureTests::hasHarnessWord);
    }

    @Test
    void onlyTheCommandLineWritesToTheStandardStreams() {
        List<JavaClass> others = ProjectClasses.in(60, PROJECT).stream()
                .filter(type -> !isIn(type, CLI))
                .toList();
        assertThat(others.stream().flatMap(type -> type.getFieldAccessesFromSelf().stream()))
                .filteredOn(access -> access.getTargetOwner().isEquivalentTo(System.class))
                .isEmpty();
        assertThat(others.stream().flatMap(type -> type.getMethodCallsFromSelf().stream()))
                .filteredOn(call -> call.getName().equals("printStackTrace"))
                .isEmpty();
    }

    /** So that nothing hidden in a name, and no command for CI, reaches whoever reads: Printer escapes every line. */
    @Test
    void onlyOneClassPrints() {
        Set<String> may = Set.of(CLI + ".Printer", CLI + ".Terminal", CLI + ".StatusLine");
        Set<String> streams = Set.of("java.io.PrintWriter", "java.io.PrintStream", "java.io.Console");
        List<JavaClass> types = ProjectClasses.in(60, PROJECT);
        List<JavaCodeUnitAccess<?>> prints = types.stream()
                .flatMap(type -> Stream.<JavaCodeUnitAccess<?>>concat(
                        type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream()))
                .filter(access -> streams.contains(access.getTargetOwner().getName())
                                && !access.getName().equals("isTerminal")
                        || access.getName().equals("printStackTrace")
                        || access.getName().equals("println"))
                .filter(access -> !access.getTargetOwner().getName().equals(CLI + ".Printer"))
                .toList();
        assertThat(prints).hasSizeGreaterThan(5);
        assertThat(prints)
                .filteredOn(access ->
                        !may.contains(access.getOriginOwner().getName().replaceFirst("\\$.*", "")))
                .extracting(access -> access.getDescription() + ": use dev.semblance.cli.Printer")
                .isEmpty();
        // Bytes as they are: what a guest writes to its console, and files that are made for standard output.
        assertThat(types.stream().flatMap(type -> type.getMethodCallsFromSelf().stream()))
                .filteredOn(call -> call.getTargetOwner().getName().equals(CLI + ".Terminal")
                        && call.getName().equals("standard"))
                .extracting(call -> call.getOriginOwner().getName())
                .containsOnly(CLI + ".HostConsole", CLI + ".Outlet", CLI + ".Semblance");
        assertThat(types.stream().flatMap(type -> type.getFieldAccessesFromSelf().stream()))
                .filteredOn(access -> access.getTargetOwner().isEquivalentTo(System.class)
                        && !access.getName().equals("in"))
                .extracting(access -> access.getOriginOwner().getName())
                .containsOnly(CLI + ".Terminal");
        // Read by whoever is handed it: a test that runs the program in its own process has commands from Maven there.
        assertThat(types.stream().flatMap(type -> type.getFieldAccessesFromSelf().stream()))
                .filteredOn(access -> access.getName().equals("in")
                        && (access.getTargetOwner().isEquivalentTo(System.class)
                                || access.getTargetOwner().isEquivalentTo(FileDescriptor.class)))
                .extracting(access -> access.getOriginOwner().getName())
                .containsOnly(CLI + ".CliEnvironment");
    }

    private static List<String> users(Class<?> owner, String method, Predicate<JavaClass> allowed) {
        List<JavaClass> users = ALL.get(owner).getMethods().stream()
                .filter(candidate -> candidate.getName().equals(method))
                .flatMap(candidate -> candidate.getAccessesToSelf().stream())
                .map(access -> access.getOriginOwner())
                .filter(user -> !user.isEquivalentTo(owner))
                .toList();
        assertThat(users).as("users of " + owner.getSimpleName() + "." + method).anyMatch(allowed);
        return users.stream()
                .filter(user -> !allowed.test(user))
                .map(JavaClass::getName)
                .distinct()
                .toList();
    }

    /** The decoder is a part of what is tested: one that throws must not keep a trace that shows it from being read. */
    @Test
    void onlyTheDeviceAndDecodedCommandDecodeRequests() {
        assertThat(users(
                        CommandCodec.class,
                        "decode",
                        user -> isIn(user, GPU + ".device") || user.isEquivalentTo(DecodedCommand.class)))
                .isEmpty();
    }

    /** Strict and bounded in one place; whoever only writes JSON takes a plain mapper. */
    @Test
    void onlyOnePlaceSaysHowJsonOfOthersIsRead() {
        Set<String> limits =
                Set.of("tools.jackson.core.json.JsonFactory", "tools.jackson.core.json.JsonFactoryBuilder");
        assertThat(ALL.stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> limits.contains(call.getTargetOwner().getName())
                                && !call.getName().startsWith("create"))
                        .map(call -> call.getOriginOwner().getName())
                        .distinct())
                .containsExactly(HARNESS + ".json.Json");
    }

    /** Beside its own exceptions the library lets a number's pass now and then; whoever caught the one would miss the other. */
    @Test
    void onlyOnePlaceCatchesWhatTheJsonLibraryThrows() {
        assertThat(ALL.stream()
                        .filter(type -> type.getTryCatchBlocks().stream()
                                .flatMap(block -> block.getCaughtThrowables().stream())
                                .anyMatch(thrown -> thrown.getName().startsWith("tools.jackson.")))
                        .map(JavaClass::getName))
                .containsExactly(HARNESS + ".json.Json");
    }

    /** A new key of the manifest is to be added in one place, and what makes a manifest of another has it too. */
    @Test
    void onlyItsBuilderNamesAllThatIsInAManifest() {
        assertThat(ALL.get(TraceManifest.class).getConstructors().stream()
                        .flatMap(constructor -> constructor.getAccessesToSelf().stream())
                        .map(access -> access.getOriginOwner().getName())
                        .distinct())
                .containsExactly(TraceManifest.Builder.class.getName());
    }

    /** Numbers of a hostile manifest: {@code ReplayableGpu} checks them, and the others print them or pass them on. */
    @Test
    void onlyReplayableGpuSizesADeviceByAManifest() {
        Set<String> printing = Set.of(
                CLI + ".TraceSummary",
                HARNESS + ".report.RecordingSection",
                HARNESS + ".record.session.SessionImages",
                HARNESS + ".edit.trim.TraceTrimmer",
                HARNESS + ".edit.redact.TraceRedactor");
        for (String number : List.of("ramBytes", "displayModes")) {
            assertThat(users(
                            TraceManifest.class,
                            number,
                            user -> isIn(user, HARNESS + ".trace") || printing.contains(user.getName())))
                    .isEmpty();
        }
    }

    /** A verb that has images any other way would lack the option that says how far to believe what is known of them. */
    @Test
    void onlyTheMixinOfItsOptionGivesAVerbImages() {
        assertThat(ProjectClasses.in(60, CLI).stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getName().equals(CLI + ".CliEnvironment")
                                        && call.getName().equals("finder")
                                || call.getTargetOwner().getName().equals(HARNESS + ".guest.images.GuestImages")
                                        && Set.of("ofUser", "verifying").contains(call.getName()))
                        .map(call -> call.getOriginOwner().getName())
                        .distinct())
                .containsExactlyInAnyOrder(CLI + ".ImageOptions", CLI + ".CliEnvironment");
        assertThat(ProjectClasses.in(60, CLI).stream()
                        .flatMap(type -> type.getConstructorCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getName().equals(CLI + ".ImageOptions"))
                        .map(call -> call.getOriginOwner()))
                .hasSizeGreaterThan(4)
                .allMatch(owner -> owner.isAssignableTo(CLI + ".Subcommand")
                        || owner.getName().equals(CLI + ".PlaybackOptions"));
    }

    /** Who puts a device on a transport beside the seam, and why no other device can be wanted there. */
    private static final Map<String, String> HAS_A_TRANSPORT = Map.of(
            HARNESS + ".target.BuiltinDevice", "is the seam",
            HARNESS + ".rig.DisplayWorkload", "records traces for measuring",
            HARNESS + ".edit.trim.StateReconstructor", "records the reference, which is right by definition");

    @Test
    void onlyTheRoomOfTargetsPutsADeviceOnATransport() {
        assertThat(ProjectClasses.in(200, HARNESS).stream()
                        .flatMap(type -> type.getConstructorCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().isEquivalentTo(MmioTransport.class))
                        .map(call -> call.getOriginOwner().getName())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(HAS_A_TRANSPORT.keySet());
    }

    /** A request in parts is as long as a trace likes; {@code RequestAssembler} holds no more than a device reads. */
    @Test
    void onlyTheAssemblerJoinsThePartsOfARequest() {
        List<String> joining = ALL.get(TraceEvent.RequestPart.class).getMethod("bytes").getAccessesToSelf().stream()
                .map(access -> access.getOriginOwner())
                .filter(user -> user.getDirectDependenciesFromSelf().stream()
                        .anyMatch(
                                dependency -> dependency.getTargetClass().isEquivalentTo(ByteArrayOutputStream.class)))
                .map(JavaClass::getName)
                .distinct()
                .toList();
        assertThat(joining).containsExactly(HARNESS + ".trace.RequestAssembler");
    }

    /** What opens, makes, moves or fills a file, by the class that it belongs to. */
    private static final Map<String, Set<String>> WRITERS = Map.of(
            "java.nio.file.Files",
            Set.of(
                    "newOutputStream",
                    "newBufferedWriter",
                    "newByteChannel",
                    "write",
                    "writeString",
                    "move",
                    "createFile",
                    "createLink",
                    "createSymbolicLink",
                    "createTempFile",
                    "createTempDirectory"),
            "java.nio.channels.FileChannel",
            Set.of("open"),
            "java.nio.channels.AsynchronousFileChannel",
            Set.of("open"),
            "java.io.FileOutputStream",
            Set.of("<init>"),
            "java.io.RandomAccessFile",
            Set.of("<init>"),
            "java.io.FileWriter",
            Set.of("<init>"),
            "java.io.PrintStream",
            Set.of("<init>"),
            "java.io.PrintWriter",
            Set.of("<init>"),
            "java.io.File",
            Set.of("createTempFile", "renameTo", "createNewFile"));

    /** Where that is right, each with its reason. */
    private static final Map<String, String> MAY_OPEN_FILES = Map.of(
            HARNESS + ".trace.BoundedFile", "reads",
            HARNESS + ".guest.images.PlainContent", "maps a file to read it",
            CLI + ".StandardOutput", "is standard output, by its descriptor");

    private static boolean opensAFile(AccessTarget.CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        if (!WRITERS.getOrDefault(owner, Set.of()).contains(target.getName())) {
            // Copying into a stream is reading.
            return owner.equals("java.nio.file.Files")
                            && target.getName().equals("copy")
                            && target.getRawReturnType().getName().equals("java.nio.file.Path")
                    || owner.equals("org.apache.commons.io.FileUtils")
                    || owner.equals("javax.imageio.ImageIO")
                            && target.getName().equals("write")
                            && parameter(target, 2).equals("java.io.File");
        }
        // Streams that only wrap another.
        boolean wraps = owner.startsWith("java.io.Print")
                && Set.of("java.io.OutputStream", "java.io.Writer").contains(parameter(target, 0));
        return !wraps;
    }

    private static String parameter(AccessTarget.CodeUnitAccessTarget target, int index) {
        return target.getRawParameterTypes().size() > index
                ? target.getRawParameterTypes().get(index).getName()
                : "";
    }

    @Test
    void onlyOnePackageWritesFilesSoThatNoneIsEverHalfWritten() {
        List<JavaClass> types = ProjectClasses.in(60, PROJECT);
        List<JavaCodeUnitAccess<?>> openings = types.stream()
                .flatMap(type -> Stream.<JavaCodeUnitAccess<?>>concat(
                        type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream()))
                .filter(access -> opensAFile(access.getTarget()))
                .toList();
        // The rule sees what it is about.
        assertThat(openings)
                .filteredOn(access -> isIn(access.getOriginOwner(), HARNESS + ".files"))
                .hasSizeGreaterThanOrEqualTo(6);
        assertThat(openings.stream()
                        .map(access -> access.getOriginOwner().getName())
                        .collect(Collectors.toSet()))
                .containsAll(MAY_OPEN_FILES.keySet());
        assertThat(openings)
                .filteredOn(access -> !isIn(access.getOriginOwner(), HARNESS + ".files")
                        && !MAY_OPEN_FILES.containsKey(access.getOriginOwner().getName()))
                .extracting(access -> access.getDescription() + ": use dev.semblance.harness.files.OutputFile")
                .isEmpty();
    }

    /** These take a file of any size into memory. */
    private static final Map<String, Set<String>> WHOLE_READERS = Map.of(
            "java.nio.file.Files",
            Set.of("readString", "readAllBytes", "readAllLines", "lines", "newBufferedReader"),
            "java.io.InputStream",
            Set.of("readAllBytes"));

    /** What may use them, and what it reads. */
    private static final Map<String, String> MAY_READ_ALL = Map.of(
            HARNESS + ".report.PageHead", "a resource of its own",
            LIVE + ".Resources", "resources of its own",
            CLI + ".HostConsole", "the output of stty");

    @Test
    void onlyOnePlaceReadsWholeFilesSoThatEachHasALimit() {
        List<JavaCodeUnitAccess<?>> reads = ProjectClasses.in(60, PROJECT).stream()
                .flatMap(type -> Stream.<JavaCodeUnitAccess<?>>concat(
                        type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream()))
                .filter(access -> WHOLE_READERS
                        .getOrDefault(access.getTarget().getOwner().getName(), Set.of())
                        .contains(access.getTarget().getName()))
                .toList();
        // The rule sees what it is about.
        assertThat(reads.stream()
                        .map(access -> access.getOriginOwner().getName())
                        .collect(Collectors.toSet()))
                .containsAll(MAY_READ_ALL.keySet());
        assertThat(reads)
                .filteredOn(access ->
                        !MAY_READ_ALL.containsKey(access.getOriginOwner().getName()))
                .extracting(access -> access.getDescription() + ": use dev.semblance.harness.files.WholeFile")
                .isEmpty();
    }

    @Test
    void onlyOnePlaceListensForTheEndOfTheProcess() {
        assertThat(ProjectClasses.in(60, PROJECT).stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getName().equals("addShutdownHook"))
                        .map(call -> call.getOriginOwner().getName()))
                // The terminal has to be put right however the process ends.
                .containsExactlyInAnyOrder(HARNESS + ".files.AtExit", CLI + ".HostConsole");
    }

    @Test
    void everyPackageIsNullMarked() {
        List<JavaPackage> packages = ProjectClasses.in(60, PROJECT).stream()
                .map(JavaClass::getPackage)
                .distinct()
                .toList();
        assertThat(packages).hasSizeGreaterThanOrEqualTo(8);
        assertThat(packages)
                .filteredOn(folder -> !folder.isAnnotatedWith(NullMarked.class))
                .isEmpty();
    }
}
