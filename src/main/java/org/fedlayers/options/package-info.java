/**
 * What a user writes, and how it is read: {@link org.fedlayers.options.YamlSource} reads values
 * with their places, {@link org.fedlayers.options.Problems} names every mistake at once, and {@link
 * org.fedlayers.options.Spelling} finds what was probably meant.
 */
package org.fedlayers.options;
