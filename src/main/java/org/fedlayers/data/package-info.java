/**
 * Images, where they come from, and how they are dealt out to clients.
 *
 * <p>{@link org.fedlayers.data.DataSets} loads a {@link org.fedlayers.data.DataSet} by name and
 * refuses a damaged one; {@link org.fedlayers.data.Partition} deals its training images to clients;
 * {@link org.fedlayers.data.BatchMaker} turns bytes into normalised, augmented batches. Every draw
 * comes from {@link org.fedlayers.data.Randomness}: counted, never carried.
 */
package org.fedlayers.data;
