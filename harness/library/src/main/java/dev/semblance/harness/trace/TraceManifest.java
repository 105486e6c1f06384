package dev.semblance.harness.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.json.JsonText;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.memory.Ram;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a trace was made with: everything needed to build the same machine again. No host name, no path, no time of day.
 * Canonical JSON with sorted keys in the file (docs/TRACE_FORMAT.md, "Manifest").
 *
 * @param kind what made the events
 * @param clock whose time the cycles of events are; empty where it is the guest's
 * @param toolVersion the Semblance that recorded, for people only
 * @param profile the machine profile, such as {@code semu}; empty in a trace of a device alone
 * @param isa as the device tree has it, such as {@code rv32ima}
 * @param harts how many
 * @param ramBase the first address of RAM, a multiple of 4 KiB; empty where it is 0
 * @param ramBytes size of RAM
 * @param memory the regions of RAM where it has holes; empty where it is one stretch
 * @param timebaseHz ticks of mtime a second
 * @param cyclesPerTick cycles a tick of mtime, 2 or more; empty where it is 1
 * @param bootargs the kernel's command line
 * @param seed for everything random in the machine
 * @param devices the virtio devices; events name them by their place in this list
 * @param displayModes the modes that the GPU offers, one for each scanout
 * @param largerViews true where a scanout may show more than its mode has; empty where that is refused
 * @param edid the EDID that the GPU offers, as hexadecimal digits; may be empty
 * @param images what the guest was booted from
 * @param scenario the scenario's text, if one drove the run
 * @param parent the trace whose machine this one goes on from; empty where it begins at power-on
 * @param storedState the state that is stored in the trace, and that its machine begins in: so a trace has a machine that is
 *     {@link Kind#DEVICE_ONLY} for readers which skip that
 */
public record TraceManifest(
        Kind kind,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Clock> clock,
        String toolVersion,
        String profile,
        String isa,
        int harts,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> ramBase,
        long ramBytes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<Region>> memory,
        long timebaseHz,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> cyclesPerTick,
        String bootargs,
        long seed,
        List<Device> devices,
        List<DisplayMode> displayModes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> largerViews,
        String edid,
        List<Image> images,
        Optional<String> scenario,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ParentTrace> parent,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<StoredState> storedState) {

    /** What made the events. */
    public enum Kind {
        /** A machine with a hart: both replays can follow. */
        MACHINE,
        /** Commands put to devices without a machine: only the device replay can follow. */
        DEVICE_ONLY
    }

    /** Whose time the cycles of events are, where it is not the guest's. Since version 4 of the format. */
    public enum Clock {
        /**
         * The recorder's: cycles are nanoseconds of the host's since it began, and no two steps have the same. What comes of a guest whose
         * time is not known, and which does not do the same again.
         */
        HOST
    }

    /**
     * A stretch of RAM. Since version 4 of the format.
     *
     * @param base its first address
     * @param size in bytes
     */
    public record Region(long base, long size) {}

    /**
     * A virtio device.
     *
     * @param kind a name for people, such as {@code gpu}
     * @param virtioId the device ID (VIRTIO 1.2, 5)
     * @param features the feature bits that it offers
     * @param address guest-physical address of its MMIO registers
     * @param interrupt its interrupt source at the PLIC
     */
    public record Device(String kind, int virtioId, long features, long address, int interrupt) {

        /** The kind of an input device that reports positions: the one that a machine can have since format version 3. */
        public static final String TABLET = "tablet";

        /** Checks the ranges. */
        public Device {
            shortText("device kind", kind);
            range("virtioId", virtioId, 0, 0xffff);
            range("interrupt", interrupt, 0, 0xffff);
        }
    }

    /**
     * A display mode in pixels, or 0x0 where no monitor is connected.
     *
     * @param width in pixels, 0 for {@link #OFF}
     * @param height in pixels, 0 for {@link #OFF}
     */
    public record DisplayMode(int width, int height) {

        /** No monitor. Since version 3 of the format. */
        public static final DisplayMode OFF = new DisplayMode(0, 0);

        /** Checks the ranges. */
        public DisplayMode {
            int least = width == 0 && height == 0 ? 0 : 1;
            range("width", width, least, EventLimits.DISPLAY_SIZE);
            range("height", height, least, EventLimits.DISPLAY_SIZE);
        }

        /**
         * {@return the mode of a display}
         *
         * @param display what a GPU offers at a scanout
         */
        public static DisplayMode of(Display display) {
            return display.enabled() ? new DisplayMode(display.width(), display.height()) : OFF;
        }

        /**
         * {@return the modes of displays, one for each scanout}
         *
         * @param displays what a GPU offers
         */
        public static List<DisplayMode> of(DisplayConfig displays) {
            return displays.displays().stream().map(DisplayMode::of).toList();
        }

        /** {@return whether a monitor is connected} */
        public boolean hasDisplay() {
            return width != 0;
        }

        /**
         * {@return the display that has this mode}
         *
         * @throws IllegalArgumentException if no display here can have it
         */
        public Display display() {
            return hasDisplay() ? Display.of(width, height) : Display.OFF;
        }

        /** {@return WIDTHxHEIGHT, or {@code off}} */
        @Override
        public String toString() {
            return hasDisplay() ? width + "x" + height : "off";
        }
    }

    /**
     * A file that the guest was booted from.
     *
     * @param role what it was used as
     * @param file its name without the path, for people
     * @param size in bytes
     * @param sha256 64 lower-case hexadecimal digits: by this it is found again
     */
    public record Image(Role role, String file, long size, String sha256) {

        /** What an image is used as. */
        public enum Role {
            /** The kernel. */
            KERNEL,
            /** The initial RAM file system. */
            INITRD,
            /** A disk. */
            DISK,
            /** A device tree. */
            DTB,
            /** A flat binary at address 0. */
            BARE
        }

        private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

        /** Checks the ranges. */
        public Image {
            Objects.requireNonNull(role, "role");
            shortText("file", file);
            if (file.isEmpty() || file.indexOf('/') >= 0 || file.indexOf('\\') >= 0) {
                throw new IllegalArgumentException("image file \"" + file + "\" is not a name without a path");
            }
            range("size", size, 0, Long.MAX_VALUE);
            if (!SHA_256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("sha256 \"" + sha256 + "\" is not 64 lower-case hexadecimal digits");
            }
        }
    }

    /** The longest of the short texts: versions, names of files and profiles. */
    public static final int MAX_SHORT_TEXT = 255;

    /** The first address behind all memory that a manifest can tell of. */
    public static final long MAX_MEMORY_END = 1L << 40;

    private static final int MAX_DEVICES = EventLimits.DEVICE + 1;
    private static final int MAX_IMAGES = 64;
    private static final int MAX_HARTS = 4096;
    private static final long MAX_RAM_BYTES = MAX_MEMORY_END;
    private static final long MAX_RAM_BASE = 1L << 40;
    private static final int MAX_REGIONS = 512;
    private static final int MAX_CYCLES_PER_TICK = 1_000_000;
    private static final int MAX_TEXT = 256 * 1024;
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2}){0,32768}");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if something is out of its range; the message says what
     */
    public TraceManifest {
        Objects.requireNonNull(kind, "kind");
        shortText("toolVersion", toolVersion);
        shortText("profile", profile);
        shortText("isa", isa);
        range("harts", harts, 0, MAX_HARTS);
        ramBase.ifPresent(base -> range("ramBase", base, Ram.PAGE_SIZE, MAX_RAM_BASE));
        if (ramBase.orElse(0L) % Ram.PAGE_SIZE != 0) {
            throw new IllegalArgumentException("ramBase is no multiple of " + Ram.PAGE_SIZE + ": " + ramBase.get());
        }
        range("ramBytes", ramBytes, 0, MAX_RAM_BYTES);
        memory = memory.map(List::copyOf);
        memory.ifPresent(regions -> checkRegions(regions, ramBase.orElse(0L), ramBytes));
        if (clock.isPresent() && kind == Kind.MACHINE) {
            throw new IllegalArgumentException("the clock of a machine is its own");
        }
        range("timebaseHz", timebaseHz, 0, Long.MAX_VALUE);
        cyclesPerTick.ifPresent(cycles -> range("cyclesPerTick", cycles, 2, MAX_CYCLES_PER_TICK));
        text("bootargs", bootargs, MAX_TEXT);
        devices = List.copyOf(devices);
        range("number of devices", devices.size(), 0, MAX_DEVICES);
        displayModes = List.copyOf(displayModes);
        range("number of display modes", displayModes.size(), 0, EventLimits.SCANOUT + 1);
        if (!largerViews.orElse(true)) {
            throw new IllegalArgumentException("largerViews is false, and is left out then");
        }
        if (!HEX.matcher(edid).matches()) {
            throw new IllegalArgumentException("edid is not a row of lower-case hexadecimal digit pairs");
        }
        images = List.copyOf(images);
        range("number of images", images.size(), 0, MAX_IMAGES);
        scenario.ifPresent(text -> text("scenario", text, MAX_TEXT));
        if (parent.isPresent() && kind != Kind.MACHINE) {
            throw new IllegalArgumentException("a trace without a machine goes on from no other");
        }
        if (storedState.isPresent() && (kind != Kind.DEVICE_ONLY || clock.isPresent())) {
            throw new IllegalArgumentException("a trace that begins in a stored state begins nowhere else");
        }
    }

    private static void checkRegions(List<Region> regions, long ramBase, long ramBytes) {
        range("number of regions in memory", regions.size(), 2, MAX_REGIONS);
        MemoryMap map = mapOf(regions);
        if (map.base() != ramBase || map.bytes() != ramBytes) {
            throw new IllegalArgumentException(Text.format(
                    "memory has %d bytes from %d on, and RAM %d from %d on",
                    map.bytes(), map.base(), ramBytes, ramBase));
        }
        range("end of memory", map.base() + map.span(), 0, MAX_RAM_BYTES);
    }

    private static MemoryMap mapOf(List<Region> regions) {
        return new MemoryMap(regions.stream()
                .map(region -> new MemoryMap.Region(region.base(), region.size()))
                .toList());
    }

    /** {@return the first address of RAM} */
    public long firstAddress() {
        return ramBase.orElse(0L);
    }

    /**
     * {@return where the guest has RAM}
     *
     * @throws IllegalArgumentException if it has none, or no whole pages of it; the message says what
     */
    public MemoryMap memoryMap() {
        return memory.map(TraceManifest::mapOf).orElseGet(() -> MemoryMap.of(firstAddress(), ramBytes));
    }

    /** {@return cycles in a second of guest time; 0 if the trace does not tell, or too many to count} */
    public long cyclesPerSecond() {
        long cycles = cyclesPerTick.orElse(1);
        return timebaseHz > Long.MAX_VALUE / cycles ? 0 : timebaseHz * cycles;
    }

    /**
     * {@return a builder of a manifest that says nothing but what made the events: all texts and lists are empty, all numbers 0}
     *
     * @param kind what made the events
     */
    public static Builder builder(Kind kind) {
        return new Builder(kind);
    }

    /** {@return a builder of a manifest that differs from this one in what is set then} */
    public Builder with() {
        Builder builder = new Builder(kind);
        builder.clock = clock;
        builder.memory = memory;
        builder.largerViews = largerViews;
        builder.toolVersion = toolVersion;
        builder.profile = profile;
        builder.isa = isa;
        builder.harts = harts;
        builder.ramBase = ramBase;
        builder.ramBytes = ramBytes;
        builder.timebaseHz = timebaseHz;
        builder.cyclesPerTick = cyclesPerTick;
        builder.bootargs = bootargs;
        builder.seed = seed;
        builder.devices = devices;
        builder.displayModes = displayModes;
        builder.edid = edid;
        builder.images = images;
        builder.scenario = scenario;
        builder.parent = parent;
        builder.storedState = storedState;
        return builder;
    }

    /** Makes a manifest; each method sets the component of its name. The only place that knows all of them. */
    public static final class Builder {

        private Kind kind;
        private Optional<Clock> clock = Optional.empty();
        private Optional<List<Region>> memory = Optional.empty();
        private Optional<Boolean> largerViews = Optional.empty();
        private String toolVersion = "";
        private String profile = "";
        private String isa = "";
        private int harts;
        private Optional<Long> ramBase = Optional.empty();
        private long ramBytes;
        private long timebaseHz;
        private Optional<Integer> cyclesPerTick = Optional.empty();
        private String bootargs = "";
        private long seed;
        private List<Device> devices = List.of();
        private List<DisplayMode> displayModes = List.of();
        private String edid = "";
        private List<Image> images = List.of();
        private Optional<String> scenario = Optional.empty();
        private Optional<ParentTrace> parent = Optional.empty();
        private Optional<StoredState> storedState = Optional.empty();

        private Builder(Kind kind) {
            this.kind = kind;
        }

        /**
         * Sets {@link TraceManifest#kind}. Without a machine there is no parent either.
         *
         * @param kind what made the events
         * @return this builder
         */
        public Builder kind(Kind kind) {
            this.kind = kind;
            this.parent = kind == Kind.MACHINE ? parent : Optional.empty();
            return this;
        }

        /**
         * Sets {@link TraceManifest#clock}.
         *
         * @param clock whose time it is; empty for the guest's
         * @return this builder
         */
        public Builder clock(Optional<Clock> clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Sets {@link TraceManifest#ramBase}, {@link TraceManifest#ramBytes} and {@link TraceManifest#memory}.
         *
         * @param map where the guest has RAM
         * @return this builder
         */
        public Builder memory(MemoryMap map) {
            ramBase(map.base()).ramBytes(map.bytes());
            memory = map.single().isPresent()
                    ? Optional.empty()
                    : Optional.of(map.regions().stream()
                            .map(region -> new Region(region.base(), region.size()))
                            .toList());
            return this;
        }

        /**
         * Sets {@link TraceManifest#largerViews}.
         *
         * @param larger whether a scanout may show more than its mode has; false is left out
         * @return this builder
         */
        public Builder largerViews(boolean larger) {
            this.largerViews = larger ? Optional.of(true) : Optional.empty();
            return this;
        }

        /**
         * Sets {@link TraceManifest#toolVersion}.
         *
         * @param toolVersion the name and version of the program, for the manifest
         * @return this builder
         */
        public Builder toolVersion(String toolVersion) {
            this.toolVersion = toolVersion;
            return this;
        }

        /**
         * Sets {@link TraceManifest#profile}.
         *
         * @param profile the map of the machine
         * @return this builder
         */
        public Builder profile(String profile) {
            this.profile = profile;
            return this;
        }

        /**
         * Sets {@link TraceManifest#isa}.
         *
         * @param isa what the hart can do
         * @return this builder
         */
        public Builder isa(String isa) {
            this.isa = isa;
            return this;
        }

        /**
         * Sets {@link TraceManifest#harts}.
         *
         * @param harts how many
         * @return this builder
         */
        public Builder harts(int harts) {
            this.harts = harts;
            return this;
        }

        /**
         * Sets {@link TraceManifest#ramBase}.
         *
         * @param base the first address of RAM; 0 is left out
         * @return this builder
         */
        public Builder ramBase(long base) {
            this.ramBase = base == 0 ? Optional.empty() : Optional.of(base);
            return this;
        }

        /**
         * Sets {@link TraceManifest#cyclesPerTick}.
         *
         * @param cycles cycles a tick of mtime; 1 is left out
         * @return this builder
         */
        public Builder cyclesPerTick(int cycles) {
            this.cyclesPerTick = cycles == 1 ? Optional.empty() : Optional.of(cycles);
            return this;
        }

        /**
         * Sets {@link TraceManifest#ramBytes}.
         *
         * @param ramBytes the size of RAM
         * @return this builder
         */
        public Builder ramBytes(long ramBytes) {
            this.ramBytes = ramBytes;
            return this;
        }

        /**
         * Sets {@link TraceManifest#timebaseHz}.
         *
         * @param timebaseHz ticks of the timer in a second
         * @return this builder
         */
        public Builder timebaseHz(long timebaseHz) {
            this.timebaseHz = timebaseHz;
            return this;
        }

        /**
         * Sets {@link TraceManifest#bootargs}.
         *
         * @param bootargs the command line of the kernel
         * @return this builder
         */
        public Builder bootargs(String bootargs) {
            this.bootargs = bootargs;
            return this;
        }

        /**
         * Sets {@link TraceManifest#seed}.
         *
         * @param seed what everything random comes from
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets {@link TraceManifest#devices}.
         *
         * @param devices by their number
         * @return this builder
         */
        public Builder devices(List<Device> devices) {
            this.devices = devices;
            return this;
        }

        /**
         * Sets {@link TraceManifest#displayModes}.
         *
         * @param displayModes one for each scanout
         * @return this builder
         */
        public Builder displayModes(List<DisplayMode> displayModes) {
            this.displayModes = displayModes;
            return this;
        }

        /**
         * Sets {@link TraceManifest#edid}.
         *
         * @param edid hexadecimal digits
         * @return this builder
         */
        public Builder edid(String edid) {
            this.edid = edid;
            return this;
        }

        /**
         * Sets {@link TraceManifest#images}.
         *
         * @param images the files of the guest
         * @return this builder
         */
        public Builder images(List<Image> images) {
            this.images = images;
            return this;
        }

        /**
         * Sets {@link TraceManifest#scenario}.
         *
         * @param scenario its text
         * @return this builder
         */
        public Builder scenario(Optional<String> scenario) {
            this.scenario = scenario;
            return this;
        }

        /**
         * Sets {@link TraceManifest#parent}.
         *
         * @param parent the trace whose machine this one goes on from; empty for one that begins at power-on
         * @return this builder
         */
        public Builder parent(Optional<ParentTrace> parent) {
            this.parent = parent;
            return this;
        }

        /**
         * Sets {@link TraceManifest#storedState}.
         *
         * @param state where the machine begins; empty for one that begins elsewhere, or none
         * @return this builder
         */
        public Builder storedState(Optional<StoredState> state) {
            this.storedState = state;
            return this;
        }

        /**
         * Sets {@link TraceManifest#toolVersion} to a text that may be too long, and is cut then.
         *
         * @param version the name and version of the program
         * @return this builder
         */
        public Builder toolVersionCut(String version) {
            // No half of a surrogate pair is left at the end.
            int end = Math.min(version.length(), MAX_SHORT_TEXT);
            boolean half = end < version.length() && Character.isHighSurrogate(version.charAt(end - 1));
            return toolVersion(version.substring(0, half ? end - 1 : end));
        }

        /**
         * {@return the manifest}
         *
         * @throws IllegalArgumentException if something is out of its range; the message says what
         */
        public TraceManifest build() {
            return new TraceManifest(
                    kind,
                    clock,
                    toolVersion,
                    profile,
                    isa,
                    harts,
                    ramBase,
                    ramBytes,
                    memory,
                    timebaseHz,
                    cyclesPerTick,
                    bootargs,
                    seed,
                    devices,
                    displayModes,
                    largerViews,
                    edid,
                    images,
                    scenario,
                    parent,
                    storedState);
        }
    }

    /**
     * {@return the same with another {@link #toolVersion}}
     *
     * @param version the name and version of the program
     */
    public TraceManifest withToolVersion(String version) {
        return with().toolVersion(version).build();
    }

    /** {@return the cycle of the machine's first instruction in the trace: 0 at power-on} */
    public long firstCycle() {
        return parent.map(ParentTrace::cycle)
                .or(() -> storedState.map(StoredState::cycle))
                .orElse(0L);
    }

    /**
     * {@return how many events at the start of the trace did not happen in the machine: they bring a GPU into the state that it has
     * where the machine begins}
     */
    public long preambleEvents() {
        return parent.map(ParentTrace::preamble)
                .or(() -> storedState.map(StoredState::preamble))
                .orElse(0L);
    }

    /** {@return what decides what the machine is: the manifest without what is for people, and without where it begins} */
    public TraceManifest ofMachine() {
        List<Image> nameless = images.stream()
                .map(image -> new Image(image.role(), image.role().name(), image.size(), image.sha256()))
                .toList();
        return with().kind(hasMachine() ? Kind.MACHINE : kind)
                .toolVersion("")
                .scenario(Optional.empty())
                .images(nameless)
                .parent(Optional.empty())
                .storedState(Optional.empty())
                .build();
    }

    /** {@return whether there is a machine to play, for a reader that knows stored states} */
    public boolean hasMachine() {
        return kind == Kind.MACHINE || storedState.isPresent();
    }

    /** {@return the canonical JSON: sorted keys, two blanks of indentation, line feeds} */
    public String toJson() {
        return ManifestJson.write(this);
    }

    /**
     * Reads a manifest back.
     *
     * @param offset where in the file the JSON starts, for the message
     * @throws TraceFormatException if it is not one
     */
    static TraceManifest fromJson(byte[] json, int offset) throws TraceFormatException {
        return ManifestJson.read(json, offset);
    }

    /**
     * Reads a manifest back from its JSON alone.
     *
     * @param json UTF-8
     * @return the manifest
     * @throws TraceFormatException if it is not one, or too long for a trace
     */
    public static TraceManifest fromJson(byte[] json) throws TraceFormatException {
        if (json.length > FileHeader.MAX_MANIFEST_BYTES) {
            throw new TraceFormatException(
                    0,
                    Text.format("a manifest of %d bytes; at most %d fit", json.length, FileHeader.MAX_MANIFEST_BYTES));
        }
        return ManifestJson.read(json, 0);
    }

    private static void range(String what, long value, long minimum, long maximum) {
        if (value < minimum || value > maximum) {
            throw new IllegalArgumentException(Text.format("%s is %d, not %d to %d", what, value, minimum, maximum));
        }
    }

    private static void shortText(String what, String value) {
        text(what, value, MAX_SHORT_TEXT);
    }

    private static void text(String what, String value, int maximum) {
        try {
            JsonText.check(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " cannot be written: " + e.getMessage(), e);
        }
        if (value.length() > maximum) {
            throw new IllegalArgumentException(
                    Text.format("%s is %d characters long; at most %d", what, value.length(), maximum));
        }
    }
}
