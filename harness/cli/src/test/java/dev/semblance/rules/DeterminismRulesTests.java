package dev.semblance.rules;

import static dev.semblance.rules.Ban.constructor;
import static dev.semblance.rules.Ban.inPackage;
import static dev.semblance.rules.Ban.isNew;
import static dev.semblance.rules.Ban.method;
import static dev.semblance.rules.Ban.named;
import static dev.semblance.rules.Ban.owner;
import static dev.semblance.rules.Ban.parameters;
import static dev.semblance.rules.Ban.violations;
import static dev.semblance.rules.Ban.with;
import static dev.semblance.rules.Ban.without;
import static dev.semblance.rules.ProjectClasses.GPU;
import static dev.semblance.rules.ProjectClasses.MACHINE;
import static dev.semblance.rules.ProjectClasses.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.semblance.harness.util.Text;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.Collections;
import java.util.Formatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The machine and the GPU give the same results in every run, on every host (docs/ARCHITECTURE.md, corner 10), and nothing
 * that the harness prints, names or stores depends on the user's language. What could break that is banned by name, each
 * with what to use in its place.
 */
class DeterminismRulesTests {

    private static final String TIMELINE = "time comes from the Timeline";
    private static final String SEEDED = "random numbers come from the machine's seed";
    private static final String ONE_THREAD = "the machine runs on one thread; schedule on the Timeline";
    private static final String ORDERED =
            "iteration order differs between runs; use TreeMap, EnumMap, LinkedHashMap, lists or arrays";
    private static final String SETTINGS = "settings come from MachineConfig";
    private static final String TEXT =
            "digits and separators are those of the host's locale; use dev.semblance.harness.util.Text.format,"
                    + " or in machine and gpu, which have no need of it, + and HexFormat";
    private static final String LOCALE = "depends on the host's locale; pass Locale.ROOT";
    private static final String CHARSET = "depends on the host's charset; pass StandardCharsets.UTF_8 or US_ASCII";

    private static final List<Ban> BANS = List.of(
            new Ban(TIMELINE, method("java.lang.System", "nanoTime", "currentTimeMillis")),
            new Ban(TIMELINE, inPackage("java.time")),
            new Ban(TIMELINE, owner("java.util.Date", "java.util.Calendar", "java.util.Timer")),
            new Ban(SEEDED, method("java.lang.Math", "random")),
            new Ban(
                    SEEDED,
                    target -> isNew(target, "java.util.Random", "java.util.SplittableRandom")
                            && parameters(target).isEmpty()),
            new Ban(
                    SEEDED,
                    owner(
                            "java.util.concurrent.ThreadLocalRandom",
                            "java.security.SecureRandom",
                            "java.util.random.RandomGenerator")),
            new Ban(SEEDED, method("java.util.UUID", "randomUUID")),
            new Ban(SEEDED, method("java.util.Collections", "shuffle")),
            new Ban(ONE_THREAD, owner("java.lang.Thread", "java.lang.Thread$Builder", "java.lang.ThreadLocal")),
            new Ban(ONE_THREAD, inPackage("java.util.concurrent").and(target -> !isOfTranslation(target))),
            new Ban(
                    ONE_THREAD,
                    named("parallel", "parallelStream", "parallelSort", "parallelSetAll", "parallelPrefix")),
            new Ban(
                    ORDERED,
                    target -> isNew(
                            target,
                            "java.util.HashMap",
                            "java.util.HashSet",
                            "java.util.IdentityHashMap",
                            "java.util.WeakHashMap")),
            new Ban(ORDERED, method("java.util.Set", "of", "copyOf")),
            new Ban(ORDERED, method("java.util.Map", "of", "ofEntries", "copyOf")),
            new Ban(
                    ORDERED,
                    method(
                            "java.util.stream.Collectors",
                            "toSet",
                            "toMap",
                            "groupingBy",
                            "partitioningBy",
                            "toUnmodifiableSet",
                            "toUnmodifiableMap")),
            new Ban(ORDERED, method("java.lang.System", "identityHashCode")),
            new Ban(SETTINGS, method("java.lang.System", "getenv", "getProperty", "getProperties")),
            new Ban(SETTINGS, method("java.lang.Boolean", "getBoolean")),
            new Ban(SETTINGS, method("java.lang.Integer", "getInteger")),
            new Ban(SETTINGS, method("java.lang.Long", "getLong")),
            new Ban(SETTINGS, owner("java.lang.Runtime")));

