package dev.semblance.harness.trace.strict;

import dev.semblance.harness.trace.strict.StrictJson.Literal;
import dev.semblance.harness.trace.strict.StrictJson.Numeral;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The section "Manifest" of docs/TRACE_FORMAT.md. */
final class StrictManifest {

    private static final int SHORT = 255;
    private static final int LONG = 256 * 1024;
    private static final BigInteger MIN = BigInteger.ONE.shiftLeft(63).negate();
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(63).subtract(BigInteger.ONE);

    private StrictManifest() {}

    /** Checks the manifest of a trace of a version and returns how many devices it lists. */
    static int devices(byte[] json, int version) throws Breach {
        Map<?, ?> manifest = object(StrictJson.parse(json));
        Breach.unless(Set.of("MACHINE", "DEVICE_ONLY").contains(text(manifest, "kind", SHORT)), "kind");
        text(manifest, "toolVersion", SHORT);
        text(manifest, "profile", SHORT);
        text(manifest, "isa", SHORT);
        text(manifest, "bootargs", LONG);
        number(manifest, "harts", 0, 4096);
        number(manifest, "ramBytes", 0, 1L << 40);
        foreign(manifest, version);
        parent(manifest, version);
        storedState(manifest, version);
        number(manifest, "timebaseHz", 0, Long.MAX_VALUE);
        number(manifest, "seed", Long.MIN_VALUE, Long.MAX_VALUE);
        if (value(manifest, "scenario") != Literal.NULL) {
            text(manifest, "scenario", LONG);
        }
        Breach.unless(isHexadecimal(text(manifest, "edid", 65_536)), "edid");
        List<?> devices = list(manifest, "devices", 256);
        for (Object each : devices) {
            Map<?, ?> device = object(each);
            text(device, "kind", SHORT);
            number(device, "virtioId", 0, 65_535);
            number(device, "interrupt", 0, 65_535);
            number(device, "features", Long.MIN_VALUE, Long.MAX_VALUE);
            number(device, "address", Long.MIN_VALUE, Long.MAX_VALUE);
        }
        for (Object each : list(manifest, "displayModes", 16)) {
            Map<?, ?> mode = object(each);
            boolean off = isZero(mode, "width") && isZero(mode, "height");
            Breach.unless(!off || version >= 3, "a display that is off is of version 3");
            number(mode, "width", off ? 0 : 1, 65_535);
            number(mode, "height", off ? 0 : 1, 65_535);
        }
        for (Object each : list(manifest, "images", 64)) {
            Map<?, ?> image = object(each);
            String file = text(image, "file", SHORT);
            Breach.unless(!file.isEmpty() && !file.contains("/") && !file.contains("\\"), "a file without a path");
            Breach.unless(
                    Set.of("KERNEL", "INITRD", "DISK", "DTB", "BARE").contains(text(image, "role", SHORT)), "role");
            String sha256 = text(image, "sha256", 64);
            Breach.unless(sha256.length() == 64 && isHexadecimal(sha256), "sha256");
            number(image, "size", 0, Long.MAX_VALUE);
        }
        return devices.size();
    }

    /** What came with version 4: keys that may be left out. */
    private static void foreign(Map<?, ?> manifest, int version) throws Breach {
        Set<String> keys = Set.of("clock", "memory", "largerViews");
        Breach.unless(
                version >= 4 || keys.stream().noneMatch(key -> given(manifest, key)), "a key that is of version 4");
        if (given(manifest, "clock")) {
            Breach.unless(text(manifest, "clock", SHORT).equals("HOST"), "clock");
            Breach.unless(!text(manifest, "kind", SHORT).equals("MACHINE"), "a machine's clock is its own");
        }
        if (given(manifest, "largerViews")) {
            Breach.unless(value(manifest, "largerViews") == Literal.TRUE, "largerViews");
        }
        if (!given(manifest, "memory")) {
            return;
        }
        List<?> regions = list(manifest, "memory", 512);
        Breach.unless(regions.size() >= 2, "memory in one stretch has no list");
        long base = given(manifest, "ramBase") ? long64(manifest, "ramBase") : 0;
        long end = -1;
        long sum = 0;
        for (Object each : regions) {
            Map<?, ?> region = object(each);
            number(region, "base", 0, 1L << 40);
            number(region, "size", 1, 1L << 40);
            long first = long64(region, "base");
            Breach.unless(first % 4096 == 0 && long64(region, "size") % 4096 == 0, "whole pages");
            Breach.unless(end >= 0 ? first > end : first == base, "regions in order, with holes between them");
            end = first + long64(region, "size");
            sum += long64(region, "size");
        }
        Breach.unless(end <= 1L << 40 && sum == long64(manifest, "ramBytes"), "memory");
    }

