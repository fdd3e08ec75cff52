// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.interpreter.FloatRun;
import lockstep.compiler.operators.OperatorModels;
import lockstep.compiler.zoo.Zoo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged model files end in a message, a network or, in floats, in outputs: never in another
 * exception, a hang or too much memory. {@code -Dlockstep.fuzz=N} tries N files, {@code
 * -Dlockstep.fuzz.first=S} begins with seed S.
 */
class ImporterFuzzTest {
  private static final int FILES = Integer.getInteger("lockstep.fuzz", 500);
  private static final int FIRST = Integer.getInteger("lockstep.fuzz.first", 0);
  private static final int SECONDS = 30;
  private static final int LARGEST = 1 << 20;
  private static final int FAULTS_SHOWN = 12;

  @TempDir Path folder;

  /** Groups of models, each drawn from as often as another. */
  private static List<List<byte[]>> models() throws IOException {
    List<byte[]> zoo = new ArrayList<>();
    for (String name : List.of("ds_cnn", "resnet8", "mobilenet_v1_025")) {
      zoo.add(Zoo.model(name));
    }
    zoo.add(Zoo.model("ds_cnn", Map.of("batch", 2)));
    List<byte[]> workloads = new ArrayList<>();
    for (Path file : shared()) {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length <= LARGEST) {
        workloads.add(bytes);
      }
    }
    List<byte[]> operators = OperatorModels.all().stream().map(each -> each.bytes()).toList();
    System.out.printf(
        "fuzz: %d models of the zoo, %d workloads, %d operators%n",
        zoo.size(), workloads.size(), operators.size());
    return Stream.of(zoo, workloads, operators, operators).filter(each -> !each.isEmpty()).toList();
  }

  private static List<Path> shared() throws IOException {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("shared/workloads"))) {
      at = at.getParent();
    }
    if (at == null) {
      return List.of();
    }
    try (var files = Files.walk(at.resolve("shared/workloads"))) {
      return files.filter(f -> f.endsWith("model.onnx")).sorted().toList();
    }
  }

  private static byte[] damaged(byte[] whole, Random random) throws InvalidProtocolBufferException {
    if (random.nextInt(3) == 0) {
      ByteDamage[] kinds = ByteDamage.values();
      return kinds[random.nextInt(kinds.length)].apply(whole, random);
    }
    return new ModelDamage(random).apply(ModelProto.parseFrom(whole));
  }

  @Test
  void damagedModelsEndInAMessageOrANetwork() throws IOException, InterruptedException {
    List<List<byte[]>> models = models();
    List<String> faults = new ArrayList<>();
    int refused = 0;
    long slowest = 0;
    int slowestSeed = 0;
    Path file = folder.resolve("damaged.onnx");
    ExecutorService worker =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    for (int seed = FIRST; seed < FIRST + FILES && faults.size() < FAULTS_SHOWN; seed++) {
      Random random = new Random(seed * 0x9e3779b97f4a7c15L);
      List<byte[]> group = models.get(random.nextInt(models.size()));
      byte[] bytes = damaged(group.get(random.nextInt(group.size())), random);
      Files.write(file, bytes);
      Throwable fault = null;
      long start = System.nanoTime();
      boolean floats = random.nextInt(4) == 0;
      Future<?> run = worker.submit(() -> use(file, floats));
      try {
        run.get(SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        fault = e.getCause();
      } catch (TimeoutException e) {
        fault = e;
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      if (millis > slowest) {
        slowest = millis;
        slowestSeed = seed;
        Files.write(Path.of("target", "fuzz-slowest.onnx"), bytes);
      }
      if (fault instanceof UserError message) {
        refused++;
        assertThat(message.getMessage()).as("seed %d", seed).startsWith(file + ":");
      } else if (fault != null) {
        faults.add(fault(seed, fault));
        Files.write(Path.of("target", "fuzz-" + seed + ".onnx"), bytes);
        if (fault instanceof TimeoutException) {
          break;
        }
      }
    }
    worker.shutdownNow();
    System.out.printf(
        "fuzz: %d files, %d refused, the slowest (seed %d) in %d ms%n",
        FILES, refused, slowestSeed, slowest);
    assertThat(faults).as("kept as target/fuzz-SEED.onnx").isEmpty();
    assertThat(refused).isBetween(FILES / 4, FILES - FILES / 20);
  }

  private static void use(Path file, boolean floats) {
    ModelSource source = ModelSource.of(file.toString(), Map.of());
    if (floats) {
      FloatRun.seeded(source, 1);
    } else {
      ModelCompiler.network(source, new QuantisationOptions(List.of(), 1, 1));
    }
  }

  private static String fault(int seed, Throwable fault) {
    StringBuilder text = new StringBuilder("seed " + seed + ": " + fault);
    for (int i = 0; i < Math.min(14, fault.getStackTrace().length); i++) {
      text.append("\n    ").append(fault.getStackTrace()[i]);
    }
    return text.append('\n').toString();
  }
}
