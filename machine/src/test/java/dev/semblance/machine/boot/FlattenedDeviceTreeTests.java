package dev.semblance.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Devicetree Specification 0.4, chapter 5. */
class FlattenedDeviceTreeTests {

    @Test
    void whatIsWrittenIsReadBack() {
        FlattenedDeviceTree tree = new FlattenedDeviceTree();
        tree.root().strings("model", "x");
        tree.root().node("a").cells("reg", 1, -1).node("b@2").flag("here").bytes("odd", new byte[] {1, 2, 3, 4, 5});
        tree.root().node("c").strings("list", "one", "", "three").cells("reg", 7);

        Map<String, byte[]> read = DeviceTreeReader.read(tree.toBytes());

        assertThat(read.keySet())
                .containsExactlyInAnyOrder(
                        ":",
                        ":model",
                        "/a:",
                        "/a:reg",
                        "/a/b@2:",
                        "/a/b@2:here",
                        "/a/b@2:odd",
                        "/c:",
                        "/c:list",
                        "/c:reg");
        assertThat(read.get(":model")).containsExactly('x', 0);
        assertThat(read.get("/a:reg")).containsExactly(0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff);
        assertThat(read.get("/a/b@2:here")).isEmpty();
        assertThat(read.get("/a/b@2:odd")).containsExactly(1, 2, 3, 4, 5);
        assertThat(read.get("/c:list")).isEqualTo("one\0\0three\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(read.get("/c:reg")).containsExactly(0, 0, 0, 7);
    }

    @Test
    void reservationsEndWithAnEmptyEntry() {
        FlattenedDeviceTree tree =
                new FlattenedDeviceTree().reserve(0x1000, 0x2000).reserve(1L << 40, 8);

        assertThat(DeviceTreeReader.reservations(tree.toBytes())).containsExactly(0x1000, 0x2000, 1L << 40, 8);
        assertThat(DeviceTreeReader.reservations(new FlattenedDeviceTree().toBytes()))
                .isEmpty();
    }

    @Test
    void aPhandleIsGivenOnceAndOnlyWhenAskedFor() {
        FlattenedDeviceTree tree = new FlattenedDeviceTree();
        FlattenedDeviceTree.Node first = tree.root().node("first");
        FlattenedDeviceTree.Node second = tree.root().node("second");
        tree.root().node("third");
        int number = second.phandle();

        assertThat(second.phandle()).isEqualTo(number);
        assertThat(first.phandle()).isNotEqualTo(number).isPositive();
        assertThat(DeviceTreeReader.read(tree.toBytes()))
                .containsEntry("/second:phandle", new byte[] {0, 0, 0, (byte) number})
                .doesNotContainKey("/third:phandle");
    }
}
