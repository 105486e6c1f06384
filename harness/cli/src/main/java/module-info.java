/** The semblance program: a class for each verb, and the benchmark. */
module dev.semblance.cli {
    requires static org.jspecify;
    requires dev.semblance.bridge;
    requires dev.semblance.harness;
    requires dev.semblance.live;
    requires info.picocli;
    requires java.desktop;
    requires org.apache.commons.compress;
    requires org.apache.commons.io;
    requires tools.jackson.databind;

    opens dev.semblance.cli to
            info.picocli;
}
