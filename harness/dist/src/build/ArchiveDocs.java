import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Copies docs/ for the archives: ArchiveDocs FROM TO PROJECT_URL VERSION. A page's link to what an archive does not have becomes one to
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
        List<Path> files = files(from);
        if (files.stream().noneMatch(ArchiveDocs::isPage)) {
            throw new IllegalArgumentException("no page in " + from);
        }
        for (Path old : files(to)) {
            Files.delete(old);
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file));
            Files.createDirectories(copy.getParent());
            if (isPage(file)) {
                Files.writeString(copy, rewritten(Files.readString(file), there));
            } else {
                Files.copy(file, copy);
            }
        }
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String rewritten(String page, String there) {
        return OUTWARD.matcher(page)
                .replaceAll(link -> Matcher.quoteReplacement(
                        SHIPPED.contains(link.group(1)) ? link.group() : "](" + there + link.group(1)));
    }
}
