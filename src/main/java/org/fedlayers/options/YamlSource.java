package org.fedlayers.options;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads YAML into {@link Located} values. Only plain data: no tags, no objects. Numbers are numbers
 * as people write them (1e-3 too), and words are words ({@code on} is no boolean here).
 */
public final class YamlSource {
  static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,18}");
  static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  private static final int DEEPEST = 12;

  private final String name;
  private final boolean withLines;
  private final Problems problems;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlSource(String name, boolean withLines, Problems problems) {
    this.name = name;
    this.withLines = withLines;
    this.problems = problems;
  }

  /**
   * A whole document.
   *
   * @param name of the file, for messages
   * @throws UserError if it is no YAML
   */
  public static Located document(String name, String text, Problems problems) {
    return new YamlSource(name, true, problems).read(text);
  }

  /** The value of one option of the command line. */
  public static Located value(String place, String text) {
    Problems problems = new Problems();
    Located value = new YamlSource(place, false, problems).read(text);
    problems.throwIfAny(place);
    return value;
  }

  private Located read(String text) {
    try {
      Node root = new Yaml().compose(new StringReader(text));
      return root == null ? new Located(null, name) : located(root, 0);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new UserError((withLines ? name + ":" + line : name) + ": no YAML: " + e.getProblem());
    } catch (ReaderException e) {
      throw new UserError(
          "%s: no YAML: the character U+%04X at position %d is not allowed in it"
              .formatted(name, e.getCodePoint(), e.getPosition()));
    } catch (YAMLException e) {
      throw new UserError(name + ": no YAML: " + e.getMessage());
    }
  }

  private String place(Node node) {
    return withLines ? name + ":" + (node.getStartMark().getLine() + 1) : name;
  }

  private Located located(Node node, int depth) {
    if (depth > DEEPEST) {
      throw new UserError(place(node) + ": nested too deeply");
    }
    // A few lines of aliases can stand for billions of values.
    if (!seen.add(node)) {
      throw new UserError(place(node) + ": an alias (*) is not read here; write the value out");
    }
    Object content;
    if (node instanceof MappingNode mapping) {
      content = map(mapping, depth);
    } else if (node instanceof SequenceNode sequence) {
      List<Located> list = new ArrayList<>();
      sequence.getValue().forEach(element -> list.add(located(element, depth + 1)));
      content = list;
    } else {
      content = scalar((ScalarNode) node);
    }
    return new Located(content, place(node));
  }

  private Map<String, Located> map(MappingNode mapping, int depth) {
    Map<String, Located> map = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new UserError(place(tuple.getKeyNode()) + ": a key must be a word");
      }
      Located value = located(tuple.getValueNode(), depth + 1);
      if (map.put(key.getValue(), new Located(value.content(), place(key))) != null) {
        problems.add(place(key), key.getValue() + " is written twice");
      }
    }
    return map;
  }

  private static Object scalar(ScalarNode node) {
    String text = node.getValue();
    if (node.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
      return text;
    }
    if (WHOLE.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    if (NUMBER.matcher(text).matches()) {
      return Double.valueOf(text);
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case "", "~", "null" -> null;
      default -> text;
    };
  }
}
