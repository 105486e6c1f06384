package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What axe-core finds in a page: the rules for WCAG 2.0, 2.1 and 2.2, levels A and AA, and its best practices. {@code .ci/live} fetches it and
 * says where it is.
 */
public final class Accessibility {

    /** The system property that says where axe.min.js of npm's axe-core is. */
    public static final String AXE = "semblance.axe";

    /** Why a test is left out without it. */
    public static final String NO_AXE = "-Dsemblance.axe does not say where npm's axe.min.js is; .ci/live fetches it";

    /** Widths of windows: one of a desktop, and one of a telephone. */
    private static final List<Integer> WIDTHS = List.of(1200, 400);

    private static final List<String> SCHEMES = List.of("light", "dark");
    private static final int HEIGHT = 900;
    private static final String TAGS =
            "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Accessibility() {}

    /** Asserts that axe-core finds nothing in the page that is open, as it is, light and dark, wide and narrow. */
    public static void assertNothingIsFound(Browser browser, String state) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (String scheme : SCHEMES) {
            browser.setColorScheme(scheme);
            for (int width : WIDTHS) {
                browser.setSize(width, HEIGHT);
                browser.awaitTrue("innerWidth === " + width);
                String where = state + ", " + scheme + ", " + width + " pixels: ";
                findings(browser).forEach(finding -> found.add(where + finding));
                // WCAG 2.1, 1.4.10 Reflow: no scrolling in two dimensions.
                if (!browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
                        .equals("true")) {
                    found.add(where + "it is wider than the window");
                }
            }
        }
        browser.setColorScheme("");
        browser.setSize(0, 0);
        assertThat(found).isEmpty();
    }

    private static List<String> findings(Browser browser) throws IOException, InterruptedException {
        if (browser.evaluate("typeof axe").equals("undefined")) {
            // Not a script of the page: its Content Security Policy has no say.
            ObjectNode script = MAPPER.createObjectNode()
                    .put("expression", Files.readString(Path.of(System.getProperty(AXE, ""))) + "\n;0");
            assertThat(browser.call("Runtime.evaluate", script).has("exceptionDetails"))
                    .isFalse();
        }
        JsonNode result = MAPPER.readTree(
                browser.evaluate("axe.run(document, { runOnly: " + TAGS + " }).then(found => JSON.stringify({"
                        + "passed: found.passes.length, violations: found.violations.flatMap(({ id, help, nodes }) =>"
                        + " nodes.map(node => `${id}: ${help}: ${node.html}: ${node.failureSummary}`)) }))"));
        // It looked at something.
        assertThat(result.get("passed").asInt()).isGreaterThan(10);
        List<String> findings = new ArrayList<>();
        result.get("violations").forEach(violation -> findings.add(violation.asString()));
        return findings;
    }
}
