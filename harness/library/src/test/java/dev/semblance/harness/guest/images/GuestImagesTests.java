package dev.semblance.harness.guest.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.machine.profile.Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestImagesTests {

    @TempDir
    private Path folder = Path.of("");

    private Path guest = Path.of("");
    private ImageCache cache = new ImageCache(Path.of(""));
    private GuestImages images = new GuestImages(Optional.empty(), cache);

    @BeforeEach
    void shipAGuest() throws IOException {
        guest = Files.createDirectories(folder.resolve("guest"));
        cache = new ImageCache(folder.resolve("cache"));
        images = new GuestImages(Optional.of(guest), cache);
        xz(guest.resolve("Image.xz"), kernel(1));
        xz(guest.resolve("rootfs.cpio.xz"), new byte[] {1, 2, 3});
        xz(guest.resolve("rootfs.ext4.xz"), new byte[1024]);
    }

    private static byte[] kernel(int salt) {
        byte[] bytes = new byte[100];
        System.arraycopy(new byte[] {'R', 'I', 'S', 'C', 'V'}, 0, bytes, 0x30, 5);
        System.arraycopy(new byte[] {'R', 'S', 'C', 5}, 0, bytes, 0x38, 4);
        bytes[99] = (byte) salt;
        return bytes;
    }

    private static void xz(Path file, byte[] bytes) throws IOException {
        try (OutputStream out = new XZCompressorOutputStream(Files.newOutputStream(file))) {
            out.write(bytes);
        }
    }

    private GuestSettings settings(String kernel, String initrd, String disk, String dtb) {
        return new GuestSettings(
                source(kernel),
                source(initrd),
                source(disk),
                source(dtb),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MachineSettings.NONE);
    }

    private Optional<ImageSource> source(String text) {
        return text.isEmpty() ? Optional.empty() : ImageSource.parse(text, folder);
    }

    private void refused(GuestSettings settings, String sentence) {
        refused(ExitCode.USAGE, settings, sentence);
    }

    /** An image that is there and can be read, and is not what it should be. */
    private void unusable(GuestSettings settings, String sentence) {
        refused(ExitCode.INCOMPATIBLE, settings, sentence);
    }

    private void refused(ExitCode code, GuestSettings settings, String sentence) {
        assertThatThrownBy(() -> images.load(settings))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        e -> assertThat(ExitCode.of(e)).isEqualTo(code))
                .hasMessage(sentence.replace("$", folder.toString()));
    }

    @Test
    void hashingALargeImageIsToldFromTheFirstByteToTheLast() throws IOException {
        Path large = folder.resolve("large.img");
        long size = (130L << 20) + 1;
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(size);
        }
        List<Long> told = new ArrayList<>();
        GuestImage.ofFile("x", large, (image, done, total) -> {
            assertThat(image).isEqualTo("large.img");
            assertThat(total).isEqualTo(size);
            told.add(done);
        });
        assertThat(told).containsExactly(0L, 64L << 20, 128L << 20, size);
        Path small = Files.writeString(folder.resolve("small.img"), "small");
        GuestImage.ofFile("x", small, (image, done, total) -> told.clear());
        assertThat(told).hasSize(4);
    }

    @Test
    void withNothingNamedTheShippedKernelAndInitrdAreTakenUnpacked() {
        LoadedGuest loaded = images.load(GuestSettings.NONE);
        assertThat(loaded.kernel().bytes()).isEqualTo(kernel(1));
        assertThat(loaded.kernel().name()).isEqualTo("Image");
        assertThat(loaded.initrd().orElseThrow().bytes()).containsExactly(1, 2, 3);
        assertThat(loaded.disk()).isEmpty();
        assertThat(loaded.dtb()).isEmpty();
        assertThat(loaded.all()).hasSize(2);
    }

    @Test
    void aKernelOrADiskOfTheUsersBringsNoShippedInitrd() throws IOException {
        Files.write(folder.resolve("mine"), kernel(2));
        assertThat(images.load(settings("mine", "", "", "")).initrd()).isEmpty();
        LoadedGuest fromDisk = images.load(settings("", "", "shipped:rootfs.ext4", ""));
        assertThat(fromDisk.initrd()).isEmpty();
        assertThat(fromDisk.disk().orElseThrow().size()).isEqualTo(1024);
        assertThat(images.load(settings("", "shipped:rootfs.cpio", "shipped:rootfs.ext4", ""))
                        .initrd())
                .isPresent();
        assertThat(images.load(settings("", "none", "", "")).initrd()).isEmpty();
    }

    /** FIPS 180-2, B.1. */
    @Test
    void imagesAreKnownByTheSha256OfTheirBytes() {
        assertThat(GuestImage.of("abc", new byte[] {'a', 'b', 'c'}).sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void whatVirtStartsInPlaceOfAKernelNeedsNoHeaderButIsNoKernelForAnotherMachine() throws IOException {
        byte[] other = new byte[64];
        ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(0x38, 0x644d5241);
        Files.write(folder.resolve("u-boot.bin"), new byte[64]);
        Files.write(folder.resolve("arm64"), other);
        assertThat(images.load(onVirt("u-boot.bin")).kernel().size()).isEqualTo(64);
        unusable(
                settings("u-boot.bin", "", "", ""),
                "the kernel $/u-boot.bin is no RISC-V kernel Image: the bytes \"RSC\\x05\" are missing at offset 0x38. Use"
                        + " arch/riscv/boot/Image of the kernel's build; --profile virt and --bare start programs without a"
                        + " header, such as U-Boot");
        unusable(
                onVirt("arm64"),
                "the kernel $/arm64 is none for this machine: it is a kernel for AArch64. Use one that is built for RISC-V");
    }

    private GuestSettings onVirt(String kernel) {
        GuestSettings virt = new GuestSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new MachineSettings(Optional.of(Profile.VIRT), Optional.empty(), OptionalLong.empty()));
        return settings(kernel, "none", "", "").orElse(virt);
    }

    @Test
    void whatIsMissingOrUnfitIsOneSentence() throws IOException {
        Files.write(folder.resolve("vmlinux"), Arrays.copyOf(new byte[] {0x7f, 'E', 'L', 'F', 1, 1}, 64));
        Files.write(folder.resolve("odd.img"), new byte[513]);
        Files.write(folder.resolve("empty"), new byte[0]);
        Files.writeString(folder.resolve("semu.dts"), "/dts-v1/; / { model = \"semu\"; compatible = \"x\"; };");
        Files.write(folder.resolve("bad.xz"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
        refused(settings("none.bin", "", "", ""), "the kernel $/none.bin does not exist");
        refused(settings("guest", "", "", ""), "the kernel $/guest is not a file");
        refused(settings("none", "", "", ""), "a guest needs a kernel; \"none\" is not one");
        unusable(
                settings("vmlinux", "", "", ""),
                "the kernel $/vmlinux is no RISC-V kernel Image: it is an ELF file, such as vmlinux. Use arch/riscv/boot/Image"
                        + " of the kernel's build; --profile virt and --bare take ELF files that are linked for where"
                        + " memory is");
        unusable(
                settings("", "", "odd.img", ""),
                "the disk $/odd.img has 513 bytes, which is not a whole number of 512-byte sectors");
        refused(settings("", "empty", "", ""), "the initrd $/empty is empty");
        unusable(
                settings("", "", "", "semu.dts"),
                "the device tree $/semu.dts is no flattened device tree; compile sources with dtc -O dtb");
        refused(
                settings("", "", "shipped:rootfs.ext5", ""),
                "no image named shipped:rootfs.ext5 ships with the project; there are: shipped:Image,"
                        + " shipped:rootfs.cpio, shipped:rootfs.ext4");
        refused(
                settings("", "", "shipped:../guest/Image", ""),
                "no image named shipped:../guest/Image ships with the project; there are: shipped:Image,"
                        + " shipped:rootfs.cpio, shipped:rootfs.ext4");
        assertThatThrownBy(() -> images.load(settings("", "bad.xz", "", "")))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("the initrd " + folder + "/bad.xz cannot be read: ");
        assertThatThrownBy(() -> new GuestImages(Optional.empty(), cache).load(GuestSettings.NONE))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("the guest that ships with the project is not here");
    }

    @Test
    void anImageIsFoundByItsSha256WhateverItsName() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("mine/a/b"));
        Files.write(deep.resolve("other"), new byte[] {9});
        Files.write(deep.resolve("plain"), new byte[] {4, 5});
        xz(deep.resolve("packed.xz"), new byte[] {6, 7});
        Files.write(deep.resolve("broken.xz"), new byte[] {1});
        List<Path> where = List.of(folder.resolve("mine"));

        String plain = GuestImage.of("", new byte[] {4, 5}).sha256();
        assertThat(images.find(plain, "gone", where).orElseThrow().bytes()).containsExactly(4, 5);
        String packed = GuestImage.of("", new byte[] {6, 7}).sha256();
        assertThat(images.find(packed, "gone", where).orElseThrow().bytes()).containsExactly(6, 7);
        String shipped = GuestImage.of("", new byte[] {1, 2, 3}).sha256();
        assertThat(images.find(shipped, "rootfs.cpio", List.of())).isPresent();
        assertThat(images.find(plain.replace('a', 'b').replace('0', '1'), "plain", where))
                .isEmpty();
        assertThatThrownBy(() -> images.find(plain, "x", List.of(folder.resolve("nowhere"))))
                .isInstanceOf(SemblanceException.class)
                .hasMessage("the folder of images " + folder + "/nowhere is not there");
    }

    @Test
    void theCacheKeepsWhatARecordingUsedAndNothingOfItThatRotted() throws IOException {
        GuestImage image = GuestImage.of("d.img", new byte[] {1, 2, 3, 4});
        assertThat(cache.store(image)).isTrue();
        assertThat(cache.store(image)).isTrue();
        assertThat(images.find(image.sha256(), "d.img", List.of()).orElseThrow().bytes())
                .containsExactly(1, 2, 3, 4);

        Path file = folder.resolve("cache/images").resolve(image.sha256());
        Files.write(file, new byte[] {1, 2, 3, 5});
        assertThat(cache.find(image.sha256(), "d.img")).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(cache.find("../images/" + image.sha256(), "d.img")).isEmpty();
    }

    @Test
    void nothingHalfWrittenIsLeftInTheCache() throws IOException {
        images.load(GuestSettings.NONE);
        try (var files = Files.list(folder.resolve("cache"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("images", "unpacked");
        }
    }

    private static GuestImage image(int value, int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) value);
        return GuestImage.of("i" + value, content);
    }

    @Test
    void theCacheThrowsOutWhatWasUsedLeastRecentlyAndKeepsTheNewest() throws IOException {
        ImageCache small = new ImageCache(folder.resolve("small"), 2500);
        GuestImage one = image(1, 1000);
        GuestImage two = image(2, 1000);
        GuestImage three = image(3, 1000);
        small.store(one);
        small.store(two);
        FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        for (GuestImage image : List.of(one, two)) {
            Files.setLastModifiedTime(folder.resolve("small/images").resolve(image.sha256()), longAgo);
        }
        assertThat(small.find(one.sha256(), "i1")).isPresent();
        small.store(three);
        assertThat(small.find(two.sha256(), "i2")).isEmpty();
        assertThat(small.find(one.sha256(), "i1")).isPresent();
        assertThat(small.find(three.sha256(), "i3")).isPresent();
        GuestImage huge = image(4, 5000);
        small.store(huge);
        assertThat(small.find(huge.sha256(), "i4")).isPresent();
        assertThat(small.find(one.sha256(), "i1")).isEmpty();
    }

    @Test
    void theCacheIsItsUsersAloneAndSweepsUpAfterThoseThatWereKilled() throws IOException {
        cache.store(image(1, 10));
        for (String name : List.of("cache", "cache/images")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rwx------");
        }
        List<Path> left = List.of(
                folder.resolve("cache/new-1234.part"), folder.resolve("cache/images/.unknown.0123456789abcdef.new"));
        Path fresh = Files.createFile(folder.resolve("cache/images/.unknown.1123456789abcdef.new"));
        for (Path file : left) {
            Files.createFile(file);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        }
        cache.store(image(2, 10));
        assertThat(left).noneMatch(Files::exists);
        // Somebody may be writing it just now.
        assertThat(fresh).exists();
    }

    @Test
    void aLargeImageIsHashedOnceAndAgainWhenItHasChanged() throws IOException {
        Path large = folder.resolve("cache/images/large");
        Files.createDirectories(large.getParent());
        try (FileChannel channel = FileChannel.open(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 64L << 20);
        }
        String sha256 = GuestImage.ofFile("large", large, HashListener.NONE).sha256();
        Path file = Files.move(large, large.resolveSibling(sha256));
        assertThat(cache.find(sha256, "large").orElseThrow().sha256()).isEqualTo(sha256);
        Path note = folder.resolve("cache/checked").resolve(sha256);
        assertThat(note).exists();
        // As if the bytes had rotted in secret: what is noted is believed, so nothing was hashed.
        FileTime time = Files.getLastModifiedTime(file);
        write(file, 2);
        Files.setLastModifiedTime(file, time);
        assertThat(cache.find(sha256, "large").orElseThrow().sha256()).isEqualTo(sha256);
        write(file, 3);
        assertThat(cache.find(sha256, "large")).isEmpty();
        assertThat(file).doesNotExist();
    }

    private static void write(Path file, int value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), 0);
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(value)));
    }

    @Test
    void aPackedImageIsUnpackedOnceAndAgainWhenItChanges() throws IOException {
        String first = images.load(GuestSettings.NONE).kernel().sha256();
        Path unpacked = folder.resolve("cache/images").resolve(first);
        assertThat(unpacked).exists();
        xz(guest.resolve("Image.xz"), kernel(3));
        assertThat(images.load(GuestSettings.NONE).kernel().bytes()).isEqualTo(kernel(3));
    }

    @Test
    void withoutAUsableCacheEverythingStillWorks() throws IOException {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file, not a folder");
        ImageCache unusable = new ImageCache(blocked.resolve("cache"));
        GuestImages without = new GuestImages(Optional.of(guest), unusable);
        GuestImage kernel = without.load(GuestSettings.NONE).kernel();
        assertThat(kernel.bytes()).isEqualTo(kernel(1));
        assertThat(unusable.store(kernel)).isFalse();
        assertThat(without.find(kernel.sha256(), "Image", List.of())).isPresent();
    }

    @Test
    void aLargeFileIsMappedAndReadsTheSame() throws IOException {
        Path large = folder.resolve("large.img");
        try (var channel = FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // A hole: the file takes no room on the disk.
            channel.write(ByteBuffer.wrap(new byte[] {7}), (65L << 20) - 1);
        }
        GuestImage disk = images.load(settings("", "", "large.img", "")).disk().orElseThrow();
        assertThat(disk.size()).isEqualTo(65L << 20);
        byte[] last = new byte[2];
        disk.read(disk.size() - 2, last, 0, 2);
        assertThat(last).containsExactly(0, 7);
    }
}
