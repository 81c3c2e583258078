package org.fedlayers.nn.cuda;

/**
 * A matrix product: the result has m rows and n columns, and k terms are summed.
 *
 * @param transposeA whether A is stored as (k, m), else (m, k)
 * @param transposeB whether B is stored as (n, k), else (k, n)
 */
record Product(int m, int n, int k, boolean transposeA, boolean transposeB) {}
