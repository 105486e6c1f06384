/** Bridges to guests and devices of other programs: vhost-user, and the calls of the operating system that it takes. */
@SuppressWarnings("module") // The module that packages are exported to is built after this one.
module dev.semblance.bridge {
    requires static org.jspecify;
    requires transitive dev.semblance.harness;
    requires tools.jackson.databind;

    exports dev.semblance.bridge.posix to
            dev.semblance.cli;
    exports dev.semblance.bridge.memory to
            dev.semblance.cli;
    exports dev.semblance.bridge.serve to
            dev.semblance.cli;
    exports dev.semblance.bridge.vhost to
            dev.semblance.cli;
    exports dev.semblance.bridge.qtest to
            dev.semblance.cli;
    exports dev.semblance.bridge.target to
            dev.semblance.cli;
}
