package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.w3c.dom.Element;

class HtmlWriterProperties {

    private static Element parsed(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HtmlWriter html = new HtmlWriter(out);
        html.open("p", "title", text).text(text).close("p").finish();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toByteArray()))
                .getDocumentElement();
    }

    @Property(tries = 500)
    void anyTextIsTextAndAnyValueAValue(@ForAll @StringLength(max = 40) String text) throws Exception {
        Element element = parsed(text);
        assertThat(element.getChildNodes().getLength()).isLessThanOrEqualTo(1);
        assertThat(element.getAttributes().getLength()).isEqualTo(1);
        assertThat(element.getTextContent()).doesNotContain("\u202e", "\u0000", "\u2028");
    }

    @Property(tries = 300)
    void whatCanBeSeenComesBack(
            @ForAll @Chars({'<', '>', '&', '"', '\'', 'a', ';', '#', 'é', '—', '\u4e2d'}) String text)
            throws Exception {
        Element element = parsed(text);
        assertThat(element.getTextContent()).isEqualTo(text);
        assertThat(element.getAttribute("title")).isEqualTo(text);
    }

    @Example
    void mistakesOfOursAreRefused() throws IOException {
        HtmlWriter html = new HtmlWriter(new ByteArrayOutputStream());
        assertThatIllegalArgumentException().isThrownBy(() -> html.open("p onclick"));
        assertThatIllegalArgumentException().isThrownBy(() -> html.open("p", "a b", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> html.open("p", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> html.code("a < b"));
        html.open("p");
        assertThatIllegalStateException().isThrownBy(html::finish);
        assertThatIllegalStateException().isThrownBy(() -> html.close("b"));
    }
}
