/**
 * Translation of guest code to JVM bytecode: what is translated together, the bytecode, and the library of what was translated. When code
 * is ready may depend on threads, and what it does may not: nothing here has any state of a guest.
 */
@NullMarked
package dev.semblance.machine.translate;

import org.jspecify.annotations.NullMarked;
