// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import lockstep.arch.FileFailure;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;

/**
 * Mappings found before, on disk: a text file for each machine, a line for each layer shape. The
 * search is deterministic, so a cached answer is the answer; a file that cannot be read as written
 * is searched anew. Two processes may write at once: each replaces the file as a whole.
 */
public final class MappingCache {
  private static final String FORMAT = "lockstep mappings 3";
  private static final System.Logger LOG = System.getLogger(MappingCache.class.getName());
  private static final Pattern MAPPING =
      Pattern.compile(
          "(true|false) (WS|OS)( \\d{1,9}){4} (true|false)( \\d{1,9}){3}( \\d{1,18}){3}");
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private final Path file;
  private final Map<String, String> known = new TreeMap<>();
  private boolean changed;

  private MappingCache(Path file) {
    this.file = file;
  }

  /** The cache for one machine in {@code folder}; {@code machineHash} identifies the spec. */
  public static MappingCache open(Path folder, String machineHash) {
    MappingCache cache = new MappingCache(folder.resolve(machineHash + ".mappings"));
    if (Files.isRegularFile(cache.file)) {
      try {
        cache.read(Files.readString(cache.file));
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            cache.file + ": cannot be read, mappings are searched anew: " + FileFailure.words(e));
      }
    }
    return cache;
  }

  private void read(String text) {
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(FORMAT) || !lines[lines.length - 1].equals("end")) {
      return;
    }
    for (int i = 1; i < lines.length - 1; i++) {
      int tab = lines[i].indexOf('\t');
      if (tab >= 0 && MAPPING.matcher(lines[i].substring(tab + 1)).matches()) {
        known.put(lines[i].substring(0, tab), lines[i].substring(tab + 1));
      }
    }
  }

  /** What was found for a problem with this key. */
  synchronized Optional<FoundMapping> get(String key, MappingProblem p) {
    String text = known.get(key);
    return text == null ? Optional.empty() : Optional.of(parse(text, p));
  }

  synchronized void put(String key, FoundMapping found) {
    changed |= !text(found).equals(known.put(key, text(found)));
  }

  /** Writes what was added, atomically. */
  public synchronized void save() {
    if (!changed) {
      return;
    }
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    known.forEach((shape, m) -> text.append(shape).append('\t').append(m).append('\n'));
    text.append("end");
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "mappings", ".part");
      try {
        Files.write(part, text.toString().getBytes(StandardCharsets.UTF_8));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      if (!WARNED.getAndSet(true)) {
        LOG.log(
            System.Logger.Level.WARNING,
            file.getParent()
                + ": mappings cannot be kept for the next run: "
                + FileFailure.words(e)
                + " or set LOCKSTEP_CACHE");
      }
    }
    changed = false;
  }

  private static String text(FoundMapping found) {
    Mapping m = found.mapping();
    return "%b %s %d %d %d %d %b %d %d %d %d %d %d"
        .formatted(
            m.patches(),
            m.dataflow(),
            m.tileH(),
            m.tileW(),
            m.chunk(),
            m.group(),
            m.weightsOuter(),
            m.activationBanks(),
            m.weightBanks(),
            m.residualBanks(),
            found.mappings(),
            found.tried(),
            found.cut());
  }

  private static FoundMapping parse(String text, MappingProblem p) {
    String[] f = text.split(" ", -1);
    Mapping m =
        new Mapping(
            Boolean.parseBoolean(f[0]),
            Dataflow.valueOf(f[1]),
            Integer.parseInt(f[2]),
            Integer.parseInt(f[3]),
            Integer.parseInt(f[4]),
            Integer.parseInt(f[5]),
            Boolean.parseBoolean(f[6]),
            Integer.parseInt(f[7]),
            Integer.parseInt(f[8]),
            Integer.parseInt(f[9]));
    MappingCost.Tiling tiling =
        MappingCost.Tiling.of(p, m.patches(), m.dataflow(), m.tileH(), m.tileW());
    return new FoundMapping(
        m,
        MappingCost.of(p, m, tiling),
        Long.parseLong(f[10]),
        Long.parseLong(f[11]),
        Long.parseLong(f[12]));
  }
}
