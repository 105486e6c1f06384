/** The JUnit 5 extension that makes a test of every snapshot, and device scripts as jqwik arbitraries. */
module dev.semblance.junit {
    requires static org.jspecify;
    requires transitive dev.semblance.harness;
    requires transitive net.jqwik.api;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.commons;

    exports dev.semblance.junit;
    exports dev.semblance.junit.jqwik;
}
