// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * The weight stage of {@link Execute}: preloads the weights of a tile, last row first, while the
 * array still uses those of the tile before.
 */
final class ExecuteWeights {
  private ExecuteWeights() {}

  static final String TEXT =
      """
        // weight stage
        logic in_tile;
        logic shadow_used;  // from the first read of a preload until its tile starts
        logic shadow_ready;
        logic swaps;
        logic [SA-1:0] tile_row;
        logic [K_BITS-1:0] k;
        logic [K_BITS-1:0] weights_k_rows;
        logic weights_hold;
        logic [11:0] weights_c;
        logic [7:0] weights_fy;
        logic [7:0] weights_fx;
        logic [11:0] weights_n_c;
        logic [7:0] weights_n_fy;
        logic [7:0] weights_n_fx;

        wire preload = weights_active && (in_tile || !shadow_used || swaps);
        wire tile_end = preload && k == '0;
        wire weights_last_fx = weights_fx == weights_n_fx - 8'd1;
        wire weights_last_fy = weights_fy == weights_n_fy - 8'd1;
        wire weights_last_c = weights_c == weights_n_c - 12'd1;

        assign weights_end = tile_end
            && (weights_hold || (weights_last_fx && weights_last_fy && weights_last_c));

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            weights_active <= 1'b0;
            shadow_used <= 1'b0;
            shadow_ready <= 1'b0;
          end else begin
            if (accept && preloads) weights_active <= 1'b1;
            else if (weights_end) weights_active <= 1'b0;
            shadow_used  <= (preload && !in_tile) || (shadow_used && !swaps);
            shadow_ready <= tile_end || (shadow_ready && !swaps);
          end
          if (accept) begin
            in_tile <= 1'b0;
            tile_row <= w_w_row;
            k <= w_k_rows - K_BITS'(1);
            weights_k_rows <= w_k_rows;
            weights_hold <= w_hold;
            weights_c <= '0;
            weights_fy <= '0;
            weights_fx <= '0;
            weights_n_c <= w_n_c;
            weights_n_fy <= w_n_fy;
            weights_n_fx <= w_n_fx;
          end else if (tile_end) begin
            in_tile <= 1'b0;
            tile_row <= tile_row + SA'(weights_k_rows);
            k <= weights_k_rows - K_BITS'(1);
            weights_fx <= weights_last_fx ? '0 : weights_fx + 8'd1;
            if (weights_last_fx) weights_fy <= weights_last_fy ? '0 : weights_fy + 8'd1;
            if (weights_last_fx && weights_last_fy) weights_c <= weights_c + 12'd1;
          end else if (preload) begin
            in_tile <= 1'b1;
            k <= k - K_BITS'(1);
          end
        end

      """;
}
