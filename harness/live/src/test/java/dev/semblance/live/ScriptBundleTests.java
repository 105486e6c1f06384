package dev.semblance.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules become one script, or are refused: none is taken for what it is not. */
class ScriptBundleTests {

    private static String bundle(Map<String, String> modules) {
        return ScriptBundle.of("main.js", Map.of(), name -> modules.getOrDefault(name, ""));
    }

    @Test
    void aModuleIsAFunctionThatIsCalledOnceBeforeThoseThatImportIt() {
        assertThat(bundle(Map.of(
                        "main.js",
                        "// The page.\nimport { one, Two } from './other.js';\nimport { three } from './third.js';\none(three);\n",
                        "other.js",
                        """
                        /** @typedef {import('./types.js').Type} Type */
                        import { three } from './third.js';
                        /**
                         * Exports.
                         * @param {number} a export
                         */
                        export async function one(a) {
                          return /** @type {import('./types.js').Type} */ (a); // import
                        }
                        export class Two {}
                        """,
                        "third.js",
                        "export const three = 3;\nexport const four = [three];\n")))
                .isEqualTo("""
                        const $third = (() => {
                        const three = 3;
                        const four = [three];
                        return { three, four };
                        })();
                        const $other = (() => {
                        const { three } = $third;
                        async function one(a) {
                          return /** @type {import('./types.js').Type} */ (a); // import
                        }
                        class Two {}
                        return { one, Two };
                        })();
                        const $main = (() => {
                        const { one, Two } = $other;
                        const { three } = $third;
                        one(three);
                        return {  };
                        })();
                        """);
    }

    @Test
    void anotherModuleMayTakeTheOnesPlace() {
        assertThat(ScriptBundle.of(
                        "main.js",
                        Map.of("server.js", "file.js"),
                        name -> name.equals("main.js") ? "import { a } from './server.js';" : "export const a = 1;"))
                .contains("const { a } = $file;")
                .doesNotContain("server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import a from './other.js';",
                "import * as a from './other.js';",
                "import { a as b } from './other.js';",
                "import './other.js';",
                "import { a } from '../other.js';",
                "  import { a } from './other.js';",
                "import { a } from './other.js'; a();",
                "const a = await import('./other.js');",
                "export default 1;",
                "export let a = 1;",
                "export { a };",
                "export * from './other.js';",
                "const a = import.meta.url;",
                "const a = '</SCRIPT>';",
                "const a = '<!--';",
                "const a = 1;\r",
                "/** A comment without an end."
            })
    void aFormThatIsNotKnownIsRefused(String line) {
        assertThatThrownBy(() -> bundle(Map.of("main.js", line, "other.js", "export const a = 1;")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void modulesThatImportEachOtherAreRefused() {
        assertThatThrownBy(() -> bundle(Map.of(
                        "main.js",
                        "import { a } from './other.js';\nexport const b = 1;",
                        "other.js",
                        "import { b } from './main.js';\nexport const a = 1;")))
                .hasMessage("main.js imports itself, by way of others");
    }
}
