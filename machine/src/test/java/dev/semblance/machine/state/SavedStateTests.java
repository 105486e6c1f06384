package dev.semblance.machine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.memory.Ram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": saved states as values and as bytes. */
class SavedStateTests {

    private static Ram ram() {
        Ram ram = new Ram(1 << 20);
        ram.putInt(0x1234, 0x5678_9abc);
        ram.putByte(0xf_ffff, (byte) 7);
        return ram;
    }

    @Test
    void aStateNeverChangesWhateverIsWrittenAfterwards() throws BadStateException {
        Ram ram = ram();
        SavedState state = SavedState.of(ram);
        byte[] before = ChangedStates.bytes(state);
        ram.putInt(0x1234, 0);
        Ram other = new Ram(1 << 20);
        state.loadInto(other);
        other.putInt(0x1238, 1);
        assertThat(ChangedStates.bytes(state)).isEqualTo(before);
        assertThat(other.getInt(0x1234)).isEqualTo(0x5678_9abc);
        assertThat(ram.getInt(0x1238)).isZero();
    }

    @Test
    void rowsOfPixelsAreSharedAndPassThroughBytes() throws BadStateException {
        int[] row = {0xff01_0203, -1, 0x8000_0000};
        SavedState state = SavedState.of(s -> s.savedRow(row, 3));
        List<int[]> loaded = new ArrayList<>();
        state.loadInto(s -> loaded.add(s.savedRow(new int[0], 3)));
        assertThat(loaded.getFirst()).isSameAs(row);
        byte[] bytes = ChangedStates.bytes(state);
        assertThat(bytes).hasSize((int) state.byteSize());
        assertThat(ChangedStates.read(bytes)).isEqualTo(state);
        ChangedStates.read(bytes).loadInto(s -> loaded.add(s.savedRow(new int[0], 3)));
        assertThat(loaded.getLast()).isEqualTo(row);
        assertThat(SavedState.of(s -> s.savedRow(new int[] {1, 2, 3}, 3))).isNotEqualTo(state);
        assertThat(SavedState.of(s -> {})).isNotEqualTo(state);
        assertThatThrownBy(() -> state.loadInto(s -> s.savedRow(row, 4))).hasMessageContaining("another length");
        assertThatThrownBy(() -> state.loadInto(s -> {})).hasMessageContaining("goes on where it should end");
        assertThatThrownBy(() -> SavedState.of(s -> {}).loadInto(s -> s.savedRow(row, 3)))
                .hasMessageContaining("is missing");
        assertThatThrownBy(() -> SavedState.readFrom(new ByteArrayInputStream(bytes), bytes.length - 1))
                .hasMessageContaining("larger than");
    }

    @Test
    void pagesAreSharedUntilOneOfThemIsWrittenTo() throws BadStateException {
        Ram ram = ram();
        byte[] first = ram.readablePage(1);
        SavedState state = SavedState.of(ram);
        assertThat(state.blockCount()).isEqualTo(ram.materializedPages()).isEqualTo(2);
        Ram other = new Ram(1 << 20);
        state.loadInto(other);
        assertThat(other.readablePage(1)).isSameAs(ram.readablePage(1)).isSameAs(first);
        other.putByte(0x1000, (byte) 1);
        ram.putByte(0xf_f000, (byte) 1);
        assertThat(other.readablePage(1)).isNotSameAs(first);
        assertThat(ram.readablePage(1)).isSameAs(first);
        assertThat(ram.readablePage(255)).isNotSameAs(other.readablePage(255));
        byte[] own = other.readablePage(1);
        other.putByte(0x1000, (byte) 2);
        assertThat(other.readablePage(1)).as("is copied once").isSameAs(own);
    }

    @Test
    void whoeverHoldsThePagesOfRamIsToldThatTheyAreSharedAndCopied() {
        Ram ram = ram();
        List<String> told = new ArrayList<>();
        ram.setSharingListener(new Ram.SharingListener() {
            @Override
            public void shared() {
                told.add("shared");
            }

            @Override
            public void copied(byte[] before, byte[] copy) {
                assertThat(copy).isNotSameAs(before).isEqualTo(before).isSameAs(ram.readablePage(1));
                told.add("copied");
            }
        });
        StateDigest.sha256(ram);
        assertThat(told).isEmpty();
        SavedState.of(ram);
        ram.putByte(0x1000, (byte) 1);
        ram.putByte(0x1001, (byte) 1);
        ram.putByte(0x5000, (byte) 1);
        assertThat(told).containsExactly("shared", "copied");
    }

