/**
 * A JUnit 5 extension: {@link dev.semblance.junit.ReplayTest} replays traces as tests, a test for each replay and
 * each snapshot, and {@link dev.semblance.junit.Golden} compares a picture that a test made with a golden image.
 *
 * <p>JUnit is what the project that uses this brings along; this module only compiles against it.
 */
@NullMarked
package dev.semblance.junit;

import org.jspecify.annotations.NullMarked;
