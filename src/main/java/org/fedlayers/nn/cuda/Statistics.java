package org.fedlayers.nn.cuda;

/** Addresses of a mean and of a variance (or its inverse root) for each channel. */
record Statistics(long mean, long variance) {}
