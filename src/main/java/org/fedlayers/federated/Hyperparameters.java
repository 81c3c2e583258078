package org.fedlayers.federated;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;

/** A record's components as options by name, and the record made from their values. */
final class Hyperparameters<M extends Record> {
  private static final Map<Class<?>, String> TYPES =
      Map.of(
          double.class, "a number",
          int.class, "a whole number",
          long.class, "a whole number",
          boolean.class, "true or false",
          String.class, "a word");

  private final Constructor<M> constructor;
  private final List<Methods.Option> options = new ArrayList<>();

  Hyperparameters(Class<M> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      constructor = accessible(type.getDeclaredConstructor(types));
      M usual = usual(type, types.length);
      for (RecordComponent component : components) {
        if (!TYPES.containsKey(component.getType())) {
          throw new UserError(
              "%s of %s is a %s; an option is a double, int, long, boolean or String"
                  .formatted(component.getName(), type.getSimpleName(), component.getType()));
        }
        Object standard = usual == null ? null : accessible(component.getAccessor()).invoke(usual);
        options.add(new Methods.Option(name(component), component.getType(), standard));
      }
    } catch (ReflectiveOperationException e) {
      throw new UserError("cannot read the options of " + type.getSimpleName() + ": " + e, e);
    }
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }

  /** What the constructor without arguments gives, or null if there is none. */
  private static <M> M usual(Class<M> type, int components) throws ReflectiveOperationException {
    for (Constructor<?> candidate : type.getDeclaredConstructors()) {
      if (candidate.getParameterCount() == 0 && components > 0) {
        return type.cast(accessible(candidate).newInstance());
      }
    }
    return null;
  }

  private static String name(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  List<Methods.Option> options() {
    return List.copyOf(options);
  }

  /**
   * @param owner for messages: {@code method fedprox}
   */
  M make(String owner, Map<String, ?> values) {
    List<String> names = options.stream().map(Methods.Option::name).toList();
    for (String given : values.keySet()) {
      if (!names.contains(given)) {
        throw new UserError(owner + " has no option '" + given + "'" + Spelling.hint(given, names));
      }
    }
    Object[] arguments = options.stream().map(option -> value(owner, option, values)).toArray();
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new UserError(owner + ": " + e.getCause().getMessage(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(String owner, Methods.Option option, Map<String, ?> values) {
    if (!values.containsKey(option.name())) {
      if (option.standard() == null) {
        throw new UserError(
            "%s needs the option '%s', %s"
                .formatted(owner, option.name(), TYPES.get(option.type())));
      }
      return option.standard();
    }
    Object given = values.get(option.name());
    Object read = read(given, option.type());
    if (read == null) {
      throw new UserError(
          "%s: %s is %s, expected %s"
              .formatted(
                  owner,
                  option.name(),
                  given instanceof String ? "'" + given + "'" : given,
                  TYPES.get(option.type())));
    }
    return read;
  }

  /** The value as this type, or null if it is none. */
  private static Object read(Object given, Class<?> type) {
    if (type == double.class) {
      // YAML reads 1e-3, without a point, as a word.
      return given instanceof Number number
          ? (Object) number.doubleValue()
          : given instanceof String text && text.matches("[-+]?\\d+(\\.\\d*)?([eE][-+]?\\d+)?")
              ? (Object) Double.valueOf(text)
              : null;
    }
    if (type == int.class || type == long.class) {
      if (!(given instanceof Integer || given instanceof Long)) {
        return null;
      }
      long whole = ((Number) given).longValue();
      return type == long.class
          ? (Object) whole
          : whole == (int) whole ? (Object) (int) whole : null;
    }
    boolean fits = type == boolean.class ? given instanceof Boolean : given instanceof String;
    return fits ? given : null;
  }
}
