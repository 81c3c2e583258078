/**
 * Options are records. Whatever can be configured (a method, a partition, the training of an
 * experiment) is a record whose components are its options: {@link org.fedlayers.options.Option}
 * says what each means and which values it takes.
 *
 * <ul>
 *   <li>{@link org.fedlayers.options.Options} reads a record: its {@link
 *       org.fedlayers.options.Key}s for lists and messages, and the record made of values by name.
 *   <li>{@link org.fedlayers.options.Registry} keeps records of one kind by name, a user's own too.
 *   <li>{@link org.fedlayers.options.YamlSource} reads values with their places, {@link
 *       org.fedlayers.options.Problems} collects what is wrong with them, and {@link
 *       org.fedlayers.options.Spelling} finds what was probably meant.
 * </ul>
 */
package org.fedlayers.options;
