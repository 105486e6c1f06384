package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.TextReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a replay says of traces that are packed, without the paths of the computer that packs. */
record PackVerdict(String text, String json) {

    static PackVerdict of(
            Map<String, Path> traces,
            PackCommand.Request packing,
            GuestImages images,
            PolicySet policies,
            Optional<Path> policy) {
        TraceReplay replay = new TraceReplay(images, packing.goldens().images(), TraceReplay.Kind.BOTH);
        List<String> lines = new ArrayList<>();
        List<ExitCode> codes = new ArrayList<>();
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        traces.forEach((name, trace) -> {
            Goldens goldens = policies.goldens(trace);
            Optional<Path> folder = Goldens.folder(trace, packing.goldens().golden());
            TraceVerdict verdict = replay.replay(trace, goldens, cycle -> {});
            List<String> said = TextReport.lines(verdict).stream()
                    .map(line -> withoutPaths(line, name, trace, folder, policy))
                    .toList();
            lines.addAll(said);
            codes.add(verdict.exitCode());
            describe(json.addObject(), name, verdict, said);
        });
        lines.add(TextReport.summary(codes));
        return new PackVerdict(
                String.join("\n", lines) + "\n", JsonMapper.builder().build().writeValueAsString(json) + "\n");
    }

    private static String withoutPaths(
            String line, String name, Path trace, Optional<Path> folder, Optional<Path> policy) {
        String ofTrace = line.replace(trace.toString(), "trace/" + name + ".trace");
        String named = policy.map(file -> ofTrace.replace(file.toString(), "golden/" + PolicyFile.NAME))
                .orElse(ofTrace);
        return folder.map(path -> inFolder(path).matcher(named).replaceAll("golden"))
                .orElse(named);
    }

    /** Finds a folder at the start of a path: it may be named by so little that it stands in other words. */
    private static Pattern inFolder(Path folder) {
        return Pattern.compile("(?<![\\w./\\\\-])" + Pattern.quote(folder.toString()) + "(?=[/\\\\])");
    }

    private static void describe(ObjectNode node, String name, TraceVerdict verdict, List<String> said) {
        node.put("trace", name)
                .put("exitCode", verdict.exitCode().code())
                .put("meaning", verdict.exitCode().meaning());
        switch (verdict) {
            case TraceVerdict.Refused refused -> {}
            case TraceVerdict.TimedOut timedOut -> {}
            case TraceVerdict.Crashed crashed -> {}
            case TraceVerdict.Replayed replayed -> {
                ObjectNode snapshots = node.putObject("snapshots");
                replayed.snapshots().forEach(snapshot -> snapshots.put(snapshot.label(), word(snapshot)));
            }
        }
        ArrayNode text = node.putArray("text");
        said.forEach(text::add);
    }

    private static String word(SnapshotVerdict verdict) {
        return switch (verdict) {
            case SnapshotVerdict.Match match -> "match";
            case SnapshotVerdict.Accepted accepted -> "differs, and the policy accepts that";
            case SnapshotVerdict.FailedAsExpected failed -> "differs, as the policy expects";
            case SnapshotVerdict.UnexpectedPass pass -> "match, unexpectedly";
            case SnapshotVerdict.BadRule bad -> "rule cannot be applied";
            case SnapshotVerdict.Differs differs -> "differs";
            case SnapshotVerdict.Missing missing -> "golden missing";
            case SnapshotVerdict.Unreadable unreadable -> "golden unreadable";
            case SnapshotVerdict.NoGoldens none -> "no goldens";
        };
    }
}
