package dev.semblance.live;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one script of the modules of a page, for a file that can load no others. Each module becomes a function that is called once and returns what it
 * exports, so that names cannot clash. It knows the forms that the page's modules are written in, one to a line, and refuses all others:
 * {@code import { A, B } from './x.js';} and {@code export} before a function, a class or a constant.
 */
final class ScriptBundle {

    private static final Pattern IMPORT = Pattern.compile("import \\{ (\\w+(?:, \\w+)*) \\} from '\\./(\\w+\\.js)';");
    private static final Pattern EXPORT = Pattern.compile("export ((?:async )?(?:function|class|const) (\\w+)\\b.*)");

    /** What would be another form of them, wherever it is in a line. */
    private static final Pattern OTHER = Pattern.compile("\\bimport\\b|\\bexport\\b");

    /** What would end the element that the script is in, or begin a comment of HTML. */
    private static final Pattern MARKUP = Pattern.compile("</script|<script|<!--|-->", Pattern.CASE_INSENSITIVE);

    private final UnaryOperator<String> texts;
    private final Map<String, String> instead;
    private final Map<String, String> functions = new LinkedHashMap<>();
    private final List<String> underWay = new ArrayList<>();

    private ScriptBundle(UnaryOperator<String> texts, Map<String, String> instead) {
        this.texts = texts;
        this.instead = instead;
    }

    /**
     * Makes the script.
     *
     * @param entry the name of the module that runs the page
     * @param instead modules that take the place of others, by the names of those
     * @param texts gives the text of a module by its name
     * @throws IllegalStateException if a module is written in a form that is not known, or modules import each other
     */
    static String of(String entry, Map<String, String> instead, UnaryOperator<String> texts) {
        ScriptBundle bundle = new ScriptBundle(texts, instead);
        bundle.take(entry);
        String script = String.join("", bundle.functions.values());
        if (MARKUP.matcher(script).find() || script.indexOf('\r') >= 0) {
            throw new IllegalStateException("a script has what ends its element, or a carriage return");
        }
        return script;
    }

    private void take(String module) {
        if (functions.containsKey(module)) {
            return;
        }
        if (underWay.contains(module)) {
            throw new IllegalStateException(module + " imports itself, by way of others");
        }
        underWay.add(module);
        StringBuilder body = new StringBuilder();
        List<String> exports = new ArrayList<>();
        boolean comment = false;
        for (String line : texts.apply(module).split("\n", -1)) {
            String text = line.strip();
            boolean begins = text.startsWith("/**") && (text.endsWith("*/") || !text.contains("*/"));
            if (comment || begins || text.startsWith("//") || text.isEmpty()) {
                comment = (comment || begins) && !text.endsWith("*/");
                continue;
            }
            body.append(line(module, line, exports)).append('\n');
        }
        if (comment) {
            throw new IllegalStateException(module + " ends in a comment");
        }
        functions.put(
                module,
                "const " + variable(module) + " = (() => {\n" + body + "return { " + String.join(", ", exports)
                        + " };\n})();\n");
        underWay.remove(module);
    }

    private String line(String module, String line, List<String> exports) {
        Matcher imported = IMPORT.matcher(line);
        if (imported.matches()) {
            String from = instead.getOrDefault(imported.group(2), imported.group(2));
            take(from);
            return "const { " + imported.group(1) + " } = " + variable(from) + ";";
        }
        Matcher exported = EXPORT.matcher(line);
        if (exported.matches()) {
            exports.add(exported.group(2));
            return exported.group(1);
        }
        // Types are in comments.
        String code = line.replaceAll("/\\*\\*.*?\\*/", "").replaceAll(" // .*", "");
        if (OTHER.matcher(code).find()) {
            throw new IllegalStateException(module + " has a line that cannot be put into one script: " + line.strip());
        }
        return line;
    }

    private static String variable(String module) {
        return "$" + module.substring(0, module.indexOf('.'));
    }
}
