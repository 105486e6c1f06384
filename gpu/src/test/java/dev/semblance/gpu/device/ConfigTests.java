package dev.semblance.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.display.Edid;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.GpuResponse.DisplayInfo;
import dev.semblance.gpu.protocol.GpuResponse.OkDisplayInfo;
import dev.semblance.gpu.protocol.GpuResponse.OkEdid;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.testing.Testbed;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.7.4 and 5.7.6.8: configuration, GET_DISPLAY_INFO and GET_EDID. */
class ConfigTests {

    private static final DisplayConfig TWO = DisplayConfig.of(Display.of(640, 350), new Display(80, 90, false));

    private final Testbed bed = new Testbed();

    // VIRTIO 1.2, 5.7.4
    @Test
    void itIsAGpuWithTwoQueuesAndNoFeaturesBeyondEdid() {
        assertThat(bed.device().deviceId()).isEqualTo(16);
        assertThat(bed.device().queueCount()).isEqualTo(2);
        assertThat(bed.device().maxQueueSize(0)).isEqualTo(1024);
        assertThat(bed.device().maxQueueSize(1)).isEqualTo(1024);
        assertThat(bed.device().offeredFeatures()).isEqualTo(1L << 32 | 1L << 1);
    }

    // VIRTIO 1.2, 5.7.4
    @Test
    void theConfigurationSaysHowManyScanoutsThereAreInAnyWidth() {
        Testbed two = new Testbed(TWO);
        assertThat(words(two)).containsExactly(0, 0, 2, 0);
        assertThat(two.device().readConfig(8, 2)).isEqualTo(2);
        assertThat(two.device().readConfig(8, 1)).isEqualTo(2);
        assertThat(two.device().readConfig(9, 1)).isZero();
        assertThat(two.device().readConfig(10, 2)).isZero();
        assertThat(two.device().configSize()).isEqualTo(16);
    }

    // VIRTIO 1.2, 5.7.4
    @Test
    void readOnlyFieldsIgnoreWritesAndEventsClearReadsZero() {
        for (int offset = 0; offset < 16; offset += 4) {
            bed.device().writeConfig(offset, 4, -1);
        }
        assertThat(words(bed)).containsExactly(0, 0, 1, 0);
    }

    // VIRTIO 1.2, 5.7.4
    @Test
    void aChangeOfDisplaysIsToldOnceAndClearedByTheDriver() {
        bed.device().changeDisplays(DisplayConfig.single(800, 600));
        assertThat(bed.transport().configChanges()).isEqualTo(1);
        assertThat(words(bed)).containsExactly(1, 0, 1, 0);

        bed.device().writeConfig(4, 4, 0xfffe);
        assertThat(words(bed)).as("other bits are no business of this one").containsExactly(1, 0, 1, 0);
        bed.device().writeConfig(5, 1, 1);
        assertThat(words(bed)).as("bit 8, not bit 0").containsExactly(1, 0, 1, 0);
        bed.device().writeConfig(4, 1, 1);
        assertThat(words(bed)).containsExactly(0, 0, 1, 0);

        assertThat(displays(bed).get(0)).isEqualTo(new DisplayInfo(new Rect(0, 0, 800, 600), 1, 0));
        assertThat(edid(bed, 0)).isEqualTo(Edid.of(Display.of(800, 600)));
    }

    // VIRTIO 1.2, 5.7.4 and 2.4: a reset forgets the event, not the monitor.
    @Test
    void aResetKeepsTheDisplays() {
        bed.device().changeDisplays(DisplayConfig.single(800, 600));
        bed.reset();
        assertThat(words(bed)).containsExactly(0, 0, 1, 0);
        assertThat(displays(bed).get(0).rect()).isEqualTo(new Rect(0, 0, 800, 600));
    }

    @Test
    void aChangeBeforeTheDriverIsThereOnlySetsTheEvent() {
        VirtioGpuDevice device = new VirtioGpuDevice(bed.ram(), DisplayConfig.DEFAULT, bed.sink());
        device.changeDisplays(DisplayConfig.single(8, 6));
        assertThat(device.readConfig(0, 4)).isEqualTo(VirtioGpuDevice.EVENT_DISPLAY);
        assertThat(device.displays()).isEqualTo(DisplayConfig.single(8, 6));
    }

    @Test
    void theNumberOfScanoutsCannotChange() {
        assertThatThrownBy(() -> bed.device().changeDisplays(TWO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 displays for 1 scanouts");
    }

    // VIRTIO 1.2, 5.7.6.8: the numbers are semu's.
    @Test
    void displayInfoHas16EntriesOfWhichTheFirstIs1024x768() {
        List<DisplayInfo> displays = displays(bed);
        assertThat(displays).hasSize(16);
        assertThat(displays.get(0)).isEqualTo(new DisplayInfo(new Rect(0, 0, 1024, 768), 1, 0));
        assertThat(displays.subList(1, 16)).containsOnly(DisplayInfo.NONE);
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void entriesStandForScanoutsAndLieSideBySide() {
        DisplayConfig three = DisplayConfig.of(Display.of(30, 40), new Display(8, 9, false), Display.of(50, 60));
        List<DisplayInfo> displays = displays(new Testbed(three));
        assertThat(displays.get(0)).isEqualTo(new DisplayInfo(new Rect(0, 0, 30, 40), 1, 0));
        assertThat(displays.get(1)).isEqualTo(DisplayInfo.NONE);
        assertThat(displays.get(2)).isEqualTo(new DisplayInfo(new Rect(30, 0, 50, 60), 1, 0));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void theEdidOfAScanoutThatDoesNotExistIsRefused() {
        for (long scanout : new long[] {1, 16, 0xffff_ffffL}) {
            assertThat(bed.control(new GpuCommand.GetEdid(Header.NONE, scanout)))
                    .isEqualTo(Testbed.refused(ErrorCode.INVALID_SCANOUT_ID));
        }
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void everyScanoutHasAnEdidOf128BytesAlsoADisabledOne() {
        Testbed two = new Testbed(TWO);
        assertThat(edid(two, 0)).hasSize(128).isEqualTo(Edid.of(Display.of(640, 350)));
        assertThat(edid(two, 1)).isEqualTo(Edid.of(Display.of(80, 90)));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void withoutTheFeatureThereIsNoEdid() {
        bed.restart(VirtioFeatures.VERSION_1);
        assertThat(bed.control(new GpuCommand.GetEdid(Header.NONE, 0))).isEqualTo(Testbed.refused(ErrorCode.UNSPEC));
        assertThat(bed.control(new GpuCommand.GetDisplayInfo(Header.NONE))).isInstanceOf(OkDisplayInfo.class);
    }

    private static List<Integer> words(Testbed bed) {
        return List.of(0, 4, 8, 12).stream()
                .map(offset -> bed.device().readConfig(offset, 4))
                .toList();
    }

    private static List<DisplayInfo> displays(Testbed bed) {
        GpuResponse response = bed.control(new GpuCommand.GetDisplayInfo(Header.NONE));
        return ((OkDisplayInfo) response).displays();
    }

    private static byte[] edid(Testbed bed, int scanout) {
        return ((OkEdid) bed.control(new GpuCommand.GetEdid(Header.NONE, scanout))).edid();
    }
}
