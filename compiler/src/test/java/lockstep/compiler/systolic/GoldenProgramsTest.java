// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.graph.CodeArray;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The memory images of programs, instructions and constants, to the byte. Networks of the zoo keep
 * their layers only: calibration runs in floats, and their last bits differ from CPU to CPU.
 */
class GoldenProgramsTest {
  private static final String REASON =
      "%s: the program has other bytes. If the change is meant to change programs, check that"
          + " simulator and RTL still agree on them (explore verify) and put the hash found here"
          + " into this test; if it is not, it is a bug.";

  @ParameterizedTest
  @CsvSource({
    "resnet8, gemmini-16x16, 37af3cd4433019778ab5f0dfc0c7f05aae6bb271965655ad86ac02a211f9da33",
    "resnet8, tiny-4x4, 45bad35f9dcdf337ffec382af660a89df15230e46c4997d0157ebcfc61137510",
    "ds_cnn, gemmini-16x16, abbc6c74a2bc46ee99b87d381fa1aa52238ca748bad3aa891bc2d3856aec0195",
    "ds_cnn, tiny-4x4, 31ef35bf4920d4bc1f1c53b8968bd64300fa72e2eea683653b870c0cef5869d8",
  })
  void ofTheZooAreAsTheyWere(String model, String machine, String sha256) throws Exception {
    SystolicArchitecture arch =
        (SystolicArchitecture)
            SpecLoader.load(Path.of("../arch-specs", machine + ".yaml"), List.of()).architecture();
    Network network =
        ModelCompiler.network(ModelSource.of(model, Map.of()), QuantisationOptions.defaults())
            .network();
    MessageDigest digest = digest();
    add(digest, withPlainNumbers(network), arch);
    assertThat(text(digest)).as(REASON, model + " on " + machine).isEqualTo(sha256);
  }

  @Test
  void ofRandomNetworksAreAsTheyWere() throws Exception {
    MessageDigest digest = digest();
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SystolicArchitecture arch = RandomSystolic.draw(random, "random", 12);
      Network network = RandomNetwork.draw(random, 1 + random.nextInt(4), 16);
      try {
        add(digest, network, arch);
      } catch (UserError doesNotFit) {
        digest.update((byte) 0);
      }
    }
    assertThat(text(digest))
        .as(REASON, "100 random networks")
        .isEqualTo("825a881c4cc8bf70e368a05409396246e1b75f0c25ffe8d1ce41b0d87db7ee25");
  }

  private static void add(MessageDigest digest, Network network, SystolicArchitecture arch) {
    for (Program p : SystolicCompiler.compile(network, arch, "").programs()) {
      digest.update(p.image());
    }
  }

  private static MessageDigest digest() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256");
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Network withPlainNumbers(Network network) {
    return new Network(
        network.name(),
        network.inputs().stream().map(GoldenProgramsTest::plain).toList(),
        network.layers().stream().map(l -> plain((Layer.Convolution) l)).toList(),
        network.outputs().stream().map(GoldenProgramsTest::plain).toList());
  }

  private static Layer plain(Layer.Convolution l) {
    return new Layer.Convolution(
        l.name(),
        l.source(),
        plain(l.input()),
        plain(l.weights()),
        count(l.bias().length),
        l.groups(),
        l.window(),
        plain(l.out()),
        plain(l.output()));
  }

  private static Tensor plain(Tensor t) {
    return new Tensor(t.name(), t.n(), t.c(), t.h(), t.w(), 1, -5);
  }

  /** Weights by their place, but for sums, which the compiler treats in a way of their own. */
  private static byte[] plain(CodeArray weights) {
    byte[] plain = new byte[weights.length()];
    boolean sums = weights.stream().allMatch(w -> w == 1);
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (sums ? 1 : i * 31 + 7);
    }
    return plain;
  }

  private static Output plain(Output out) {
    Tensor residual = out.residual();
    int[] shifts = new int[out.shifts().length];
    Arrays.fill(shifts, 20);
    return new Output(
        out.pool(),
        count(out.multipliers().length),
        shifts,
        residual == null ? null : plain(residual),
        residual == null ? 0 : 3,
        1 << 15,
        2,
        -100,
        100);
  }

  private static int[] count(int length) {
    int[] counted = new int[length];
    Arrays.setAll(counted, i -> i);
    return counted;
  }
}
