package org.fedlayers.options;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a component of a record an option that explains itself:
 *
 * <pre>{@code
 * record FedProx(@Option(value = "factor of the proximal term", range = "[0, 1e6]") double mu)
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** What it is, in one line. */
  String value();

  /**
   * The values that it takes: an interval such as {@code (0, 1]} for numbers and lists of numbers,
   * the values separated by {@code |}, or for words a pattern between slashes and its description
   * in messages: {@code /[a-z]+/ such as abc}. Empty for all of its type.
   */
  String range() default "";

  /** Its name in files, if it is not the component's own with {@code -} for capitals. */
  String name() default "";

  /** Its value if left out, in place of what the record's constructor without arguments gives. */
  String standard() default "";

  /** Where it comes from, if not from the paper of what it belongs to. */
  String paper() default "";
}
