/**
 * Images, where they come from, and how they are partitioned among clients.
 *
 * <p>{@link org.fedlayers.data.DataSets} loads a {@link org.fedlayers.data.DataSet} by name and
 * refuses a damaged one; {@link org.fedlayers.data.Partition} splits its training images among
 * clients; {@link org.fedlayers.data.BatchMaker} turns bytes into normalised, augmented batches.
 * Every draw comes from {@link org.fedlayers.data.Randomness}: counted, never carried.
 */
package org.fedlayers.data;
