// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

/** How a verb writes its results. */
enum Form {
  TEXT,
  JSON,
  CSV
}
