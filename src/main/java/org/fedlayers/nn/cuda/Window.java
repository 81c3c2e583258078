package org.fedlayers.nn.cuda;

import org.fedlayers.nn.Shape;

/** The geometry of a convolution or a pool over a batch. */
record Window(
    int samples,
    Shape input,
    Shape output,
    int height,
    int width,
    int stride,
    int padding,
    int dilation) {}
