package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON line of some events, letter by letter; that all of them are complete is in EventJsonProperties. */
class EventJsonTests {

    private static String line(TraceEvent event) {
        return new EventJson(Events.MANIFEST).line(new Stamped(5, 99, event));
    }

    @Test
    void theManifestIsALineOfItsOwn() {
        assertThat(EventJson.header(Events.MANIFEST, 1))
                .startsWith("{\"event\":\"manifest\",\"formatVersion\":1,\"manifest\":{\"bootargs\":\"console=ttyS0\",")
                .doesNotContain("\n");
    }

    @Test
    void aFlush() {
        assertThat(line(new TraceEvent.Flush(0, 1024, 768, 1)))
                .isEqualTo("{\"sequence\":5,\"cycle\":99,\"event\":\"flush\",\"scanout\":0,\"width\":1024,"
                        + "\"height\":768,\"digest\":\"0000000000000001\"}");
    }

    @Test
    void aCommandHasItsBytesAndWhatTheySay() {
        String json = line(Events.gpu(
                0,
                CommandCodec.encode(new GpuCommand.ResourceFlush(Header.fenced(17), new Rect(1, 2, 3, 4), 2)),
                ResponseCodec.encode(new GpuResponse.OkNoData(Header.fenced(17)))));
        assertThat(json)
                .startsWith("{\"sequence\":5,\"cycle\":99,\"event\":\"command\",\"device\":4,\"deviceName\":\"gpu\","
                        + "\"queue\":0,\"queueName\":\"control\",\"head\":7,\"descriptors\":[{\"index\":7,"
                        + "\"address\":\"0x82000000\",\"length\":48,\"flags\":1},{\"index\":8,"
                        + "\"address\":\"0x82001000\",\"length\":24,\"flags\":2}],\"request\":\"0401000001000000")
                .endsWith("\"decoded\":{\"command\":{\"type\":\"RESOURCE_FLUSH\",\"rect\":{\"x\":1,\"y\":2,"
                        + "\"width\":3,\"height\":4},\"resourceId\":2,\"flags\":1,\"fenceId\":17},\"response\":"
                        + "{\"type\":\"OK_NODATA\",\"flags\":1,\"fenceId\":17}},\"usedLength\":24,"
                        + "\"notification\":\"SENT\"}");
    }

    @Test
    void otherCommandsAndResponsesAreDecodedToo() {
        assertThat(line(Events.gpu(
                        1,
                        CommandCodec.encode(
                                new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, -1, 2), 3, 4, 5)),
                        ResponseCodec.encode(new GpuResponse.OkEdid(Header.NONE, new byte[] {1, 2})))))
                .contains("{\"command\":{\"type\":\"UPDATE_CURSOR\",\"scanoutId\":0,\"x\":-1,\"y\":2,\"resourceId\":3,"
                        + "\"hotX\":4,\"hotY\":5},\"response\":{\"type\":\"OK_EDID\",\"edid\":\"0102\"}}");
    }

    @Test
    void aDiskRequest() {
        assertThat(line(Events.disk(0, -1, 512, OptionalLong.of(0))))
                .contains("\"sector\":18446744073709551615,\"dataLength\":512,\"dataDigest\":\"0000000000000abc\","
                        + "\"status\":0")
                .doesNotContain("decoded");
        assertThat(line(Events.disk(0, 0, 512, OptionalLong.empty()))).doesNotContain("\"status\"");
    }

    @Test
    void input() {
        assertThat(line(new TraceEvent.Input(2, List.of(new TraceEvent.InputItem(1, 30, 1)))))
                .endsWith("\"items\":[{\"type\":1,\"code\":30,\"value\":1,\"name\":\"KEY_A press\"}]}");
    }

    /** RFC 8259, 6: an implementation may set limits on the range of numbers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"notify\",\"cycle\":1e2147483648}",
                "{\"event\":\"notify\",\"cycle\":1,\"device\":-1e-2147483649}"
            })
    void aNumberOfAnyExponentIsRefusedInOneSentence(String line) {
        assertThatThrownBy(() -> JsonEvents.event(line.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the JSON is not understood: it has a number that is too large or too small");
    }

    @Test
    void aManifestMayHaveANumberOfAnyExponentInAKeyThatNobodyKnows() {
        String manifest = "{\"event\":\"manifest\",\"formatVersion\":1,\"manifest\":"
                + Events.MANIFEST
                        .toJson()
                        .replaceFirst("\\{", "{\"later\":1e2147483648,")
                        .replace("\n", "") + "}";
        assertThat(JsonEvents.manifest(manifest.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Events.MANIFEST);
    }
}
