package dev.semblance.harness.view;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The lives of a GPU's resources, as the commands that were not refused tell them. */
final class ResourceLives {

    private static final int NONE = -1;
    private static final String BACKING = "backing";

    private final List<Life> all = new ArrayList<>();
    private final TreeMap<Long, Life> living = new TreeMap<>();

    /** Where resources are shown, and which one is shown there. */
    private final TreeMap<String, Long> shown = new TreeMap<>();

    /**
     * What happened to a resource.
     *
     * @param about what of it: the last one of these tells how that is
     * @param text in words
     */
    private record Change(int event, String about, String text) {}

    private static final class Life {
        private final long id;
        private final String text;
        private final int created;
        private int destroyed = NONE;
        private final List<Change> changes = new ArrayList<>();
        private final List<Integer> touched = new ArrayList<>();

        private Life(long id, String text, int created) {
            this.id = id;
            this.text = text;
            this.created = created;
        }
    }

    /** Takes the next command of the GPU, with what was answered. */
    void take(int event, GpuCommand command, GpuResponse response) {
        // Linux asks for no answer to what it puts on the cursor queue.
        boolean silent = command instanceof GpuCommand.UpdateCursor
                && response instanceof GpuResponse.Truncated none
                && none.bytes().length == 0;
        if (!silent && !(response instanceof GpuResponse.OkNoData)) {
            return;
        }
        switch (command) {
            case GpuCommand.ResourceCreate2d create -> create(event, create);
            case GpuCommand.ResourceUnref unref -> end(event, unref.resourceId());
            case GpuCommand.ResourceAttachBacking attach ->
                change(event, attach.resourceId(), BACKING, "backed by " + backing(attach.entries()));
            case GpuCommand.ResourceDetachBacking detach ->
                change(event, detach.resourceId(), BACKING, "backing taken away");
            case GpuCommand.SetScanout set ->
                show(
                        event,
                        set.resourceId(),
                        Text.format("scanout %d", set.scanoutId()),
                        Text.format("scanout %d shows %s", set.scanoutId(), rect(set.rect())));
            case GpuCommand.UpdateCursor update ->
                show(
                        event,
                        update.resourceId(),
                        Text.format("cursor of scanout %d", update.position().scanoutId()),
                        Text.format("cursor of scanout %d", update.position().scanoutId()));
            case GpuCommand.TransferToHost2d transfer -> touch(event, transfer.resourceId());
            case GpuCommand.ResourceFlush flush -> touch(event, flush.resourceId());
            case GpuCommand.GetDisplayInfo other -> {}
            case GpuCommand.GetEdid other -> {}
            case GpuCommand.MoveCursor other -> {}
            case GpuCommand.Unknown other -> {}
            case GpuCommand.Truncated other -> {}
            case GpuCommand.NoHeader other -> {}
        }
    }

    /** Takes a reset, which ends all of them. */
    void reset(int event) {
        living.values().forEach(life -> life.destroyed = event);
        living.clear();
        shown.clear();
    }

    private void create(int event, GpuCommand.ResourceCreate2d create) {
        String format = PixelFormat.of(create.format())
                .map(PixelFormat::name)
                .orElseGet(() -> Text.format("format %d", create.format()));
        Life life =
                new Life(create.resourceId(), Text.format("%dx%d %s", create.width(), create.height(), format), event);
        end(event, create.resourceId());
        living.put(create.resourceId(), life);
        all.add(life);
    }

    private void end(int event, long id) {
        Life life = living.remove(id);
        if (life != null) {
            life.destroyed = event;
            shown.values().removeIf(each -> each == id);
        }
    }

    private void change(int event, long id, String about, String text) {
        Life life = living.get(id);
        if (life != null) {
            life.changes.add(new Change(event, about, text));
        }
    }

    /** One resource is shown at a place: whichever was there before is so no more. */
    private void show(int event, long id, String place, String text) {
        Long before = living.containsKey(id) ? shown.put(place, id) : shown.remove(place);
        if (before != null && before != id) {
            change(event, before, place, Text.format("no more %s", place.startsWith("cursor") ? place : "on " + place));
        }
        change(event, id, place, text);
    }

    private void touch(int event, long id) {
        Life life = living.get(id);
        if (life != null) {
            life.touched.add(event);
        }
    }

    private static String backing(List<MemoryEntry> entries) {
        long bytes = entries.stream().mapToLong(MemoryEntry::length).sum();
        return Text.format(
                "%s in %s",
                Text.count(bytes, "byte"),
                entries.size() == 1 ? "1 entry" : Text.format("%,d entries", entries.size()));
    }

    private static String rect(Rect rect) {
        return Text.format("%dx%d of it at %d,%d", rect.width(), rect.height(), rect.x(), rect.y());
    }

    /** Writes those that live in a range of events, without what comes after it. */
    void write(ArrayNode array, int first, int last) {
        for (Life life : all) {
            boolean ended = life.destroyed != NONE && life.destroyed <= last;
            if (life.created > last || ended && life.destroyed < first) {
                continue;
            }
            ObjectNode node = array.addObject()
                    .put("id", life.id)
                    .put("text", life.text)
                    .put("created", life.created < first ? NONE : life.created);
            if (ended) {
                node.put("destroyed", life.destroyed);
            }
            ArrayNode changes = node.putArray("changes");
            life.changes.stream()
                    .filter(change -> change.event() <= last)
                    .forEach(change -> changes.addObject()
                            .put("event", change.event())
                            .put("about", change.about())
                            .put("text", change.text()));
            ArrayNode touched = node.putArray("touched");
            life.touched.stream()
                    .filter(event -> event >= first && event <= last)
                    .forEach(touched::add);
        }
    }
}
