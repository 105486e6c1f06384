package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Image.Role;
import dev.semblance.machine.profile.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/ARCHITECTURE.md, "Backwards": a machine is built again from its manifest and its images, or it is told why not. */
class SessionImagesTests {

    @TempDir
    private Path folder = Path.of("");

    private static final GuestImage KERNEL = image("Image", "kernel");
    private static final GuestImage INITRD = image("rootfs.cpio", "initrd");
    private static final GuestImage DTB = image("board.dtb", "tree");
    private static final GuestImage DISK = image("disk.img", "disk");
    private static final GuestImage BARE = image("bare.bin", "bare");

    private static final SessionConfig LINUX = new SessionConfig(
            new SessionConfig.Start.Linux(KERNEL, Optional.of(INITRD), Optional.of(DTB), "quiet"),
            Optional.of(DISK),
            42,
            DisplayConfig.of(Display.of(800, 600), Display.of(320, 200)));

    private static final SessionConfig PROGRAM = new SessionConfig(
            new SessionConfig.Start.Bare(BARE), Optional.empty(), 7, DisplayConfig.of(Display.of(800, 600)));

    private static GuestImage image(String name, String content) {
        return GuestImage.of(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void putImages() throws IOException {
        for (GuestImage image : List.of(KERNEL, INITRD, DTB, DISK, BARE)) {
            Files.write(folder.resolve(image.name()), image.bytes());
        }
    }

    private SessionImages.Search find(TraceManifest manifest) {
        try {
            GuestImages images = new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache")));
            return SessionImages.find(
                    Path.of("a.trace"), manifest, ReplayableGpu.of(manifest), images, List.of(folder));
        } catch (TraceFormatException e) {
            throw new AssertionError(e);
        }
    }

    private String reason(TraceManifest manifest) {
        return ((SessionImages.Search.NotFound) find(manifest)).reason();
    }

    private SessionConfig found(TraceManifest manifest) {
        return ((SessionImages.Search.Found) find(manifest)).config();
    }

    private static TraceManifest changed(TraceManifest manifest, String from, String to) {
        String json = manifest.toJson();
        assertThat(json).contains(from);
        try {
            return TraceManifest.fromJson(json.replace(from, to).getBytes(StandardCharsets.UTF_8));
        } catch (TraceFormatException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theManifestNamesTheImagesInTheOrderInWhichTheConfigHasThem() {
        assertThat(LINUX.images()).containsExactly(KERNEL, INITRD, DTB, DISK);
        assertThat(LINUX.manifest("v", Optional.empty()).images())
                .extracting(TraceManifest.Image::role, TraceManifest.Image::sha256, TraceManifest.Image::size)
                .containsExactly(
                        tuple(Role.KERNEL, KERNEL.sha256(), 6L),
                        tuple(Role.INITRD, INITRD.sha256(), 6L),
                        tuple(Role.DTB, DTB.sha256(), 4L),
                        tuple(Role.DISK, DISK.sha256(), 4L));
        assertThat(PROGRAM.images()).containsExactly(BARE);
        assertThat(PROGRAM.manifest("v", Optional.empty()).images())
                .extracting(TraceManifest.Image::role)
                .containsExactly(Role.BARE);
    }

    @Test
    void theManifestHasAllThatDecidesARun() {
        TraceManifest manifest = LINUX.manifest("v", Optional.of("poweroff\n"));
        assertThat(manifest.kind()).isEqualTo(TraceManifest.Kind.MACHINE);
        assertThat(manifest.toolVersion()).isEqualTo("v");
        assertThat(manifest.bootargs()).isEqualTo("quiet");
        assertThat(manifest.seed()).isEqualTo(42);
        assertThat(manifest.scenario()).contains("poweroff\n");
        assertThat(manifest.displayModes())
                .extracting(mode -> mode.width() + "x" + mode.height())
                .containsExactly("800x600", "320x200");
        assertThat(manifest.devices())
                .extracting(TraceManifest.Device::virtioId)
                .as("disk, entropy source, keyboard, mouse, GPU: VIRTIO 1.2, 5")
                .containsExactly(2, 4, 18, 18, 16);
        assertThat(PROGRAM.manifest("v", Optional.empty()).bootargs()).isEmpty();
        assertThat(PROGRAM.manifest("v", Optional.empty()).devices().getFirst())
                .isNotEqualTo(manifest.devices().getFirst());
    }

    @Test
    void fromItsManifestAMachineIsBuiltAgainWithItsPointingDevices() {
        for (Pointer pointer : Pointer.values()) {
            SessionConfig config = new SessionConfig(
                    PROGRAM.model(), PROGRAM.boot(), PROGRAM.disk(), 7, PROGRAM.displays(), PROGRAM.queues(), pointer);
            TraceManifest manifest = config.manifest("v", Optional.empty());
            assertThat(found(manifest).pointer()).isEqualTo(pointer);
            assertThat(found(manifest).manifest("v", Optional.empty())).isEqualTo(manifest);
        }
    }

    /** The GPU has its number whatever the pointing devices are, and a second one comes behind all that semu has. */
    @Test
    void theTabletStandsInThePlaceOfTheMouseOrBehindAllOthers() {
        assertThat(Devices.describe(false, Profile.SEMU, QueueFeatures.NONE, Pointer.TABLET))
                .extracting(TraceManifest.Device::kind)
                .containsExactly("disk (none)", "entropy", "keyboard", "tablet", "gpu");
        assertThat(Devices.describe(false, Profile.SEMU, QueueFeatures.NONE, Pointer.BOTH))
                .extracting(TraceManifest.Device::kind)
                .containsExactly("disk (none)", "entropy", "keyboard", "mouse", "gpu", "tablet");
        assertThat(Devices.describe(false, Profile.SEMU, QueueFeatures.NONE, Pointer.BOTH)
                        .getLast())
                .extracting(TraceManifest.Device::address, TraceManifest.Device::interrupt)
                .containsExactly(0xf4c0_0000L, 10);
    }

    @Test
    void aMachineWithATabletElsewhereIsNotHere() {
        TraceManifest manifest = new SessionConfig(
                        PROGRAM.model(),
                        PROGRAM.boot(),
                        PROGRAM.disk(),
                        7,
                        PROGRAM.displays(),
                        PROGRAM.queues(),
                        Pointer.TABLET)
                .manifest("v", Optional.empty());
        assertThat(reason(changed(manifest, "\"tablet\"", "\"joystick\""))).contains("other devices");
    }

    @Test
    void fromItsManifestAMachineIsBuiltAgainAsItWas() {
        for (SessionConfig config : List.of(LINUX, PROGRAM)) {
            TraceManifest manifest = config.manifest("v", Optional.empty());
            SessionConfig again = found(manifest);
            assertThat(again.manifest("v", Optional.empty())).isEqualTo(manifest);
            assertThat(again.images().stream().map(GuestImage::bytes))
                    .containsExactlyElementsOf(
                            config.images().stream().map(GuestImage::bytes).toList());
            assertThat(again.displays()).isEqualTo(config.displays());
            assertThat(again.seed()).isEqualTo(config.seed());
        }
    }

    @Test
    void aMissingImageIsNamedWithItsRoleAndSoIsAnotherOfItsName() throws IOException {
        Files.delete(folder.resolve("rootfs.cpio"));
        assertThat(reason(LINUX.manifest("v", Optional.empty())))
                .isEqualTo("the initrd rootfs.cpio (SHA-256 " + INITRD.sha256()
                        + ") was not found; name its folder with --images");
        Files.writeString(folder.resolve("rootfs.cpio"), "another");
        assertThat(reason(LINUX.manifest("v", Optional.empty())))
                .startsWith(
                        "the initrd rootfs.cpio here is another one: expected SHA-256 " + INITRD.sha256() + ", found ");
        Files.delete(folder.resolve("bare.bin"));
        assertThat(reason(PROGRAM.manifest("v", Optional.empty()))).startsWith("the bare program bare.bin ");
    }

    @Test
    void aTraceWithoutAMachineHasNone() {
        assertThat(reason(changed(LINUX.manifest("v", Optional.empty()), "MACHINE", "DEVICE_ONLY")))
                .isEqualTo("the trace was made without a machine");
    }

    @ParameterizedTest
    @CsvSource({"semu, virt", "rv32ima, rv64gc", "65000000, 10000000"})
    void anotherMachineIsNotHere(String ours, String theirs) {
        assertThat(reason(changed(LINUX.manifest("v", Optional.empty()), ours, theirs)))
                .startsWith("the trace was made on a machine \"")
                .endsWith("which is not here");
    }

    @Test
    void otherDevicesAreNotHere() {
        assertThat(reason(changed(LINUX.manifest("v", Optional.empty()), "\"entropy\"", "\"console\"")))
                .isEqualTo("the trace was made with other devices, or with devices that offer other features");
    }

    @Test
    void aMachineBootsAKernelOrAProgramAndNotBoth() {
        assertThat(reason(changed(LINUX.manifest("v", Optional.empty()), "\"DTB\"", "\"BARE\"")))
                .isEqualTo("the trace names neither a kernel nor a bare program, or both");
        assertThat(reason(changed(PROGRAM.manifest("v", Optional.empty()), "\"BARE\"", "\"DISK\"")))
                .isEqualTo("the trace names neither a kernel nor a bare program, or both");
    }
}
