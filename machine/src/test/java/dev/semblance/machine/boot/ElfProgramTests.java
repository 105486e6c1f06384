package dev.semblance.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.SemuPlatform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** System V ABI, chapters 4 (object files) and 5 (program loading); RISC-V ELF psABI, chapter 8. */
class ElfProgramTests {

    private static final byte[] CODE = {0x13, 0, 0, 0, 0x6f, 0, 0, 0};

    private final Ram memory = new Ram(SemuPlatform.RAM_SIZE);
    private final byte[] deviceTree =
            ByteBuffer.allocate(40).putInt(0xd00dfeed).putInt(40).array();

    private long load(byte[] file) throws BadImageException {
        BootLoader loader = new BootLoader(MachineModel.SEMU);
        BootLoader.Program program = loader.bare(file);
        loader.load(memory, program, Optional.empty(), deviceTree);
        return program.entry();
    }

    private static byte[] sound() {
        return new ElfFile()
                .entry(0x8000_0004)
                .segment(0x8000_0000, 0x1000, CODE, 100)
                .segment(0x8000_2000, 0x2000, new byte[] {1, 2, 3}, 0)
                .bytes();
    }

    private static void assertRefused(byte[] file, String words) {
        assertThatExceptionOfType(BadImageException.class)
                .isThrownBy(() -> ElfProgram.parse(file, MachineModel.SEMU))
                .withMessageStartingWith("The program is an ELF file that ")
                .withMessageContaining(words);
    }

    private static byte[] with(int offset, int value) {
        byte[] file = sound();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return file;
    }

    @Test
    void segmentsLieAtTheirPhysicalAddressesAndTheEntryIsPhysicalToo() throws BadImageException {
        assertThat(load(sound())).isEqualTo(0x1004);
        assertThat(memory.getInt(0)).as("the file's header is not loaded").isZero();
        assertThat(memory.getInt(0x1000)).isEqualTo(0x13);
        assertThat(memory.getInt(0x1004)).isEqualTo(0x6f);
        assertThat(memory.getInt(0x1008)).as("beyond the bytes of the file").isZero();
        assertThat(memory.getInt(0x2000)).isEqualTo(0x030201);
        assertThat(memory.getInt(0x1ff0_0000)).isEqualTo(0xedfe0dd0);
    }

    @Test
    void headersThatLoadNothingAreLeftOut() throws BadImageException {
        byte[] file = new ElfFile()
                .header(0x7000_0003)
                .segment(0, 0, CODE, 0)
                .segment(4, 4, new byte[0], 0)
                .header(0x6474_e551)
                .bytes();
        assertThat(ElfProgram.parse(file, MachineModel.SEMU)).satisfies(program -> {
            assertThat(program.entry()).isZero();
            assertThat(program.segments()).containsExactly(new BootLoader.Segment(0, 52 + 4 * 32, 8, 8));
        });
    }

    @Test
    void aSegmentMayReachToTheDeviceTreeAndNoFurther() throws BadImageException {
        int room = (int) SemuPlatform.DEVICE_TREE - CODE.length;
        assertThat(ElfProgram.parse(new ElfFile().segment(0, 0, CODE, room).bytes(), MachineModel.SEMU)
                        .segments())
                .hasSize(1);
        assertRefused(new ElfFile().segment(0, 0, CODE, room + 1).bytes(), "Link it for there");
    }

    @Test
    void onlyProgramsOfThisMachineAreTaken() {
        byte[] file = sound();
        file[4] = 2;
        file[18] = 62;
        file[19] = 0;
        assertRefused(file, "is for x86-64, 64 bits, little-endian; this machine is rv32ima");
        file[18] = (byte) 243;
        assertRefused(file, "is for RISC-V, 64 bits");
        byte[] big = sound();
        big[5] = 2;
        big[18] = 0;
        big[19] = 8;
        assertRefused(big, "is for MIPS, 32 bits, big-endian");
        assertRefused(with(36, 1), "uses compressed instructions (C)");
        assertRefused(with(36, 4), "uses floating-point registers");
        byte[] pie = sound();
        pie[16] = 3;
        assertRefused(pie, "-static -no-pie");
        pie[16] = 1;
        assertRefused(pie, "its type is 1");
    }

    @Test
    void aProgramThatNeedsOthersOrHasNothingIsRefused() {
        assertRefused(new ElfFile().segment(0, 0, CODE, 0).header(3).bytes(), "dynamic linker");
        assertRefused(new ElfFile().header(0).bytes(), "nothing to load");
        assertRefused(new ElfFile().bytes(), "no program headers");
    }

    @ParameterizedTest(name = "entry 0x{0}")
    @CsvSource({"0", "1000", "7ffffffc", "80000002", "80000005", "80000008", "80000040", "ffffffff", "80002000"})
    void theEntryMustBeAnInstructionThatIsLoaded(String entry) {
        assertRefused(with(24, Integer.parseUnsignedInt(entry, 16)), "where it has no instruction");
    }

    @Test
    void segmentsMustNotOverlap() {
        assertRefused(with(52 + 32 + 12, 0x1068), "overlap, at 0x1000 and 0x1068");
    }

    /** Offsets of numbers that say where something is, and values that wrap 32 bits or are just beyond. */
    @ParameterizedTest(name = "0x{1} at {0}")
    @CsvSource({
        "28, ffffffff", "28, ffffffe0", "28, 0000006c", "28, 80000000", "44, 0000ffff", "56, ffffffff", "56, 80000000",
        "56, 0000007d", "64, 20000000", "64, ffffffff", "64, 1ffffffc", "68, ffffffff", "68, 80000000", "72, ffffffff",
        "72, 80000000", "72, 1fefff95", "72, 00000007"
    })
    void numbersThatLeadOutOfFileOrMemoryAreRefused(int offset, String value) {
        assertThatExceptionOfType(BadImageException.class)
                .isThrownBy(() -> load(with(offset, Integer.parseUnsignedInt(value, 16))));
        for (int page = 0; page < memory.pageCount(); page++) {
            assertThat(memory.isMaterialized(page)).isFalse();
        }
    }

    @Test
    void aFileThatIsCutOffAnywhereIsRefused() {
        byte[] file = sound();
        for (int length = 4; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatExceptionOfType(BadImageException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> ElfProgram.parse(cut, MachineModel.SEMU));
        }
    }
}
