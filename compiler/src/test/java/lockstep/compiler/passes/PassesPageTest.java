// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/passes.md lists the passes that run, in their order. */
class PassesPageTest {
  @Test
  void thePageListsEveryPassInOrder() throws IOException {
    String page = Files.readString(Path.of("../docs/passes.md"));
    String list = page.substring(page.indexOf("## The list"), page.indexOf("## What they are"));
    List<String> rows = list.lines().filter(line -> line.startsWith("| `")).toList();
    List<String> named =
        Pattern.compile("`([a-z-]+)`")
            .matcher(String.join("\n", rows.stream().map(r -> r.split("\\|")[1]).toList()))
            .results()
            .map((MatchResult r) -> r.group(1))
            .toList();
    assertThat(named).isEqualTo(Pipeline.standard().names());
  }
}
