package dev.semblance.junit;

import dev.semblance.harness.golden.GoldenStore;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Resolves parameters that are annotated with {@link Golden}. */
final class GoldenExtension implements ParameterResolver {

    GoldenExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(Golden.class);
    }

    @Override
    public GoldenImage resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Golden golden = parameter.findAnnotation(Golden.class).orElseThrow();
        if (parameter.getParameter().getType() != GoldenImage.class) {
            throw new ParameterResolutionException("a parameter with @Golden is a GoldenPicture, not a "
                    + parameter.getParameter().getType().getSimpleName());
        }
        String[] names = golden.value().split("/", -1);
        if (names.length != 2) {
            throw new ParameterResolutionException(
                    "@Golden names a picture as NAME/LABEL, not \"" + golden.value() + "\"");
        }
        GoldenStore store = new GoldenStore(Path.of(golden.folder()));
        try {
            store.pngOf(names[0], names[1]);
        } catch (IllegalArgumentException e) {
            throw new ParameterResolutionException("@Golden: " + e.getMessage(), e);
        }
        boolean approve = context.getConfigurationParameter(GoldenImage.APPROVE)
                .map(Boolean::parseBoolean)
                .orElse(false);
        return new GoldenImage(store, names[0], names[1], FailureReports.folder(context), approve);
    }
}