    @Test
    void bytesGiveTheSameStateAndNoOtherBytesDo() throws Exception {
        byte[] bytes = ChangedStates.bytes(SavedState.of(ram()));
        assertThat(bytes).hasSize((int) SavedState.of(ram()).byteSize());
        assertThat(ChangedStates.read(bytes)).isEqualTo(SavedState.of(ram())).hasSameHashCodeAs(SavedState.of(ram()));
        for (int at = 0; at < bytes.length; at += at < 200 ? 1 : 97) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            assertThatExceptionOfType(BadStateException.class)
                    .as("byte %d", at)
                    .isThrownBy(() -> ChangedStates.read(damaged))
                    .withMessageMatching("The state cannot be read: .*\\.");
        }
        for (int length = 0; length < bytes.length; length += 311) {
            InputCut cut = new InputCut(bytes, length);
            assertThatThrownBy(() -> SavedState.readFrom(cut.stream(), Long.MAX_VALUE))
                    .as("%d bytes", length)
                    .isInstanceOf(BadStateException.class);
        }
    }

    /** What guests have most of: pages of zeros, and pages that the recorder knows as they are. */
    @Test
    void blocksAndRowsThatAreTheSameTakeTheirBytesOnceAndBlocksAreNotSharedWhenTheyAreRead() throws Exception {
        byte[] page = new byte[4096];
        page[9] = 1;
        int[] row = {1, 2, 3};
        Stateful part = s -> {
            for (int i = 0; i < 9; i++) {
                s.savedBlock(i % 2 == 0 ? page.clone() : new byte[4096], 4096);
                s.savedRow(row.clone(), 3);
            }
        };
        SavedState state = SavedState.of(part);
        byte[] bytes = ChangedStates.bytes(state);
        assertThat(bytes.length).isEqualTo(24 + 9 * 4 + 2 * 4096 + 9 * 4 + 12 + 32);
        SavedState read = SavedState.readFrom(new ByteArrayInputStream(bytes), state.byteSize());
        assertThat(read).isEqualTo(state);
        assertThat(ChangedStates.bytes(read)).isEqualTo(bytes);
        assertThat(read.blocks().get(2))
                .as("a hart tells pages by their arrays")
                .isNotSameAs(read.blocks().get(0));
        assertThatThrownBy(() -> SavedState.readFrom(new ByteArrayInputStream(bytes), state.byteSize() - 1))
                .as("what it takes in memory counts")
                .hasMessageContaining("larger than");
    }

    private record InputCut(byte[] bytes, int length) {
        ByteArrayInputStream stream() {
            return new ByteArrayInputStream(bytes, 0, length);
        }
    }

    @Test
    void noMoreIsReadThanTheCallerAllows() throws IOException {
        byte[] bytes = ChangedStates.bytes(SavedState.of(ram()));
        assertThatThrownBy(() -> SavedState.readFrom(new ByteArrayInputStream(bytes), bytes.length - 1))
                .isInstanceOf(BadStateException.class)
                .hasMessage("The state cannot be read: it is larger than " + (bytes.length - 1) + " bytes.");
        // A header that promises much costs nothing.
        ByteArrayOutputStream lie = new ByteArrayOutputStream();
        lie.write("SMBSTATE".getBytes(StandardCharsets.US_ASCII));
        lie.write(ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(SavedState.LAYOUT)
                .putInt(1 << 28)
                .putInt(Integer.MAX_VALUE)
                .putInt(Integer.MAX_VALUE)
                .array());
        assertThatThrownBy(() -> SavedState.readFrom(new ByteArrayInputStream(lie.toByteArray()), Long.MAX_VALUE))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("ends too early");
    }

    @Test
    void aStateOfAnotherMachineIsRefusedWithASentence() {
        SavedState state = SavedState.of(ram());
        assertThatThrownBy(() -> state.loadInto(new Ram(1 << 21)))
                .isInstanceOf(BadStateException.class)
                .hasMessageMatching("The state cannot be loaded: it is of a machine with another size of RAM.*\\.");
        assertThatThrownBy(() -> state.loadInto(s -> s.part("PLIC", 1)))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("part PLIC is not where it should be");
        assertThatThrownBy(() -> state.loadInto(s -> s.part("RAM ", 2)))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("another version");
        assertThatThrownBy(() -> state.loadInto(s -> s.part("RAM ", 1)))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("goes on where it should end");
    }

    @Test
    void everyByteOfRamsFieldsIsLoadedOrRefused() throws BadStateException {
        ChangedStates.Outcome outcome = ChangedStates.changeEveryByte(SavedState.of(ram()), () -> new Ram(1 << 20));
        assertThat(outcome.reproduced()).as("the numbers of pages").isPositive();
        assertThat(outcome.refused()).isPositive();
    }
}
