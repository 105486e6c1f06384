/** Scripts that let shells complete the words of a command line, made from the picocli model of the program. */
@NullMarked
package dev.semblance.cli.completion;

import org.jspecify.annotations.NullMarked;
