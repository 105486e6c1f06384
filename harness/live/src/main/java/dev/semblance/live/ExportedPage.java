package dev.semblance.live;

import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The page of recordings as one file that needs no server and no network: its script and styles are in it, and nothing else may run or be loaded
 * (Content Security Policy by their digests); the trace is text in Base64.
 */
public final class ExportedPage {

    private static final String STYLE_LINKS =
            "<link rel=\"stylesheet\" href=\"live.css\">\n<link rel=\"stylesheet\" href=\"view.css\">\n";
    private static final String SCRIPT_LINK = "<script type=\"module\" src=\"view.js\"></script>\n";
    private static final String CHARSET = "<meta charset=\"utf-8\">\n";
    private static final String TITLE = "<title>Traces - Semblance</title>\n";
    private static final String END = "</body>\n";
    private static final String NO_SCRIPT =
            "<noscript>This page draws its pictures with JavaScript, which is off here.</noscript>\n";

    private final byte[] before;
    private final byte[] after;

    private ExportedPage(String before, String after) {
        this.before = before.getBytes(StandardCharsets.UTF_8);
        this.after = after.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@return a page without a trace in it}
     *
     * @param title what the trace is called
     */
    public static ExportedPage of(String title) {
        String style = text("live.css") + text("view.css");
        if (style.contains("</") || style.contains("<!--") || style.indexOf('\r') >= 0) {
            throw new IllegalStateException("the styles have what ends their element, or a carriage return");
        }
        String script = ScriptBundle.of("view.js", Map.of("server.js", "file.js"), ExportedPage::text);
        String policy = "default-src 'none'; script-src " + source(script) + "; style-src " + source(style)
                + "; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";
        String page = text("view.html");
        page = replaced(
                page,
                CHARSET,
                CHARSET + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n"
                        + "<meta name=\"referrer\" content=\"no-referrer\">\n");
        page = replaced(page, TITLE, "<title>" + escaped(Printable.line(title)) + " - Semblance</title>\n");
        page = replaced(page, STYLE_LINKS, "<style>" + style + "</style>\n");
        page = replaced(page, SCRIPT_LINK, "<script type=\"module\">" + script + "</script>\n");
        page = replaced(page, END, NO_SCRIPT + END);
        int end = page.lastIndexOf(END);
        return new ExportedPage(page.substring(0, end), page.substring(end));
    }

    /** {@return how many bytes it has without a trace} */
    public long bytes() {
        return (long) before.length + after.length;
    }

    /**
     * Writes the page with a trace in it.
     *
     * @param out where it goes
     * @param parts what the page needs of the trace: lists of blocks, by names of letters, digits and hyphens
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out, Map<String, List<byte[]>> parts) throws IOException {
        Base64.Encoder base64 = Base64.getEncoder();
        out.write(before);
        for (Map.Entry<String, List<byte[]>> part : parts.entrySet()) {
            if (!part.getKey().matches("[a-z0-9-]+")) {
                throw new IllegalArgumentException("no name of a part: " + part.getKey());
            }
            out.write(("<script type=\"text/plain\" id=\"data-" + part.getKey() + "\">\n")
                    .getBytes(StandardCharsets.UTF_8));
            for (byte[] block : part.getValue()) {
                out.write(base64.encode(block));
                out.write('\n');
            }
            out.write("</script>\n".getBytes(StandardCharsets.UTF_8));
        }
        out.write(after);
    }

    private static String text(String name) {
        return new String(Resources.read(name), StandardCharsets.UTF_8);
    }

    private static String replaced(String page, String what, String by) {
        int at = page.indexOf(what);
        if (at < 0 || page.indexOf(what, at + 1) >= 0) {
            throw new IllegalStateException("the page has not once: " + what.strip());
        }
        return page.substring(0, at) + by + page.substring(at + what.length());
    }

    /** {@return the source that a policy allows: an element with exactly this in it} */
    private static String source(String content) {
        byte[] digest = Sha256.start().digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