    /** What may be used nowhere, in no module: it follows the locale or the charset of the host. */
    private static final List<Ban> HOST_BANS = List.of(
            new Ban(TEXT, method("java.lang.String", "format", "formatted")),
            new Ban(TEXT, method("java.io.PrintStream", "printf", "format")),
            new Ban(TEXT, method("java.io.PrintWriter", "printf", "format")),
            new Ban(TEXT, method("java.io.Console", "printf", "format", "readLine", "readPassword")),
            new Ban(TEXT, owner("java.util.Formatter")),
            new Ban(TEXT, inPackage("java.text")),
            new Ban(
                    LOCALE,
                    method("java.lang.String", "toLowerCase", "toUpperCase")
                            .and(target -> parameters(target).isEmpty())),
            new Ban(LOCALE, method("java.util.Locale", "getDefault")),
            new Ban(
                    LOCALE,
                    owner("java.time.format.DateTimeFormatter")
                            .and(named("ofPattern"))
                            .and(without(Locale.class))),
            new Ban(LOCALE, owner("java.time.format.DateTimeFormatter").and(Ban::isLocalized)),
            new Ban(
                    LOCALE,
                    method("java.time.format.DateTimeFormatterBuilder", "toFormatter")
                            .and(without(Locale.class))),
            new Ban("it reads numbers in the host's locale; read lines", owner("java.util.Scanner")),
            new Ban(CHARSET, method("java.nio.charset.Charset", "defaultCharset")),
            new Ban(
                    CHARSET,
                    method("java.lang.String", "getBytes")
                            .and(target -> parameters(target).isEmpty())),
            new Ban(CHARSET, method("java.io.ByteArrayOutputStream", "toString").and(without(Charset.class))),
            new Ban(
                    CHARSET,
                    constructor("java.lang.String").and(with(byte[].class)).and(without(Charset.class))),
            new Ban(
                    CHARSET,
                    constructor("java.io.FileReader", "java.io.FileWriter").and(without(Charset.class))),
            new Ban(
                    CHARSET,
                    constructor("java.io.InputStreamReader")
                            .and(without(Charset.class))
                            .and(without(CharsetDecoder.class))),
            new Ban(
                    CHARSET,
                    constructor("java.io.OutputStreamWriter")
                            .and(without(Charset.class))
                            .and(without(CharsetEncoder.class))),
            new Ban(
                    CHARSET,
                    constructor("java.io.PrintStream", "java.io.PrintWriter")
                            .and(without(Charset.class))
                            .and(without(Writer.class))));

    @Test
    void theMachineAndTheGpuUseNothingThatDiffersBetweenRuns() {
        assertThat(ProjectClasses.in(100, MACHINE, GPU).stream()
                        .flatMap(type -> Stream.of(BANS, HOST_BANS).flatMap(bans -> violations(type, bans))))
                .isEmpty();
    }

    /** What makes regions may do it on another thread, since no run can tell when one is there; nobody else may know of threads. */
    @Test
    void onlyTranslationKnowsThatThereAreOtherThreads() {
        assertThat(ProjectClasses.in(100, MACHINE, GPU).stream()
                        .filter(type -> !type.getPackageName().equals(MACHINE + ".translate"))
                        .flatMap(type -> type.getAccessesFromSelf().stream())
                        .filter(access -> isOfTranslation(access.getTarget()))
                        .map(Object::toString))
                .isEmpty();
    }

    private static boolean isOfTranslation(AccessTarget target) {
        return Set.of(
                        "java.util.concurrent.Executor",
                        "java.util.concurrent.RejectedExecutionException",
                        "java.util.concurrent.atomic.AtomicReferenceArray")
                .contains(target.getOwner().getName());
    }

    /** {@link Text} is the one place that formats. */
    @Test
    void nothingFollowsTheLocaleOrTheCharsetOfTheHost() {
        List<JavaClass> types = ProjectClasses.in(450, PROJECT);
        assertThat(types.stream()
                        .filter(type -> !type.isEquivalentTo(Text.class))
                        .flatMap(type -> violations(type, HOST_BANS)))
                .isEmpty();
        assertThat(violations(
                        types.stream()
                                .filter(type -> type.isEquivalentTo(Text.class))
                                .findFirst()
                                .orElseThrow(),
                        HOST_BANS))
                .hasSize(1);
    }

    @Test
    void noTestOfTheHarnessFollowsTheLocaleOrTheCharsetOfTheHost() {
        List<JavaClass> tests = ProjectClasses.tests(150);
        assertThat(tests.stream()
                        .filter(type -> !type.isEquivalentTo(HostCulprit.class))
                        .flatMap(type -> violations(type, HOST_BANS))
                        // Tests of what the default locale changes set it and set it back, and look at its digits.
                        .filter(violation -> !violation.contains("Locale.getDefault()"))
                        .filter(violation -> !violation.contains("LocaleTests.mostOfTheLocalesHaveDigitsOfTheirOwn()")))
                .isEmpty();
    }