    /** What came with version 5: a key that may be left out. */
    private static void parent(Map<?, ?> manifest, int version) throws Breach {
        if (!given(manifest, "parent")) {
            return;
        }
        Breach.unless(version >= 5, "a parent is of version 5");
        Breach.unless(text(manifest, "kind", SHORT).equals("MACHINE"), "without a machine there is no parent");
        Map<?, ?> parent = object(value(manifest, "parent"));
        String file = text(parent, "file", SHORT);
        boolean name = !file.isEmpty()
                && !Set.of(".", "..").contains(file)
                && file.chars().allMatch(c -> c >= 0x20 && c != 0x7f && "/\\:".indexOf(c) < 0);
        Breach.unless(name, "a file without a path");
        for (String key : List.of("identity", "stateDigest")) {
            String digest = text(parent, key, 64);
            Breach.unless(digest.length() == 64 && isHexadecimal(digest), key);
        }
        for (String key : List.of("cycle", "passed", "preamble")) {
            number(parent, key, 0, Long.MAX_VALUE);
        }
    }

    /** What else came with version 5: where the state begins that readers of any version may skip. */
    private static void storedState(Map<?, ?> manifest, int version) throws Breach {
        if (!given(manifest, "storedState")) {
            return;
        }
        Breach.unless(version >= 5, "a stored state is of version 5");
        Breach.unless(
                text(manifest, "kind", SHORT).equals("DEVICE_ONLY") && !given(manifest, "clock"),
                "a machine begins in one place");
        Map<?, ?> state = object(value(manifest, "storedState"));
        number(state, "cycle", 0, Long.MAX_VALUE);
        number(state, "layout", 0, 0xffff_ffffL);
        number(state, "preamble", 0, Long.MAX_VALUE);
    }

    private static boolean given(Map<?, ?> object, String key) {
        return object.get(key) != null && object.get(key) != Literal.NULL;
    }

    private static long long64(Map<?, ?> object, String key) throws Breach {
        number(object, key, Long.MIN_VALUE, Long.MAX_VALUE);
        return new BigInteger(((Numeral) value(object, key)).text()).longValueExact();
    }

    private static boolean isZero(Map<?, ?> object, String key) throws Breach {
        return value(object, key) instanceof Numeral numeral && numeral.text().matches("-?0");
    }

    private static boolean isHexadecimal(String text) {
        return text.length() % 2 == 0 && text.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
    }

    private static Map<?, ?> object(Object value) throws Breach {
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw Breach.corrupt("an object was expected");
    }

    private static Object value(Map<?, ?> object, String key) throws Breach {
        Object value = object.get(key);
        if (value == null) {
            throw Breach.corrupt("the key " + key + " is missing");
        }
        return value;
    }

    private static List<?> list(Map<?, ?> object, String key, int most) throws Breach {
        if (value(object, key) instanceof List<?> list && list.size() <= most) {
            return list;
        }
        throw Breach.corrupt(key + " is a list of at most " + most);
    }

    private static String text(Map<?, ?> object, String key, int most) throws Breach {
        if (value(object, key) instanceof String text && text.length() <= most) {
            return text;
        }
        throw Breach.corrupt(key + " is a text of at most " + most);
    }

    private static void number(Map<?, ?> object, String key, long least, long most) throws Breach {
        if (value(object, key) instanceof Numeral numeral && numeral.text().matches("-?[0-9]+")) {
            BigInteger number = new BigInteger(numeral.text());
            if (number.compareTo(MIN) >= 0
                    && number.compareTo(MAX) <= 0
                    && number.longValueExact() >= least
                    && number.longValueExact() <= most) {
                return;
            }
        }
        throw Breach.corrupt(key + " is a number from " + least + " to " + most);
    }
}
