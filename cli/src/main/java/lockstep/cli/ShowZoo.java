// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import lockstep.arch.Spelling;
import lockstep.arch.UserError;
import lockstep.compiler.zoo.Zoo;
import lockstep.sweep.store.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore zoo [NAME -o FILE]}: the built-in models, as names or as ONNX. */
@Command(
    description = "Lists the built-in models; with a name, writes that one as ONNX.",
    mixinStandardHelpOptions = true)
final class ShowZoo implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "a built-in model")
  private @Nullable String name;

  @Option(names = "-o", paramLabel = "FILE", description = "where to write (default: NAME.onnx)")
  private @Nullable Path file;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    if (name == null) {
      Zoo.names().forEach(out::println);
      return 0;
    }
    if (!Zoo.names().contains(name)) {
      throw new UserError(
          "there is no built-in model `"
              + name
              + "`; "
              + Spelling.nearest(name, Zoo.names())
                  .map(each -> "did you mean " + each + "?")
                  .orElse("choose from " + String.join(", ", Zoo.names())));
    }
    var target = file == null ? Path.of(name + ".onnx") : file;
    AtomicFile.write(target, Zoo.model(name));
    out.println(target);
    return 0;
  }
}
