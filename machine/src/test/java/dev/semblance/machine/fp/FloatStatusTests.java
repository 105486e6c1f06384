package dev.semblance.machine.fp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RISC-V unprivileged ISA, 20.2. */
class FloatStatusTests {

    @Test
    void fcsrHasTheRoundingModeAboveTheFlags() {
        FloatStatus s = new FloatStatus();
        for (int value = 0; value < 0x100; value++) {
            s.setFcsr(value);
            assertThat(s.fcsr()).isEqualTo(value);
            assertThat(s.frm()).isEqualTo(value >> 5);
            assertThat(s.flags()).isEqualTo(value & 31);
        }
    }

    @Test
    void reservedBitsAreWrittenInVain() {
        FloatStatus s = new FloatStatus();
        s.setFcsr(-1);
        assertThat(s.fcsr()).isEqualTo(0xff);
        s.setFrm(8);
        assertThat(s.fcsr()).isEqualTo(0x1f);
        s.setFlags(0x20);
        assertThat(s.fcsr()).isZero();
    }

    @Test
    void flagsAndModeAreWrittenEachForItself() {
        FloatStatus s = new FloatStatus();
        s.setFrm(RoundingMode.RUP);
        s.setFlags(FloatStatus.DZ);
        assertThat(s.fcsr()).isEqualTo(0x68);
        s.setFrm(RoundingMode.RMM);
        assertThat(s.fcsr()).isEqualTo(0x88);
    }

    @Test
    void flagsHaveTheBitsOfTheManual() {
        assertThat(new int[] {FloatStatus.NX, FloatStatus.UF, FloatStatus.OF, FloatStatus.DZ, FloatStatus.NV})
                .containsExactly(1, 2, 4, 8, 16);
    }

    /** 5 and 6 are reserved, and 7 is in frm: instructions that round so are illegal, whatever their operands are. */
    @Test
    void anInstructionThatNamesAReservedModeIsIllegal() {
        for (int rm = 0; rm < 8; rm++) {
            for (int frm = 0; frm < 8; frm++) {
                int mode = rm == 7 ? frm : rm;
                assertThat(RoundingMode.resolve(rm, frm)).isEqualTo(mode < 5 ? mode : RoundingMode.ILLEGAL);
            }
        }
    }

    @Test
    void itIsInDigestsAndIsLoadedAsItWasSaved() throws BadStateException {
        List<String> digests = new ArrayList<>();
        for (int value = 0; value < 0x100; value++) {
            FloatStatus s = new FloatStatus();
            s.setFcsr(value);
            digests.add(HexFormat.of().formatHex(StateDigest.sha256(s)));
            FloatStatus loaded = new FloatStatus();
            SavedState.of(s).loadInto(loaded);
            assertThat(loaded.fcsr()).isEqualTo(value);
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void aSavedStateWithBitsThatFcsrHasNotIsRefused() throws BadStateException {
        FloatStatus s = new FloatStatus();
        s.setFcsr(0xff);
        ChangedStates.Outcome outcome = ChangedStates.changeEveryByte(SavedState.of(s), FloatStatus::new);
        assertThat(outcome.refused()).isGreaterThanOrEqualTo(6);
    }
}
