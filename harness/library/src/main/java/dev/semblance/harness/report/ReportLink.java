package dev.semblance.harness.report;

import dev.semblance.harness.FileNames;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * A link of the report to a file.
 *
 * @param text what it is called
 * @param target its address as seen from the page
 */
record ReportLink(String text, String target) {

    /** Makes a link from a page to a file. */
    static ReportLink of(Path page, Path file) {
        Path folder = page.toAbsolutePath().normalize().getParent();
        Path there = file.toAbsolutePath().normalize();
        Path relative = folder == null ? there : folder.relativize(there);
        String path = "./" + FileNames.divided(relative);
        try {
            return new ReportLink(String.valueOf(file.getFileName()), new URI(null, null, path, null).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("every path can be quoted", e);
        }
    }
}
