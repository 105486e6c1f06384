package dev.semblance.cli;

import dev.semblance.gpu.protocol.GpuCommand.ResourceCreate2d;
import dev.semblance.gpu.protocol.GpuCommand.SetScanout;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.playback.blame.Blame.Hop;
import dev.semblance.harness.playback.blame.GpuStep;
import dev.semblance.harness.playback.blame.PixelSource;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.PixelSource.Part;
import dev.semblance.harness.playback.blame.PixelSource.Plane;
import dev.semblance.harness.playback.blame.PixelSource.Written;
import dev.semblance.harness.playback.blame.Symbols;
import dev.semblance.harness.playback.blame.ValueOrigin;
import dev.semblance.harness.playback.blame.WriteSource;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Privilege;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What was found out of a pixel, in lines for people. */
final class BlameText {

    private final BlameCommand.Blamed blamed;
    private final List<String> lines = new ArrayList<>();

    /** Of the kernel, and of the program that the hop is in which is told of. */
    private Symbols symbols = Symbols.NONE;

    BlameText(BlameCommand.Blamed blamed) {
        this.blamed = blamed;
    }

    /** Returns the lines. */
    List<String> lines() {
        lines.clear();
        PixelSource pixel = blamed.pixel();
        lines.add(Text.format(
                "%s at %s: pixel %d,%d of scanout %d is #%06x",
                blamed.trace(), blamed.place(), pixel.x(), pixel.y(), pixel.scanout(), pixel.argb() & 0xff_ffff));
        if (pixel.foremost().isEmpty()) {
            lines.add("  nothing is shown there: no flush has come since the scanout was dark");
            return lines;
        }
        layer(pixel.foremost().get());
        if (pixel.cursor().isPresent() && pixel.cursor().get().argb() >>> 24 != 0xff) {
            lines.add("  the cursor is not opaque there; the primary plane below it:");
            pixel.primary().ifPresent(this::layer);
        }
        blamed.notPlayed().ifPresent(reason -> lines.add("  who stored it there is not known: " + reason));
        for (Hop hop : blamed.hops()) {
            hop(hop);
        }
        return lines;
    }

    private void layer(Layer layer) {
        ResourceCreate2d image = layer.created().command();
        lines.add(Text.format(
                "  %s plane: pixel %d,%d of resource %d (%d x %d, created %s)",
                layer.plane() == Plane.CURSOR ? "cursor" : "primary",
                layer.imageX(),
                layer.imageY(),
                image.resourceId(),
                image.width(),
                image.height(),
                layer.created().when()));
        if (layer.plane() == Plane.CURSOR) {
            lines.add("  shown by UPDATE_CURSOR " + layer.shown().when());
        } else {
            String bound = layer.bound().map(BlameText::bound).orElse("");
            lines.add("  shown by RESOURCE_FLUSH " + layer.shown().when() + bound);
        }
        layer.written()
                .ifPresentOrElse(this::written, () -> lines.add("  no transfer has written it: it is 0 since then"));
    }

    private static String bound(GpuStep<SetScanout> step) {
        Rect view = step.command().rect();
        return Text.format(
                ", put on the scanout by SET_SCANOUT %s (view %d x %d at %d,%d)",
                step.when(), view.width(), view.height(), view.x(), view.y());
    }

    private void written(Written written) {
        TransferToHost2d transfer = written.transfer().command();
        Rect rect = transfer.rect();
        lines.add(Text.format(
                "  copied by TRANSFER_TO_HOST_2D %s: %d x %d at %d,%d, offset %d",
                written.transfer().when(), rect.width(), rect.height(), rect.x(), rect.y(), transfer.offset()));
        String parts = written.parts().stream().map(BlameText::part).collect(Collectors.joining(" and "));
        lines.add(Text.format(
                "  from guest memory at %s: byte %,d of the backing (attached %s)",
                parts, written.offset(), written.attached().when()));
    }

    private static String part(Part part) {
        return Text.format("0x%x", part.address()) + (part.length() == 4 ? "" : " (" + part.length() + " bytes)");
    }

    private void hop(Hop hop) {
        symbols = blamed.symbols(hop);
        switch (hop.source()) {
            case WriteSource.Stored stored -> stored(stored);
            case WriteSource.Walked walked -> {
                MemoryEvent.PageTableUpdate update = walked.update();
                lines.add(Text.format(
                        "  written @%,d by the hart, as it looked up 0x%x: it is an entry of a page table",
                        update.cycle(), update.translated()));
            }
            case WriteSource.ByDevice device ->
                lines.add(Text.format(
                        "  written @%,d by a device or the user%s",
                        device.write().cycle(),
                        device.event()
                                .map(event -> Text.format(" (#%d)", event.sequence()))
                                .orElse("")));
            case WriteSource.Loaded loaded ->
                lines.add(BlameCommand.Blamed.before(blamed.manifest())
                        .map(whoTells -> Text.format(
                                "  at 0x%x since before the first event of this trace, which %s",
                                hop.address(), whoTells))
                        .orElseGet(() -> Text.format(
                                "  at 0x%x since the machine was switched on: loaded with the kernel or the initrd, or never written",
                                hop.address())));
        }
        if (hop.bytes() < hop.length()) {
            lines.add(Text.format("    that is %d of %d bytes; the others are older", hop.bytes(), hop.length()));
        }
        hop.value().ifPresent(this::value);
    }

    private void stored(WriteSource.Stored stored) {
        MemoryEvent.Store store = stored.store();
        lines.add(Text.format(
                "  stored @%,d by %s at 0x%x%s (%s)",
                store.cycle(), stored.instruction(), store.pc(), symbols.words(store.pc()), mode(store.privilege())));
        String caller = symbols.name(stored.caller())
                .map(name -> ", called from " + name)
                .orElse("");
        lines.add(Text.format(
                "    to virtual 0x%x, physical 0x%x, satp 0x%x%s",
                store.virtual(), store.physical(), stored.satp(), caller));
    }

    private void value(ValueOrigin origin) {
        switch (origin) {
            case ValueOrigin.Copied copied -> loaded("    loaded", copied);
            case ValueOrigin.Computed computed -> {
                lines.add(Text.format(
                        "    computed @%,d by %s at 0x%x%s",
                        computed.cycle(), computed.instruction(), computed.pc(), symbols.words(computed.pc())));
                computed.loads().forEach(load -> loaded("      of what was loaded", load));
            }
            case ValueOrigin.Unknown unknown ->
                lines.add(Text.format(
                        "    the value was made more than %,d instructions before", unknown.instructions()));
        }
    }

    private void loaded(String word, ValueOrigin.Copied load) {
        lines.add(Text.format(
                "%s @%,d by %s at 0x%x%s from virtual 0x%x, physical 0x%x",
                word,
                load.cycle(),
                load.instruction(),
                load.pc(),
                symbols.words(load.pc()),
                load.virtual(),
                load.physical()));
    }

    private static String mode(Privilege privilege) {
        return privilege == Privilege.USER ? "user mode" : "supervisor mode";
    }
}
