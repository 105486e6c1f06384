package dev.semblance.harness.playback.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packets of the GDB manual, appendix E, on a machine that counts in a loop. */
class GdbSessionTests {

    private final SmallMachine machine = machine();
    private final GdbSession session = new GdbSession(machine);

    private static SmallMachine machine() {
        try {
            return new SmallMachine(MachineModel.SEMU, SmallMachine.END);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String answer(String packet) {
        List<String> packets = session.answer(packet, () -> false).packets();
        assertThat(packets).hasSize(1);
        return packets.getFirst();
    }

    private static String pc(int pc) {
        return "20:" + HexFormat.of().toHexDigits(Integer.reverseBytes(pc)) + ";thread:1;";
    }

    @Test
    void whatItCanDoIsSaidAndWhatItDoesNotKnowHasAnEmptyAnswer() {
        assertThat(answer("qSupported:multiprocess+;swbreak+;hwbreak+;xmlRegisters=i386"))
                .isEqualTo("PacketSize=4000;qXfer:features:read+;swbreak+;hwbreak+;ReverseStep+;ReverseContinue+"
                        + ";vContSupported+;QStartNoAckMode+");
        for (String unknown : List.of("vMustReplyEmpty", "qTStatus", "jabber", "!", "QNonStop:1", "vFile:open:", "")) {
            assertThat(answer(unknown)).as(unknown).isEmpty();
        }
        assertThat(answer("?")).isEqualTo("T05" + pc(0));
        assertThat(answer("qAttached")).isEqualTo("1");
        assertThat(answer("qC")).isEqualTo("QC1");
        assertThat(answer("qfThreadInfo")).isEqualTo("m1");
        assertThat(answer("qsThreadInfo")).isEqualTo("l");
        assertThat(answer("Hg0")).isEqualTo("OK");
        assertThat(answer("vCont?")).isEqualTo("vCont;c;C;s;S");
    }

    @Test
    void registersAndMemoryAreRead() {
        machine.machine().run(4);
        String general = answer("g");
        assertThat(general).hasSize(33 * 8).startsWith("00000000").endsWith("10000000");
        assertThat(answer("pa")).isEqualTo("00100000");
        assertThat(answer("pd")).isEqualTo("01000000");
        assertThat(answer("p20")).isEqualTo("10000000");
        assertThat(answer("p" + Integer.toHexString(65 + 0x180))).as("satp").isEqualTo("00000000");
        assertThat(answer("p1041")).as("priv: supervisor").isEqualTo("01000000");
        assertThat(answer("p21")).as("no floating point").startsWith("E");
        assertThat(answer("pffffffff")).startsWith("E");
        assertThat(answer("m1000,8")).isEqualTo("0100000000000000");
        assertThat(answer("m0,4")).isEqualTo("17150000");
        assertThat(answer("m80000000,4")).as("no memory").isEqualTo("E14");
        assertThat(answer("mf4000000,4")).as("a device is not read").isEqualTo("E14");
        assertThat(answer("m0,ffffffff").length()).isLessThan(PacketReader.MAX_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"G00", "P1=00", "M0,4:00000000", "X0,0:", "c1000", "s0", "C05;1000"})
    void nothingCanBeChanged(String packet) {
        assertThat(answer(packet)).startsWith("E.the machine is played back from a trace and cannot be changed");
        assertThat(machine.machine().hart().cycle()).isZero();
    }

    @Test
    void stepsAndBreakpointsGoForthAndBack() {
        answer("qSupported:swbreak+;hwbreak+");
        assertThat(answer("s")).isEqualTo("T05" + pc(4));
        assertThat(answer("vCont;s:1;c")).isEqualTo("T05" + pc(8));
        assertThat(answer("bs")).isEqualTo("T05" + pc(4));
        assertThat(answer("Z0,c,4")).isEqualTo("OK");
        assertThat(answer("c")).isEqualTo("T05swbreak:;" + pc(12));
        assertThat(answer("z0,c,4")).isEqualTo("OK");
        assertThat(answer("Z1,8,4")).isEqualTo("OK");
        assertThat(answer("vCont;c:p1.-1")).isEqualTo("T05hwbreak:;" + pc(8));
        assertThat(machine.machine().hart().x(13)).isEqualTo(2);
        assertThat(answer("bc")).isEqualTo("T05hwbreak:;" + pc(8));
        assertThat(machine.machine().hart().x(13)).isEqualTo(1);
        assertThat(answer("bc")).isEqualTo("T05replaylog:begin;" + pc(0));
        assertThat(answer("bs")).isEqualTo("T05replaylog:begin;" + pc(0));
        answer("z1,8,4");
        assertThat(answer("c")).startsWith("T05replaylog:end;");
        assertThat(answer("s")).startsWith("T05replaylog:end;");
    }

    @Test
    void watchpointsTellWhatWasTouched() {
        assertThat(answer("Z2,1000,4")).isEqualTo("OK");
        assertThat(answer("c")).as("before the store").isEqualTo("T05watch:1000;" + pc(8));
        assertThat(answer("s")).isEqualTo("T05" + pc(12));
        assertThat(answer("bc")).as("behind the store").isEqualTo("T05watch:1000;" + pc(12));
        assertThat(answer("bs")).isEqualTo("T05" + pc(8));
        assertThat(answer("z2,1000,4")).isEqualTo("OK");
        assertThat(answer("Z3,1000,4")).isEqualTo("OK");
        assertThat(answer("c")).isEqualTo("T05rwatch:1000;" + pc(12));
        assertThat(answer("z3,1000,4")).isEqualTo("OK");
        assertThat(answer("s")).isEqualTo("T05" + pc(16));
        assertThat(answer("Z4,1000,4")).isEqualTo("OK");
        assertThat(answer("c")).isEqualTo("T05awatch:1000;" + pc(8));
        assertThat(answer("s")).isEqualTo("T05" + pc(12));
        assertThat(answer("c")).isEqualTo("T05awatch:1000;" + pc(12));
    }

    @Test
    void pointsHaveALimit() {
        assertThat(answer("Z2,0,0")).startsWith("E");
        assertThat(answer("Z2,0,10001")).startsWith("E");
        for (int i = 0; i < GdbSession.MAX_POINTS; i++) {
            assertThat(answer("Z0," + Integer.toHexString(4 * i + 0x4000) + ",4"))
                    .isEqualTo("OK");
        }
        assertThat(answer("Z0,4000,4")).as("one that is there").isEqualTo("OK");
        assertThat(answer("Z0,0,4")).startsWith("E");
        for (int i = 0; i < GdbSession.MAX_POINTS; i++) {
            assertThat(answer("z0," + Integer.toHexString(4 * i + 0x4000) + ",4"))
                    .isEqualTo("OK");
        }
        assertThat(answer("Z0,0,4")).isEqualTo("OK");
    }

    @Test
    void whatTheUserSaysToTheMonitorIsAnsweredInAsManyPacketsAsItTakes() {
        String hex = HexFormat.of().formatHex("when".getBytes(StandardCharsets.UTF_8));
        assertThat(session.answer("qRcmd," + hex, () -> false).packets())
                .containsExactly(
                        "O" + HexFormat.of().formatHex("you said when\n".getBytes(StandardCharsets.UTF_8)), "OK");
        String much = HexFormat.of().formatHex("much".getBytes(StandardCharsets.UTF_8));
        List<String> packets = session.answer("qRcmd," + much, () -> false).packets();
        assertThat(packets).hasSizeGreaterThan(5).allMatch(packet -> packet.length() <= PacketReader.MAX_LENGTH);
        assertThat(packets.subList(0, packets.size() - 1)).allMatch(packet -> packet.length() % 2 == 1);
        assertThat(answer("qRcmd,xx")).startsWith("E");
    }

    @Test
    void aDebuggerLeavesAndTheMachineStays() {
        assertThat(session.answer("D", () -> false)).isEqualTo(new GdbSession.Answer(List.of("OK"), true));
        assertThat(session.answer("k", () -> false)).isEqualTo(new GdbSession.Answer(List.of(), true));
        assertThat(session.answer("vKill;1", () -> false)).isEqualTo(new GdbSession.Answer(List.of("OK"), true));
    }

    @Test
    void theUserCanInterrupt() throws Exception {
        GdbSession endless = new GdbSession(new SmallMachine(MachineModel.SEMU, Long.MAX_VALUE / 4));
        assertThat(endless.answer("c", () -> true).packets().getFirst()).startsWith("T02");
    }

    @ParameterizedTest
    @EnumSource
    void theDescriptionHasTheRegistersThatCanBeRead(Isa isa) throws Exception {
        MachineModel model = new MachineModel(Profile.VIRT, isa, 16 << 20);
        GdbSession other = new GdbSession(new SmallMachine(model, SmallMachine.END));
        StringBuilder xml = new StringBuilder();
        String part = "m";
        while (part.charAt(0) == 'm') {
            part = other.answer(
                            "qXfer:features:read:target.xml:" + Integer.toHexString(xml.length()) + ",3fb", () -> false)
                    .packets()
                    .getFirst();
            xml.append(part, 1, part.length());
        }
        assertThat(xml.toString())
                .contains("<architecture>riscv:rv" + isa.xlen() + "</architecture>")
                .contains("org.gnu.gdb.riscv.cpu", "org.gnu.gdb.riscv.csr", "name=\"satp\"", "name=\"priv\"");
        assertThat(xml.indexOf("org.gnu.gdb.riscv.fpu") >= 0).isEqualTo(isa.hasFloat());
        assertThat(other.answer("qXfer:features:read:other.xml:0,fff", () -> false)
                        .packets())
                .containsExactly("E00");
        int registers = 0;
        for (MatchResult each : Pattern.compile("bitsize=\"([0-9]+)\" regnum=\"([0-9]+)\"")
                .matcher(xml)
                .results()
                .toList()) {
            String value = other.answer("p" + Integer.toHexString(Integer.parseInt(each.group(2))), () -> false)
                    .packets()
                    .getFirst();
            assertThat(value)
                    .as(each.group())
                    .hasSize(Integer.parseInt(each.group(1)) / 4)
                    .doesNotContain("E");
            registers++;
        }
        assertThat(registers).isGreaterThan(40);
    }

    /** A debugger may send anything; what it sends has an answer, or is the end. */
    @Property(tries = 2000)
    void noPacketBreaksAnything(
            @ForAll("starts") String start,
            @ForAll @StringLength(max = 40) @CharRange(from = 0, to = 255) String rest) {
        GdbSession.Answer answer = session.answer(start + rest, () -> true);
        assertThat(answer.packets()).allMatch(packet -> packet.length() <= PacketReader.MAX_LENGTH);
        assertThat(answer.ends() || !answer.packets().isEmpty()).isTrue();
    }

    @Provide
    Arbitrary<String> starts() {
        return Arbitraries.of(
                "",
                "g",
                "p",
                "m",
                "m0,",
                "Z0,",
                "Z2,",
                "z",
                "c",
                "s",
                "bs",
                "b",
                "vCont;",
                "vCont",
                "qRcmd,",
                "q",
                "Q",
                "qXfer:features:read:",
                "qXfer:features:read:target.xml:",
                "H",
                "?",
                "P",
                "X",
                "qSupported",
                "T",
                "D",
                "v");
    }
}
