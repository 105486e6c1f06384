package dev.semblance.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Linux, Documentation/arch/riscv/boot.rst and boot-image-header.rst; docs/ARCHITECTURE.md, "Profiles". */
class VirtBootTests {

    private static final int MIB = 1 << 20;
    private static final long RAM = 0x8000_0000L;
    private static final int PE_RISCV64 = 0x5064;
    private static final int PE_RISCV32 = 0x5032;

    private final MachineModel model = new MachineModel(Profile.VIRT, Isa.RV64GC, 64L * MIB);
    private final BootLoader loader = new BootLoader(model);
    private final Ram memory = new Ram(RAM, 64L * MIB);
    private final byte[] deviceTree = new FlattenedDeviceTree().toBytes();

    private static byte[] kernel(long textOffset, long imageSize, int peMachine) {
        ByteBuffer image = ByteBuffer.allocate(4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x13)
                .putLong(0x08, textOffset)
                .putLong(0x10, imageSize)
                .putInt(0x38, 0x05435352);
        if (peMachine != 0) {
            image.putShort(0, (short) 0x5a4d)
                    .putInt(0x3c, 0x40)
                    .putInt(0x40, 0x4550)
                    .putShort(0x44, (short) peMachine);
        }
        return image.array();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }

    /** As drivers/firmware/efi/libstub/zboot-header.S has it. */
    private static byte[] zboot(byte[] packed, int offset, int size, String how) {
        ByteBuffer file = ByteBuffer.allocate(128 + packed.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(0, (short) 0x5a4d)
                .put(4, "zimg".getBytes(StandardCharsets.US_ASCII))
                .putInt(8, offset)
                .putInt(12, size)
                .put(24, how.getBytes(StandardCharsets.US_ASCII))
                .put(128, packed);
        return file.array();
    }

    @Test
    void aKernelIsEnteredWhereItsHeaderWantsItAndTheDeviceTreeIsAtTheEndOfRam() throws BadImageException {
        BootLoader.Program program = loader.kernel(kernel(2 * MIB, 8 * MIB, PE_RISCV64));
        byte[] initrd = {1, 2, 3, 4};
        loader.load(memory, program, Optional.of(initrd), deviceTree);

        assertThat(program.entry()).isEqualTo(RAM + 2 * MIB);
        assertThat(memory.getInt(RAM + 2 * MIB) & 0xffff).isEqualTo(0x5a4d);
        assertThat(model.deviceTree()).isEqualTo(RAM + 62 * MIB);
        assertThat(memory.getInt(RAM + 62 * MIB)).isEqualTo(0xedfe0dd0);
        assertThat(loader.placeInitrd(program, 4)).isEqualTo(new LoadedImage(RAM + 61 * MIB, 4));
        assertThat(memory.getInt(RAM + 61 * MIB)).isEqualTo(0x04030201);
    }

    @ParameterizedTest
    @CsvSource({
        "2097152, 0x5064, 64",
        "4194304, 0x5032, 32",
        "0,       0x5064, 64",
        "2097152, 0x5032, 32",
        "2097152, 0,      64",
        "4194304, 0,      32",
        "0,       0,      0",
        "2097152, 0x8664, 0"
    })
    void aHeaderProvesForHowManyBitsAKernelIsByItsPeMachineOrElseByWhereItWantsToLie(
            long textOffset, String peMachine, int bits) {
        assertThat(KernelImage.bits(kernel(textOffset, 0, Integer.decode(peMachine))))
                .isEqualTo(bits);
    }

    @Test
    void whatIsNoKernelProvesNothing() {
        assertThat(KernelImage.bits(new byte[0])).isZero();
        assertThat(KernelImage.bits(new byte[4096])).isZero();
        byte[] wild = kernel(0, 0, PE_RISCV64);
        ByteBuffer.wrap(wild).order(ByteOrder.LITTLE_ENDIAN).putInt(0x3c, -6);
        assertThat(KernelImage.bits(wild)).as("a PE header that is nowhere").isZero();
    }

    @Test
    void aPackedKernelProvesForHowManyBitsItIsByItsFirstBytes() {
        byte[] image = new byte[1 << 20];
        new Random(5).nextBytes(image);
        System.arraycopy(kernel(2 * MIB, 8 * MIB, 0), 0, image, 0, 4096);
        byte[] packed = gzip(image);
        assertThat(KernelImage.bits(packed)).isEqualTo(64);
        assertThat(KernelImage.bits(Arrays.copyOf(packed, 4096))).isEqualTo(64);
        assertThat(KernelImage.bits(gzip(kernel(4 * MIB, 0, PE_RISCV32)))).isEqualTo(32);
        assertThat(KernelImage.bits(Arrays.copyOf(packed, 12)))
                .as("too little of it")
                .isZero();
        assertThat(KernelImage.bits(gzip(new byte[4096]))).isZero();

        byte[] program = zboot(packed, 128, packed.length, "gzip");
        assertThat(KernelImage.bits(program)).as("without a PE header").isZero();
        ByteBuffer.wrap(program)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x3c, 0x40)
                .putInt(0x40, 0x4550)
                .putShort(0x44, (short) PE_RISCV64);
        assertThat(KernelImage.bits(program)).isEqualTo(64);
        assertThat(KernelImage.bits(Arrays.copyOf(program, 4096))).isEqualTo(64);
    }

