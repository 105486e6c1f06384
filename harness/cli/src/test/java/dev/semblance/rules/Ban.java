package dev.semblance.rules;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Something that code may not use.
 *
 * @param instead what to use in its place, for whoever used it
 * @param target tells whether a use is banned
 */
record Ban(String instead, Predicate<AccessTarget> target) {

    static Predicate<AccessTarget> method(String owner, String... names) {
        return owner(owner).and(named(names));
    }

    static Predicate<AccessTarget> owner(String... owners) {
        return target -> List.of(owners).contains(target.getOwner().getName());
    }

    static Predicate<AccessTarget> named(String... names) {
        return target -> List.of(names).contains(target.getName());
    }

    static Predicate<AccessTarget> inPackage(String folder) {
        return target -> ProjectClasses.isIn(target.getOwner(), folder);
    }

    static boolean isNew(AccessTarget target, String... owners) {
        return owner(owners).test(target) && target.getName().equals("<init>");
    }

    static Predicate<AccessTarget> constructor(String... owners) {
        return target -> isNew(target, owners);
    }

    static Predicate<AccessTarget> with(Class<?> parameter) {
        return target -> parameters(target).stream().anyMatch(type -> type.isEquivalentTo(parameter));
    }

    static Predicate<AccessTarget> without(Class<?> parameter) {
        return with(parameter).negate();
    }

    static boolean isLocalized(AccessTarget target) {
        return target.getName().startsWith("ofLocalized");
    }

    static List<JavaClass> parameters(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget code ? code.getRawParameterTypes() : List.of();
    }

    /** Tells every use of something banned by a class, and what to use instead. */
    static Stream<String> violations(JavaClass type, List<Ban> bans) {
        Stream<JavaAccess<?>> uses =
                Stream.concat(type.getAccessesFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream());
        return uses.flatMap(use -> bans.stream()
                .filter(ban -> ban.target().test(use.getTarget()))
                .limit(1)
                .map(ban -> use.getDescription() + ": " + ban.instead()));
    }
}
