package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.util.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/SCRIPT.md, "By name": VIRTIO 1.2, 5.7.6.7 to 5.7.6.10. */
class NamedCommandTests {

    private static Command parse(String line) {
        return (Command) ScriptReader.parse(line);
    }

    private static GpuCommand commandOf(String line) {
        return CommandCodec.decode(parse(line).request());
    }

    @Test
    void fieldsOfTheHeaderMayBeLeftOut() {
        assertThat(commandOf("{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":7}}"))
                .isEqualTo(new GpuCommand.ResourceUnref(Header.NONE, 7));
    }

    @Test
    void fenceSetsTheFlagAndTheId() {
        assertThat(commandOf(
                        "{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":7},\"fence\":18446744073709551615}"))
                .isEqualTo(new GpuCommand.ResourceUnref(Header.fenced(-1), 7));
    }

    @Test
    void theQueueIsTheOneThatTheCommandIsForUnlessTheLineNamesOne() {
        String move = "\"command\":{\"type\":\"MOVE_CURSOR\",\"scanoutId\":0,\"x\":-3,\"y\":4294967295}";
        assertThat(parse("{" + move + "}").queue()).isEqualTo(Queue.CURSOR);
        assertThat(parse("{" + move + ",\"queue\":\"control\"}").queue()).isEqualTo(Queue.CONTROL);
        assertThat(parse("{\"command\":{\"type\":\"GET_DISPLAY_INFO\"}}").queue())
                .isEqualTo(Queue.CONTROL);
        assertThat(commandOf("{" + move + "}"))
                .isEqualTo(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, -3, -1), 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"GET_DISPLAY_INFO, 408", "RESOURCE_UNREF, 24", "GET_EDID, 1056"})
    void theRoomIsThatOfTheResponseUnlessTheLineSaysHowMuch(String type, int bytes) {
        String fields =
                type.equals("GET_EDID") ? ",\"scanoutId\":0" : type.equals("RESOURCE_UNREF") ? ",\"resourceId\":1" : "";
        String command = "\"command\":{\"type\":\"" + type + "\"" + fields + "}";
        assertThat(parse("{" + command + "}").responseLength()).isEqualTo(bytes);
        assertThat(parse("{" + command + ",\"resp_len\":9}").responseLength()).isEqualTo(9);
    }

    @Test
    void aFormatIsANameOrANumber() {
        for (String format : new String[] {"\"B8G8R8X8\"", "2", "\"2\"", "\"0x2\""}) {
            assertThat(commandOf("{\"command\":{\"type\":\"RESOURCE_CREATE_2D\",\"resourceId\":1,\"format\":" + format
                            + ",\"width\":4,\"height\":2}}"))
                    .isEqualTo(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8X8.number(), 4, 2));
        }
    }

    @Test
    void theNumberOfEntriesIsTheirsUnlessTheCommandSaysAnother() {
        String attach = "{\"command\":{\"type\":\"RESOURCE_ATTACH_BACKING\",\"resourceId\":1,\"entries\":"
                + "[{\"address\":\"0x1000\",\"length\":4096},{\"address\":8192,\"length\":1}]%s}}";
        assertThat(((GpuCommand.ResourceAttachBacking) commandOf(Text.format(attach, ""))).entryCount())
                .isEqualTo(2);
        assertThat(((GpuCommand.ResourceAttachBacking) commandOf(Text.format(attach, ",\"entryCount\":9")))
                        .entryCount())
                .isEqualTo(9);
    }

    @Test
    void aRectangleHasAllFourNumbers() {
        String flush =
                "{\"command\":{\"type\":\"RESOURCE_FLUSH\",\"resourceId\":1,\"rect\":{\"x\":1,\"y\":2,\"width\":3%s}}}";
        assertThat(commandOf(Text.format(flush, ",\"height\":4")))
                .isEqualTo(new GpuCommand.ResourceFlush(Header.NONE, new Rect(1, 2, 3, 4), 1));
        assertThatThrownBy(() -> parse(Text.format(flush, "")))
                .isInstanceOf(ScriptException.class)
                .hasMessage("\"height\" is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'command':{'type':'GET_DISPLAY_INFO'},'request_hex':'00'} | 'command' and 'request_hex' say the same; leave one of them out",
                "{'resp_len':24} | 'command' or 'request_hex' is missing",
                "{'request_hex':'00','resp_len':24,'fence':1} | 'fence' is for a 'command' by name; in 'request_hex' it has its bytes",
                "{'command':{'type':'GET_DISPLAY_INFO','flags':1},'fence':1} | 'fence' sets 'flags' and 'fenceId' of the header; leave them out",
                "{'command':{'type':'RESOURCE_UNREF'}} | 'resourceId' is missing",
                "{'command':{'type':'RESOURCE_UNREF','resourceId':-1}} | 'resourceId' is a whole number from 0 to 4294967295, not -1",
                "{'command':{'type':'RESOURCE_UNREF','resourceId':1,'with':2}} | there is no 'with' here; possible are contextId, fenceId, flags, resourceId, ringIndex, type",
                "{'command':{'type':'0x104','body':''}} | 0x104 is RESOURCE_FLUSH; call it so",
                "{'command':{'resourceId':1}} | 'type' is missing",
                "{'command':7} | a JSON object {…} was expected",
            })
    void whatIsNoCommandIsRefusedInOneSentence(String line, String message) {
        assertThatThrownBy(() -> parse(line.replace('\'', '"')))
                .isInstanceOf(ScriptException.class)
                .hasMessage(message.replace('\'', '"'));
    }

    @Test
    void aMistypedNameGetsTheNearestOne() {
        assertThatThrownBy(() -> parse("{\"command\":{\"type\":\"RESOURCE_FLUHS\"}}"))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("there is no command \"RESOURCE_FLUHS\"")
                .hasMessageContaining("RESOURCE_FLUSH");
    }
}
