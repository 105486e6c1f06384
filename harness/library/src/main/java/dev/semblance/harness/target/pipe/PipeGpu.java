package dev.semblance.harness.target.pipe;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import dev.semblance.machine.virtio.Virtqueue.Announce;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The queues and registers of a GPU whose commands a program executes. */
final class PipeGpu implements VirtioDevice, DisplayControl {

    private static final int QUEUES = 2;
    private static final int CONFIG_SIZE = 16;
    private static final int EVENTS_READ = 0;
    private static final int EVENTS_CLEAR = 4;
    private static final int NUM_SCANOUTS = 8;

    /** How much of a request is handed over: more than one with as many entries as any RAM allows. */
    private static final int MOST_REQUEST_BYTES = 16 << 20;

    private final PipeConnection program;
    private final PipeMemory memory;
    private final Runnable changed;
    private final boolean ownConfig;
    private DisplayConfig displays;
    private Optional<DeviceContext> context = Optional.empty();
    private int eventsRead;

    /**
     * Makes a GPU as after power-on.
     *
     * @param changed run before anything that may change what is shown
     */
    PipeGpu(PipeConnection program, PipeMemory memory, DisplayConfig displays, Runnable changed) {
        this.program = program;
        this.memory = memory;
        this.displays = displays;
        this.changed = changed;
        this.ownConfig = program.can(PipeDevice.CONFIG);
        ObjectNode line = op("device")
                .put("base", memory.memory().base())
                .put("ram", memory.memory().size());
        ArrayNode heads = line.putArray("heads");
        for (Display display : displays.displays()) {
            heads.addArray().add(display.enabled() ? display.width() : 0).add(display.enabled() ? display.height() : 0);
        }
        tell(line);
    }

    private static ObjectNode op(String name) {
        return PipeConnection.line().put("op", name);
    }

    /** Says what only has to be noted. */
    private void tell(ObjectNode line) {
        changed.run();
        program.ask(line, memory, fields -> true);
    }

    @Override
    public int deviceId() {
        return VirtioGpuDevice.DEVICE_ID;
    }

    @Override
    public long offeredFeatures() {
        return VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID;
    }

    @Override
    public int queueCount() {
        return QUEUES;
    }

    @Override
    public int configSize() {
        return CONFIG_SIZE;
    }

    @Override
    public int readConfig(int offset, int width) {
        if (ownConfig) {
            ObjectNode line = op("config_read").put("off", offset).put("width", width);
            Range values = Range.upTo(-1L >>> Long.SIZE - Byte.SIZE * width);
            return program.ask(
                            line,
                            memory,
                            fields -> fields.numberOrHex("value", values)
                                    .orElseThrow(() -> JsonFields.missing("value"))
                                    .intValue())
                    .orElse(0);
        }
        int word = switch (offset & ~3) {
            case EVENTS_READ -> eventsRead;
            case NUM_SCANOUTS -> displays.count();
            default -> 0;
        };
        return word >>> (offset & 3) * Byte.SIZE & -1 >>> (Integer.BYTES - width) * Byte.SIZE;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        int bits = value & -1 >>> (Integer.BYTES - width) * Byte.SIZE;
        if (ownConfig) {
            tell(op("config_write").put("off", offset).put("width", width).put("value", Integer.toUnsignedLong(bits)));
        } else if ((offset & ~3) == EVENTS_CLEAR) {
            eventsRead &= ~(bits << (offset & 3) * Byte.SIZE);
        }
    }

    @Override
    public DisplayConfig displays() {
        return displays;
    }

    @Override
    public void changeDisplays(DisplayConfig wanted) {
        for (int head = 0; head < wanted.count(); head++) {
            Display display = wanted.display(head);
            if (!display.equals(displays.display(head))) {
                tell(op("display")
                        .put("head", head)
                        .put("width", display.enabled() ? display.width() : 0)
                        .put("height", display.enabled() ? display.height() : 0));
            }
        }
        displays = wanted;
        eventsRead |= VirtioGpuDevice.EVENT_DISPLAY;
        context.ifPresent(DeviceContext::configChanged);
    }

    @Override
    public void reset() {
        context = Optional.empty();
        eventsRead = 0;
        tell(op("reset").put("status_only", true));
    }

    @Override
    public void start(DeviceContext started) {
        context = Optional.of(started);
        tell(op("reset").put("features", "0x" + Long.toHexString(started.features())));
    }

    /** What a program answered to a request. */
    private record Answer(boolean used, byte[] response, long usedLength, boolean needsReset) {}

    @Override
    public void queueNotified(int number) {
        if (context.isEmpty()) {
            return;
        }
        DeviceContext started = context.get();
        Virtqueue queue = started.queue(number);
        for (Optional<DescriptorChain> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            DescriptorChain chain = next.get();
            byte[] request = chain.reader().readUpTo(MOST_REQUEST_BYTES);
            long room = chain.writer().remaining();
            ObjectNode line = PipeConnection.line()
                    .put("queue", number == VirtioGpuDevice.CURSOR_QUEUE ? "cursor" : "control")
                    .put("request_hex", HexFormat.of().formatHex(request))
                    .put("resp_len", room);
            changed.run();
            Optional<Answer> answer = program.ask(line, memory, fields -> answer(fields, room));
            if (answer.isEmpty()) {
                // It has failed, and gives nothing back any more.
                return;
            }
            if (answer.get().used()) {
                chain.writer().write(answer.get().response());
                queue.complete(chain, answer.get().usedLength(), Announce.NOW);
            }
            if (answer.get().needsReset()) {
                started.needsReset();
                return;
            }
        }
    }

    private static Answer answer(JsonFields fields, long room) {
        byte[] response = fields.bytes("response_hex", Hex.ANY_CASE).orElse(new byte[0]);
        if (response.length > room) {
            throw new IllegalArgumentException(
                    Text.format("a response of %d bytes, and there is room for %d", response.length, room));
        }
        return new Answer(
                fields.flag("used").orElse(true),
                response,
                fields.number("used_len", Range.upTo(Integer.MAX_VALUE)).orElse((long) response.length),
                fields.flag("needs_reset").orElse(false));
    }
}
