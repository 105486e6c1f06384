package dev.semblance.harness;

import static dev.semblance.harness.ProjectClasses.GPU;
import static dev.semblance.harness.ProjectClasses.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The machine and the GPU give the same results in every run, on every host (docs/ARCHITECTURE.md, corner 10). What could
 * break that is banned by name, each with what to use in its place.
 */
class DeterminismRulesTests {

    /** A ban: what it bans of the code that is used, and what to use instead. */
    private record Ban(String instead, Predicate<AccessTarget> target) {}

    private static final String TIMELINE = "time comes from the Timeline";
    private static final String SEEDED = "random numbers come from the machine's seed";
    private static final String ONE_THREAD = "the machine runs on one thread; schedule on the Timeline";
    private static final String ORDERED =
            "iteration order differs between runs; use TreeMap, EnumMap, LinkedHashMap, lists or arrays";
    private static final String SETTINGS = "settings come from MachineConfig";
    private static final String HOST = "depends on the host; pass Locale.ROOT and a charset";

    private static final List<Ban> BANS = List.of(
            new Ban(TIMELINE, method("java.lang.System", "nanoTime", "currentTimeMillis")),
            new Ban(TIMELINE, inPackage("java.time")),
            new Ban(TIMELINE, owner("java.util.Date", "java.util.Calendar", "java.util.Timer")),
            new Ban(SEEDED, method("java.lang.Math", "random")),
            new Ban(
                    SEEDED,
                    target ->
                            isNew(target, "java.util.Random", "java.util.SplittableRandom") && parameters(target) == 0),
            new Ban(
                    SEEDED,
                    owner(
                            "java.util.concurrent.ThreadLocalRandom",
                            "java.security.SecureRandom",
                            "java.util.random.RandomGenerator")),
            new Ban(SEEDED, method("java.util.UUID", "randomUUID")),
            new Ban(SEEDED, method("java.util.Collections", "shuffle")),
            new Ban(ONE_THREAD, owner("java.lang.Thread", "java.lang.Thread$Builder", "java.lang.ThreadLocal")),
            new Ban(ONE_THREAD, inPackage("java.util.concurrent")),
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
            new Ban(SETTINGS, owner("java.lang.Runtime")),
            new Ban(
                    HOST,
                    target -> method("java.lang.String", "toLowerCase", "toUpperCase")
                                    .test(target)
                            && parameters(target) == 0),
            new Ban(HOST, method("java.util.Locale", "getDefault")),
            new Ban(HOST, method("java.nio.charset.Charset", "defaultCharset")),
            new Ban(HOST, target -> method("java.lang.String", "getBytes").test(target) && parameters(target) == 0));

    private static Predicate<AccessTarget> method(String owner, String... names) {
        return owner(owner).and(named(names));
    }

    private static Predicate<AccessTarget> owner(String... owners) {
        return target -> List.of(owners).contains(target.getOwner().getName());
    }

    private static Predicate<AccessTarget> named(String... names) {
        return target -> List.of(names).contains(target.getName());
    }

    private static Predicate<AccessTarget> inPackage(String folder) {
        return target -> ProjectClasses.isIn(target.getOwner(), folder);
    }

    private static boolean isNew(AccessTarget target, String... owners) {
        return owner(owners).test(target) && target.getName().equals("<init>");
    }

    private static int parameters(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget code
                ? code.getRawParameterTypes().size()
                : 0;
    }

    private static Stream<String> violations(JavaClass type) {
        Stream<JavaAccess<?>> uses =
                Stream.concat(type.getAccessesFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream());
        return uses.flatMap(
                use -> ban(use.getTarget()).map(ban -> use.getDescription() + ": " + ban.instead()).stream());
    }

    private static Optional<Ban> ban(AccessTarget target) {
        return BANS.stream().filter(ban -> ban.target().test(target)).findFirst();
    }

    @Test
    void theMachineAndTheGpuUseNothingThatDiffersBetweenRuns() {
        assertThat(ProjectClasses.in(25, MACHINE, GPU).stream().flatMap(DeterminismRulesTests::violations))
                .isEmpty();
    }

    /** A class that does everything that is banned, once a method. */
    @SuppressWarnings({
        "unused",
        "ThreadPriorityCheck",
        "JavaUtilDate",
        "DefaultCharset",
        "StringCaseLocaleUsage",
        "RandomCast"
    })
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

        Object locale() {
            return Locale.getDefault();
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

    @SuppressWarnings("unused")
    private static final class Innocent {
        Object seeded() {
            return new Random(42).nextInt();
        }

        Object ordered() {
            return List.of(new java.util.TreeMap<String, String>(), "x".toUpperCase(Locale.ROOT));
        }
    }

    @Test
    void theRuleSeesEveryWayToBreakIt() {
        JavaClasses classes = new ClassFileImporter().importClasses(Culprit.class, Innocent.class);
        JavaClass culprit = classes.get(Culprit.class);
        assertThat(culprit.getMethods()).hasSizeGreaterThan(20);
        assertThat(culprit.getMethods())
                .allSatisfy(method -> assertThat(violations(culprit))
                        .as(method.getName())
                        .anyMatch(violation -> violation.contains("." + method.getName() + "(")));
        assertThat(violations(classes.get(Innocent.class))).isEmpty();
    }
}
