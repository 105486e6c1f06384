package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.lint.LintFinding;
import dev.semblance.harness.edit.lint.LintRule;
import dev.semblance.harness.edit.lint.TraceLint;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a driver did that is illegal or suspicious. */
@Command(
        name = "lint",
        header = "Say what a driver did that is illegal or suspicious.",
        description = {
            "Looks at the commands, queues and registers of a trace and names what the specification forbids, and what it"
                    + " allows but a driver seldom means: pixels written and never flushed, a flush of the wrong rectangle,"
                    + " resources left behind. docs/LINT.md explains each rule.",
            "A finding is exit code 1. Of each rule the first findings are shown; --json has up to 1000."
        },
        footer = {
            "  semblance lint recordings/flips.trace",
            "  semblance lint --disable flush-unchanged,fence-backwards bug.trace",
            "  semblance lint --list"
        })
final class LintCommand extends Subcommand<LintCommand.Request> {

    /** How many findings of a rule a person wants to see. */
    private static final int SHOWN = 5;

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Traces, packs, or folders of them.")
    private List<String> paths = List.of();

    @Option(names = "--json", description = "One JSON object, with every finding that is kept.")
    private boolean json;

    @Option(names = "--list", description = "Show the rules.")
    private boolean list;

    @Option(
            names = "--disable",
            paramLabel = "ID",
            split = ",",
            description = "Rules to leave out; may be repeated, or a list with commas.")
    private List<String> disabled = List.of();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    /** Traces to look at. */
    record Request(List<TraceFile> traces, Set<LintRule> disabled, boolean json, boolean list) {}

    /** What was found in a trace. */
    private record Linted(TraceFile trace, List<LintFinding> findings, Map<LintRule, Long> counts) {
        long count() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        long count(LintRule.Severity severity) {
            return counts.entrySet().stream()
                    .filter(entry -> entry.getKey().severity() == severity)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    LintCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        Set<LintRule> rules = EnumSet.noneOf(LintRule.class);
        for (String id : disabled) {
            rules.add(LintRule.of(id).orElseThrow(() -> noRule(id)));
        }
        if (list && !paths.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--list shows the rules, and looks at no trace");
        }
        if (!list && paths.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "which trace? Name one, or --list to see the rules");
        }
        return new Request(list ? List.of() : InputFiles.traces(paths), rules, json, list);
    }

    private static CommandException noRule(String id) {
        if (id.isEmpty()) {
            return new CommandException(
                    ExitCode.USAGE, "--disable wants the names of rules, with commas between them; --list shows them");
        }
        List<String> ids = Arrays.stream(LintRule.values()).map(LintRule::id).toList();
        return new CommandException(
                ExitCode.USAGE,
                Text.format("there is no rule \"%s\"%s", id, Suggestions.hintOrAll(id, ids, "there are")));
    }

    @Override
    ExitCode run(Request request) {
        if (request.list()) {
            list(request.json());
            return ExitCode.PASS;
        }
        List<ExitCode> codes = new ArrayList<>();
        LintJson told = new LintJson();
        try (OpenedPacks opened = OpenedPacks.of(request.traces())) {
            for (TraceFile trace : opened.traces()) {
                try {
                    codes.add(lint(trace, request, told));
                } catch (SemblanceException e) {
                    terminal().out().flush();
                    terminal().err().problem(e);
                    codes.add(CommandException.exitCode(e));
                    told.add(trace, CommandException.exitCode(e), e.lines());
                }
            }
        }
        if (request.json()) {
            terminal().out().json(told.text(ExitCode.gravest(codes)));
        }
        return ExitCode.gravest(codes);
    }

    private void list(boolean asJson) {
        if (asJson) {
            terminal().out().json(LintJson.rules());
            return;
        }
        for (LintRule rule : LintRule.values()) {
            terminal()
                    .out()
                    .println(Text.format(
                            "%-29s %-10s %-8s  %s", rule.id(), rule.severity().word(), rule.section(), rule.summary()));
        }
    }

    private ExitCode lint(TraceFile trace, Request request, LintJson told) {
        try (TraceReader reader = TraceProblems.open(trace);
                Progress line = Progress.start(
                        progress.of(terminal()), "reading", Progress.Unit.CYCLES, Totals.cycles(reader));
                Progress.Task task = line.begin("")) {
            TraceLint lint = new TraceLint(reader.manifest(), request.disabled());
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                lint.take(next.get());
                task.accept(next.get().cycle());
            }
            Linted linted = new Linted(trace, lint.findings(), lint.counts());
            if (!request.json()) {
                print(linted);
            }
            ExitCode ending = TraceProblems.ending(trace, reader.status(), terminal());
            ExitCode code = ending.orGraver(linted.count() > 0 ? ExitCode.MISMATCH : ExitCode.PASS);
            told.add(trace, code, reader.status(), lint);
            return code;
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private void print(Linted linted) {
        Map<LintRule, Integer> shown = new EnumMap<>(LintRule.class);
        terminal().out().println(linted.trace().shownAs());
        for (LintFinding finding : linted.findings()) {
            if (shown.merge(finding.rule(), 1, Integer::sum) <= SHOWN) {
                terminal().out().println("  " + finding.line());
            }
        }
        linted.counts().forEach((rule, count) -> {
            if (count > SHOWN) {
                terminal().out().println(Text.format("  and %,d more of %s", count - SHOWN, rule.id()));
            }
        });
        terminal()
                .out()
                .println(
                        linted.count() == 0
                                ? "  nothing found"
                                : Text.format(
                                        "  %,d illegal, %,d suspicious",
                                        linted.count(LintRule.Severity.ILLEGAL),
                                        linted.count(LintRule.Severity.SUSPICIOUS)));
    }
}
