package dev.semblance.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/VIEWER.md, the page in a file: it loads nothing, and runs and shows nothing that is not its own. */
class ExportedPageTests {

    private static String page(String title, Map<String, List<byte[]>> parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportedPage.of(title).write(out, parts);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String only(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(page);
        assertThat(matcher.find()).as(pattern).isTrue();
        String found = matcher.group(1);
        assertThat(matcher.find()).as("another %s", pattern).isFalse();
        return found;
    }

    private static String source(String content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    /** Content Security Policy Level 3, 8.4: a hash allows the element whose content has it. */
    @Test
    void itsPolicyAllowsItsOwnScriptAndStylesAndNothingElse() throws Exception {
        String page = page("t", Map.of());
        String script = only(page, "<script type=\"module\">(.*?)</script>");
        String style = only(page, "<style>(.*?)</style>");
        assertThat(only(page, "http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\""))
                .isEqualTo("default-src 'none'; script-src " + source(script) + "; style-src " + source(style)
                        + "; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'");
        assertThat(page.indexOf("Content-Security-Policy")).isLessThan(page.indexOf("<style"));
        assertThat(page).doesNotContain(" src=").doesNotContain("NONCE").doesNotContain("unsafe-inline");
    }

    @Test
    void itHasEveryModuleOfTheServedPageButTheOneThatAsksTheServer() throws IOException {
        String page = page("t", Map.of());
        Resources.view().keySet().stream()
                .filter(name -> name.endsWith(".js") && !name.equals("server.js"))
                .forEach(name -> assertThat(page)
                        .contains("const $" + name.substring(0, name.length() - ".js".length()) + " = "));
        assertThat(page).contains("const $file = ").doesNotContain("fetch(");
    }

    @Test
    void aTitleIsText() throws IOException {
        assertThat(only(page("</title><script>x & y</script>\u202e", Map.of()), "<title>(.*?)</title>"))
                .startsWith("&lt;/title&gt;&lt;script&gt;x &amp; y&lt;/script&gt;")
                .doesNotContain("\u202e");
    }

    @Test
    void blocksAreLinesOfTheirPart() throws IOException {
        Map<String, List<byte[]>> parts = new LinkedHashMap<>();
        parts.put("rows", List.of("</script>".getBytes(StandardCharsets.UTF_8), new byte[] {1}));
        parts.put("pictures-0", List.of());
        String page = page("t", parts);
        assertThat(page).contains("""
                        <script type="text/plain" id="data-rows">
                        PC9zY3JpcHQ+
                        AQ==
                        </script>
                        <script type="text/plain" id="data-pictures-0">
                        </script>
                        """);
        assertThat((long) page.getBytes(StandardCharsets.UTF_8).length)
                .isGreaterThan(ExportedPage.of("t").bytes());
        assertThatThrownBy(() -> page("t", Map.of("a\">", List.of()))).isInstanceOf(IllegalArgumentException.class);
    }
}
