import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Copies docs/ for the archives: ArchiveDocs FROM TO PROJECT_URL VERSION. A link to what an archive does not have becomes one to
 * the project's repository, to the tag of the version, or to the branch main where it is a snapshot.
 */
final class ArchiveDocs {

    /** What stands beside docs/ in an archive, as in the repository. */
    private static final List<String> SHIPPED = List.of("CHANGELOG.md", "LICENSE");

    /** The end of an inline link that leaves docs/, as far as a blank, an anchor or the closing parenthesis. */
    private static final Pattern OUTWARD = Pattern.compile("\\]\\(\\.\\./([^)#\\s]*)");

    private ArchiveDocs() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Files.createDirectories(Path.of(arguments[1]));
        String revision = arguments[3].endsWith("-SNAPSHOT") ? "main" : "v" + arguments[3];
        String there = arguments[2] + "/blob/" + revision + "/";
        List<Path> pages;
        try (Stream<Path> files = Files.list(from)) {
            pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
        if (pages.isEmpty()) {
            throw new IllegalArgumentException("no page in " + from);
        }
        try (Stream<Path> old = Files.list(to)) {
            for (Path page : old.toList()) {
                Files.delete(page);
            }
        }
        for (Path page : pages) {
            Files.writeString(to.resolve(page.getFileName()), rewritten(Files.readString(page), there));
        }
    }

    private static String rewritten(String page, String there) {
        return OUTWARD.matcher(page)
                .replaceAll(link -> Matcher.quoteReplacement(
                        SHIPPED.contains(link.group(1)) ? link.group() : "](" + there + link.group(1)));
    }
}
