package dev.semblance.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.engine.JqwikTestEngine;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;

/**
 * Runs the tests of JUnit Jupiter and the properties of jqwik at the same time. By themselves, engines run one after the other, and jqwik
 * runs on one thread: half of the processor idles while it does. Classes that are {@link Isolated} run when everything else is done, so that
 * they are alone here too.
 *
 * <p>The build selects it in place of both engines, and sets {@value #ENABLED}; without that, as in an editor that runs every engine it
 * finds, it has no tests, so that none runs twice.
 */
public final class EnginesAtOnce implements TestEngine {

    /** Its name for the build's {@code includeJUnit5Engines}. */
    static final String ID = "semblance-engines-at-once";

    /** The configuration parameter without which it finds nothing. */
    static final String ENABLED = "semblance.engines.at.once";

    private static final String ALONE = "alone";

    /** What one engine has to run. */
    private record Share(TestEngine engine, TestDescriptor tests) {
        void execute(ExecutionRequest request) {
            if (TestDescriptor.containsTests(tests)) {
                engine.execute(ExecutionRequest.create(
                        tests,
                        request.getEngineExecutionListener(),
                        request.getConfigurationParameters(),
                        request.getOutputDirectoryCreator(),
                        request.getStore()));
            }
        }
    }

    private final TestEngine jupiter = new JupiterTestEngine();
    private final TestEngine jqwik = new JqwikTestEngine();

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
        EngineDescriptor root = new EngineDescriptor(id, "JUnit Jupiter and jqwik");
        if (request.getConfigurationParameters().getBoolean(ENABLED).orElse(false)) {
            root.addChild(keep(false, jupiter.discover(request, id.appendEngine(jupiter.getId()))));
            root.addChild(jqwik.discover(request, id.appendEngine(jqwik.getId())));
            root.addChild(keep(true, jupiter.discover(request, id.append(ALONE, jupiter.getId()))));
        }
        return root;
    }

    /** Takes the classes away that are not isolated, or those that are. */
    private static TestDescriptor keep(boolean isolated, TestDescriptor tests) {
        for (TestDescriptor child : Set.copyOf(tests.getChildren())) {
            if (isIsolated(child) != isolated) {
                tests.removeChild(child);
            }
        }
        return tests;
    }

    private static boolean isIsolated(TestDescriptor tests) {
        return tests.getSource()
                .filter(ClassSource.class::isInstance)
                .map(source -> ((ClassSource) source).getJavaClass().isAnnotationPresent(Isolated.class))
                .orElse(false);
    }

    @Override
    public void execute(ExecutionRequest request) {
        TestDescriptor root = request.getRootTestDescriptor();
        request.getEngineExecutionListener().executionStarted(root);
        List<Share> atOnce = new ArrayList<>();
        List<Share> alone = new ArrayList<>();
        for (TestDescriptor tests : root.getChildren()) {
            UniqueId.Segment segment = tests.getUniqueId().getLastSegment();
            TestEngine engine = segment.getValue().equals(jqwik.getId()) ? jqwik : jupiter;
            (segment.getType().equals(ALONE) ? alone : atOnce).add(new Share(engine, tests));
        }
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> running = new ArrayList<>();
            atOnce.forEach(share -> running.add(threads.submit(() -> share.execute(request))));
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an engine failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        alone.forEach(share -> share.execute(request));
        request.getEngineExecutionListener().executionFinished(root, TestExecutionResult.successful());
    }
}
