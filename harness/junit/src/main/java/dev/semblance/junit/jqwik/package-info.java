/**
 * The fuzzer's scripts as jqwik arbitraries, to hold properties of any device against. Needs {@code net.jqwik:jqwik-api},
 * which this module does not bring along.
 */
@NullMarked
package dev.semblance.junit.jqwik;

import org.jspecify.annotations.NullMarked;
