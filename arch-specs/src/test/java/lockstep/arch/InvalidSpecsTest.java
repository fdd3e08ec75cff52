// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One file per kind of mistake, beside it what the user is told. {@code -Dlockstep.goldens=write}
 * writes what the loader says now.
 */
class InvalidSpecsTest {
  private static final Path FOLDER = Path.of("src/test/resources/invalid");

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(each -> each.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void saysWhatIsWrongAndWhere(String file) throws IOException {
    var thrown = catchThrowable(() -> SpecLoader.load(FOLDER.resolve(file), List.of()));

    assertThat(thrown).isInstanceOf(UserError.class);
    assertThat(((UserError) thrown).exitCode()).isEqualTo(2);
    var message = thrown.getMessage().replace(FOLDER + "/", "") + "\n";
    var expected = FOLDER.resolve(file.replace(".yaml", ".expected"));
    if ("write".equals(System.getProperty("lockstep.goldens"))) {
      Files.writeString(expected, message);
    }
    assertThat(message).isEqualTo(Files.readString(expected));
  }
}
