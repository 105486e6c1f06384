package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptReaderTests {

    private static ScriptReader reader(String text) {
        return new ScriptReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ids come back in answers: two that differ must not come back as the same. */
    @Test
    void halfASurrogatePairInAnIdIsRefused() throws IOException {
        try (ScriptReader reader = reader("""
                {"op":"status","id":"a\\ud800"}
                {"op":"status","id":"\\ud83d\\ude00"}
                """)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(ScriptException.class)
                    .hasMessageStartingWith("line 1: ")
                    .hasMessageContaining("it has \\ud800 alone");
            assertThat(reader.next()).isPresent();
        }
    }

    @Test
    void addressesHave64BitsAsNumbersAndAsHexadecimalStrings() {
        ScriptLine line = ScriptReader.parse("""
                {"op":"mem_write","mem":[{"addr":18446744073709551615,"hex":"00"},{"addr":"0xFfffFfffFfffFfff","hex":"01"}]}""");
        assertThat(line).isEqualTo(new Poke(List.of(new MemoryWrite(-1, new byte[1]), new MemoryWrite(-1, new byte[] {1
        }))));
    }

    @Test
    void fillsAreBytesOrPatternsOfThem() {
        ScriptLine line = ScriptReader.parse("""
                {"op":"mem_write","mem":[{"addr":0,"fill":255,"len":2},{"addr":2,"fill":"0102ff","len":5}]}""");
        assertThat(line)
                .isEqualTo(new Poke(List.of(
                        new MemoryWrite(0, new byte[] {-1, -1}), new MemoryWrite(2, new byte[] {1, 2, -1, 1, 2}))));
    }

    @Test
    void whatADescriptorLeavesOutFollowsFromItsPlace() {
        Command command = (Command) ScriptReader.parse("""
                {"chain":[{"req_off":1,"len":2,"flags":1},{"resp_off":3,"len":4,"flags":2},{"addr":5,"len":4294967295}]}""");
        assertThat(command.chain())
                .containsExactly(
                        new RawDescriptor(new Place.InRequest(1), 2, 1, 1),
                        new RawDescriptor(new Place.InResponse(3), 4, 2, 0),
                        new RawDescriptor(new Place.Address(5), 4294967295L, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                       | no JSON",
                "[]                                                      | object",
                "{\"op\":\"status\",\"id\":1e2147483648}                | too large or too small",
                "{\"op\":\"status\",\"id\":[-1.5E-2147483649]}          | too large or too small",
                "3 4                                                     | no JSON",
                "{\"op\":\"frob\"}                                       | no op \"frob\"",
                "{\"op\":\"\"}                                           | no op",
                "{\"op\":7}                                              | \"op\" is a string",
                "{\"op\":\"status\",\"x\":1}                             | no \"x\" here",
                "{\"op\":\"status\",\"id\":1,\"id\":2}                   | uplicate",
                "{\"request_hex\":\"00\"}                                | \"resp_len\" is missing",
                "{\"resp_len\":1}                                        | \"request_hex\" is missing",
                "{\"request_hex\":\"0\",\"resp_len\":1}                  | hexadecimal",
                "{\"request_hex\":\"zz\",\"resp_len\":1}                 | hexadecimal",
                "{\"request_hex\":\"\",\"resp_len\":-1}                  | from 0 to",
                "{\"request_hex\":\"\",\"resp_len\":1.0}                 | from 0 to",
                "{\"request_hex\":\"\",\"resp_len\":4294967320}          | from 0 to",
                "{\"request_hex\":\"\",\"resp_len\":null}                | from 0 to",
                "{\"request_hex\":\"\",\"resp_len\":1,\"queue\":\"x\"}   | one of control, cursor",
                "{\"request_hex\":\"\",\"resp_len\":1,\"resp_fill\":256} | from 0 to 255",
                "{\"request_hex\":\"\",\"resp_len\":1,\"resp_fill\":\"\"} | at least one byte",
                "{\"request_hex\":\"\",\"resp_len\":1,\"req_split\":[1,-1]} | from 0 to",
                "{\"chain\":[]}                                          | at least one",
                "{\"chain\":[{\"len\":1}]}                               | one of addr",
                "{\"chain\":[{\"len\":1,\"addr\":0,\"req_off\":0}]}      | one of addr",
                "{\"chain\":[{\"len\":4294967296,\"addr\":0}]}           | 4294967295",
                "{\"chain\":[{\"len\":1,\"addr\":18446744073709551616}]} | 18446744073709551615",
                "{\"op\":\"mem_write\",\"mem\":[{\"addr\":0}]}           | either hex",
                "{\"op\":\"mem_write\",\"mem\":[{\"addr\":0,\"fill\":0,\"len\":67108865}]} | from 0 to 67108864",
                "{\"op\":\"mem_write\",\"mem\":[{\"addr\":0,\"fill\":0,\"len\":67108864},{\"addr\":0,\"hex\":\"00\"}]} | at most",
                "{\"op\":\"mem_read\",\"addr\":0,\"len\":9000000}        | from 0 to 8388608",
                "{\"op\":\"config_read\",\"off\":0,\"width\":3}          | 1, 2 or 4",
                "{\"op\":\"batch\",\"cmds\":[]}                          | at least one",
                "{\"op\":\"batch\",\"cmds\":[{\"op\":\"status\"}]}       | missing",
                "{\"op\":\"screendump\",\"pixels\":[[1]]}                | pairs",
                "{\"op\":\"screendump\",\"png\":\"/etc/passwd\"}         | .png",
                "{\"op\":\"reset\",\"status_only\":1}                    | true or false",
                "{\"op\":\"device\",\"ram\":5}                           | no such device",
                "{\"op\":\"device\",\"ram\":4294967296}                  | from 0 to 2147483648",
                "{\"op\":\"device\",\"heads\":[[0,1]]}                   | no display of 0x1",
                "{\"op\":\"device\",\"heads\":[[8192,1]]}                | 1 to 8191",
                "{\"op\":\"display\",\"head\":0,\"width\":8192,\"height\":1} | from 0 to 8191",
                "{\"op\":\"display\",\"head\":0,\"width\":1,\"height\":0} | no display of 1x0",
                "{\"op\":\"display\",\"width\":1,\"height\":1}           | \"head\" is missing",
                "{\"op\":\"config_write\",\"off\":0,\"width\":3,\"value\":1} | 1, 2 or 4",
                "{\"op\":\"config_write\",\"off\":4,\"width\":4}         | \"value\" is missing",
            })
    void aBadLineIsRefusedWithItsNumberAndTheReason(String line, String reason) {
        assertThatThrownBy(() -> reader("\n" + line + "\n").next())
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageContaining(reason);
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> ScriptReader.parse("{\"id\":" + "[".repeat(100_000)))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("nesting");
    }

    @Test
    void anEndlessLineIsRefusedWithoutKeepingIt() {
        InputStream endless = new InputStream() {
            private long left = 34L << 20;

            @Override
            public int read() {
                return left-- > 0 ? ' ' : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                Arrays.fill(target, offset, offset + length, (byte) ' ');
                left -= length;
                return length;
            }
        };
        assertThatThrownBy(() -> new ScriptReader(endless).next())
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void manySmallValuesAreRefused() {
        assertThatThrownBy(() -> ScriptReader.parse("{\"id\":[" + "1,".repeat(2_000_000) + "1]}"))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("oken");
    }

    @Test
    void afterABadLineTheReaderGoesOnWithTheNext() throws IOException {
        try (ScriptReader reader = reader("\uFEFF{\"op\":\"status\"}\r\n\nbad\n{\"op\":\"status\",\"id\":4}")) {
            assertThat(reader.next().orElseThrow().number()).isEqualTo(1);
            assertThatThrownBy(reader::next).hasMessageStartingWith("line 3: ");
            assertThat(reader.next())
                    .contains(new ScriptReader.Numbered(4, new ScriptLine.Status(Optional.of("4")), Set.of()));
            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void theDeviceIsToldOfBeforeEverythingElse() throws IOException {
        try (ScriptReader reader =
                reader("{\"op\":\"note\",\"text\":\"x\"}\n{\"op\":\"status\"}\n{\"op\":\"device\"}")) {
            assertThat(reader.settings()).isEqualTo(RigSettings.EXEC);
            assertThat(reader.next()).isPresent();
            assertThatThrownBy(reader::next).hasMessageStartingWith("line 3: ");
        }
    }
}