    private static byte[] with(int at, int value) {
        return ByteBuffer.allocate(4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(at, value)
                .array();
    }

    @ParameterizedTest(name = "0x{1} at 0x{0}: {2}")
    @CsvSource({
        "38, 644d5241, it is a kernel for AArch64. Use one that is built for RISC-V",
        "24, 016f2818, it is a kernel for Arm. Use one that is built for RISC-V",
        "202, 53726448, it is a kernel for x86. Use one that is built for RISC-V",
        "0, 587a37fd, it is compressed with xz; decompress it first",
        "0, fd2fb528, it is compressed with zstd; decompress it first",
        "0, 39685a42, it is compressed with bzip2; decompress it first",
        "0, 56190527, it is in U-Boot's own wrapping (uImage). Use the Image that is in it",
        "0, edfe0dd0, 'it is a device tree, or a FIT image. Use the Image that is in it'",
        "438, ef53, 'it is a file system, such as a disk has'",
    })
    void whatIsNoKernelForThisMachineIsToldWhatItIs(String at, String value, String what) {
        byte[] file = with(Integer.parseInt(at, 16), Integer.parseUnsignedInt(value, 16));
        for (byte[] packed : List.of(file, gzip(file))) {
            assertThatThrownBy(() -> loader.kernel(packed))
                    .isInstanceOf(BadImageException.class)
                    .hasMessage("The kernel is none for this machine: " + what + ".");
        }
        assertThatThrownBy(() -> KernelImage.parse(file, MachineModel.SEMU))
                .hasMessage("The kernel is no RISC-V kernel Image: " + what + ".");
    }

    @Test
    void anEfiProgramThatUnpacksNothingIsToldOfWhatStartsIt() {
        byte[] program = kernel(0, 0, PE_RISCV64);
        ByteBuffer.wrap(program).putInt(0x38, 0);
        assertThatThrownBy(() -> loader.kernel(program))
                .hasMessageContaining("EFI program")
                .hasMessageContaining("U-Boot");
        ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN).putShort(0x44, (short) 0xaa64);
        assertThatThrownBy(() -> loader.kernel(program)).hasMessageContaining("for AArch64");
    }

    @Test
    void semuSaysWhatVirtTakes() {
        assertThatThrownBy(() -> KernelImage.parse(new byte[4096], MachineModel.SEMU))
                .hasMessageContaining("RSC\\x05")
                .hasMessageContaining("--profile virt");
        assertThatThrownBy(() -> KernelImage.parse(gzip(new byte[4096]), MachineModel.SEMU))
                .hasMessageContaining("--profile virt unpacks");
    }

    @Test
    void aKernelForAnotherWidthIsRefusedAndTheRightMachineNamed() {
        assertThatThrownBy(() -> loader.kernel(kernel(4 * MIB, 0, PE_RISCV32)))
                .isInstanceOf(BadImageException.class)
                .hasMessage(
                        "The kernel is for 32 bits, and the machine's hart is rv64gc. Use --profile virt --isa rv32gc.");
        assertThatThrownBy(() -> KernelImage.parse(kernel(2 * MIB, 0, PE_RISCV64), MachineModel.SEMU))
                .hasMessageContaining("for 64 bits")
                .hasMessageContaining("--isa rv64gc");
    }

    @Test
    void aKernelThatDoesNotFitIsToldOfTheRam() {
        assertThatThrownBy(() -> loader.kernel(kernel(2 * MIB, 65L * MIB, 0))).hasMessageContaining("--ram");
        assertThatThrownBy(() -> loader.kernel(kernel(2 * MIB, 61L * MIB, 0)))
                .hasMessage("The kernel takes 63963136 bytes of memory; there is room for 62914560.");
        for (long offset : new long[] {-4096, 1L << 40, 2 * MIB + 1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> loader.kernel(kernel(offset, 0, PE_RISCV64)))
                    .isInstanceOf(BadImageException.class);
        }
        assertThatThrownBy(() -> loader.placeInitrd(loader.kernel(kernel(2 * MIB, 8 * MIB, 0)), 60L * MIB))
                .hasMessageContaining("does not fit");
    }

    @Test
    void kernelsInGzipAndInAnEfiProgramInGzipAreTakenOut() throws BadImageException {
        byte[] image = kernel(2 * MIB, 8 * MIB, PE_RISCV64);
        byte[] packed = gzip(image);
        assertThat(loader.kernel(packed).bytes()).isEqualTo(image);
        assertThat(loader.kernel(zboot(packed, 128, packed.length, "gzip")).bytes())
                .isEqualTo(image);
    }

