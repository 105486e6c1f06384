/** Recording, replay, goldens, scenarios, and the command line. */
module dev.semblance.harness {
    requires static net.jqwik.api;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.commons;
    requires transitive dev.semblance.gpu;
    requires java.desktop;
    requires java.xml;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires org.apache.commons.compress;
    requires org.apache.commons.io;
    requires org.tomlj;
    requires tools.jackson.databind;

    exports dev.semblance.harness;
    exports dev.semblance.harness.compare;
    exports dev.semblance.harness.files;
    exports dev.semblance.harness.fuzz;
    exports dev.semblance.harness.fuzz.differential;
    exports dev.semblance.harness.fuzz.jqwik;
    exports dev.semblance.harness.fuzz.reference;
    exports dev.semblance.harness.golden;
    exports dev.semblance.harness.images;
    exports dev.semblance.harness.policy;
    exports dev.semblance.harness.pack;
    exports dev.semblance.harness.record;
    exports dev.semblance.harness.replay;
    exports dev.semblance.harness.report;
    exports dev.semblance.harness.junit;
    exports dev.semblance.harness.minimize;
    exports dev.semblance.harness.scenario;
    exports dev.semblance.harness.script;
    exports dev.semblance.harness.session;
    exports dev.semblance.harness.text;
    exports dev.semblance.harness.trace;

    // The manifests are records that Jackson reads and writes.
    opens dev.semblance.harness.trace to
            tools.jackson.databind;
    opens dev.semblance.harness.pack to
            tools.jackson.databind;
    opens dev.semblance.harness.cli to
            info.picocli;
}
