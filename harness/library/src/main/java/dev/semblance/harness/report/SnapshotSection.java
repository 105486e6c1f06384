package dev.semblance.harness.report;

import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.replay.SnapshotVerdict.Status;
import dev.semblance.harness.report.ReportImages.Embedded;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One snapshot in the report. What can be chosen (a view, the masks) is radio buttons and a check box before the pictures,
 * which style sheets alone make work; the script adds to that.
 */
final class SnapshotSection {

    /** What the magnified cutouts around the first difference show, in pixels. */
    private static final int CUTOUT_WIDTH = 25;

    private static final int CUTOUT_HEIGHT = 15;

    /** A way to look at the pictures. */
    private enum View {
        SIDE("Side by side", "1"),
        EXPECTED("Expected", "2"),
        ACTUAL("Actual", "3"),
        DIFF("Difference", "4"),
        ONION("Onion skin", "5");

        private final String title;
        private final String key;

        View(String title, String key) {
            this.title = title;
            this.key = key;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final HtmlWriter html;
    private final ReportImages pictures;
    private final SnapshotView snapshot;
    private final EncodedSnapshot encoded;
    private final List<ReportLink> links;
    private final String id;
    private final String trace;

    /**
     * Makes a section.
     *
     * @param trace the trace's name, as rules of a policy have it
     * @param encoded its pictures
     * @param links to its pictures as files
     * @param id the name of its element
     */
    SnapshotSection(
            HtmlWriter html,
            ReportImages pictures,
            SnapshotView snapshot,
            EncodedSnapshot encoded,
            List<ReportLink> links,
            String id,
            String trace) {
        this.trace = trace;
        this.links = links;
        this.html = html;
        this.pictures = pictures;
        this.snapshot = snapshot;
        this.encoded = encoded;
        this.id = id;
    }

    /** Returns what tells this section from those of other recordings, which may have the same labels. */
    private String name() {
        return "Snapshot " + snapshot.label() + " of " + trace;
    }

    void write() throws IOException {
        boolean full = pictures.hasRoom(snapshot, encoded);
        Optional<Embedded> expected = full ? embed(encoded.expected()) : Optional.empty();
        Optional<Embedded> actual = full ? embed(encoded.actual()) : Optional.empty();
        Optional<Embedded> difference = full ? embed(encoded.difference()) : Optional.empty();
        if (!snapshot.isLarge()) {
            small(expected, actual);
        } else if (full) {
            open(expected, actual, difference);
        } else {
            cut();
        }
    }

    private Optional<Embedded> embed(Optional<byte[]> png) throws IOException {
        return png.isPresent() ? Optional.of(pictures.embed(html, png.get())) : Optional.empty();
    }

    /** A snapshot whose full pictures have no room: a small one, and where the others are. */
    private void cut() throws IOException {
        Optional<Embedded> thumbnail = embed(encoded.thumbnail().filter(pictures::hasRoomForSmall));
        html.open("section", "class", "snapshot " + snapshot.status().key(), "id", id, "aria-label", name());
        html.open("h4", "id", id + "-h");
        badge(html, snapshot.status());
        html.text(" Snapshot " + snapshot.label()).close("h4");
        decision();
        if (thumbnail.isPresent()) {
            svg("thumb", "", thumbnail.get(), List.of(thumbnail.get()));
        }
        html.open("p", "class", "files").text("There was no room for its pictures in this page.");
        for (ReportLink link : links) {
            html.text(" ").element("a", link.text(), "href", link.target());
        }
        html.close("p").close("section").line();
    }

    /** A snapshot that nobody has to look at: a small picture that opens. */
    private void small(Optional<Embedded> expected, Optional<Embedded> actual) throws IOException {
        html.open("details", "class", "snapshot small " + snapshot.status().key(), "id", id);
        html.open("summary");
        Optional<Embedded> picture = actual.or(() -> expected);
        if (picture.isPresent()) {
            svg("thumb", "", picture.get(), List.of(picture.get()));
        }
        html.open("span", "class", "label");
        badge(html, snapshot.status());
        html.text(" ").element("b", snapshot.label()).close("span");
        html.close("summary");
        decision();
        if (picture.isPresent()) {
            html.open("div", "class", "views one");
            figure("actual", "Expected and actual", picture.get(), List.of(picture.get()));
            html.close("div");
        }
        html.close("details").line();
    }

    private void open(Optional<Embedded> expected, Optional<Embedded> actual, Optional<Embedded> difference)
            throws IOException {
        html.open(
                "section",
                "class",
                "snapshot " + snapshot.status().key(),
                "id",
                id,
                "aria-label",
                name(),
                "data-trace",
                trace,
                "data-label",
                snapshot.label());
        html.open("h4", "id", id + "-h");
        badge(html, snapshot.status());
        html.text(" Snapshot " + snapshot.label()).close("h4");
        decision();
        if (expected.isPresent() && actual.isPresent() && difference.isPresent()) {
            firstDifference(expected.get(), actual.get());
            compared(expected.get(), actual.get(), difference.get());
        } else if (actual.isPresent() || expected.isPresent()) {
            Embedded only = actual.or(() -> expected).orElseThrow();
            html.open("div", "class", "views one");
            figure("actual", actual.isPresent() ? "Actual" : "Expected and actual", only, List.of(only));
            html.close("div");
        }
        html.close("section").line();
    }

    private void decision() throws IOException {
        for (String finding : snapshot.findings()) {
            html.element("p", finding, "class", "finding");
        }
        html.open("p", "class", "rule").text("Decided by: " + snapshot.decidedBy());
        for (String link : snapshot.links()) {
            html.text(" ");
            // A policy may have come with the trace, from anybody.
            if (link.startsWith("https://") || link.startsWith("http://")) {
                html.element("a", link, "href", link, "rel", "noreferrer noopener");
            } else {
                html.text(link);
            }
        }
        html.close("p");
        if (!snapshot.masks().isEmpty()) {
            html.open("p", "class", "rule").text("Not compared: ");
            html.text(snapshot.masks().stream().map(PixelRect::sentence).collect(Collectors.joining(", ")));
            html.close("p");
        }
    }

    /** The place of the first difference, magnified: what zooming would show, for those who have no script. */
    private void firstDifference(Embedded expected, Embedded actual) throws IOException {
        if (snapshot.difference().isEmpty()
                || !(snapshot.difference().get() instanceof FrameDiff.PixelsDiffer differ)) {
            return;
        }
        html.open("div", "class", "cutouts");
        cutout("expected", differ, differ.expected(), expected);
        cutout("actual", differ, differ.actual(), actual);
        html.close("div");
    }

    private void cutout(String what, FrameDiff.PixelsDiffer differ, int rgb, Embedded picture) throws IOException {
        String colour = Text.format("#%06X", rgb);
        html.open("figure");
        html.open(
                "svg",
                "class",
                "cutout",
                "viewBox",
                Text.format(
                        "%d %d %d %d",
                        differ.firstX() - CUTOUT_WIDTH / 2,
                        differ.firstY() - CUTOUT_HEIGHT / 2,
                        CUTOUT_WIDTH,
                        CUTOUT_HEIGHT),
                "role",
                "img",
                "aria-label",
                Text.format("The %s picture around (%d, %d)", what, differ.firstX(), differ.firstY()));
        html.empty("use", "href", "#" + picture.id());
        html.empty(
                "rect",
                "class",
                "here",
                "x",
                Integer.toString(differ.firstX()),
                "y",
                Integer.toString(differ.firstY()),
                "width",
                "1",
                "height",
                "1");
        html.close("svg");
        html.open("figcaption").text(Text.format("(%d, %d) %s ", differ.firstX(), differ.firstY(), what));
        html.open("svg", "class", "swatch", "viewBox", "0 0 1 1", "aria-hidden", "true");
        html.empty("rect", "width", "1", "height", "1", "fill", colour).close("svg");
        html.text(" ").element("code", colour).close("figcaption").close("figure");
    }

    private void compared(Embedded expected, Embedded actual, Embedded difference) throws IOException {
        html.open("div", "class", "compare", "role", "group", "aria-labelledby", id + "-h");
        for (View view : View.values()) {
            String radio = id + "-" + view.word();
            String[] attributes = {
                "type", "radio", "name", id + "-view", "id", radio, "class", "pick " + view.word(), "value", view.word()
            };
            if (view == View.SIDE) {
                html.empty("input", append(attributes, "checked", "checked"));
            } else {
                html.empty("input", attributes);
            }
            html.element("label", view.title, "for", radio, "title", "Key " + view.key);
        }
        if (!snapshot.masks().isEmpty()) {
            html.empty("input", "type", "checkbox", "id", id + "-masks", "class", "pick masked", "checked", "checked");
            html.element("label", "Masks", "for", id + "-masks", "title", "Key m");
        }
        html.empty(
                "input",
                "type",
                "range",
                "class",
                "onion-level",
                "min",
                "0",
                "max",
                "100",
                "value",
                "50",
                "aria-label",
                "Onion skin: how much of the actual picture");
        html.open("div", "class", "views");
        figure("expected", "Expected", difference, List.of(expected));
        figure("actual", "Actual", difference, List.of(actual));
        figure("diff", "Difference", difference, List.of(expected, difference));
        figure("onion", "Actual over expected", difference, List.of(expected, actual));
        html.close("div");
        html.close("div");
    }

    private static String[] append(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private void figure(String kind, String title, Embedded size, List<Embedded> layers) throws IOException {
        html.open("figure", "class", "view " + kind);
        html.element("figcaption", title);
        html.open("div", "class", "stage");
        svg("picture", title + ": snapshot " + snapshot.label(), size, layers);
        html.close("div").close("figure");
    }

    private void svg(String kind, String title, Embedded size, List<Embedded> layers) throws IOException {
        String box = Text.format("0 0 %d %d", size.width(), size.height());
        String width = Integer.toString(size.width());
        String height = Integer.toString(size.height());
        if (title.isEmpty()) {
            html.open("svg", "class", kind, "viewBox", box, "width", width, "height", height, "aria-hidden", "true");
        } else {
            html.open(
                    "svg",
                    "class",
                    kind,
                    "viewBox",
                    box,
                    "width",
                    width,
                    "height",
                    height,
                    "role",
                    "img",
                    "aria-label",
                    title);
        }
        for (int i = 0; i < layers.size(); i++) {
            html.empty("use", "class", "layer" + i, "href", "#" + layers.get(i).id());
        }
        if (!title.isEmpty()) {
            masks();
            if (snapshot.difference().isPresent()
                    && snapshot.difference().get() instanceof FrameDiff.PixelsDiffer differ) {
                rect("found", differ.box());
            }
        }
        html.close("svg");
    }

    private void masks() throws IOException {
        for (PixelRect mask : snapshot.masks()) {
            rect("mask", mask);
        }
    }

    private void rect(String kind, PixelRect box) throws IOException {
        html.empty(
                "rect",
                "class",
                kind,
                "x",
                Integer.toString(box.x()),
                "y",
                Integer.toString(box.y()),
                "width",
                Integer.toString(box.width()),
                "height",
                Integer.toString(box.height()));
    }

    static void badge(HtmlWriter html, Status status) throws IOException {
        html.element("span", status.word(), "class", "badge " + status.key());
    }
}
