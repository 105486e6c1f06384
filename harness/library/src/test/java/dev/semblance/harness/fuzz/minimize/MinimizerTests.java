package dev.semblance.harness.fuzz.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinimizerTests {

    @Test
    void aScriptThatDoesNotFailIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Minimizer(lines -> false, MinimizerLimits.STANDARD).minimize(List.of()));
    }

    @Test
    void tenThousandCommandsAreCutDownToTheFiveThatMatter() {
        List<ScriptLine> script = new ArrayList<>(Sessions.session(7, 9_990));
        script.add(Sessions.command(new GpuCommand.ResourceCreate2d(Header.NONE, 900, 1, 640, 480)));
        script.add(Sessions.command(new GpuCommand.ResourceAttachBacking(
                Header.NONE,
                900,
                2,
                List.of(new MemoryEntry(0x100_0000, 4096), new MemoryEntry(0x200_0000, 2_000_000)))));
        byte[] pixels = new byte[640 * 480 * 4 - 4096];
        pixels[640 * 4 * 300 - 4096 + 8] = 0x77;
        script.add(new Poke(List.of(new MemoryWrite(0x200_0000, pixels))));
        Rect all = new Rect(0, 0, 640, 480);
        script.add(Sessions.command(new GpuCommand.TransferToHost2d(Header.fenced(9), all, 0, 900)));
        script.add(Sessions.command(new GpuCommand.SetScanout(Header.NONE, all, 0, 900)));
        script.add(Sessions.command(new GpuCommand.ResourceFlush(Header.NONE, all, 900)));
        script.addAll(Sessions.session(8, 20));
        Minimized result =
                new Minimizer(MinimizerTests::showsAPixelInRow300, MinimizerLimits.STANDARD).minimize(script);
        assertEquals(5, result.after().commands());
        assertEquals(2, result.after().entries(), "one of backing, one of memory");
        assertTrue(result.after().pixels() <= 3 * 301 + 1, () -> result.after().text());
    }

    private static boolean showsAPixelInRow300(List<ScriptLine> lines) {
        boolean[] seen = new boolean[1];
        Sessions.run(lines, Pictures.of(frame -> {
            if (frame.height() > 300) {
                for (int x = 0; x < frame.width(); x++) {
                    seen[0] |= frame.argb(x, 300) != 0xff00_0000;
                }
            }
        }));
        return seen[0];
    }
}
