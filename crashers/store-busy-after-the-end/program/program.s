# program store-busy, spec 2a003c573d549fd6039ae445019b874aeeb3901c4d9e32113f1ccc1d7f0a5c4b
# 0x00000000        144 bytes  INPUT      input
# 0x00000100          4 bytes  OUTPUT     output
# 0x00001000        160 bytes  WEIGHTS    weights
# 0x00002000        192 bytes  PROGRAM    program

# layer 0 pooled: ws pixels tile 1x1, 1 reduction tiles x 1 output blocks at a time, pixels outer, banks 3+1+0
load dram_address=4096, row=1536, lines=1, windows=4, step=4, row_step=1, copies=1, bytes=4, last_line=1, last_byte=16
load signal_execute=1, lines=1, line_stride=144, row_line_stride=36, windows=36, step=4, row_step=1, copies=1, bytes=4, last_line=1, last_byte=144
load signal_store=1, dram_address=4224, parameters=1, lines=1, windows=1, step=32, row_step=1, copies=1, bytes=32, last_line=1, last_byte=32
execute wait_load=1, signal_store=1, w_row=1536, k_rows=4, n_y=6, n_x=6, a_stride_y=6, a_stride_x=1, n_c=1, n_fy=1, n_fx=1, a_stride_c=36, a_stride_fy=6, a_stride_fx=1
store wait_load=1, wait_execute=1, dram_address=256, line_stride=4, n_y=1, n_x=1, pool_h=6, pool_w=6, stride_y=1, stride_x=1, tile_h=6, tile_w=6, channels=4, min=-128, max=127, leak=32768
halt
