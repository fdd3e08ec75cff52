// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.registers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lockstep.rtl.registers.Register.Access;
import lockstep.rtl.registers.Register.Field;
import org.junit.jupiter.api.Test;

class RegisterMapTest {
  private static final Register SWITCH =
      new Register(
          "switches",
          4,
          32,
          List.of(
              new Field("go", 0, 1, Access.PULSE, 0, "goes"),
              new Field("level", 4, 3, Access.READ_WRITE, 5, "how \"far\""),
              new Field("gone", 31, 1, Access.READ, 0, "went")),
          "switches");
  private static final Register COUNT =
      Register.whole("count", 8, 64, Access.READ, 0, "counts things");
  private static final Register NAME =
      Register.whole("identity", 16, 32, Access.CONSTANT, 0xcafe1234L, "who it is");
  private static final RegisterMap MAP =
      new RegisterMap("part", "A part", 64, List.of(SWITCH, COUNT, NAME));

  @Test
  void theManualHasEveryRegisterAndTheFieldsOfThoseWithSeveral() {
    assertThat(RegisterManual.text(MAP))
        .contains("| 0x004 | `switches` | 32 | write 1 | 0x50 | switches |")
        .contains("| 0x008 | `count` | 64 | read | 0x0 | counts things |")
        .contains("| 0x010 | `identity` | 32 | read, constant | 0xcafe1234 | who it is |")
        .contains("| 6:4 | `level` | read, write | 0x5 | how \"far\" |")
        .contains("| 31 | `gone` | read | 0x0 | went |")
        .doesNotContain("## `count`");
  }

  @Test
  void theRdlSaysTheSame() {
    assertThat(RegisterRdl.text(MAP)).startsWith("addrmap part {\n").endsWith("};\n");
    assertThat(parsed(RegisterRdl.text(MAP)))
        .containsExactly(
            "switches@0x004:32",
            "go[0:0]=1'h0 sw=w hw=r singlepulse",
            "level[6:4]=3'h5 sw=rw hw=r",
            "gone[31:31] sw=r hw=w",
            "count@0x008:64",
            "value[63:0] sw=r hw=w",
            "identity@0x010:32",
            "value[31:0]=32'hcafe1234 sw=r hw=na");
    assertThat(RegisterRdl.text(MAP)).contains("desc = \"how \\\"far\\\"\";");
  }

  @Test
  void whatOverlapsIsRefused() {
    assertThatThrownBy(() -> new RegisterMap("p", "p", 64, List.of(COUNT, SWITCH)))
        .hasMessageContaining("switches lies wrong");
    assertThatThrownBy(() -> Register.whole("odd", 4, 64, Access.READ, 0, "odd"))
        .hasMessageContaining("odd has no place at 4");
    assertThatThrownBy(
            () ->
                new Register(
                    "r",
                    0,
                    32,
                    List.of(
                        new Field("a", 0, 2, Access.READ, 0, "a"),
                        new Field("b", 1, 1, Access.READ, 0, "b")),
                    "r"))
        .hasMessageContaining("r.b lies wrong");
  }

  /** Registers and their fields as lines; fails on whatever the grammar used here does not have. */
  private static List<String> parsed(String rdl) {
    String string = "\"(?:[^\"\\\\]|\\\\.)*\"";
    Pattern field =
        Pattern.compile(
            "\\s*field \\{\\s*desc = %s;\\s*sw = (\\w+);\\s*hw = (\\w+);\\s*(singlepulse;)?\\s*\\} (\\w+\\[\\d+:\\d+\\])( = \\d+'h[0-9a-f]+)?;"
                .formatted(string));
    Pattern register =
        Pattern.compile(
            "\\s*reg \\{\\s*desc = %s;(?:\\s*regwidth = (\\d+);)?((?:%s)+)\\s*\\} (\\w+) @ (0x[0-9a-f]+);"
                .formatted(string, field.pattern()));
    int body = rdl.indexOf("lsb0;") + "lsb0;".length();
    Matcher r = register.matcher(rdl).region(body, rdl.length());
    List<String> lines = new ArrayList<>();
    int end = body;
    while (r.lookingAt()) {
      int groups = r.groupCount();
      String bits = r.group(1) == null ? "32" : r.group(1);
      lines.add(r.group(groups - 1) + "@" + r.group(groups) + ":" + bits);
      Matcher f = field.matcher(r.group(2));
      while (f.find()) {
        String reset = f.group(5) == null ? "" : f.group(5).replace(" ", "");
        String pulse = f.group(3) == null ? "" : " singlepulse";
        lines.add(f.group(4) + reset + " sw=" + f.group(1) + " hw=" + f.group(2) + pulse);
      }
      end = r.end();
      r.region(end, rdl.length());
    }
    assertThat(rdl.substring(end)).isEqualToIgnoringWhitespace("};");
    return lines;
  }
}
