package dev.semblance.harness.cli;

import dev.semblance.harness.images.DisplayMode;
import dev.semblance.harness.images.ImageSource;
import dev.semblance.harness.scenario.CycleCount;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How words of the command line become values. */
final class Converters {

    private Converters() {}

    /** {@code FILE}, {@code shipped:NAME} or {@code none}. */
    static final class Image implements ITypeConverter<ImageSource> {
        @Override
        public ImageSource convert(String value) {
            if (value.isEmpty()) {
                throw new TypeConversionException("a file's name is missing");
            }
            return ImageSource.parse(value, Path.of(""))
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is no path of a file"));
        }
    }

    /** {@code WIDTHxHEIGHT}. */
    static final class Mode implements ITypeConverter<DisplayMode> {
        @Override
        public DisplayMode convert(String value) {
            return DisplayMode.parse(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "a mode is WIDTHxHEIGHT, each from 1 to " + DisplayMode.MAX + ", not '" + value + "'"));
        }
    }

    /** A number of cycles, as scenarios have it. */
    static final class Cycles implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return CycleCount.parse(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + value + "' is no number of cycles from 1 to 1e15; write 5000000, 5e6, 80ms or 1.5s"));
        }
    }
}
