package org.fedlayers.kernel;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Javadoc of this project's own classes, found in their sources, because class files carry none.
 * Members are keyed as {@code Outer.Inner.name(parameter,parameter)}; a member without a comment of
 * its own shows that of its class, where records and constructors are described.
 */
final class SourceComments {
  private final Path root;

  /**
   * @param root the folder of the sources; it need not exist
   */
  SourceComments(Path root) {
    this.root = root;
  }

  /** The comment for a signature as JShell writes it. */
  Optional<String> of(String signature) {
    String plain = withoutTypeArguments(signature);
    int bracket = plain.indexOf('(');
    String head = bracket < 0 ? plain.split(":")[0] : plain.substring(0, bracket);
    String name = head.substring(head.lastIndexOf(' ') + 1);
    try {
      Path file = file(name);
      if (file == null) {
        return Optional.empty();
      }
      String type = file.getFileName().toString().replace(".java", "");
      String key = name.substring(name.indexOf(type));
      Map<String, String> comments = comments(file);
      String own = comments.get(bracket < 0 ? key : key + parameters(plain.substring(bracket)));
      return Optional.ofNullable(own).or(() -> Optional.ofNullable(comments.get(type)));
    } catch (IOException e) {
      return Optional.empty(); // a tooltip is not worth an error
    }
  }

  private static String withoutTypeArguments(String signature) {
    String plain = signature;
    for (String before = ""; !before.equals(plain); ) {
      before = plain;
      plain = plain.replaceAll("<[^<>]*>", "");
    }
    return plain;
  }

  private static String parameters(String brackets) {
    return Stream.of(brackets.substring(1, brackets.indexOf(')')).split(","))
        .map(p -> p.substring(p.lastIndexOf(' ') + 1))
        .collect(Collectors.joining(",", "(", ")"));
  }

  /** The source of the outermost class in a dotted name; JShell leaves out some packages. */
  private Path file(String name) throws IOException {
    List<String> packages = Stream.of(name.split("\\.")).takeWhile(n -> lower(n)).toList();
    Optional<String> type =
        Stream.of(name.split("\\.")).dropWhile(n -> lower(n)).findFirst().map(t -> t + ".java");
    if (type.isEmpty() || !Files.isDirectory(root)) {
      return null;
    }
    if (!packages.isEmpty()) {
      Path file = root.resolve(String.join("/", packages)).resolve(type.get());
      return Files.exists(file) ? file : null;
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.endsWith(type.get())).findFirst().orElse(null);
    }
  }

  private static boolean lower(String name) {
    return name.isEmpty() || Character.isLowerCase(name.charAt(0));
  }

  private static Map<String, String> comments(Path file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, String> comments = new HashMap<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  d -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjects(file));
      for (CompilationUnitTree unit : task.parse()) {
        new Collector(DocTrees.instance(task), comments).scan(unit, "");
      }
    }
    return comments;
  }

  /** Notes every commented declaration; the second argument is the path of classes down to it. */
  private static final class Collector extends TreePathScanner<Void, String> {
    private final DocTrees trees;
    private final Map<String, String> comments;

    Collector(DocTrees trees, Map<String, String> comments) {
      this.trees = trees;
      this.comments = comments;
    }

    @Override
    public Void visitClass(ClassTree tree, String outer) {
      String name =
          outer.isEmpty() ? tree.getSimpleName().toString() : outer + "." + tree.getSimpleName();
      note(name);
      return super.visitClass(tree, name);
    }

    @Override
    public Void visitMethod(MethodTree tree, String owner) {
      String name = tree.getName().contentEquals("<init>") ? owner : owner + "." + tree.getName();
      note(
          tree.getParameters().stream()
              .map(p -> p.getName().toString())
              .collect(Collectors.joining(",", name + "(", ")")));
      return null; // nothing inside a body is documented
    }

    @Override
    public Void visitVariable(VariableTree tree, String owner) {
      note(owner + "." + tree.getName());
      return null;
    }

    private void note(String key) {
      String comment = trees.getDocComment(getCurrentPath());
      if (comment != null) {
        comments.put(key, comment.strip());
      }
    }
  }
}
