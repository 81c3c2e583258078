package org.fedlayers.options;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The components of a record as options, and the record made of their values. A component is of
 * type double, int, long, boolean (or their objects, where null stands for nothing), String, an
 * enum, a list of these, a map, or {@link Located} for what is to be read later; {@link Option}
 * says more of it. A constructor without arguments gives usual values.
 *
 * @param <R> the record
 */
public final class Options<R extends Record> {
  private static final Located NONE = new Located(List.of(), "");

  private static final Map<Class<?>, Object> NOTHING =
      Map.of(String.class, "", List.class, List.of(), Map.class, Map.of(), Located.class, NONE);

  private final Class<R> type;
  private final Constructor<R> constructor;
  private final List<Key> keys = new ArrayList<>();
  private final List<String> taken;

  private Options(Options<R> all, List<String> taken) {
    type = all.type;
    constructor = all.constructor;
    keys.addAll(all.keys);
    this.taken = List.copyOf(taken);
  }

  /**
   * @throws UserError if a component is of another type
   */
  public Options(Class<R> type) {
    this(type, true);
  }

  /** Of a record whose components may all be missing: such a one is empty, or null. */
  public static <R extends Record> Options<R> optional(Class<R> type) {
    return new Options<>(type, false);
  }

  private Options(Class<R> type, boolean required) {
    this.type = type;
    try {
      RecordComponent[] components = type.getRecordComponents();
      constructor =
          accessible(
              type.getDeclaredConstructor(
                  Arrays.stream(components)
                      .map(RecordComponent::getType)
                      .toArray(Class<?>[]::new)));
      R usual = usual();
      for (RecordComponent component : components) {
        keys.add(key(component, usual, required && usual == null));
      }
    } catch (ReflectiveOperationException e) {
      throw new UserError("cannot read the options of " + type.getSimpleName() + ": " + e, e);
    }
    taken = keys.stream().map(Key::name).toList();
  }

  /**
   * The same options, of which only the named ones may be given; the others keep their defaults.
   */
  public Options<R> only(List<String> names) {
    return new Options<>(this, names);
  }

  public boolean has(String name) {
    return taken.contains(name);
  }

  /** Whether a value is the default of the option of this name. */
  public boolean isDefault(String name, Object written) {
    return key(name).filter(key -> key.isDefault(written)).isPresent();
  }

