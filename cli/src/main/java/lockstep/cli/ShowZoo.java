// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import lockstep.arch.Spelling;
import lockstep.arch.UserError;
import lockstep.compiler.zoo.Zoo;
import lockstep.compiler.zoo.ZooModel;
import lockstep.sweep.store.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore zoo [NAME -o FILE]}: the built-in models, as a list or as ONNX. */
@Command(
    description = "Lists the built-in models; with a name, writes that one as ONNX.",
    mixinStandardHelpOptions = true)
final class ShowZoo implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "a built-in model")
  private @Nullable String name;

  @Option(names = "-o", paramLabel = "FILE", description = "where to write (default: NAME.onnx)")
  private @Nullable Path file;

  @Option(
      names = "--dim",
      paramLabel = "DIMENSION=N",
      description = "size of a dimension that the list shows; repeatable")
  private final Map<String, Integer> sizes = new LinkedHashMap<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    if (name == null) {
      out.print(list());
      out.flush();
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
    var known = Zoo.find(name).dimensions().keySet();
    for (String dimension : sizes.keySet()) {
      if (!known.contains(dimension)) {
        throw new UserError(
            name + " has no dimension `" + dimension + "`; it has " + String.join(", ", known));
      }
    }
    AtomicFile.write(target, Zoo.model(name, sizes));
    out.println(target);
    return 0;
  }

  private static TextTable list() {
    var table = new TextTable("name", "model", "dimensions", "source");
    for (ZooModel model : Zoo.models()) {
      var dimensions =
          model.dimensions().entrySet().stream()
              .map(each -> each.getKey() + "=" + each.getValue())
              .collect(Collectors.joining(" "));
      table.row(model.name(), model.description(), dimensions, model.source());
    }
    return table;
  }
}
