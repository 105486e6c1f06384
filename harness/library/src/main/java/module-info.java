/** Traces, guests, recording, goldens, replay, device scripts, fuzzing, edits of traces, and reports. */
@SuppressWarnings("module") // The modules that packages are exported to are built after this one.
module dev.semblance.harness {
    requires static transitive org.jspecify;
    requires transitive dev.semblance.gpu;
    requires com.github.luben.zstd_jni;
    requires java.desktop;
    requires java.xml;
    requires org.apache.commons.compress;
    requires org.apache.commons.io;
    requires org.tomlj;
    requires org.tukaani.xz;
    requires tools.jackson.databind;

    // What programs and tests of others are written with (docs/API.md).
    exports dev.semblance.harness;
    exports dev.semblance.harness.trace;
    exports dev.semblance.harness.trace.position;
    exports dev.semblance.harness.trace.text;
    exports dev.semblance.harness.guest.images;
    exports dev.semblance.harness.guest.scenario;
    exports dev.semblance.harness.record;
    exports dev.semblance.harness.record.session;
    exports dev.semblance.harness.golden;
    exports dev.semblance.harness.golden.policy;
    exports dev.semblance.harness.target;
    exports dev.semblance.harness.target.dialect;
    exports dev.semblance.harness.target.pipe;
    exports dev.semblance.harness.replay;
    exports dev.semblance.harness.rig;
    exports dev.semblance.harness.fuzz;
    exports dev.semblance.harness.fuzz.differential;
    exports dev.semblance.harness.fuzz.minimize;

    // What the other modules of this project need besides.
    exports dev.semblance.harness.util to
            dev.semblance.bridge,
            dev.semblance.cli,
            dev.semblance.junit,
            dev.semblance.live;
    exports dev.semblance.harness.json to
            dev.semblance.bridge,
            dev.semblance.live;
    exports dev.semblance.harness.record.live to
            dev.semblance.bridge,
            dev.semblance.cli,
            dev.semblance.live;
    exports dev.semblance.harness.files to
            dev.semblance.bridge,
            dev.semblance.cli,
            dev.semblance.junit;
    exports dev.semblance.harness.trace.diff to
            dev.semblance.cli;
    exports dev.semblance.harness.edit.child to
            dev.semblance.cli;
    exports dev.semblance.harness.edit.lint to
            dev.semblance.cli,
            dev.semblance.junit;
    exports dev.semblance.harness.edit.pack to
            dev.semblance.cli;
    exports dev.semblance.harness.edit.redact to
            dev.semblance.cli;
    exports dev.semblance.harness.edit.scenario to
            dev.semblance.cli;
    exports dev.semblance.harness.edit.trim to
            dev.semblance.cli;
    exports dev.semblance.harness.playback to
            dev.semblance.cli;
    exports dev.semblance.harness.view to
            dev.semblance.cli,
            dev.semblance.live;
    exports dev.semblance.harness.playback.blame to
            dev.semblance.cli,
            dev.semblance.junit;
    exports dev.semblance.harness.playback.gdb to
            dev.semblance.cli;
    exports dev.semblance.harness.fuzz.matrix to
            dev.semblance.cli;
    exports dev.semblance.harness.replay.pixels to
            dev.semblance.cli;
    exports dev.semblance.harness.golden.png to
            dev.semblance.cli;
    exports dev.semblance.harness.report to
            dev.semblance.cli,
            dev.semblance.junit;

    // The manifests are records that Jackson reads and writes.
    opens dev.semblance.harness.trace to
            tools.jackson.databind;
    opens dev.semblance.harness.edit.pack to
            tools.jackson.databind;
}
