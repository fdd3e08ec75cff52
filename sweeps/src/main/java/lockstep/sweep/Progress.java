// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

/** Hears how a study gets on. Called from one thread at a time. */
public interface Progress {
  /** A stage begins that has so many steps. */
  void begin(String stage, int steps);

  /** A step has ended. */
  void step();

  /** The stage has ended. */
  void end();

  /** Something that the user should know. */
  void note(String text);

  /** Nobody listens. */
  Progress SILENT =
      new Progress() {
        @Override
        public void begin(String stage, int steps) {}

        @Override
        public void step() {}

        @Override
        public void end() {}

        @Override
        public void note(String text) {}
      };
}