    /** Others' programs have the JUnit extension in them: their default is not ours to change. */
    @Test
    void onlyTheProgramSetsTheDefaultLocale() {
        assertThat(ProjectClasses.in(450, PROJECT).stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> method("java.util.Locale", "setDefault").test(call.getTarget()))
                        .map(call -> call.getOriginOwner().getName()))
                .containsExactly("dev.semblance.cli.Semblance");
    }

    /** A class that does everything that is banned of the machine and the GPU, once a method. */
    @SuppressWarnings({"unused", "ThreadPriorityCheck", "JavaUtilDate", "RandomCast"})
    private static final class Culprit {
        Object clock() {
            return System.nanoTime();
        }

        Object wallClock() {
            return System.currentTimeMillis();
        }

        Object instant() {
            return Instant.now();
        }

        Object dice() {
            return Math.random();
        }

        Object random() {
            return new Random();
        }

        Object threadRandom() {
            return ThreadLocalRandom.current();
        }

        Object secureRandom() {
            return new SecureRandom();
        }

        Object uuid() {
            return UUID.randomUUID();
        }

        Object thread() {
            return Thread.currentThread();
        }

        Object pool() {
            return Executors.newCachedThreadPool();
        }

        Object parallel() {
            return Stream.of(1).parallel();
        }

        Object map() {
            return new HashMap<String, String>();
        }

        Object set() {
            return new HashSet<String>();
        }

        Object mapOf() {
            return Map.of("a", "b");
        }

        Object setOf() {
            return Set.of("a");
        }

        Object collected() {
            return Stream.of(1).collect(Collectors.toSet());
        }

        Object environment() {
            return System.getenv("HOME");
        }

        Object property() {
            return System.getProperty("user.home");
        }

        Object shuffled(List<String> list) {
            Collections.shuffle(list);
            return list;
        }

        Object reference() {
            java.util.function.Supplier<Map<String, String>> maker = HashMap::new;
            return maker;
        }
    }

    /** A class that does everything that is banned everywhere, once a method. */
    @SuppressWarnings({"unused", "DefaultCharset", "DefaultLocale", "StringCaseLocaleUsage", "resource"})
    private static final class HostCulprit {
        Object formatted() {
            return "%d".formatted(1);
        }

        Object format() {
            return String.format("%d", 1);
        }

        Object formatWithALocale() {
            return String.format(Locale.ROOT, "%d", 1);
        }

        Object printfToAWriter(PrintWriter writer) {
            return writer.printf("%d", 1);
        }

        Object printfToAStream(PrintStream stream) {
            return stream.format("%d", 1);
        }

        Object formatter() {
            return new Formatter();
        }

        Object numberFormat() {
            return NumberFormat.getInstance();
        }

        Object decimalFormat() {
            return new DecimalFormat("#,###");
        }

        Object lower(String text) {
            return text.toLowerCase();
        }

        Object upper(String text) {
            return text.toUpperCase();
        }

        Object upperByReference() {
            UnaryOperator<String> upper = String::toUpperCase;
            return upper;
        }

        Object locale() {
            return Locale.getDefault();
        }

        Object date() {
            return DateTimeFormatter.ofPattern("yyyy");
        }

        Object localizedDate() {
            return DateTimeFormatter.ofLocalizedDate(FormatStyle.SHORT);
        }

        Object builtDate() {
            return new DateTimeFormatterBuilder().toFormatter();
        }

        Object scanner(InputStream in) {
            return new Scanner(in, StandardCharsets.UTF_8);
        }

        Object charset() {
            return Charset.defaultCharset();
        }

        Object bytes(String text) {
            return text.getBytes();
        }

        Object string(byte[] bytes) {
            return new String(bytes);
        }

        Object partOfString(byte[] bytes) {
            return new String(bytes, 0, 1);
        }

        Object collected(ByteArrayOutputStream bytes) {
            return bytes.toString();
        }

        Object reader(InputStream in) {
            return new InputStreamReader(in);
        }

        Object fileReader(File file) throws IOException {
            return new FileReader(file);
        }

        Object fileWriter(File file) throws IOException {
            return new FileWriter(file);
        }

        Object writer(OutputStream out) {
            return new OutputStreamWriter(out);
        }

        Object printWriter(OutputStream out) {
            return new PrintWriter(out);
        }
    }

    @SuppressWarnings("unused")
    private static final class Innocent {
        Object seeded() {
            return new Random(42).nextInt();
        }

        Object ordered() {
            return List.of(new java.util.TreeMap<String, String>(), "x".toUpperCase(Locale.ROOT));
        }

        Object written(OutputStream out, byte[] bytes) {
            return List.of(
                    new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new String(bytes, StandardCharsets.UTF_8),
                    Text.format("%,d", 1000));
        }
    }

    @Test
    void theRuleSeesEveryWayToBreakIt() {
        assertEveryMethodIsSeen(Culprit.class, BANS, 19);
        assertEveryMethodIsSeen(HostCulprit.class, HOST_BANS, 25);
        JavaClass innocent = imported(Innocent.class);
        assertThat(innocent.getMethods()).hasSizeGreaterThan(1);
        assertThat(Stream.of(BANS, HOST_BANS).flatMap(bans -> violations(innocent, bans)))
                .isEmpty();
    }

    private static void assertEveryMethodIsSeen(Class<?> culprit, List<Ban> bans, int atLeast) {
        JavaClass type = imported(culprit);
        assertThat(type.getMethods()).hasSizeGreaterThan(atLeast);
        assertThat(type.getMethods())
                .allSatisfy(method -> assertThat(violations(type, bans))
                        .as(method.getName())
                        .anyMatch(violation -> violation.contains("." + method.getName() + "(")));
    }

    private static JavaClass imported(Class<?> type) {
        return new ClassFileImporter().importClasses(type).get(type);
    }
}
