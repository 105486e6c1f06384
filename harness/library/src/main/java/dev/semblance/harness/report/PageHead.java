package dev.semblance.harness.report;

import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The head of every page: our style, our script if the page has a use for it, and a policy that allows those two alone, by their digests
 * (Content Security Policy Level 3).
 */
final class PageHead {

    private PageHead() {}

    /**
     * Writes it.
     *
     * @param scripted whether the page has the script
     */
    static void write(HtmlWriter html, String title, boolean scripted) throws IOException {
        String style = resource("report.css");
        String script = scripted ? resource("report.js") : "";
        html.open("head");
        html.empty("meta", "charset", "utf-8").line();
        html.empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        Text.format(
                                "default-src 'none'; img-src data:; style-src '%s'; script-src %s; base-uri 'none'; form-action 'none'",
                                hash(style), scripted ? "'" + hash(script) + "'" : "'none'"))
                .line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.empty("meta", "name", "color-scheme", "content", "light dark").line();
        html.empty("meta", "name", "referrer", "content", "no-referrer").line();
        html.element("title", title + " - Semblance").line();
        html.open("style").code(style).close("style").line();
        if (scripted) {
            html.open("script").code(script).close("script").line();
        }
        html.close("head").line();
    }

    private static String resource(String name) {
        try (InputStream in = PageHead.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String code) {
        byte[] digest = Sha256.start().digest(code.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
}
