// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * One verb of {@code explore}. Only the verb that is asked for is made, so that help and errors are
 * quick.
 *
 * @param name the word on the command line
 * @param summary one line for {@code explore --help}, without a full stop
 * @param command makes the picocli command; it returns the exit code
 */
record Verb(String name, String summary, Supplier<Callable<Integer>> command) {}
