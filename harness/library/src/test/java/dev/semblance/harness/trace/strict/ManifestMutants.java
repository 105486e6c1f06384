package dev.semblance.harness.trace.strict;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Manifests that are no JSON, or JSON with something else in it. */
final class ManifestMutants {

    /** A value that is not an object or a list, with what stands before it. */
    private static final Pattern VALUE = Pattern.compile("(?<= : )(?:\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9]+|null)");

    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern MEMBER = Pattern.compile("\"[A-Za-z0-9]+\" : (?:\"[^\"]*\"|-?[0-9]+|null),?\\s*");

    private static final List<String> OTHERS = List.of(
            "null",
            "true",
            "\"\"",
            "\" \"",
            "[]",
            "{}",
            "[null]",
            "[{}]",
            "0",
            "-0",
            "-1",
            "1.0",
            "1e0",
            "1.5",
            "01",
            "+1",
            "0x10",
            "NaN",
            "Infinity",
            "'x'",
            "\"1\"",
            "\"MACHINE\"",
            "\" MACHINE\"",
            "\"machine\"",
            "\"KERNEL \"",
            "255",
            "256",
            "65535",
            "65536",
            "4096",
            "4097",
            "2147483648",
            "1099511627776",
            "1099511627777",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "\"a/b\"",
            "\"\\\\\"",
            "\"00\"",
            "\"0\"",
            "\"0A\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u0000\"",
            "\"\t\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "/**/ 1",
            "1 //");

    private static final List<String> INSIDE = List.of(
            "c3",
            "c328",
            "c080",
            "e08080",
            "eda080",
            "edbfbf",
            "f0808080",
            "f4908080",
            "f8",
            "ff",
            "fe",
            "80",
            "efbbbf",
            "00",
            "7f",
            "c285",
            "e2808e",
            "f09f9880",
            "0a",
            "20",
            "20");

    private ManifestMutants() {}

    static byte[] mutate(byte[] manifest, RandomGenerator random) {
        String json = new String(manifest, StandardCharsets.UTF_8);
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> utf8(replace(json, VALUE, one(random, OTHERS), random));
            case 4 -> {
                int length = one(random, List.of(0, 1, 2, 63, 64, 65, 254, 255, 256, 65_534, 65_536, 65_538));
                String text = one(random, List.of("0", "a", "z")).repeat(length);
                yield utf8(replace(json, VALUE, '"' + text + '"', random));
            }
            case 5 -> utf8(replace(json, MEMBER, "", random));
            case 6 -> utf8(twice(json, random));
            case 7 -> utf8(json.replaceFirst("\\{", "{ \"more\" : " + unknown(random) + ","));
            case 8 -> utf8(json.replaceAll("\\s+", one(random, List.of("", " ", "\t", "\r\n", "\f", "\u00a0"))));
            case 9 ->
                json.getBytes(one(
                        random,
                        List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16)));
            case 10 ->
                utf8(one(
                        random,
                        List.of(
                                json + " ",
                                json + "\0",
                                json + ",",
                                json + "{}",
                                "\ufeff" + json,
                                "[" + json + "]",
                                "",
                                " ",
                                "null",
                                "{}")));
            default -> insideAString(json, random);
        };
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T one(RandomGenerator random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String replace(String json, Pattern what, String by, RandomGenerator random) {
        MatchResult at = one(random, what.matcher(json).results().toList());
        return json.substring(0, at.start()) + by + json.substring(at.end());
    }

    private static String twice(String json, RandomGenerator random) {
        MatchResult at = one(random, MEMBER.matcher(json).results().toList());
        String member = at.group().strip();
        return json.substring(0, at.start()) + member + (member.endsWith(",") ? "" : ",") + json.substring(at.start());
    }

    /** What a later version may have in its manifest. */
    private static String unknown(RandomGenerator random) {
        int levels = one(random, List.of(13, 14, 15, 16, 17, 40));
        return switch (random.nextInt(8)) {
            case 0 -> "[".repeat(levels) + "]".repeat(levels);
            case 1 -> "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
            case 2 -> one(random, List.of("", "-")) + "1".repeat(one(random, List.of(999, 1000, 1001)));
            case 3 -> one(random, List.of("", "-")) + "1." + "1".repeat(one(random, List.of(998, 999, 1000)));
            case 4 -> "{\"a\":1,\"a\":2}";
            case 5 -> "{\"" + "k".repeat(one(random, List.of(49_999, 50_001, 60_000))) + "\":true}";
            case 6 ->
                one(random, List.of("1e", "-1.5E+", "0e-")) + "9".repeat(one(random, List.of(1, 997, 998, 999, 1000)));
            default -> one(random, OTHERS);
        };
    }

    private static byte[] insideAString(String json, RandomGenerator random) {
        MatchResult at = one(random, STRING.matcher(json).results().toList());
        int place = at.end() - 1;
        byte[] inside = HexFormat.of().parseHex(one(random, INSIDE));
        return StructuredMutants.join(utf8(json.substring(0, place)), inside, utf8(json.substring(place)));
    }
}
