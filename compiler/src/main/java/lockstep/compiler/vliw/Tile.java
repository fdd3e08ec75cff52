// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

/**
 * A part of a layer's output that is computed at a time.
 *
 * @param y its first line
 * @param x its first column
 * @param height lines
 * @param width columns
 * @param firstBlock first block of channels
 * @param blocks blocks of channels
 */
record Tile(int image, int y, int x, int height, int width, int firstBlock, int blocks) {}