    @Test
    void whatIsPackedIsRefusedIfItIsDamagedTooLargeOrUnknown() {
        byte[] packed = gzip(kernel(2 * MIB, 0, 0));
        byte[] damaged = packed.clone();
        damaged[packed.length - 5] ^= 1;
        assertThatThrownBy(() -> loader.kernel(damaged)).hasMessageContaining("is damaged");
        assertThatThrownBy(() -> loader.kernel(Arrays.copyOf(packed, 20))).hasMessageContaining("is damaged");
        assertThatThrownBy(() -> loader.kernel(gzip(new byte[64 * MIB + 1]))).hasMessageContaining("has more than");
        assertThatThrownBy(() -> loader.kernel(zboot(packed, 128, packed.length, "zstd")))
                .hasMessageContaining("packed with zstd");
        for (int[] place : new int[][] {{-1, 10}, {128, packed.length + 1}, {128, -1}, {1 << 30, 1 << 30}}) {
            assertThatThrownBy(() -> loader.kernel(zboot(packed, place[0], place[1], "gzip")))
                    .isInstanceOf(BadImageException.class);
        }
    }

    @Test
    void whatHasNoHeaderIsEntered2MibIntoRam() throws BadImageException {
        for (BootLoader.Program program : List.of(loader.kernel(new byte[] {0x13}), loader.bare(new byte[] {0x13}))) {
            assertThat(program.entry()).isEqualTo(RAM + 2 * MIB);
        }
        assertThatThrownBy(() -> loader.bare(new byte[60 * MIB + 1])).hasMessageContaining("from 1 to 62914560");
    }

    private static byte[] elf64(long virtual, long physical, long entry, long fileSize, long memorySize) {
        return ByteBuffer.allocate(64 + 56 + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x464c457f)
                .put(4, (byte) 2)
                .put(5, (byte) 1)
                .putShort(16, (short) 2)
                .putShort(18, (short) 243)
                .putLong(24, entry)
                .putLong(32, 64)
                .putInt(48, 5)
                .putShort(54, (short) 56)
                .putShort(56, (short) 1)
                .putInt(64, 1)
                .putLong(64 + 8, 120)
                .putLong(64 + 16, virtual)
                .putLong(64 + 24, physical)
                .putLong(64 + 32, fileSize)
                .putLong(64 + 40, memorySize)
                .putInt(120, 0x13)
                .array();
    }

    @Test
    void anElfFileOf64BitsLiesAtItsPhysicalAddressesAndIsEnteredThere() throws BadImageException {
        byte[] file = elf64(0xffff_ffff_8000_0000L, RAM + 0x1000, 0xffff_ffff_8000_0002L, 16, 4096);
        for (BootLoader.Program program : List.of(loader.kernel(file), loader.bare(file))) {
            loader.load(memory, program, Optional.empty(), deviceTree);
            assertThat(program.entry()).isEqualTo(RAM + 0x1002);
            assertThat(memory.getInt(RAM + 0x1000)).isEqualTo(0x13);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16, 4096, may take memory from 0x80000000",
        "0x83e00000, 16, 4096, may take memory",
        "0x80001000, 17, 4096, is damaged",
        "0x80001000, -1, 4096, is damaged",
        "0x80001000, 16, 8, is damaged",
        "-4096, 16, 4096, may take memory",
        "0x80001000, 16, 0x7fffffffffffffff, may take memory"
    })
    void numbersOfAnElfFileAreCheckedIn64Bits(String physical, String fileSize, String memorySize, String words) {
        byte[] file = elf64(0, Long.decode(physical), 0, Long.decode(fileSize), Long.decode(memorySize));
        assertThatThrownBy(() -> loader.bare(file))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining(words);
    }

    @Test
    void anElfFileForAnotherHartIsToldHowToBuildIt() {
        byte[] of32 = new ElfFile()
                .entry(0x1000)
                .segment(0x1000, 0x1000, new byte[] {0x13, 0, 0, 0}, 0)
                .bytes();
        assertThatThrownBy(() -> loader.bare(Arrays.copyOf(of32, 200)))
                .hasMessageContaining("32 bits")
                .hasMessageEndingWith("this machine is rv64gc. Build it with -march=rv64gc -mabi=lp64d.");
    }

    @Test
    void aMachineIsOfItsProfile() {
        assertThatThrownBy(() -> new MachineModel(Profile.SEMU, Isa.RV64GC, 512L * MIB))
                .isInstanceOf(IllegalArgumentException.class);
        for (long size : new long[] {0, 15L * MIB, 16L * MIB + 1, 2048L * MIB + 4096, -1, Long.MIN_VALUE}) {
            assertThat(MachineModel.canHave(Profile.VIRT, size)).as("%d", size).isFalse();
        }
        assertThat(MachineModel.usual(Profile.VIRT)).isEqualTo(new MachineModel(Profile.VIRT, Isa.RV64GC, 256L * MIB));
        assertThat(Profile.VIRT.cyclesPerSecond()).isEqualTo(1_000_000_000);
        assertThat(Profile.SEMU.cyclesPerSecond()).isEqualTo(65_000_000);
    }
}
