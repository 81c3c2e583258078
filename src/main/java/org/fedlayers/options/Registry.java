package org.fedlayers.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The implementations of an interface by name, as experiment files spell them: those of this
 * library, and the user's own from a notebook's cell, a jar or a program. Each is a record, whose
 * components are its options.
 *
 * @param <T> the kind, for example {@code Method}
 */
public final class Registry<T> {

  /**
   * A registered implementation.
   *
   * @param paper where it comes from
   * @param description one line
   * @param builtIn whether it is one of this library's, so that its results can be verified from
   *     their provenance alone
   */
  public record Entry<T>(
      String name,
      String paper,
      String description,
      Options<?> options,
      Function<Record, T> thing,
      boolean builtIn) {

    /** Its options, in order. */
    public List<Key> keys() {
      return options.keys();
    }
  }

  private record Nothing() {}

  private static final Options<Nothing> NONE = new Options<>(Nothing.class);

  private final String kind;
  private final Predicate<String> reserved;
  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

  /**
   * @param kind what messages call one of them, for example {@code method}
   */
  public Registry(String kind) {
    this(kind, name -> false);
  }

  /**
   * @param reserved names of this library's things of this kind that are kept elsewhere
   */
  public Registry(String kind, Predicate<String> reserved) {
    this.kind = kind;
    this.reserved = reserved;
  }

  /** Adds an implementation of this library: a record. */
  public Registry<T> with(
      String name, String paper, String description, Class<? extends T> record) {
    return with(ofRecord(name, paper, description, record, true));
  }

  /** Adds an implementation of this library that is made in a way of its own. */
  public Registry<T> with(Entry<T> entry) {
    entries.put(entry.name(), entry);
    return this;
  }

  /** Adds an implementation of this library that takes no options and is made anew each time. */
  public Registry<T> with(String name, String paper, String description, Supplier<T> thing) {
    return with(new Entry<>(name, paper, description, NONE, none -> thing.get(), true));
  }

  /**
   * Makes a record available by name, in this process. A name registered before is replaced, so a
   * notebook's cell may be run again.
   *
   * @throws UserError if the name is a built-in one's or no name, or a component of the record is
   *     of a type that no option has
   */
  public synchronized void register(
      String name, String paper, String description, Class<? extends T> record) {
    Entry<T> entry = ofRecord(name, paper, description, record, false);
    requireFree(name);
    with(entry);
  }

  /** Makes a thing available by name that takes no options, as {@link #register} does a record. */
  public synchronized void register(String name, String paper, String description, T thing) {
    requireFree(name);
    with(new Entry<>(name, paper, description, NONE, none -> thing, false));
  }

  private void requireFree(String name) {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new UserError(
          "'%s' cannot be the name of %s: small letters, digits and - make one"
              .formatted(name, Spelling.one(kind)));
    }
    if (isBuiltIn(name) || reserved.test(name)) {
      throw new UserError("'%s' is a built-in %s; choose another name".formatted(name, kind));
    }
  }

  /**
   * The name of a record of this kind; its class is registered by its own name in small letters
   * unless it is registered already.
   *
   * @throws UserError if it is no record
   */
  @SuppressWarnings("unchecked") // the class of a T
  public synchronized String nameOf(T made) {
    Class<? extends T> type = (Class<? extends T>) made.getClass();
    for (Entry<T> entry : entries.values()) {
      if (entry.options().type() == type) {
        return entry.name();
      }
    }
    String name = type.getSimpleName().toLowerCase(Locale.ROOT);
    register(name, "", type.getSimpleName(), type);
    return name;
  }

  @SuppressWarnings("unchecked") // the record made is of the class given, which is a T
  private Entry<T> ofRecord(
      String name, String paper, String description, Class<? extends T> type, boolean builtIn) {
    if (!type.isRecord()) {
      throw new UserError(
          "%s is no record; the options of %s are a record's components"
              .formatted(type.getTypeName(), Spelling.one(kind)));
    }
    Options<?> options = new Options<>(type.asSubclass(Record.class));
    return new Entry<>(name, paper, description, options, made -> (T) made, builtIn);
  }

  /** All implementations, those of this library first. */
  public synchronized List<Entry<T>> all() {
    return List.copyOf(entries.values());
  }

  public synchronized List<String> names() {
    return List.copyOf(entries.keySet());
  }

  public synchronized boolean isBuiltIn(String name) {
    return entries.containsKey(name) && entries.get(name).builtIn();
  }

  /**
   * @throws UserError if there is none of this name
   */
  public synchronized Entry<T> named(String name) {
    Entry<T> entry = entries.get(name);
    if (entry == null) {
      throw new UserError("no " + kind + " '" + name + "'" + Spelling.hint(name, names()));
    }
    return entry;
  }

  /**
   * Makes the implementation of this name; an option that is left out has its default.
   *
   * @throws UserError if there is no such name or option, one is missing, or a value is wrong
   */
  public T make(String name, Map<String, ?> options) {
    Entry<T> entry = named(name);
    return entry.thing().apply(entry.options().make(kind + " " + name, options));
  }
}
