package dev.semblance.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.posix.Platform;
import dev.semblance.cli.Semblance;
import dev.semblance.harness.util.Text;
import dev.semblance.junit.ReplayTest;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("It sets the locale of this JVM.")
class TextTests {

    @Test
    void textIsTheSameInALocaleWithDigitsOfItsOwn() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(Text.format("%,d %05d %.1f %x", 1234, 7, 1.5, 255)).isEqualTo("1,234 00007 1.5 ff");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+7", "007", "9223372036854775807", "-9223372036854775808"})
    void aWholeNumberIsReadAsJavaReadsIt(String text) {
        assertThat(Text.wholeNumber(text)).hasValue(Long.parseLong(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1 ", "1.0", "0x1", "9223372036854775808", "\u0664\u0662", "\u0967", "\uff11"})
    void whatIsNoNumberInAsciiDigitsIsNone(String text) {
        assertThat(Text.wholeNumber(text)).isEmpty();
    }

    /** A call of {@link Text#format} with a constant pattern, as it was compiled. */
    private static final class Call {
        private final String pattern;
        private final List<Optional<Object>> values = new ArrayList<>();

        Call(String pattern) {
            this.pattern = pattern;
        }
    }

    /** An example of what a method that boxes returns. */
    private static final Map<String, Object> BOXED = Map.of(
            "java/lang/Integer",
            1,
            "java/lang/Long",
            1L,
            "java/lang/Double",
            1.0,
            "java/lang/Float",
            1.0f,
            "java/lang/Boolean",
            true,
            "java/lang/Character",
            'c',
            "java/lang/Short",
            (short) 1,
            "java/lang/Byte",
            (byte) 1);

    private static final Pattern CONVERSION = Pattern.compile("%[-#+ 0,(]*[0-9]*(?:\\.[0-9]+)?([a-zA-Z%])");

    /** The compiler holds the values of String.format against its pattern; those of our own it does not know. */
    @Test
    void thePatternOfEveryCallFitsItsValues() throws IOException, URISyntaxException {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        for (Class<?> module :
                List.of(Text.class, Platform.class, ReplayTest.class, Semblance.class, TextTests.class)) {
            Path root = Path.of(
                    module.getProtectionDomain().getCodeSource().getLocation().toURI());
            // A folder or a jar, as far as the build has got.
            if (Files.isDirectory(root)) {
                calls += check(root, wrong);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(root)) {
                    calls += check(jar.getPath("/"), wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(calls).isGreaterThan(350);
    }

    /** What people are told of in numbers: {@link Text#count} knows that one of it is not many. */
    private static final Pattern COUNTED = Pattern.compile(
            "(?<!than |most )%,?d (events|flushes|pictures|snapshots|goldens|scripts|traces|recordings|runs|chunks"
                    + "|findings|lines|masks|alternatives)\\b");

    @Test
    void oneEventIsNeverToldAsManyEvents() {
        assertThat(Text.count(1, "event")).isEqualTo("1 event");
        assertThat(Text.count(0, "event")).isEqualTo("0 events");
        assertThat(Text.count(-1, "event")).isEqualTo("-1 events");
        assertThat(Text.count(1_301, "flush", "flushes")).isEqualTo("1,301 flushes");
    }

    private static int check(Path root, List<String> wrong) throws IOException {
        int calls = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(
                            file -> file.toString().endsWith(".class") && !file.endsWith("module-info.class"))
                    .toList()) {
                for (Call call : calls(ClassFile.of().parse(Files.readAllBytes(file)))) {
                    calls++;
                    boolean test = file.toString().endsWith("Tests.class");
                    if (!test && COUNTED.matcher(call.pattern).find()) {
                        wrong.add(file.getFileName() + ": \"" + call.pattern
                                + "\": what is counted is counted by Text.count");
                    }
                    mistake(call)
                            .ifPresent(mistake ->
                                    wrong.add(file.getFileName() + ": \"" + call.pattern + "\": " + mistake));
                }
            }
        }
        return calls;
    }

    private static List<Call> calls(ClassModel type) {
        List<Call> calls = new ArrayList<>();
        for (MethodModel method : type.methods()) {
            method.code().ifPresent(code -> collect(code.elementList(), calls));
        }
        return calls;
    }

    private static void collect(List<CodeElement> elements, List<Call> calls) {
        List<Instruction> code = elements.stream()
                .filter(Instruction.class::isInstance)
                .map(Instruction.class::cast)
                .toList();
        // The arrays that are being filled, the innermost last; those that are not the values of a constant are empty.
        Deque<Optional<Call>> open = new ArrayDeque<>();
        for (int i = 2; i < code.size(); i++) {
            Instruction instruction = code.get(i);
            // No guards in a switch: Maven may run on a JDK 17, whose compiler the formatter uses.
            if (instruction instanceof NewReferenceArrayInstruction array) {
                if (array.componentType().asInternalName().equals("java/lang/Object")) {
                    open.push(
                            code.get(i - 2) instanceof ConstantInstruction constant
                                            && constant.constantValue() instanceof String pattern
                                    ? Optional.of(new Call(pattern))
                                    : Optional.empty());
                }
            } else if (instruction instanceof ArrayStoreInstruction store) {
                if (store.typeKind() == TypeKind.REFERENCE && !open.isEmpty()) {
                    Instruction last = code.get(i - 1);
                    open.peek().ifPresent(call -> call.values.add(boxed(last)));
                }
            } else if (instruction instanceof InvokeInstruction invoke && takesObjects(invoke) && !open.isEmpty()) {
                Optional<Call> done = open.pop();
                if (isFormat(invoke)) {
                    done.ifPresent(calls::add);
                }
            }
        }
    }

    private static boolean takesObjects(InvokeInstruction invoke) {
        return invoke.type().stringValue().contains("[Ljava/lang/Object;)");
    }

    private static boolean isFormat(InvokeInstruction invoke) {
        return invoke.owner().asInternalName().equals("dev/semblance/harness/util/Text")
                && invoke.name().equalsString("format");
    }

    private static Optional<Object> boxed(Instruction last) {
        return last instanceof InvokeInstruction invoke && invoke.name().equalsString("valueOf")
                ? Optional.ofNullable(BOXED.get(invoke.owner().asInternalName()))
                : Optional.empty();
    }

    /** Tells what is wrong with a call, if anything is. Of a value whose type is not seen, any conversion is right. */
    private static Optional<String> mistake(Call call) {
        List<String> conversions = CONVERSION
                .matcher(call.pattern)
                .results()
                .map(found -> found.group(1))
                .filter(letter -> !letter.equals("%") && !letter.equals("n"))
                .toList();
        if (conversions.size() != call.values.size()) {
            return Optional.of(Text.format("%d values for %d conversions", call.values.size(), conversions.size()));
        }
        Object[] examples = new Object[conversions.size()];
        for (int i = 0; i < examples.length; i++) {
            examples[i] = call.values.get(i).orElse(example(conversions.get(i)));
        }
        try {
            assertThat(Text.format(call.pattern, examples)).isNotNull();
            return Optional.empty();
        } catch (IllegalFormatException e) {
            return Optional.of(e.toString());
        }
    }

    private static Object example(String conversion) {
        return switch (conversion) {
            case "d", "x", "X", "o" -> 1;
            case "f", "e", "g" -> 1.0;
            case "c" -> 'c';
            case "b" -> true;
            default -> "text";
        };
    }

    @Test
    void aPatternThatDoesNotFitIsSeen() {
        Call tooFew = new Call("%d of %d");
        tooFew.values.add(Optional.of(1));
        assertThat(mistake(tooFew)).hasValue("1 values for 2 conversions");
        Call wrongType = new Call("%d%%");
        wrongType.values.add(Optional.of(1.5));
        assertThat(mistake(wrongType)).isPresent();
        assertThatThrownBy(() -> Text.format("%d", "text")).isInstanceOf(IllegalFormatException.class);
    }
}
