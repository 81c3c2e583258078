/**
 * A network as captured graphs of cuDNN and cuBLAS calls on an NVIDIA card. {@link
 * org.fedlayers.nn.cuda.Program} turns a network into calls of a small {@link
 * org.fedlayers.nn.cuda.Device}; {@link org.fedlayers.nn.cuda.Card} is that device on CUDA, and the
 * tests hold the same programs on one made of plain loops.
 */
package org.fedlayers.nn.cuda;
