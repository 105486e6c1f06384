package dev.semblance.harness.report;

import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Writes HTML element by element, straight to a stream. All text and all attribute values are escaped: what comes out of
 * traces and file names is never markup. What is written is well-formed XML as well.
 */
final class HtmlWriter {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]*");

    private final OutputStream out;
    private final Deque<String> open = new ArrayDeque<>();

    HtmlWriter(OutputStream out) {
        this.out = out;
    }

    /** Begins an element. */
    HtmlWriter open(String element, String... attributes) throws IOException {
        start(element, attributes);
        raw(">");
        open.push(element);
        return this;
    }

    /** Ends the element that was begun last. */
    HtmlWriter close(String element) throws IOException {
        String last = open.pop();
        if (!last.equals(element)) {
            throw new IllegalStateException(Text.format("</%s> where </%s> is due", element, last));
        }
        raw("</");
        raw(element);
        raw(">");
        return this;
    }

    /** Writes an element that holds text alone. */
    HtmlWriter element(String element, String text, String... attributes) throws IOException {
        return open(element, attributes).text(text).close(element);
    }

    /** Writes an element without content: a void one, or one of SVG. */
    HtmlWriter empty(String element, String... attributes) throws IOException {
        start(element, attributes);
        raw("/>");
        return this;
    }

    /** Writes an element without content, of which one attribute is a PNG picture as a data URI. */
    HtmlWriter picture(String element, byte[] png, String... attributes) throws IOException {
        start(element, attributes);
        raw(" href=\"data:image/png;base64,");
        out.write(Base64.getEncoder().encode(png));
        raw("\"/>");
        return this;
    }

    /** Writes text. */
    HtmlWriter text(String text) throws IOException {
        raw(escaped(text));
        return this;
    }

    /** Writes the content of a style or script element, which knows no escapes: our own, never a guest's. */
    HtmlWriter code(String code) throws IOException {
        if (code.indexOf('<') >= 0 || code.indexOf('&') >= 0) {
            throw new IllegalArgumentException("inline code has to do without < and &");
        }
        raw(code);
        return this;
    }

    /** Begins a line, so that the source can be read too. */
    HtmlWriter line() throws IOException {
        raw("\n");
        return this;
    }

    void doctype() throws IOException {
        raw("<!DOCTYPE html>\n");
    }

    /** Fails if an element was not ended. */
    void finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("never ended: " + open);
        }
    }

    private void start(String element, String... attributes) throws IOException {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException("attributes are names and values");
        }
        raw("<");
        raw(name(element));
        for (int i = 0; i < attributes.length; i += 2) {
            raw(" ");
            raw(name(attributes[i]));
            raw("=\"");
            raw(escaped(attributes[i + 1]));
            raw("\"");
        }
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name");
        }
        return name;
    }

    private void raw(String markup) throws IOException {
        out.write(markup.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * {@return text as it stands in a document} Characters that no document may have, and those that make text look like
     * other text (controls, direction marks, halves of pairs), show as their numbers.
     */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append((char) point);
                default -> {
                    if (Printable.isHidden(point)) {
                        escaped.append(Printable.escape(point));
                    } else {
                        escaped.appendCodePoint(point);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