  private Optional<Key> key(String name) {
    return keys().stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private Key key(RecordComponent component, R usual, boolean required)
      throws ReflectiveOperationException {
    Option option = component.getAnnotation(Option.class);
    Values values = Values.of(component.getGenericType(), option == null ? "" : option.range());
    if (values == null) {
      throw new UserError(
          "%s of %s is a %s; an option is a number, a boolean, a word, a map, or a list of these"
              .formatted(component.getName(), type.getSimpleName(), component.getGenericType()));
    }
    boolean given = option != null && !option.standard().isEmpty();
    Object standard =
        given
            ? values.reader().apply(YamlSource.value("", option.standard()).plain())
            : usual != null
                ? Values.spelt(accessible(component.getAccessor()).invoke(usual))
                : required ? null : NOTHING.get(component.getType());
    String meaning = option == null ? "" : option.value();
    String source = option == null || option.paper().isEmpty() ? "" : " (" + option.paper() + ")";
    return new Key(name(component), values, standard, required && !given, meaning + source);
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }

  /** What the constructor without arguments gives, or null if there is none. */
  private R usual() throws ReflectiveOperationException {
    try {
      return accessible(type.getDeclaredConstructor()).newInstance();
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static String name(RecordComponent component) {
    Option option = component.getAnnotation(Option.class);
    return option != null && !option.name().isEmpty()
        ? option.name()
        : component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  Class<R> type() {
    return type;
  }

  /** The values of a record's components, in their order. */
  public static Object[] values(Object made) {
    RecordComponent[] components = made.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = Values.spelt(accessible(components[i].getAccessor()).invoke(made));
      }
      return values;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In the order of the components. */
  public List<Key> keys() {
    return keys.stream().filter(key -> has(key.name())).toList();
  }

  /**
   * The record of these values; what is left out has its usual value.
   *
   * @param owner for messages: {@code method fedprox}; empty for none
   * @throws OptionError if an option is unknown, missing or wrong
   */
  public R make(String owner, Map<String, ?> values) {
    for (String given : values.keySet()) {
      if (!has(given)) {
        throw new OptionError(
            given, owner + " has no option '" + given + "'" + Spelling.hint(given, taken));
      }
    }
    Object[] arguments = new Object[keys.size()];
    Type[] types = constructor.getGenericParameterTypes();
    try {
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = constant(types[i], argument(owner, keys.get(i), values));
      }
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof UserError refusal
          ? owned(owner, refusal)
          : owned(owner, new UserError(String.valueOf(e.getCause().getMessage()), e.getCause()));
    } catch (OptionError e) {
      throw owned(owner, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The record of a map in a file. What is wrong there becomes a problem of its place, and is as if
   * it were left out; an empty list is an empty map.
   */
  public R read(Located written, Problems problems) {
    Map<String, Object> sound = new LinkedHashMap<>();
    problems
        .map(written)
        .forEach(
            (name, value) -> {
              Optional<Key> key = key(name);
              if (key.isEmpty()) {
                String hint = Spelling.hint(name, taken);
                problems.add(value.place(), "unknown key " + name + hint);
                return;
              }
              Object own = key.get().values() == Values.LOCATED ? value : value.plain();
              if (problems.attempt(value.place(), () -> key.get().read(own)) != null) {
                sound.put(name, own);
              }
            });
    return make("", sound);
  }

  private static UserError owned(String owner, UserError refusal) {
    return refusal.getMessage().startsWith(owner)
        ? refusal
        : new OptionError(
            refusal instanceof OptionError error ? error.option() : "",
            owner + ": " + refusal.getMessage());
  }

  private static Object argument(String owner, Key key, Map<String, ?> values) {
    if (!values.containsKey(key.name()) && key.required()) {
      throw new OptionError(
          key.name(),
          "%s needs the option '%s', %s".formatted(owner, key.name(), key.values().expected()));
    }
    return values.containsKey(key.name()) ? key.read(values.get(key.name())) : key.standard();
  }

  /** What a word, or each of a list, stands for where constants are expected. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's word is one of its constants
  private static Object constant(Type type, Object value) {
    if (type instanceof ParameterizedType list && value instanceof List<?> several) {
      Type element = list.getActualTypeArguments()[0];
      return several.stream().map(one -> constant(element, one)).toList();
    }
    return type instanceof Class<?> choice && choice.isEnum() && value instanceof String word
        ? Enum.valueOf((Class) choice, word.toUpperCase(Locale.ROOT).replace('-', '_'))
        : value;
  }

  /** The same record with another value of an option, as files spell it; null for its usual one. */
  @SuppressWarnings("unchecked") // the class of an R
  public static <R extends Record> R with(R made, String option, Object value) {
    Options<R> options = new Options<>((Class<R>) made.getClass());
    Map<String, Object> values = new HashMap<>();
    Object[] own = values(made);
    for (int i = 0; i < own.length; i++) {
      values.put(options.keys.get(i).name(), own[i]);
    }
    values.put(option, Values.spelt(value));
    values.values().removeIf(Objects::isNull);
    return options.make(made.getClass().getSimpleName(), values);
  }

  /**
   * Holds a record's numbers against the ranges of their {@link Option}s.
   *
   * @throws OptionError for the first that is out of its range
   */
  public static void check(Record made) {
    RecordComponent[] of = made.getClass().getRecordComponents();
    Object[] components = values(made);
    for (int i = 0; i < of.length; i++) {
      Option option = of[i].getAnnotation(Option.class);
      if (option != null && components[i] instanceof Number) {
        Values values = Values.of(of[i].getType(), option.range());
        new Key(name(of[i]), values, null, false, "").read(components[i]);
      }
    }
  }
}
