package dev.semblance.cli.benchmark;

import dev.semblance.machine.translate.Translator;
import java.util.Optional;

/**
 * What executes the guest's code where a part does not measure both.
 *
 * @param name as {@code --core} has it
 * @param translator what translates in this process; all is interpreted if empty
 */
public record Core(String name, Optional<Translator> translator) {}
