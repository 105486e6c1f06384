package dev.semblance.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** {@link Golden} as a project that uses it sees it. */
class GoldenTests {

    private static final Path GOLDEN = Path.of("target/golden-tests/box/red.png");

    @TempDir
    Path folder = Path.of("");

    /** Not tests of this project: they are run by the tests here. */
    static final class Samples {

        static final class Red {
            @Test
            void isRed(@Golden(value = "box/red", folder = "target/golden-tests") GoldenImage golden) {
                golden.assertMatches(box(0xffff_0000));
            }
        }

        static final class RedFile {
            @Test
            void isRed(@Golden(value = "box/red", folder = "target/golden-tests") GoldenImage golden)
                    throws IOException {
                Path screenshot = Path.of("target/golden-tests/screenshot.png");
                ImageFiles.writePng(box(0xffff_0000), screenshot);
                golden.assertMatches(screenshot);
            }
        }

        static final class Climbing {
            @Test
            void leavesTheFolder(@Golden("../../etc/passwd") GoldenImage golden) {
                golden.assertMatches(box(0));
            }
        }

        static final class WrongType {
            @Test
            void isNoPicture(@Golden("box/red") String golden) {
                assertThat(golden).isEmpty();
            }
        }
    }

    private static Frame box(int argb) {
        int[] pixels = new int[12];
        Arrays.fill(pixels, argb);
        return Frame.ofPixels(4, 3, pixels);
    }

    @BeforeEach
    void removeGolden() throws IOException {
        Files.deleteIfExists(GOLDEN);
    }

    private Events run(Class<?> sample, boolean approve) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter(FailureReports.PARAMETER, folder.toString())
                .configurationParameter(GoldenImage.APPROVE, Boolean.toString(approve))
                .selectors(selectClass(sample))
                .execute()
                .testEvents();
    }

    @Test
    void theSamePicturePasses() throws IOException {
        ImageFiles.writePng(box(0xffff_0000), GOLDEN);
        run(Samples.Red.class, false).assertStatistics(stats -> stats.succeeded(1));
    }

    @Test
    void aPictureFileIsHeldAgainstTheGoldenToo() throws IOException {
        ImageFiles.writePng(box(0xffff_0000), GOLDEN);
        run(Samples.RedFile.class, false).assertStatistics(stats -> stats.succeeded(1));
        ImageFiles.writePng(box(0xffff_0001), GOLDEN);
        run(Samples.RedFile.class, false)
                .assertThatEvents()
                .haveExactly(1, finishedWithFailure(message(text -> text.contains("expected #FF0001, got #FF0000"))));
    }

    @Test
    void anotherPictureFailsAndIsKept() throws IOException {
        ImageFiles.writePng(box(0xffff_0001), GOLDEN);
        Path actual = folder.resolve(Samples.Red.class.getName() + "/box/red.actual.png");
        Path diff = folder.resolve(Samples.Red.class.getName() + "/box/red.diff.png");
        run(Samples.Red.class, false)
                .assertThatEvents()
                .haveExactly(
                        1,
                        finishedWithFailure(message(text -> text.contains("expected #FF0001, got #FF0000")
                                && text.contains(actual.toString())
                                && text.contains(diff.toString()))));
        assertThat(ImageFiles.read(actual).digest()).isEqualTo(box(0xffff_0000).digest());
        assertThat(diff).exists();
    }

    @Test
    void aMissingGoldenFailsAndSaysHowToApprove() {
        run(Samples.Red.class, false)
                .assertThatEvents()
                .haveExactly(
                        1,
                        finishedWithFailure(message(text -> text.contains("There is no golden")
                                && text.contains("-Dsemblance.approve=true")
                                && text.contains("red.actual.png"))));
        assertThat(GOLDEN).doesNotExist();
    }

    @Test
    void approvalWritesTheGoldenWhereItIsMissing() throws IOException {
        Assumptions.assumeFalse(Boolean.parseBoolean(System.getenv("CI")));
        run(Samples.Red.class, true).assertStatistics(stats -> stats.succeeded(1));
        assertThat(ImageFiles.read(GOLDEN).digest()).isEqualTo(box(0xffff_0000).digest());
        run(Samples.Red.class, false).assertStatistics(stats -> stats.succeeded(1));
    }

    @Test
    void approvalIsRefusedInCi() {
        Assumptions.assumeTrue(Boolean.parseBoolean(System.getenv("CI")));
        run(Samples.Red.class, true).assertStatistics(stats -> stats.failed(1));
        assertThat(GOLDEN).doesNotExist();
    }

    /** A name that leads out of the folder of goldens is refused before anything is read. */
    @Test
    void aNameThatLeavesTheFolderIsRefused() {
        run(Samples.Climbing.class, false)
                .assertThatEvents()
                .haveExactly(1, finishedWithFailure(message(text -> text.contains("NAME/LABEL"))));
    }

    @Test
    void aParameterOfAnotherTypeIsRefused() {
        run(Samples.WrongType.class, false)
                .assertThatEvents()
                .haveExactly(1, finishedWithFailure(message(text -> text.contains("GoldenPicture"))));
    }
}
