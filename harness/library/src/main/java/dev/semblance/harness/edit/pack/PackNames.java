package dev.semblance.harness.edit.pack;

import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.trace.SnapshotLabel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that files in a pack may have: a list of what is allowed, so that nothing can lead out of a folder. */
final class PackNames {

    static final String MANIFEST = "manifest.json";
    static final String README = "README.txt";
    static final String VERDICT_TEXT = "verdict.txt";
    static final String VERDICT_JSON = "verdict.json";
    static final String POLICY = "golden/policy.toml";

    private static final String TRACES = "trace/";
    private static final String PARENTS = "parent/";
    private static final String GOLDENS = "golden/";
    private static final String IMAGES = "images/";
    private static final String GZIP = ".gz";
    private static final Pattern GOLDEN = Pattern.compile("golden/([^/]+)/([^/]+)");
    private static final Pattern IMAGE = Pattern.compile("images/[0-9a-f]{64}\\.gz");

    /** What the header of a tar archive has room for. */
    static final int MAX_FILE_NAME = 100;

    private PackNames() {}

    static String trace(String name) {
        return TRACES + name + InputFiles.TRACE;
    }

    static String parent(String name) {
        return PARENTS + name + InputFiles.TRACE;
    }

    static String golden(String trace, String file) {
        return GOLDENS + trace + "/" + file;
    }

    static String image(String sha256) {
        return IMAGES + sha256 + GZIP;
    }

    static boolean isTrace(String name) {
        return isTraceIn(TRACES, name);
    }

    /** {@return whether a file is a trace that others in the pack go on from} */
    static boolean isParent(String name) {
        return isTraceIn(PARENTS, name);
    }

    private static boolean isTraceIn(String folder, String name) {
        return name.startsWith(folder)
                && name.endsWith(InputFiles.TRACE)
                && name.length() > folder.length() + InputFiles.TRACE.length()
                && SnapshotLabel.isPlain(traceOf(name));
    }

    /** {@return the name of the trace in a file of either kind} */
    static String traceOf(String name) {
        return name.substring(name.indexOf('/') + 1, name.length() - InputFiles.TRACE.length());
    }

    /** {@return whether a file is a golden, or a picture that a policy accepts in its place} */
    static boolean isGolden(String name) {
        Matcher golden = GOLDEN.matcher(name);
        return golden.matches()
                && SnapshotLabel.isPlain(golden.group(1))
                && GoldenStore.isPictureName(golden.group(2))
                && golden.group(2).length() <= MAX_FILE_NAME;
    }

    static boolean isImage(String name) {
        return IMAGE.matcher(name).matches();
    }

    static String sha256Of(String image) {
        return image.substring(IMAGES.length(), image.length() - GZIP.length());
    }

    /** {@return whether a file of this name may be in a pack, besides the manifest} */
    static boolean isAllowed(String name) {
        return switch (name) {
            case README, VERDICT_TEXT, VERDICT_JSON, POLICY -> true;
            default -> isTrace(name) || isParent(name) || isGolden(name) || isImage(name);
        };
    }
}
